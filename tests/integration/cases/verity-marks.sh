# SPDX-License-Identifier: GPL-2.0-or-later
# What marks of metacopies say of digests: none, one that the data do not have, and nonsense.
shared verity
without_check cross
layers 2
file() { # NAME MARK
	put "$L2/$1" "$1"
	marked "$L1/$1" $((${#1} + 1)) "$2"
}
digest=$(printf '%064d' 7)
file none "$NONE"
file four 0x00040000
file four-of-nonsense 0x09ff0509
file no-algorithm 0x0005000007
file no-fs-verity "0x00240001$digest"
file strange-algorithm "0x002400ff$digest"
file version "0x01240001$digest"
file short "0x00230001$digest"
file long "0x00ff0001$digest"
file too-long "0x00840002$digest$digest$digest$digest"
read_all() {
	local name
	for name; do has "$M/$name" "$name"; done
}
mapfile -t names < <(ls "$L2")
without=(none four four-of-nonsense no-algorithm)
mapfile -t with < <(printf '%s\n' "${names[@]}" "${without[@]}" | sort | uniq -u)
[ ${#with[@]} -eq 6 ]
metacopy_on
overlay_mount
read_all "${names[@]}"
overlay_umount
overlay_mount -o verity=on
read_all "${without[@]}"
refused "${with[@]/#/$M/}"
overlay_umount
overlay_mount -o verity=require
refused "${names[@]/#/$M/}"
