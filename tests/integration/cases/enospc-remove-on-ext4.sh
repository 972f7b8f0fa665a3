# SPDX-License-Identifier: GPL-2.0-or-later
# Where there is no room for a whiteout on a full ext4, what was to be removed stays, whole.
# timeout: 300
small_upper ext4
shared enospc-remove
