# SPDX-License-Identifier: GPL-2.0-or-later
# A running program cannot be opened for writing: ETXTBSY.
cp "$(type -P sleep)" "$L/low"
overlay_mount
cp "$M/low" "$M/up"
for name in up low; do
	"$M/$name" 30 &
	child=$!
	for _ in 1 2 3 4 5 6 7 8 9; do
		[[ $(readlink "/proc/$child/exe" 2>/dev/null) == */$name ]] && break
		sleep 0.05
	done
	fails_with ETXTBSY sys open "$M/$name" wronly
	kill $child
	wait $child 2>/dev/null || true
	sys open "$M/$name" wronly
done
