# SPDX-License-Identifier: GPL-2.0-or-later
# The end of whoever mounted, and a hangup of his whole session, leave the mount as it is.
# only: fuse
# also: plain
put "$L/f" text
setsid --wait bash -c '"$1" -o "$2" "$3"; trap : HUP; kill -HUP 0; exit 0' - \
	"$FUSE_OVERLAY" "lowerdir=$L,upperdir=$U,workdir=$W" "$M"
MOUNTED=yes
sleep 0.1
has "$M/f" text
echo x >"$M/new"
has "$U/new" x
without_check remount cross
