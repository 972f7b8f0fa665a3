# SPDX-License-Identifier: GPL-2.0-or-later
# Symlinks that point at each other give ELOOP.
ln -s b "$L/a"
ln -s a "$U/b"
overlay_mount
fails_with ELOOP cat "$M/a"
