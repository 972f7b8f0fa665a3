# SPDX-License-Identifier: GPL-2.0-or-later
# The handle of a removed file leads nowhere, whatever takes its name, its inode or its place since.
[ "$AS" = root ] || skip "only root may open file handles"
shared nfs-export
put "$L/lower"
put "$L/dir/inside"
put "$L/changed"
overlay_mount
put "$M/new"
echo more >>"$M/changed"
py <<'PY'
names = ["lower", "changed", "new", "dir/inside", "dir"]
handles = [(name, name_to_handle(M + "/" + name)) for name in names]
held = os.open(M + "/new", os.O_RDONLY)
for name in names:
    (os.rmdir if name == "dir" else os.unlink)(M + "/" + name)

def forget():
    for _ in range(3):
        write("/proc/sys/vm/drop_caches", "2", os.O_WRONLY)

def leads_somewhere(handle):
    try:
        os.close(open_by_handle(M, handle, os.O_PATH))
    except OSError as e:
        eq(e.errno, errno.ESTALE, "error")
        return False
    return True

def all_stale(handles):
    for name, handle in handles:
        for _ in range(100):        # the kernel may forget a little later
            if not leads_somewhere(handle):
                break
            time.sleep(0.02)
            forget()
        else:
            raise AssertionError("the handle of %s still leads somewhere" % name)

forget()
os.close(open_by_handle(M, handles[2][1], os.O_RDONLY))     # somebody has it open
os.close(held)
forget()
all_stale(handles)
os.mkdir(M + "/dir")
for name in names[:-1]:
    write(M + "/" + name, "another")
for i in range(100):
    write(M + "/more%d" % i, "more")
forget()
all_stale(handles)
PY
