# SPDX-License-Identifier: GPL-2.0-or-later
# As enroot does: in the foreground, over the directory that holds all its layers, ended by a hangup.
# only: fuse
export FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT=y
R=$T/rootfs
mkdir -p "$R/upper" "$R/work"
put "$R/lower/d/f" low
put "$R/lower/g" low
without_check remount cross work lower
"$FUSE_OVERLAY" -f -o "lowerdir=$R/lower,upperdir=$R/upper,workdir=$R/work" "$R" &
child=$!
for ((i = 0; i < 500; i++)); do
	mountpoint -q "$R" && break
	sleep 0.01
done
lists "$R" d g
rm "$R/g"
echo more >>"$R/d/f"
lists "$R" d
kill -HUP $child
wait $child
! mountpoint -q "$R" || fail "still mounted"
lists "$R" lower upper work
lists "$R/upper" d .wh.g
has "$R/upper/d/f" $'low\nmore'
has "$R/lower/d/f" low
