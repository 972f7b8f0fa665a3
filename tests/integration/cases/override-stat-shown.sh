# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions=2: owner, mode and type are those of override_stat, in each of its spellings.
[ "$FS" = fuse ] || skip "the kernel has no such option"
name=user.containers.override_stat
over() { setfattr -n "${3-$name}" -v "$2" "$L/$1"; }
for file in plain full typed pipe sock block char old both bare none later \
	dirtype linktype whiteout short text minus big octal toobig empty odd; do
	put "$L/$file" ""
	chmod 700 "$L/$file"
done
mkdir "$L/dir"
over plain 12:34:0640 2>/dev/null || skip "no user.* xattrs here"
over full 12:34:104711
over typed 12:34:4755:file:more:fields
over pipe 1:2:0644:pipe
over sock 1:2:0755:socket
over block 1:2:0660:block-8-17
over char 1:2:0666:char-1-3
over old 5:6:100600 user.fuseoverlayfs.override_stat
over both 5:6:0600 user.fuseoverlayfs.override_stat
over both 7:8:0700:file
# Unpacked by an engine, then copied up by fuse-overlayfs 1.10.
over bare 5:6:100640 user.fuseoverlayfs.override_stat
over bare 7:8:0700
over dir 9:10:041777:dir
# What a type cannot be, or no value may be.
over dirtype 1:2:0755:dir
over linktype 1:2:0777:symlink
over whiteout 1:2:0:char-0-0
over odd 1:2:0755:block-8
over short 1:2
over text root:root:0755
over minus 1:-2:0755
over big 4294967295:0:0755
over octal 1:2:0789
over toobig 1:2:7777777
over empty ""
without_check cross
overlay_mount -o xattr_permissions=2
is() { owner_is "$M/$1" "$2"; mode_is "$M/$1" "$3"; type_is "$M/$1" "$4"; }
is plain 12:34 640 f
is full 12:34 4711 f
is typed 12:34 4755 f
is pipe 1:2 644 p
is sock 1:2 755 s
is block 1:2 660 b
is char 1:2 666 c
is old 5:6 600 f
is both 7:8 700 f
is bare 5:6 640 f
is dir 9:10 1777 d
is dirtype 1:2 755 f
is linktype 1:2 777 f
is whiteout 1:2 0 f
is odd 1:2 755 f
for file in none short text minus big octal toobig empty; do is $file 0:0 700 f; done
rdev_is "$M/block" 8:17
rdev_is "$M/char" 1:3
# The listing says the same as the files, and nobody sees or forges it.
same "block char pipe sock" "$(py <<'PY'
print(" ".join(sorted(e.name for e in os.scandir(os.environ["M"])
                      if not e.is_file(follow_symlinks=False) and not e.is_dir())))
PY
)"
[ -z "$(getfattr --absolute-names -d -m - "$M/plain")" ]
fails_with EPERM sys setxattr "$M/none" $name 0:0:04755
fails_with ENODATA sys getxattr "$M/plain" $name
