# SPDX-License-Identifier: GPL-2.0-or-later
# Where there is no room for a whiteout on a full tmpfs, what was to be removed stays, whole.
# timeout: 300
small_upper tmpfs
shared enospc-remove
