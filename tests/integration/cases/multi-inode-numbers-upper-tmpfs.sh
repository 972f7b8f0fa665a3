# SPDX-License-Identifier: GPL-2.0-or-later
# Inode numbers are constant and different over layers on four file systems, the upper on tmpfs.
# timeout: 180
shared images
UP=tmpfs ONE=ext4 TWO=xfs THREE=btrfs
shared numbers
