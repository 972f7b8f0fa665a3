# SPDX-License-Identifier: GPL-2.0-or-later
# A script with an interpreter of the mount runs; without execute permission it does not.
put "$L/script" 'unused'
printf '#!/bin/sh\necho "$1 from script"\n' >"$L/script"
chmod 755 "$L/script"
overlay_mount
same 'hello from script' "$("$M/script" hello)"
chmod 644 "$M/script"
fails_with EACCES "$M/script"
