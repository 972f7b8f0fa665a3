# SPDX-License-Identifier: GPL-2.0-or-later
# With -f the daemon stays in the foreground, and ends with status 0 when unmounted.
# only: fuse
put "$L/f" text
"$FUSE_OVERLAY" -f -o "lowerdir=$L,upperdir=$U,workdir=$W" "$M" &
child=$!
for ((i = 0; i < 500; i++)); do
	mountpoint -q "$M" && break
	sleep 0.01
done
has "$M/f" text
echo x >"$M/new"
umount "$M"
wait $child
has "$U/new" x
