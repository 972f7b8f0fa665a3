# SPDX-License-Identifier: GPL-2.0-or-later
# Who has a file open sees its data before, between and after: copied-up metadata, data, removal.
metacopy_on
put "$L/f" 'old content'
put "$L/gone" 'still here'
put "$L/linked" 'several names'
overlay_mount
py <<'PY'
m = os.environ["M"]
fd = os.open(m + "/f", os.O_RDONLY)
eq(os.read(fd, 100), b"old content\n")
os.chmod(m + "/f", 0o600)
eq(os.pread(fd, 100, 0), b"old content\n", "after chmod")
eq(stat.S_IMODE(os.fstat(fd).st_mode), 0o600)
other = os.open(m + "/f", os.O_WRONLY)
os.pwrite(other, b"NEW", 0)
eq(os.pread(fd, 100, 0), b"NEW content\n", "after a write")
eq(read(m + "/f"), b"NEW content\n")

fd = os.open(m + "/gone", os.O_RDONLY)
os.chmod(m + "/gone", 0o600)
os.unlink(m + "/gone")
eq(os.pread(fd, 100, 0), b"still here\n", "unlinked")
os.fchmod(fd, 0o644)
eq(os.pread(fd, 100, 0), b"still here\n", "unlinked, after fchmod")
w = os.open("/proc/self/fd/%d" % fd, os.O_RDWR)
os.pwrite(w, b"STILL", 0)
eq(os.pread(fd, 100, 0), b"STILL here\n", "unlinked, written")
eq(os.fstat(fd).st_size, 11)

os.chmod(m + "/linked", 0o600)
os.link(m + "/linked", m + "/second")
os.link(m + "/second", m + "/third")
os.unlink(m + "/linked")
eq(read(m + "/third"), b"several names\n")
write(m + "/second", b"SEVERAL", os.O_WRONLY)
eq(read(m + "/third"), b"SEVERAL names\n")
eq(os.stat(m + "/third").st_nlink, 2)
PY
overlay_remount
has "$M/f" 'NEW content'
has "$M/third" 'SEVERAL names'
