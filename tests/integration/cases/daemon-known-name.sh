# SPDX-License-Identifier: GPL-2.0-or-later
# Called by the name fuse-overlayfs it does the same, and its type shows that name.
# only: fuse
# also: plain
put "$L/f" text
ln -s "$FUSE_OVERLAY" "$T/fuse-overlayfs"
for words in "$M" "overlay $M"; do
	# shellcheck disable=SC2086 # a source word, or none
	"$T/fuse-overlayfs" -o "lowerdir=$L,upperdir=$U,workdir=$W" $words
	has "$M/f" text
	same fuse.fuse-overlayfs "$(findmnt -no FSTYPE "$M")" type
	umount_m
	for ((i = 0; i < 500; i++)); do
		pgrep -f "^$T/fuse-overlayfs" >/dev/null || break
		sleep 0.01
	done
done
[[ $("$T/fuse-overlayfs" --version) == 'fuse-overlay: version '* ]] || fail "its version"
