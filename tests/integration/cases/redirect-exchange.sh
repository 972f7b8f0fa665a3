# SPDX-License-Identifier: GPL-2.0-or-later
# RENAME_EXCHANGE of two lower directories, of one with a file, of one with an upper directory.
redirects_on
put "$L/a/x" ax
put "$L/b/x" bx
put "$L/c/x" cx
put "$L/f" f
put "$L/d/x" dx
overlay_mount
put "$M/up/x" ux
sys rename "$M/a" "$M/b" exchange
sys rename "$M/c" "$M/f" exchange
sys rename "$M/d" "$M/up" exchange
check() {
	has "$M/a/x" bx
	has "$M/b/x" ax
	has "$M/f/x" cx
	has "$M/c" f
	has "$M/up/x" dx
	has "$M/d/x" ux
}
check
overlay_remount
check
