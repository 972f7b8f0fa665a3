# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel overlayfs, with our upper as one of its lower layers and an upper of its own, shows what we showed,
# and so does our daemon after the kernel, the other way round.
# only: fuse
[ "$AS" = user ] || { redirects_on && metacopy_on; }
layers 2
put "$L2/keep" keep
put "$L2/gone" gone
put "$L2/d/old" old
put "$L2/d/sub/deep" deep
put "$L2/moved/from/here" here
put "$L1/meta" "$(head -c 9000 /dev/zero | tr '\0' m)"
put "$L1/write" low
overlay_mount
rm "$M/gone"
rm -r "$M/d"
mkdir "$M/d"
echo new >"$M/d/new"
mv "$M/keep" "$M/kept"
chmod 600 "$M/meta"
echo more >>"$M/write"
ln "$M/write" "$M/link"
[ "$AS" = user ] || mv "$M/moved/from" "$M/to"
rm "$M/moved/from/here" 2>/dev/null || true
mknod "$M/fifo" p
treedump --no-nlink "$M" >"$T.ours"
overlay_umount
mkdir "$T/upper2" "$T/work2"
touch -r "$U" "$T/upper2"
LOWERS=("$U" "${LOWERS[@]}")
U=$T/upper2 W=$T/work2
lower_changed
for reader in kernel fuse; do
	FS=$reader overlay_mount
	treedump --no-nlink "$M" >"$T.reader"
	diff -u "$T.ours" "$T.reader" || fail "$reader sees something else"
	FS=$reader overlay_umount
done
FS=kernel overlay_mount
echo again >>"$M/meta"
rm -r "$M/d"
mv "$M/kept" "$M/kept2"
[ "$AS" = user ] || mv "$M/to" "$M/to2"
treedump --no-nlink "$M" >"$T.kernels"
FS=kernel overlay_umount
overlay_mount
treedump --no-nlink "$M" >"$T.reader"
diff -u "$T.kernels" "$T.reader" || fail "what the kernel did above our upper, we see otherwise"
