# SPDX-License-Identifier: GPL-2.0-or-later
# The tool that compares trees tells all that a tree can differ in.
# only: fuse
mkdir "$T/tree"
cd "$T/tree"
printf 'hello\n' >'a b'
chmod 640 'a b'
ln 'a b' "$(printf 'x\377')"
ln -s '/no where' link
mkfifo fifo
mkdir -m 1711 'di\r'
setfattr -n user.one -v 'a b' 'di\r'
for name in fifo 'a b'; do touch -h -d @1.5 "$name"; done
for name in link 'di\r' .; do touch -h -d 1969-12-31T23:59:59.25Z "$name"; done
who="uid=$(id -u) gid=$(id -g)"
hello=5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 # as sha256sum(1) has it
tree() {
	cat <<-END
		. type=d mode=0755 $who mtime=-1.250000000
		./a\x20b type=f mode=0640 $who nlink=2 size=6 mtime=1.500000000 sha256=$hello
		./di\x5cr type=d mode=1711 $who mtime=-1.250000000 xattr:user.one=a\x20b
		./fifo type=p mode=0644 $who nlink=1 mtime=1.500000000
		./link type=l mode=0777 $who nlink=1 size=9 mtime=-1.250000000 target=/no\x20where
		./x\xff type=f mode=0640 $who nlink=2 size=6 mtime=1.500000000 sha256=$hello
	END
}
same "$(tree)" "$(treedump .)" lines
same "$(tree | sed 's/ nlink=.//')" "$(treedump --no-nlink .)" 'without link counts'
same "$(tree | grep -v '^./[dl]')" "$(treedump --exclude='./di\r' --exclude=./link .)" 'less what is excluded'
same "$(tree | sha256sum)" "$(treedump --hash "$T/tree")  -" hash
same "ino=$(ino fifo)" "$(treedump --ino . | grep '^./fifo' | grep -o 'ino=[0-9]*')" 'inode number'
setfattr -n user.overlay.opaque -v y 'di\r'
same "$(tree)" "$(treedump .)" 'the mark of an overlay'
same "$(tree | sed '/^.\/di/s/$/ xattr:user.overlay.opaque=y/')" "$(treedump --private .)" 'the mark, asked for'
# Trees one after the other; and what cannot be looked at is an error.
same "$(tree | sha256sum)
$(tree | sha256sum)" "$(treedump --hash . "$T/tree" | sed 's/$/  -/')" 'hashes of two'
status_of() {
	local status=0
	"$@" >"$T/said" 2>&1 || status=$?
	echo $status
}
same 2 "$(status_of treedump "$T/not-there")" 'status without the directory'
same 2 "$(status_of treedump)" 'status without a name'
same 0 "$(status_of treedump .)" 'status'
if [ "$(id -u)" = 0 ]; then
	mkdir "$T/shut"
	mkdir -m 0 "$T/shut/in"
	same 1 "$(status_of as_id 1000 "$TREEDUMP" "$T/shut")" 'status of what may not be listed'
	grep '^./in !list:Permission_denied$' "$T/said"
fi
