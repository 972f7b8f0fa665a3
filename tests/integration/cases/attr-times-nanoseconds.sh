# SPDX-License-Identifier: GPL-2.0-or-later
# Times are kept to the nanosecond, before 1970 and after 2038, on all types of the upper layer.
overlay_mount
echo x >"$M/f"
mkdir "$M/d"
ln -s x "$M/l"
mkfifo "$M/p"
check() {
	for name in f d l p; do
		same "-2000000000.000000001 3000000000.999999999" "$(stat -c '%.9X %.9Y' "$M/$name")" "times of $name"
	done
}
py <<'PY'
for name in "fdlp":
    utimensat(M + "/" + name, (-2000000001, 999999999), (3000000000, 999999999))
PY
same "$(TZ=UTC stat -c %Y "$M/f")" 3000000000
py <<'PY'
for name in "fdlp":
    st = os.lstat(M + "/" + name)
    eq(st.st_atime_ns, -2000000001 * 10**9 + 999999999, name)
    eq(st.st_mtime_ns, 3000000000 * 10**9 + 999999999, name)
PY
overlay_remount
py <<'PY'
for name in "fdlp":
    eq(os.lstat(M + "/" + name).st_mtime_ns, 3000000000 * 10**9 + 999999999, name)
PY
