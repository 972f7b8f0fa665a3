# SPDX-License-Identifier: GPL-2.0-or-later
# Killed, it leaves a mount that answers ENOTCONN; unmounted and mounted again all is there.
# only: fuse
put "$L/f" text
put "$L/g" text
overlay_mount
echo more >>"$M/f"
rm "$M/g"
kill -KILL "${DAEMONS% }"
for ((i = 0; i < 300; i++)); do
	stat "$M/no-such-name$i" >/dev/null 2>"$T.said" || true
	grep -q 'not connected\|Connection' "$T.said" && break
	sleep 0.01
done
[ $i -lt 300 ] || fail "the mount still answers"
umount "$M"
MOUNTED=
overlay_mount
has "$M/f" $'text\nmore'
lists "$M" f
