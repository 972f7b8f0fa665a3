# SPDX-License-Identifier: GPL-2.0-or-later
# With nfs_export=on a file handle leads to its file also when the kernel has forgotten the file.
[ "$AS" = root ] || skip "only root may open file handles"
shared nfs-export
put "$L/lower" lower
put "$L/dir/sub/file" file
put "$L/dir/other" other
put "$U/dir/upper" upper
put "$L/a" linked
ln "$L/a" "$L/dir/b"
ln -s target "$L/symlink"
mkfifo "$L/fifo"
overlay_mount
put "$M/new" new
py <<'PY'
names = ["", "lower", "dir", "dir/sub", "dir/sub/file", "dir/upper", "a", "dir/b", "symlink", "fifo",
         "new"]
before = {name: (name_to_handle(M + "/" + name), os.lstat(M + "/" + name)) for name in names}
eq(before["a"][0], before["dir/b"][0], "handle of a hard link's other name")

def forget():
    for _ in range(3):
        write("/proc/sys/vm/drop_caches", "2", os.O_WRONLY)

def opened(name, flags=os.O_RDONLY):
    return open_by_handle(M, before[name][0], flags)

def look():
    for name, (handle, st) in before.items():
        fd = open_by_handle(M, handle, os.O_PATH)
        now = os.fstat(fd)
        eq((now.st_ino, now.st_mode), (st.st_ino, st.st_mode), "inode and mode of '%s'" % name)
        os.close(fd)
        eq(name_to_handle(M + "/" + name), handle, "handle of '%s'" % name)

look()
forget()
look()
forget()
for name in "lower", "dir/sub/file", "dir/upper", "new":
    fd = opened(name)
    eq(os.read(fd, 100), (os.path.basename(name) + "\n").encode(), "content by handle")
    os.close(fd)

# A directory finds its place again: it can be listed and has its parent.
forget()
fd = opened("dir/sub", os.O_RDONLY | os.O_DIRECTORY)
eq(os.listdir(fd), ["file"], "listing by handle")
eq(os.stat("..", dir_fd=fd).st_ino, before["dir"][1].st_ino, "its parent")
eq(os.readlink("/proc/self/fd/%d" % fd), M + "/dir/sub", "its path")
os.close(fd)

# Changes by handle copy the file up, and those by name are seen by handle.
forget()
fd = opened("lower", os.O_WRONLY)
os.write(fd, b"LOWER")
os.close(fd)
eq(read(M + "/lower"), b"LOWER\n", "written by handle")
os.chmod(M + "/lower", 0o600)   # by name: what was written by handle alone the kernel loses at unmounting
write(M + "/dir/b", "LINKED")
os.rename(M + "/new", M + "/dir/renamed")
forget()
fd = opened("a")
eq(os.read(fd, 100), b"LINKED", "written by another name")
os.close(fd)
fd = opened("new")
eq(os.read(fd, 100), b"new\n", "of a renamed file")
os.close(fd)
before["dir/renamed"] = before.pop("new")
before["lower"] = (before["lower"][0], os.stat(M + "/lower"))
look()
PY
