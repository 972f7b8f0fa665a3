# SPDX-License-Identifier: GPL-2.0-or-later
# The same as index-alternate with nfs_export=on, for which the kernel keeps more in its index.
# timeout: 300
shared nfs-export
shared index-alternate
