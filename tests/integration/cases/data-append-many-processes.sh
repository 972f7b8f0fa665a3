# SPDX-License-Identifier: GPL-2.0-or-later
# Four processes append at once: no line is lost or torn.
put "$L/log" start
overlay_mount
for p in 1 2 3 4; do
	py "$p" <<'PY' &
fd = os.open(M + "/log", os.O_WRONLY | os.O_APPEND)
for i in range(200):
    os.write(fd, b"%s %d %s\n" % (sys.argv[1].encode(), i, b"x" * 50))
PY
done
wait
same 801 "$(wc -l <"$M/log")" lines
same 801 "$(sort -u "$M/log" | wc -l)" "different lines"
