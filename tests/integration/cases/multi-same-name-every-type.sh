# SPDX-License-Identifier: GPL-2.0-or-later
# Each type hides whatever lies below it, whichever type that is.
layers 2
make() {
	case $1 in
	file) echo "$1" >"$2" ;;
	dir) mkdir "$2" ;;
	link) ln -s target "$2" ;;
	fifo) mkfifo "$2" ;;
	esac
}
for top in file dir link fifo; do
	for below in file dir link fifo; do
		make $top "$L1/$top.$below"
		make $below "$L2/$top.$below"
	done
done
overlay_mount
for below in file dir link fifo; do
	type_is "$M/file.$below" f
	type_is "$M/dir.$below" d
	type_is "$M/link.$below" l
	type_is "$M/fifo.$below" p
done
