# SPDX-License-Identifier: GPL-2.0-or-later
# A rename on a full tmpfs happens as a whole or not at all: files, and directories by redirect.
# timeout: 300
redirects_on
small_upper tmpfs
shared enospc-rename
