# SPDX-License-Identifier: GPL-2.0-or-later
# A file that is open for writing cannot be executed.
overlay_mount
cp "$(type -P true)" "$M/prog"
exec 5>>"$M/prog"
fails_with ETXTBSY "$M/prog"
exec 5>&-
"$M/prog"
