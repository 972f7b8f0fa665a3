# SPDX-License-Identifier: GPL-2.0-or-later
# -V and --version tell the version, -h and --help the use, with status 0 and without a mount.
# only: fuse
for word in -V --version; do
	[[ $("$FUSE_OVERLAY" $word 2>&1) == *[0-9].[0-9]* ]] || fail "$word: $("$FUSE_OVERLAY" $word 2>&1)"
done
for word in -h --help; do
	[[ $("$FUSE_OVERLAY" $word 2>&1) == *lowerdir* ]] || fail "$word says nothing of lowerdir"
done
