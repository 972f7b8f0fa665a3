# SPDX-License-Identifier: GPL-2.0-or-later
# user.* cannot be set on symlinks and special files.
ln -s x "$L/l"
mkfifo "$L/p"
overlay_mount
fails_with EPERM sys setxattr "$M/l" user.a b
fails_with EPERM sys setxattr "$M/p" user.a b
not_in_upper l p
