# SPDX-License-Identifier: GPL-2.0-or-later
# Only the owner sets an ACL.
put "$L/f" text
overlay_mount
fails_with EPERM as_id 1000 setfacl -m u:1000:rw "$M/f"
not_in_upper f
