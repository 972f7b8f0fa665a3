# SPDX-License-Identifier: GPL-2.0-or-later
# A data-only layer needs no metacopy=on: from the bottom layer redirects lead into it, nothing else.
data_layers 1
put "$D1/x/a" data
metacopy "$L/a" 5 /x/a
metacopy "$L/by-name" 5
metacopy "$U/upper" 5 /x/a
without_check remount cross
overlay_mount
has "$M/a" data
fails_with EPERM stat "$M/by-name"
fails_with 'EPERM|EIO' stat "$M/upper"
chmod 600 "$M/a"
has "$M/a" data
overlay_umount
no_xattr "$U/a" "$X.metacopy"
size_is "$U/a" 5
has "$U/a" data
overlay_mount
has "$M/a" data
