# SPDX-License-Identifier: GPL-2.0-or-later
# Modes of special files are kept with all their bits.
overlay_mount
mkfifo "$M/p"
chmod 7701 "$M/p"
mode_is "$M/p" 7701
overlay_remount
mode_is "$M/p" 7701
