# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# The mount point lies in a data-only layer, on the way of a redirect: no data are found there, and nobody
# waits for himself; no symbolic link on the way is followed either.
metacopy_on
data_layers 1
put "$D1/x/mnt/a" data
put "$D1/x/mnt/self" data
put "$D1/y/a" data
put "$T/outside/a" secret
ln -s "$T/outside" "$D1/y/out"
ln -s ../y "$D1/x/up"
metacopy "$L/in" 5 /x/mnt/a
metacopy "$L/mnt" 5 /x/mnt
metacopy "$L/self" 5 /x/mnt/self
metacopy "$L/out" 7 /y/out/a
metacopy "$L/up" 5 /x/up/a
metacopy "$L/good" 5 /y/a
M=$D1/x/mnt
without_check lower remount cross
overlay_mount
has "$M/good" data
for name in mnt out up; do
	fails timeout 20 cat "$M/$name"
done
# Where the layer is a private clone, the directory below the mount is seen; else, nothing.
for name in in self; do
	timeout 20 cat "$M/$name" >"$T/text" 2>/dev/null || [ $? -ne 124 ] || fail "$name: hangs"
	[ ! -s "$T/text" ] || has "$T/text" data
done
has "$M/good" data
