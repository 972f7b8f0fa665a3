# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# also: plain
# timeout: 180
# Renaming a lower directory costs the daemon the same whether 100,000 files are below it or none.
shared daemon-time
without_check lower remount cross
redirects_on
for i in 1 2 3 4 5 6 7 8; do
	mkdir "$L/empty$i"
done
mkdir -p "$L/full"/{0..99}
py <<'PY'
for i in range(100):
    for k in range(1000):
        os.close(os.open(L + "/full/%d/%d" % (i, k), os.O_CREAT | os.O_WRONLY))
PY
overlay_mount
mkdir "$M/to"
sys rename "$M/empty8" "$M/to/warm"
# The least of what some have cost: whatever else happens on the machine comes on top.
empty=1000000
for i in 1 2 3 4 5; do
	took=$(time_of sys rename "$M/empty$i" "$M/to/empty$i")
	[ "$took" -ge "$empty" ] || empty=$took
done
full=$(time_of sys rename "$M/full" "$M/to/full")
echo "empty $empty us, with 100,000 files $full us" >&2
[ "$full" -lt $((3 * empty + 200)) ] || fail "empty: $empty us, full: $full us"
lists "$M/to/full/99" {0..999}
same 1 "$(find "$U/to/full" | wc -l)" "what the upper has of it"
xattr_is "$U/to/full" "$X.redirect" /full
