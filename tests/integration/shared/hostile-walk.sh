# SPDX-License-Identifier: GPL-2.0-or-later
# Of the cases of that name. Where a daemon would get to if it followed a link out of a layer, a secret lies;
# where the mount's own links lead, nothing does.
M=$T/far/from/all/layers/mnt
mkdir -p "$M"
put "$T/outside/f" SECRET
put "$T/outside/d/g" SECRET
find "$T/outside" -exec touch -d @1000000000 {} +
without_check lower remount cross work ino

# exchanger PATH...: exchanges each PATH with PATH.out, for ever.
exchanger() {
	py "$@" <<'PY' &
pairs = [(os.path.dirname(p), os.path.basename(p)) for p in sys.argv[1:]]
while True:
    for directory, name in pairs:
        with contextlib.suppress(OSError):
            renameat2("%s/%s" % (directory, name), "%s/%s.out" % (directory, name), RENAME_EXCHANGE)
PY
	EXCHANGER=$!
	finally kill $EXCHANGER
}

# walk_and_change SECONDS: all names of the mount, read and written; what is read is no secret. Errors are
# right: the layers change below us.
walk_and_change() {
	timeout 100 env T="$T" M="$M" PYTHONPATH="$TOOLS" "$PYTHON" -B -S - "$1" 2>&1 <<'PY' || fail "the walk: status $?"
from ovltest import *

n = 0
def look(path):
    global n
    for at in "", "/f", "/d", "/d/g", "/new":
        with contextlib.suppress(OSError):
            os.lstat(path + at)
        with contextlib.suppress(OSError):
            fd = os.open(path + at, os.O_RDONLY | os.O_NONBLOCK)
            n += 1
            with contextlib.closing(os.fdopen(fd, "rb")) as file:
                assert b"SECRET" not in file.read(100), path + at
        with contextlib.suppress(OSError):
            assert "g" not in os.listdir(path + at) or at == "/d", path + at

def change(path):
    for what in (lambda: write(path + "/f", "mine\n", os.O_WRONLY | os.O_NONBLOCK),
                 lambda: os.chmod(path + "/f", 0o600),
                 lambda: os.setxattr(path, "user.a", b"b"),
                 lambda: os.rename(path + "/f", path + "/new"),
                 lambda: os.mkdir(path + "/made"),
                 lambda: os.unlink(path + "/new")):
        with contextlib.suppress(OSError):
            what()

end = time.monotonic() + float(sys.argv[1])
seen = 0
while time.monotonic() < end:
    with contextlib.suppress(OSError):
        for name in os.listdir(M):
            look(M + "/" + name)
            seen += 1
            if seen % 19 == 0:
                change(M + "/" + name)
os.stat(M)
print(n, "opened")
PY
}

nothing_happened_outside() {
	same "$(printf '%s\n' /outside /outside/d /outside/d/g /outside/f)" \
		"$(cd "$T" && find outside -printf '/%p\n' | sort)" "what is outside"
	same SECRETSECRET "$(cat "$T/outside/f" "$T/outside/d/g" | tr -d '\n')" "what is outside"
	same 1000000000 "$(find "$T/outside" -printf '%Ts\n' | sort -u)" "times outside"
}
