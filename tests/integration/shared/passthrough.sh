# SPDX-License-Identifier: GPL-2.0-or-later
# Of the cases of that name: data in the upper are passed through, or the case does not apply.
[ "$AS" = root ] || skip "only root outside of user namespaces has passthrough"
fuse_options passthrough=on

passthrough_mount() {
	overlay_mount "$@" 2>"$T.said" && return
	! grep -q 'passthrough=on: the kernel does not offer it' "$T.said" || skip "this kernel has no FUSE passthrough"
	fail "said: $(cat "$T.said")"
}
