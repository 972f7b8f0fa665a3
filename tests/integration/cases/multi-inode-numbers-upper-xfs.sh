# SPDX-License-Identifier: GPL-2.0-or-later
# Inode numbers are constant and different over layers on four file systems, the upper on xfs.
# timeout: 180
shared images
UP=xfs ONE=ext4 TWO=ext4 THREE=tmpfs
shared numbers
