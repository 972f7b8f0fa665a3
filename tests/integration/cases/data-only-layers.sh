# SPDX-License-Identifier: GPL-2.0-or-later
# Data-only layers show no names of their own, and give data to files that redirect into them.
metacopy_on
data_layers 2
layers 2
put "$D1/x/a" 'a of 1'
put "$D2/x/a" 'a of 2'
put "$D2/x/b" 'b of 2'
put "$D1/hidden" hidden
metacopy "$L1/a" 7 /x/a
metacopy "$L1/b" 7 /x/b
metacopy "$L2/c" 7 /x/a
metacopy "$L1/via" 7 /c
metacopy "$L1/none" 7 /x/none
metacopy "$L1/dir" 7 /x
metacopy "$U/b" 7
check() {
	lists "$M" a b c via none dir
	has "$M/a" 'a of 1'
	has "$M/b" 'b of 2'
	has "$M/c" 'a of 1'
	has "$M/via" 'a of 1'
	size_is "$M/none" 7
	fails cat "$M/none"
	fails cat "$M/dir"
}
without_check remount cross
overlay_mount
check
overlay_remount
chmod 600 "$M/a"
check
mv "$M/a" "$M/moved"
has "$M/moved" 'a of 1'
echo more >>"$M/b"
has "$M/b" $'b of 2\nmore'
overlay_remount
has "$M/moved" 'a of 1'
mode_is "$M/moved" 600
has "$M/b" $'b of 2\nmore'
