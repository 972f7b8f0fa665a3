# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up by metadata keeps file capabilities, which chown(2) would take.
put "$L/f" text
chmod 755 "$L/f"
setcap cap_net_raw+ep "$L/f"
cap=$(getcap "$L/f")
overlay_mount
same "${cap#* }" "$(getcap "$M/f" | cut -d ' ' -f 2-)" "capability before"
sys utimes "$M/f" 1 2
in_upper f
same "${cap#* }" "$(getcap "$M/f" | cut -d ' ' -f 2-)" "capability after"
same "${cap#* }" "$(getcap "$U/f" | cut -d ' ' -f 2-)" "capability in the upper layer"
setfattr -n user.a -v b "$M/f"
same "${cap#* }" "$(getcap "$M/f" | cut -d ' ' -f 2-)" "capability after setxattr"
