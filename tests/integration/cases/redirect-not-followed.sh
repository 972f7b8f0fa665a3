# SPDX-License-Identifier: GPL-2.0-or-later
# With redirect_dir=nofollow a redirect is not followed, and nothing else is shown instead.
redirects_on
put "$L/d/f" content
overlay_mount
sys rename "$M/d" "$M/e"
overlay_umount
KERNEL_OPTIONS=() FUSE_OPTIONS=()
without_check cross remount
overlay_mount -o redirect_dir=nofollow
fails_with EPERM cat "$M/e/f"
