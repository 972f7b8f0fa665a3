# SPDX-License-Identifier: GPL-2.0-or-later
# Whiteouts are links of one inode. When it has as many as the file system allows, there is another.
put "$L/first" low
put "$L/second" low
put "$L/third" low
overlay_mount
rm "$M/first"
is_whiteout "$U/first"
py <<'PY' || skip "this file system has no limit of links that can be reached soon"
import errno, os, sys
os.mkdir(os.environ['T'] + '/links')
try:
    for i in range(70000):
        os.link(os.environ['U'] + '/first', '%s/links/%d' % (os.environ['T'], i))
    sys.exit(1)
except OSError as error:
    assert error.errno == errno.EMLINK, error
PY
rm "$M/second" "$M/third"
is_whiteout "$U/second"
is_whiteout "$U/third"
[ "$(stat -c %i "$U/first")" != "$(stat -c %i "$U/third")" ] || fail "they are one inode"
absent "$M/first"
absent "$M/second"
absent "$M/third"
rm -r "$T/links"
