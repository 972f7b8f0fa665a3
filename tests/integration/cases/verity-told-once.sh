# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# Of data that verity= refuses one line is logged, with the name, and no more.
shared verity
layers 2
for name in first $'second\nline'; do
	put "$L2/$name" text
	marked "$L1/$name" 5 "0x00240001$(printf '%064d' 7)"
done
"$FUSE_OVERLAY" -f -o "lowerdir=$L1:$L2,upperdir=$U,workdir=$W,metacopy=on,verity=on,allow_other" "$M" 2>"$T/log" &
daemon=$!
finally kill $daemon
for ((i = 0; i < 1000 * TIME_FACTOR; i++)); do
	! mountpoint -q "$M" || break
	sleep 0.01
done
fails_with EIO cat "$M/"second*
refused "$M/first" "$M"/second*
umount "$M"
wait $daemon
same 'fuse-overlay: verity: data in second?line: there is no fs-verity: refused (EIO), as further ones will be without a line' \
	"$(cat "$T/log")" log
