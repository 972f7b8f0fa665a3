# SPDX-License-Identifier: GPL-2.0-or-later
# A file of which only metadata were copied up is found after being renamed, linked and moved away.
metacopy_on
put "$L/d/f" content
put "$L/g" other
overlay_mount
chmod 600 "$M/d/f" "$M/g"
mv "$M/d/f" "$M/moved"
ln "$M/g" "$M/d/g2"
rm "$M/g"
check() {
	has "$M/moved" content
	has "$M/d/g2" other
	mode_is "$M/moved" 600
	lists "$M" d moved
}
check
overlay_remount
check
echo more >>"$M/moved"
has "$M/moved" $'content\nmore'
overlay_remount
has "$M/moved" $'content\nmore'
