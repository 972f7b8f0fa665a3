# SPDX-License-Identifier: GPL-2.0-or-later
# On an upper without O_TMPFILE copies are made under names in work/, and none stays there.
# only: fuse
without tmpfile
shared fallback-upper
