# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon keeps neither the directory where it was started nor the layers' mount busy by its own cwd.
# only: fuse
put "$L/f" text
mkdir "$T/start"
cd "$T/start"
overlay_mount
cd "$T"
id=${DAEMONS% }
same / "$(readlink "/proc/$id/cwd")" "working directory"
rmdir "$T/start"
has "$M/f" text
