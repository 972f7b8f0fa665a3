# SPDX-License-Identifier: GPL-2.0-or-later
# For layers ONE, TWO, THREE and an upper UP, each on a file system of its own: no two files have the same
# inode number, and each keeps its own over copy-up, rename, forgetting and remount.
image up "$UP"
image one "$ONE"
image two "$TWO"
image three "$THREE"
U=$T/up/upper
W=$T/up/work
mkdir "$U" "$W"
LOWERS=("$T/one/layer" "$T/two/layer" "$T/three/layer")
for name in one two three; do
	for i in 1 2 3 4; do
		put "$T/$name/layer/$name-dir$i/file"
		put "$T/$name/layer/merged/$name-$i"
		put "$T/$name/layer/merged/sub$i/$name"
	done
	ln -s target "$T/$name/layer/merged/$name-link"
	mkfifo "$T/$name/layer/merged/$name-fifo"
done
for i in 1 2 3 4; do
	put "$U/merged/upper$i"
done
kernel_options xino=on redirect_dir=on
fuse_options xino=on

numbers() {
	find "$M" -printf '%i %P\n' | sed "$1" | sort -k 2
	py >&2 <<'PY'
for where, dirs, files in os.walk(M):
    for ino, off, kind, name in listing(where):
        path = os.path.join(where, name)
        if name != ".." or where != M:
            eq(ino, os.lstat(path).st_ino, "d_ino of " + path)
PY
}
overlay_mount
before=$(numbers '')
same '' "$(cut -d' ' -f1 <<<"$before" | sort | uniq -d)" "inode numbers that occur twice"
for name in one two three; do
	echo more >>"$M/$name-dir1/file"
	chmod 700 "$M/$name-dir2" "$M/merged/$name-1"
	mv "$M/merged/$name-2" "$M/merged/renamed-$name"
	mv "$M/$name-dir3" "$M/merged/moved-$name"
	mv "$M/merged/$name-link" "$M/merged/$name-fifo" "$M/$name-dir4"
done
mv "$M/merged/sub1" "$M/sub1-moved"
back='s,merged/renamed-\([a-z]*\)$,merged/\1-2,; s,merged/moved-\([a-z]*\),\1-dir3,; s,sub1-moved,merged/sub1,
	s,[a-z]*-dir4/\([a-z]*-[fl]i[a-z]*\),merged/\1,'
same "$before" "$(numbers "$back")" "inode numbers after copy-up and rename"
drop_caches
same "$before" "$(numbers "$back")" "inode numbers after forgetting"
overlay_remount
same "$before" "$(numbers "$back")" "inode numbers after remount"
