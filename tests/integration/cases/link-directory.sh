# SPDX-License-Identifier: GPL-2.0-or-later
# A directory cannot be hard-linked.
mkdir "$L/d" "$U/e"
overlay_mount
fails_with EPERM sys link "$M/d" "$M/x"
fails_with EPERM sys link "$M/e" "$M/x"
absent "$M/x"
