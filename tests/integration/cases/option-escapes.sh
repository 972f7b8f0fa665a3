# SPDX-License-Identifier: GPL-2.0-or-later
# Colons, commas and backslashes in paths are escaped by a backslash.
odd=$T/'o:d,d\d'
mkdir "$odd" "$odd/l1" "$odd/l2" "$odd/u" "$odd/w"
put "$odd/l1/one" one
put "$odd/l2/two" two
escaped=${odd//\\/\\\\}
escaped=${escaped//,/\\,}
lower=${escaped//:/\\:}
options=lowerdir=$lower/l1:$lower/l2,upperdir=$escaped/u,workdir=$escaped/w
if [ "$FS" = fuse ]; then
	"$FUSE_OVERLAY" -o "$options" "$M"
else
	[ "$AS" = root ] || options+=,userxattr
	py "$options" <<'PY'
libc.mount(b"overlay", os.fsencode(M), b"overlay", 0, os.fsencode(sys.argv[1])) == 0 or check(
    False, "mount: " + errno.errorcode[ctypes.get_errno()])
PY
fi
MOUNTED=yes
lists "$M" one two
echo new >"$M/new"
has "$odd/u/new" new
without_check remount cross lower work
