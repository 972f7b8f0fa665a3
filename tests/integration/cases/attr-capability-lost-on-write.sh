# SPDX-License-Identifier: GPL-2.0-or-later
# A write takes file capabilities away, whoever writes; so do truncation and chown.
for name in w t c; do
	put "$L/$name" text
	setcap cap_net_raw+ep "$L/$name"
done
overlay_mount
echo x >>"$M/w"
same '' "$(getcap "$M/w")" "capability after a write"
sys truncate "$M/t" 1
same '' "$(getcap "$M/t")" "capability after truncation"
chown 1000 "$M/c"
same '' "$(getcap "$M/c")" "capability after chown"
setcap cap_net_raw+ep "$M/w"
differ '' "$(getcap "$M/w")" "capability set through the mount"
echo y >>"$M/w"
same '' "$(getcap "$M/w")" "capability after another write"
