# SPDX-License-Identifier: GPL-2.0-or-later
# On an upper without RENAME_WHITEOUT objects change places with whiteouts.
# only: fuse
without rename-whiteout
shared fallback-upper
