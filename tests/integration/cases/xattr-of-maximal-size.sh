# SPDX-License-Identifier: GPL-2.0-or-later
# Values and lists of xattrs of the largest size (64 KiB) are read, copied up and replaced; marks of that size in a
# layer do no harm.
mkdir "$T/big"
mount -t tmpfs tmpfs "$T/big" || skip "no tmpfs here"
for name in lower upper work; do mkdir "$T/big/$name"; done
L=$T/big/lower U=$T/big/upper W=$T/big/work
LOWERS=("$L")
put "$L/f" text
put "$L/many" text
put "$L/d/x" text
py <<'PY'
try:
    os.setxattr(L + "/f", "user.big", b"b" * 65536)
except OSError as e:
    skip("tmpfs takes no such xattr: %s" % e)
for i in range(250): # names of 255 bytes: a list of 64000
    os.setxattr(L + "/many", "user." + "%03d" % i + "n" * 247, b"%d" % i)
for mark in ("opaque", "redirect", "origin", "impure", "nlink", "whiteout", "metacopy", "upper", "protattr"):
    name = "p-" + mark
    os.mkdir(L + "/" + name)
    write(L + "/" + name + "/f", "text")
    for path in (L + "/" + name, L + "/" + name + "/f"):
        os.setxattr(path, os.environ["X"] + "." + mark, b"z" * 65536)
PY
without_check cross remount
overlay_mount
py <<'PY'
eq(os.getxattr(M + "/f", "user.big"), b"b" * 65536)
eq(len(os.listxattr(M + "/many")), 250)
for name in ("f", "many"):
    os.chmod(M + "/" + name, 0o600)
eq(os.getxattr(U + "/f", "user.big"), b"b" * 65536, "copied up")
eq(len(os.listxattr(M + "/many")), 250, "copied up")
os.setxattr(M + "/f", "user.big", b"c" * 65536)
eq(os.getxattr(M + "/f", "user.big"), b"c" * 65536, "replaced")
os.setxattr(M + "/d", "user.big", b"d" * 65536)
eq(os.getxattr(M + "/d", "user.big"), b"d" * 65536, "of a directory")
for top in sorted(os.listdir(M)):
    if top.startswith("p-"): # an error is right, or what the layer has
        with contextlib.suppress(OSError):
            os.listdir(M + "/" + top)
        with contextlib.suppress(OSError):
            read(M + "/" + top + "/f")
        with contextlib.suppress(OSError):
            os.chmod(M + "/" + top + "/f", 0o600)
PY
has "$M/d/x" text
