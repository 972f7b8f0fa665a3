# SPDX-License-Identifier: GPL-2.0-or-later
# Parent and child renamed, in both orders.
redirects_on
put "$L/p/c/f" one
put "$L/q/c/f" two
overlay_mount
sys rename "$M/p/c" "$M/p/c2"
sys rename "$M/p" "$M/p2"
sys rename "$M/q" "$M/q2"
sys rename "$M/q2/c" "$M/q2/c2"
check() {
	has "$M/p2/c2/f" one
	has "$M/q2/c2/f" two
	lists "$M/p2" c2
	lists "$M/q2" c2
	lists "$M" p2 q2
}
check
overlay_remount
check
sys rename "$M/p2/c2" "$M/out"
has "$M/out/f" one
overlay_remount
has "$M/out/f" one
