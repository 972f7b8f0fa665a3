# SPDX-License-Identifier: GPL-2.0-or-later
# Files are known by their handles.
kernel_options nfs_export=on
fuse_options nfs_export=on
[ "$AS" = root ] || without_check cross
