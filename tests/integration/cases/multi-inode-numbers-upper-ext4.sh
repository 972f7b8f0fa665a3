# SPDX-License-Identifier: GPL-2.0-or-later
# Inode numbers are constant and different over layers on four file systems, the upper on ext4.
# timeout: 180
shared images
UP=ext4 ONE=xfs TWO=tmpfs THREE=btrfs
shared numbers
