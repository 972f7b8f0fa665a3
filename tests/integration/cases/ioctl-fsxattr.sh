# SPDX-License-Identifier: GPL-2.0-or-later
# FS_IOC_FSGETXATTR tells what FS_IOC_GETFLAGS tells.
put "$L/f" text
echo x >"$T/probe"
chattr +A "$T/probe" 2>/dev/null || skip "this file system has no flags"
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDONLY)
raw = fcntl.ioctl(fd, FS_IOC_FSGETXATTR, b"\0" * 28)
eq(struct.unpack("=I", raw[:4])[0] & 0x40, 0, "FS_XFLAG_NOATIME")
fcntl.ioctl(fd, FS_IOC_FSSETXATTR, struct.pack("=I", struct.unpack("=I", raw[:4])[0] | 0x40) + raw[4:])
raw = fcntl.ioctl(fd, FS_IOC_FSGETXATTR, b"\0" * 28)
check(struct.unpack("=I", raw[:4])[0] & 0x40, "FS_XFLAG_NOATIME is not set")
check(getflags(fd) & FS_NOATIME_FL, "FS_NOATIME_FL is not set")
PY
in_upper f
