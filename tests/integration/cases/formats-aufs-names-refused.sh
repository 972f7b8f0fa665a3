# SPDX-License-Identifier: GPL-2.0-or-later
# Nobody makes a `.wh.` name through the mount, for it would mean something else on the next.
put "$L/f"
overlay_mount
fails sys open "$M/.wh.f" wronly,creat
fails sys mkdir "$M/.wh.d"
fails sys rename "$M/f" "$M/.wh.g"
exists "$M/f"
