# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up on a full tmpfs fails with ENOSPC at each of its steps, and leaves the tree as it was.
# timeout: 300
small_upper tmpfs
shared enospc-copyup
