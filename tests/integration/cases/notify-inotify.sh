# SPDX-License-Identifier: GPL-2.0-or-later
# inotify tells of what happens through the mount, also over copy-up.
put "$L/d/f" text
overlay_mount
py <<'PY'
fd = libc.inotify_init1(0o4000)
IN = {"MODIFY": 2, "ATTRIB": 4, "CREATE": 0x100, "DELETE": 0x200, "MOVED_FROM": 0x40, "MOVED_TO": 0x80}
wd = libc.inotify_add_watch(fd, os.fsencode(M + "/d"), sum(IN.values()))
check(wd > 0, "no watch")
wf = libc.inotify_add_watch(fd, os.fsencode(M + "/d/f"), IN["MODIFY"])
write(M + "/d/new", "")
write(M + "/d/f", "more", os.O_WRONLY | os.O_APPEND)
os.chmod(M + "/d/f", 0o600)
os.rename(M + "/d/new", M + "/d/moved")
os.unlink(M + "/d/f")
got = set()
try:
    while True:
        raw, at = os.read(fd, 65536), 0
        while at < len(raw):
            w, mask, cookie, n = struct.unpack_from("=iIII", raw, at)
            name = raw[at + 16:at + 16 + n].rstrip(b"\0").decode()
            for word, bit in IN.items():
                if mask & bit:
                    got.add((word, name if w == wd else "watched itself"))
            at += 16 + n
except BlockingIOError:
    pass
for want in (("CREATE", "new"), ("MODIFY", "f"), ("MODIFY", "watched itself"), ("ATTRIB", "f"),
             ("MOVED_FROM", "new"), ("MOVED_TO", "moved"), ("DELETE", "f")):
    check(want in got, "no %s; there were %s" % (want, sorted(got)))
PY
