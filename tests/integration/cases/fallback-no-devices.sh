# SPDX-License-Identifier: GPL-2.0-or-later
# On an upper that holds no device nodes whiteouts are `.wh.` files, and mean the same.
# only: fuse
without devices
shared fallback-upper
