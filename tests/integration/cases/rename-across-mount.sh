# SPDX-License-Identifier: GPL-2.0-or-later
# From the mount to elsewhere and back it is EXDEV.
put "$L/f" f
overlay_mount
fails_with EXDEV sys rename "$M/f" "$T/f"
echo x >"$T/x"
fails_with EXDEV sys rename "$T/x" "$M/x"
fails_with EXDEV sys link "$T/x" "$M/x"
