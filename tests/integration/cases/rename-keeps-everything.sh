# SPDX-License-Identifier: GPL-2.0-or-later
# A renamed lower file keeps content, mode, owner, times, xattrs and inode number.
py <<'PY'
write(L + "/f", os.urandom(300000))
os.setxattr(L + "/f", "user.a", b"1")
PY
chown 1000:1001 "$L/f"
chmod 4751 "$L/f"
sys utimes "$L/f" 100 200.123
sum=$(sha256sum <"$L/f")
overlay_mount
number=$(ino "$M/f")
mv "$M/f" "$M/g"
same "$sum" "$(sha256sum <"$M/g")" sha256
mode_is "$M/g" 4751
owner_is "$M/g" 1000:1001
mtime_is "$M/g" 200.123000000
xattr_is "$M/g" user.a 1
same "$number" "$(ino "$M/g")" "inode number"
