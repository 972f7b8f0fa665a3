# SPDX-License-Identifier: GPL-2.0-or-later
# A mapping and a descriptor from before copy-up, pages that were evicted in between, and a write of a part
# through another descriptor: all see one content, also where the mapping had touched no page yet.
py <<'PY'
for name in "touched", "untouched", "private":
    write(L + "/" + name, b"o" * 20000)
PY
overlay_mount
py <<'PY'
def evict():
    with contextlib.suppress(OSError):
        write("/proc/sys/vm/drop_caches", "3", os.O_WRONLY)

for name in "touched", "untouched", "private":
    path = M + "/" + name
    fd = os.open(path, os.O_RDONLY)
    flags = mmap.MAP_PRIVATE if name == "private" else mmap.MAP_SHARED
    m = mmap.mmap(fd, 20000, flags=flags, prot=mmap.PROT_READ)
    if name == "touched":
        eq(m[5000:5003], b"ooo")
    evict()
    other = os.open(path, os.O_RDWR)
    os.pwrite(other, b"NEW", 5000)
    evict()
    want = b"ooNEWoo"
    eq(os.pread(other, 7, 4998), want, name + ": by the descriptor that wrote")
    if FS == "fuse":   # kernel overlayfs leaves an old mapping, and an old descriptor's, on the lower file
        eq(m[4998:5005], want, name + ": through the mapping")
        eq(os.pread(fd, 7, 4998), want, name + ": by the old descriptor")
    os.pwrite(other, b"END", 19997)
    eq(read(path)[-4:], b"oEND", name)
    m.close()
eq(read(L + "/touched"), b"o" * 20000, "the lower file")
PY
overlay_remount
py <<'PY'
for name in "touched", "untouched", "private":
    text = read(M + "/" + name)
    eq((len(text), text[4998:5005], text[-4:]), (20000, b"ooNEWoo", b"oEND"), name)
PY
