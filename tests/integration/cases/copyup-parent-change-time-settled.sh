# SPDX-License-Identifier: GPL-2.0-or-later
# Copying a child up is over when it is over: the directories above it do not seem to change later on,
# while somebody reads them (tar then says "file changed as we read it"). Changing them still counts.
put "$L/a/b/f" text
put "$L/a/b/g" text
overlay_mount
py <<'PY'
import os, time

def ctime(path):
    return os.stat(M + path).st_ctime_ns

def settled(change, *directories):
    for directory in directories:
        ctime(directory)
    time.sleep(0.02)
    change()
    before = [ctime(directory) for directory in directories]
    for directory in directories:
        os.listdir(M + directory)
    assert [ctime(directory) for directory in directories] == before, change

def moves(change, directory):
    before = ctime(directory)
    time.sleep(0.02)
    change()
    assert ctime(directory) > before, directory
    now = ctime(directory)
    os.listdir(M + directory)
    assert ctime(directory) == now, directory

settled(lambda: os.chmod(M + "/a/b/f", 0o600), "", "/a", "/a/b")
settled(lambda: open(M + "/a/b/g", "a").write("x"), "", "/a", "/a/b")
moves(lambda: os.mkdir(M + "/a/b/new"), "/a/b")
moves(lambda: os.chmod(M + "/a", 0o700), "/a")
moves(lambda: os.setxattr(M + "/a", "user.x", b"1"), "/a")
moves(lambda: os.removexattr(M + "/a", "user.x"), "/a")
moves(lambda: os.unlink(M + "/a/b/g"), "/a/b")
PY
