# SPDX-License-Identifier: GPL-2.0-or-later
# A symlink of 4095 bytes (or as many as the file system takes) is read whole, in the lower layer and after being made in the upper.
long=$(printf '%*s' 4095 '' | tr ' ' x)
ln -s "$long" "$T/probe" 2>/dev/null || long=${long:0:1023}
py "$long" <<'PY'
os.symlink(sys.argv[1], L + "/low")
PY
overlay_mount
target_is "$M/low" "$long"
py "$long" <<'PY'
os.symlink(sys.argv[1], M + "/up")
with expect(errno.ENAMETOOLONG):
    os.symlink(sys.argv[1] + "y", M + "/more")
PY
target_is "$M/up" "$long"
same ${#long} "$(stat -c %s "$M/up")"
