# SPDX-License-Identifier: GPL-2.0-or-later
# Redirects that are no good lead nowhere: never out of the layer, never to what is hidden.
redirects_on
layers 2
put "$L2/secret/f" secret
put "$L2/plain/f" plain
for value in ../secret /../secret //secret /secret/../secret . .. / '' 'a/b' /secret/; do
	name=$(printf %s "$value" | tr / _)
	mkdir "$L1/r$name"
	setfattr -n "$X.redirect" -v "$value" "$L1/r$name"
done
without_check remount cross
overlay_mount
for dir in "$M"/r*; do
	absent "$dir/f" 2>/dev/null || fail "$dir shows $(cat "$dir/f")"
done
has "$M/plain/f" plain
