# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# also: plain
# timeout: 180
# Renaming a lower directory costs the daemon the same whether 100,000 files are below it or none.
shared daemon-time
without_check lower remount cross
redirects_on
mkdir "$L"/empty{1..8}
mkdir -p "$L/full"/{0..99}
py <<'PY'
for i in range(100):
    for k in range(1000):
        os.close(os.open(L + "/full/%d/%d" % (i, k), os.O_CREAT | os.O_WRONLY))
PY
# measure: renames some that are empty, and the full one. The least of what the empty ones have cost counts: whatever
# else happens on the machine comes on top.
measure() {
	local i took
	overlay_mount
	mkdir "$M/to"
	sys rename "$M/empty8" "$M/to/warm"
	empty=1000000
	for i in 1 2 3 4 5; do
		took=$(time_of sys rename "$M/empty$i" "$M/to/empty$i")
		[ "$took" -ge "$empty" ] || empty=$took
	done
	full=$(time_of sys rename "$M/full" "$M/to/full")
	echo "empty $empty us, with 100,000 files $full us" >&2
	[ "$full" -lt $((3 * empty + 200)) ]
}

# There is one full directory, so for another try all is made anew.
for try in 1 2 3; do
	! measure || break
	[ "$try" -lt 3 ] || fail "empty: $empty us, full: $full us"
	overlay_umount
	find "$U" "$W" -mindepth 1 -delete
done
lists "$M/to/full/99" {0..999}
same 1 "$(find "$U/to/full" | wc -l)" "what the upper has of it"
xattr_is "$U/to/full" "$X.redirect" /full
