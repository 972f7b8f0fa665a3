# SPDX-License-Identifier: GPL-2.0-or-later
# On an upper with neither devices, xattrs, O_TMPFILE nor flags of rename(2) all is still right.
# only: fuse
without_check ino
without devices,rename-flags,tmpfile,xattrs
shared fallback-upper
