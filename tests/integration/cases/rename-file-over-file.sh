# SPDX-License-Identifier: GPL-2.0-or-later
# Every kind of file over every kind: the target's content is gone, the source's is there.
sources=(low up cop)
targets=(low up cop white)
make_lower() {
	local s t
	for s in "${sources[@]}"; do
		for t in "${targets[@]}"; do
			[ "$s" = up ] || echo "source $s" >"$L/$s-over-$t.src"
			[ "$t" = up ] || echo "target $t" >"$L/$s-over-$t.dst"
		done
	done
}
make_lower
overlay_mount
for s in "${sources[@]}"; do
	for t in "${targets[@]}"; do
		pair=$M/$s-over-$t
		case $s in up) echo "source $s" >"$pair.src" ;; cop) chmod 600 "$pair.src" ;; esac
		case $t in up) echo "target $t" >"$pair.dst" ;; cop) chmod 600 "$pair.dst" ;; white) rm "$pair.dst" ;; esac
		sys rename "$pair.src" "$pair.dst"
	done
done
check() {
	local s t
	for s in "${sources[@]}"; do
		for t in "${targets[@]}"; do
			has "$M/$s-over-$t.dst" "source $s"
			absent "$M/$s-over-$t.src"
			nlink_is "$M/$s-over-$t.dst" 1
		done
	done
}
check
not_in_upper up-over-low.src up-over-up.src
overlay_remount
check
