# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever changes the data of a file that has only metadata in the upper brings them up first.
metacopy_on
for f in write append truncate grow empty fallocate punch range mapped same; do put "$L/$f" 0123456789; done
overlay_mount
chmod 600 "$M"/*
has "$M/same" 0123456789
py <<'PY'
import mmap
m = os.environ["M"] + "/"
write(m + "write", b"X", os.O_WRONLY)
write(m + "append", b"more\n", os.O_WRONLY | os.O_APPEND)
os.truncate(m + "truncate", 4)
os.truncate(m + "grow", 20)
write(m + "empty", b"", os.O_WRONLY | os.O_TRUNC)
fd = os.open(m + "fallocate", os.O_RDWR)
os.posix_fallocate(fd, 0, 100)
fd = os.open(m + "range", os.O_RDWR)
source = os.open(m + "same", os.O_RDONLY)
eq(os.copy_file_range(source, fd, 3, 2, 5), 3)
fd = os.open(m + "mapped", os.O_RDWR)
with mmap.mmap(fd, 0) as mapping:
    mapping[2:5] = b"XYZ"
PY
fallocate -p -o 2 -l 3 "$M/punch"
check() {
	has "$M/write" X123456789
	has "$M/append" $'0123456789\nmore'
	has "$M/truncate" 0123
	same '0123456789..........' "$(tr '\n\0' '..' <"$M/grow" | head -c 20)" "content of grow"
	size_is "$M/grow" 20
	size_is "$M/empty" 0
	size_is "$M/fallocate" 100
	same 0123456789 "$(head -c 10 "$M/fallocate")" "content of fallocate"
	same '01...56789' "$(tr '\0' . <"$M/punch")" "content of punch"
	has "$M/range" 0123423489
	has "$M/mapped" 01XYZ56789
	has "$M/same" 0123456789
}
check
overlay_remount
check
for f in write append truncate grow empty fallocate punch range mapped; do
	no_xattr "$U/$f" "$X.metacopy"
done
xattr_is "$U/same" "$X.metacopy" ''
