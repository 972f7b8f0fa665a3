# SPDX-License-Identifier: GPL-2.0-or-later
# Names of 255 bytes work everywhere, one of 256 is ENAMETOOLONG.
long=$(printf '%*s' 255 '' | tr ' ' n)
put "$L/$long" low
mkdir "$L/d"
overlay_mount
has "$M/$long" low
echo more >>"$M/$long"
for call in 'mkdir PATH' 'open PATH wronly,creat' 'symlink x PATH' 'mknod PATH p' 'stat PATH' 'unlink PATH' \
	'rmdir PATH' "link $M/d PATH" "rename $M/d PATH"; do
	# shellcheck disable=SC2086  # the words are wanted apart
	fails_with ENAMETOOLONG sys ${call/PATH/$M/${long}n}
done
mkdir "$M/d/$long"
echo x >"$M/d/$long/$long"
mv "$M/$long" "$M/d/$long/x$(printf '%*s' 254 '' | tr ' ' m)"
is_whiteout "$U/$long"
same 2 "$(find "$M/d/$long" -mindepth 1 | wc -l)"
rm "$M/d/$long/$long"
overlay_remount
same 1 "$(find "$M/d/$long" -mindepth 1 | wc -l)"
