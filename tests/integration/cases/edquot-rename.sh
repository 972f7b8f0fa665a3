# SPDX-License-Identifier: GPL-2.0-or-later
# A rename where a quota is used up happens as a whole or not at all: files, and directories by redirect.
# timeout: 300
redirects_on
small_upper quota
shared enospc-rename
