# SPDX-License-Identifier: GPL-2.0-or-later
# Names that only look like AUFS whiteouts do no harm.
# only: fuse
layers 2
put "$L2/f" two
put "$L2/d/x"
for name in .wh. .wh.. .wh... .wh..wh. .wh..wh.x .wh..wh..wh. ".wh.$(printf '%*s' 251 '' | tr ' ' n)"; do
	: >"$L1/$name"
done
mkdir "$L1/.wh.dir"
without_check cross remount
overlay_mount
has "$M/f" two
exists "$M/d/x"
ls -la "$M" >/dev/null
fails_with ENOENT sys stat "$M/.wh."
echo x >"$M/new"
