# SPDX-License-Identifier: GPL-2.0-or-later
# A redirect longer than any name or path can be leads nowhere, and does no harm.
redirects_on
layers 2
put "$L2/plain/f" plain
a255=$(printf 'a%.0s' {1..255})
put "$L2/$a255/f" longest
long_path=$(printf "/$a255%.0s" {1..11}) # 2816 bytes: what xattrs of ext4 still take
n=0
for value in "a$a255" "/a$a255" "/plain/a$a255" "$long_path"; do
	n=$((n + 1))
	put "$L1/r$n/own" own
	setfattr -n "$X.redirect" -v "$value" "$L1/r$n"
done
put "$L1/good/own" own
setfattr -n "$X.redirect" -v "$a255" "$L1/good"
without_check remount cross
overlay_mount
for ((i = 1; i <= n; i++)); do
	absent "$M/r$i/f"
	has "$M/r$i/own" own
	put "$M/r$i/new" new
	has "$M/r$i/new" new
done
has "$M/good/f" longest
has "$M/plain/f" plain
