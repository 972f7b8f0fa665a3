# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# An ACL is set on a directory that is closed to its owner while files in it are copied up: it stays, and so
# does its mode.
mkdir -m 755 "$L/d"
for ((i = 0; i < 300; i++)); do
	: >"$L/d/$i"
done
chmod 555 "$L/d"
overlay_mount
chmod 550 "$M/d"
py <<'PY'
def entry(tag, perm, id=0xffffffff):
    return struct.pack("<HHI", tag, perm, id)

def acl(user, mask):
    return (struct.pack("<I", 2) + entry(1, 5) + entry(2, user, os.getuid()) + entry(4, 0)
            + entry(0x10, mask) + entry(0x20, 0))

def copy_up():
    for i in range(300):
        os.chmod("%s/d/%d" % (M, i), 0o600)

thread = threading.Thread(target=copy_up)
thread.start()
n = 0
while thread.is_alive():
    n += 1
    mask = n % 8
    os.setxattr(M + "/d", "system.posix_acl_access", acl(7, mask))
    # For a moment its owner may write to it; nothing else of it changes.
    mode = os.stat(U + "/d").st_mode & 0o077
    got = os.getxattr(U + "/d", "system.posix_acl_access")
    assert mode == mask << 3 and got[12:] == acl(7, mask)[12:], (n, oct(mode), mask, got)
thread.join()
print(n, "ACLs set")
PY
