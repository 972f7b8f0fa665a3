# SPDX-License-Identifier: GPL-2.0-or-later
# FS_IOC_GETFLAGS on files and directories of both layers; lsattr shows them.
put "$L/f" text
mkdir "$L/d"
chattr +d "$L/f" 2>/dev/null || skip "this file system has no flags"
overlay_mount
echo x >"$M/new"
for p in f new d .; do lsattr -d "$M/$p" >/dev/null; done
lists "$M" f d new
