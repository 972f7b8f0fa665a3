# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# also: plain
# What is accepted without effect is accepted in silence.
put "$L/f" text
words='xino=on xino=off xino=auto uuid=on uuid=null uuid=auto override_creds nooverride_creds ino32_t allow_root
	verity=off nfs_export=off index=off metacopy=off fsync=1 threads=0 xattr_permissions=0 rw async'
[ -e /sys/fs/selinux ] || words+=' context=a fscontext=b defcontext=c rootcontext="d:e,f"'
for word in $words; do
	overlay_mount -o "$word" 2>"$T/said"
	[ ! -s "$T/said" ] || fail "$word: said $(cat "$T/said")"
	has "$M/f" text
	overlay_umount
done
overlay_mount
