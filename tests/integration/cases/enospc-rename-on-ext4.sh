# SPDX-License-Identifier: GPL-2.0-or-later
# A rename on a full ext4 happens as a whole or not at all: files, and directories by redirect.
# timeout: 300
redirects_on
small_upper ext4
shared enospc-rename
