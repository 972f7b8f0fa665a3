# SPDX-License-Identifier: GPL-2.0-or-later
# On an upper that holds neither devices nor `.wh.` files whiteouts are marked files, and mean the same.
# only: fuse
[ "$AS" = plain ] && skip "allow_other is root's"
shared nested-upper
shared fallback-upper
