# SPDX-License-Identifier: GPL-2.0-or-later
# Where a quota has no room for a whiteout, what was to be removed stays, whole.
# timeout: 300
small_upper quota
shared enospc-remove
