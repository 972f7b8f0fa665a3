# SPDX-License-Identifier: GPL-2.0-or-later
# A file cannot replace a directory, nor a directory a file, wherever they are.
put "$L/f" f
mkdir "$L/d"
overlay_mount
echo x >"$M/uf"
mkdir "$M/ud"
for f in f uf; do
	for d in d ud; do
		fails_with EISDIR sys rename "$M/$f" "$M/$d"
	done
	fails_with ENOTDIR sys rename "$M/ud" "$M/$f"
done
lists "$M" d f ud uf
