# SPDX-License-Identifier: GPL-2.0-or-later
# Where a whiteout, a directory, a symbolic link or nothing is met instead of data: EIO.
metacopy_on
layers 3
put "$L3/hidden" data
whiteout "$L2/hidden"
metacopy "$L1/hidden" 5
mkdir "$L2/dir" "$L2/opaque"
metacopy "$L1/dir" 5
ln -s /etc/passwd "$L2/link"
metacopy "$L1/link" 5
metacopy "$L1/none" 5 /no/where
opaque "$L2/opaque"
put "$L3/opaque/f" data
metacopy "$L1/opaque/f" 5
metacopy "$L1/damaged" 5
put "$L2/damaged" data
setfattr -n "$X.metacopy" -v abc "$L1/damaged"
metacopy "$L1/slash" 5 a/b
put "$L2/a/b" data
metacopy "$L3/bottom" 5
without_check remount cross
overlay_mount
for f in hidden dir link none opaque/f damaged bottom; do
	fails_with EIO stat "$M/$f"
done
fails_with EINVAL stat "$M/slash"
