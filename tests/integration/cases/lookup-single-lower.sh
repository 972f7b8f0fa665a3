# SPDX-License-Identifier: GPL-2.0-or-later
# One lower layer under an empty upper shows the lower layer as it is.
# also: plain
put "$L/dir/file" text
ln -s dir/file "$L/link"
chmod 640 "$L/dir/file"
overlay_mount
has "$M/dir/file" text
has "$M/link" text
target_is "$M/link" dir/file
mode_is "$M/dir/file" 640
lists "$M" dir link
not_in_upper dir link
