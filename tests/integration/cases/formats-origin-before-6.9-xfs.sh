# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# On a kernel that tells no UUIDs origins are as the kernel writes them all the same: xfs.
shared images
image fs xfs
shared old-uuid
