# SPDX-License-Identifier: GPL-2.0-or-later
# Names that differ in case are different names.
put "$L/Name" big
put "$U/name" small
overlay_mount
has "$M/Name" big
has "$M/name" small
absent "$M/NAME"
lists "$M" Name name
