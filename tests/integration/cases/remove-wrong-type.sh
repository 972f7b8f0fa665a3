# SPDX-License-Identifier: GPL-2.0-or-later
# unlink of a directory is EISDIR, rmdir of a file ENOTDIR, of nothing ENOENT.
put "$L/f"
mkdir "$L/d"
put "$U/uf"
mkdir "$U/ud"
overlay_mount
for name in d ud; do fails_with EISDIR sys unlink "$M/$name"; done
for name in f uf; do fails_with ENOTDIR sys rmdir "$M/$name"; done
fails_with ENOENT sys unlink "$M/none"
fails_with ENOENT sys rmdir "$M/none"
rm "$M/f"
fails_with ENOENT sys unlink "$M/f"
fails_with EINVAL sys rmdir "$M/d/."
exists "$M/d" "$M/ud" "$M/uf"
