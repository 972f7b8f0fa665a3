# SPDX-License-Identifier: GPL-2.0-or-later
# A map may reach the last id there is, 4294967294.
[ "$AS" = root ] || skip "a user has no such ids"
map_ids 0:2147483648:2147483647 4294967000:0:295
put "$L/first"
put "$L/last"
chown 4294967294:4294967294 "$L/last"
put "$L/middle"
chown 2147483646:4294966999 "$L/middle"
overlay_mount
owner_is "$M/first" 2147483648:2147483648
owner_is "$M/last" 294:294
owner_is "$M/middle" 4294967294:65534
chown 4294967294:0 "$M/last"
owner_is "$U/last" 2147483646:4294967000
