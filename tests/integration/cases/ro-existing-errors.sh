# SPDX-License-Identifier: GPL-2.0-or-later
# On a read-only overlay what exists or is missing is told as such, where Linux does.
no_upper
layers 2
put "$L/f" text
mkdir "$L/d"
overlay_mount
fails_with EEXIST sys mkdir "$M/d"
fails_with EEXIST sys open "$M/f" wronly,creat,excl
fails_with EROFS sys unlink "$M/none"
fails_with ENOENT sys stat "$M/none"
