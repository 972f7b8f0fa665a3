# SPDX-License-Identifier: GPL-2.0-or-later
# What makes names, in lower directories and over whiteouts, fails on a full ext4 as if nothing had been asked.
# timeout: 300
small_upper ext4
shared enospc-create
