# SPDX-License-Identifier: GPL-2.0-or-later
# ENOENT where the directory is missing, ENOTDIR where it is a file, also when whited out.
put "$L/file"
put "$L/gone/x"
overlay_mount
rm -r "$M/gone"
fails_with ENOENT sys open "$M/none/x" wronly,creat
fails_with ENOENT sys open "$M/gone/x" wronly,creat
fails_with ENOENT sys mkdir "$M/gone/x"
fails_with ENOTDIR sys open "$M/file/x" wronly,creat
fails_with ENOTDIR sys mkdir "$M/file/x"
