# SPDX-License-Identifier: GPL-2.0-or-later
# A directory cannot be moved into itself.
overlay_mount
mkdir -p "$M/d/e"
fails_with EINVAL sys rename "$M/d" "$M/d/e/f"
fails_with EINVAL sys rename "$M/d" "$M/d/f"
fails_with "ENOTEMPTY|EEXIST" sys rename "$M/d/e" "$M/d"
exists "$M/d/e"
