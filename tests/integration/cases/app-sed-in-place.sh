# SPDX-License-Identifier: GPL-2.0-or-later
# sed -i, install, logrotate-like moves, and here documents on lower files.
put "$L/etc/conf" 'key=old'
put "$L/var/log" 'line 1'
chmod 640 "$L/etc/conf"
overlay_mount
sed -i s/old/new/ "$M/etc/conf"
has "$M/etc/conf" key=new
mode_is "$M/etc/conf" 640
mv "$M/var/log" "$M/var/log.1"
install -m 600 /dev/null "$M/var/log"
echo 'line 2' >>"$M/var/log"
has "$M/var/log.1" 'line 1'
has "$M/var/log" 'line 2'
gzip "$M/var/log.1"
lists "$M/var" log log.1.gz
same 'line 1' "$(zcat "$M/var/log.1.gz")"
