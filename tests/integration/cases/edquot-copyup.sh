# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up where a quota is used up fails with EDQUOT at each of its steps, and leaves the tree as it was.
# timeout: 300
small_upper quota
shared enospc-copyup
