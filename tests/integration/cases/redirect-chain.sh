# SPDX-License-Identifier: GPL-2.0-or-later
# Renamed again and again, in one place and between places, it stays what it was.
redirects_on
put "$L/a/d/sub/f" content
overlay_mount
mkdir "$M/n"
sys rename "$M/a/d" "$M/a/e"
sys rename "$M/a/e" "$M/n/g"
sys rename "$M/n" "$M/o"
sys rename "$M/o/g" "$M/h"
sys rename "$M/h" "$M/a/i"
check() {
	has "$M/a/i/sub/f" content
	lists "$M/a" i
	lists "$M" a o
	lists "$M/o"
}
check
overlay_remount
check
sys rename "$M/a/i" "$M/z"
has "$M/z/sub/f" content
overlay_remount
has "$M/z/sub/f" content
