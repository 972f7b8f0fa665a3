# SPDX-License-Identifier: GPL-2.0-or-later
# Five hundred lower layers.
layers 500
for i in 1 2 250 499 500; do
	var=L$i
	put "${!var}/f$i" "$i"
	put "${!var}/all" "$i"
	put "${!var}/d/f$i" "$i"
done
short=$T/s
mkdir "$short"
for ((i = 1; i <= 500; i++)); do ln -s "${LOWERS[i - 1]}" "$short/$i"; done
LOWERS=()
for ((i = 1; i <= 500; i++)); do LOWERS+=("$i"); done
cd "$short"
without_check remount cross lower
list=$(join : "${LOWERS[@]}")
if [ "$FS" = fuse ]; then
	"$FUSE_OVERLAY" -o "lowerdir=$list,upperdir=$U,workdir=$W" "$M"
else
	extra=
	[ "$AS" = root ] || extra=,userxattr
	mount -t overlay overlay -o "lowerdir=$list,upperdir=$U,workdir=$W$extra" "$M"
fi
MOUNTED=yes
cd "$T"
has "$M/all" 1
same 5 "$(find "$M/d" -type f | wc -l)" "files in d"
has "$M/f500" 500
echo more >>"$M/d/f499"
has "$U/d/f499" $'499\nmore'
