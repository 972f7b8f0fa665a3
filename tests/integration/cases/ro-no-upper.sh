# SPDX-License-Identifier: GPL-2.0-or-later
# Without an upper layer every change is EROFS, and reading works.
# also: plain
no_upper
layers 2
put "$L/d/f" text
ln -s f "$L/d/l"
mkfifo "$L/p"
overlay_mount
has "$M/d/f" text
target_is "$M/d/l" f
fails_with EROFS sys open "$M/d/f" wronly
fails_with EROFS sys open "$M/d/f" rdwr
fails_with EROFS sys open "$M/d/f" rdonly,trunc
fails_with EROFS sys open "$M/new" wronly,creat
fails_with EROFS sys truncate "$M/d/f" 0
fails_with EROFS sys chmod "$M/d/f" 600
fails_with EROFS sys chown "$M/d/f" 0 0
fails_with EROFS sys utimes "$M/d/f" 1 1
fails_with EROFS sys setxattr "$M/d/f" user.a b
fails_with EROFS sys removexattr "$M/d/f" user.a
fails_with EROFS sys unlink "$M/d/f"
fails_with EROFS sys rmdir "$M/d"
fails_with EROFS sys mkdir "$M/new"
fails_with EROFS sys symlink x "$M/new"
fails_with EROFS sys mknod "$M/new" p
fails_with EROFS sys link "$M/d/f" "$M/new"
fails_with EROFS sys rename "$M/d/f" "$M/new"
fails_with EROFS sys access "$M/d/f" w
sys access "$M/d/f" r
