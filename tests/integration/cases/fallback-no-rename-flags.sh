# SPDX-License-Identifier: GPL-2.0-or-later
# On an upper whose rename(2) knows no flags, removed and renamed files are gone for good.
# only: fuse
without rename-flags
shared fallback-upper
