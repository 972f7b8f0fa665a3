# SPDX-License-Identifier: GPL-2.0-or-later
# Ten rounds of operations on hard links, by us and by the kernel in turn, are as on a plain directory.
# timeout: 300
index_on
shared index-alternate
