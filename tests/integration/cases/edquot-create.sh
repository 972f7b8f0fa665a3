# SPDX-License-Identifier: GPL-2.0-or-later
# What makes names, in lower directories and over whiteouts, fails where a quota is used up as if nothing had been asked.
# timeout: 300
small_upper quota
shared enospc-create
