# SPDX-License-Identifier: GPL-2.0-or-later
# Handles are those of one mount of ours: at the next they lead to their file or nowhere (the kernel's
# do lead there), never to another.
[ "$AS" = root ] || skip "only root may open file handles"
shared nfs-export
for i in 1 2 3 4 5 6 7 8; do
	put "$L/$i" "$i"
done
overlay_mount
handles() {
	py "$@" <<'PY'
path = T + "/handles"
if sys.argv[1] == "take":
    with open(path, "w") as f:
        for i in range(1, 9):
            f.write(name_to_handle(M + "/%d" % i).hex() + "\n")
else:
    for i in range(8, 0, -1):
        os.stat(M + "/%d" % i)
    for number, line in enumerate(open(path), 1):
        try:
            fd = open_by_handle(M, bytes.fromhex(line), os.O_RDONLY)
        except OSError as e:
            eq((e.errno, FS), (errno.ESTALE, "fuse"), "who may not know a handle of before")
        else:
            eq(os.read(fd, 100), b"%d\n" % number, "content")
            os.close(fd)
PY
}
handles take
overlay_remount
handles try
