# SPDX-License-Identifier: GPL-2.0-or-later
# A device of the mount works, where it was mounted with dev.
mknod "$L/null" c 1 3 2>/dev/null || skip "device nodes cannot be made here"
if [ "$FS" = fuse ]; then fuse_options dev; fi
overlay_mount
if ! cat "$M/null" 2>/dev/null; then
	[[ $(findmnt -no OPTIONS "$M") == *nodev* ]] && skip "mounted nodev"
	fail "cannot be read"
fi
echo x >"$M/null"
size_is "$M/null" 0
not_in_upper null
