# SPDX-License-Identifier: GPL-2.0-or-later
# Options that mount(8), fstab and engines add are accepted.
# only: fuse
put "$L/f" text
overlay_mount -o rw,relatime,nosuid,nodev,noexec,noatime,lazytime,async,dirsync,nodiratime,strictatime,default_permissions,_netdev,x-systemd.automount,x-foo=bar
has "$M/f" text
findmnt -no OPTIONS "$M" | grep -q nosuid || fail "nosuid is not in effect"
findmnt -no OPTIONS "$M" | grep -q noexec || fail "noexec is not in effect"
