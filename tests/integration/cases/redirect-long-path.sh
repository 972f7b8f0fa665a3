# SPDX-License-Identifier: GPL-2.0-or-later
# A redirect of 256 bytes is made; where it would be longer, moving a directory fails with EXDEV, and mv
# copies. A relative one may be as long as a name.
redirects_on
long=$(printf '%0200d' 0)
for length in {250..260}; do
	name=$(printf '%0*d' $((length - ${#long} - 2)) "$length") # /LONG/NAME has that many bytes
	put "$L/$long/$name/file" "$length"
	mkdir -p "$L/to"
done
name=$(printf '%0255d' 7)
put "$L/$long/$name/file" relative
put "$L/deep/$long/$long/dir/file" deep
overlay_mount
for length in {250..260}; do
	name=$(printf '%0*d' $((length - ${#long} - 2)) "$length")
	if [ "$length" -le 256 ]; then
		sys rename "$M/$long/$name" "$M/to/$length"
		xattr_is "$U/to/$length" "$X.redirect" "/$long/$name"
	else
		fails_with EXDEV sys rename "$M/$long/$name" "$M/to/$length"
		absent "$M/to/$length"
		has "$M/$long/$name/file" "$length"
		mv "$M/$long/$name" "$M/to/$length"
		no_xattr "$U/to/$length" "$X.redirect"
		absent "$M/$long/$name"
	fi
done
name=$(printf '%0255d' 7)
sys rename "$M/$long/$name" "$M/$long/short"
xattr_is "$U/$long/short" "$X.redirect" "$name"
fails_with EXDEV sys rename "$M/deep/$long/$long/dir" "$M/dir"
check() {
	local length
	for length in {250..260}; do
		has "$M/to/$length/file" "$length"
	done
	has "$M/$long/short/file" relative
	has "$M/deep/$long/$long/dir/file" deep
}
check
overlay_remount
check
