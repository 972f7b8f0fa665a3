# SPDX-License-Identifier: GPL-2.0-or-later
# Who may write a directory removes and replaces files of others in it.
mkdir "$L/d"
chmod 777 "$L/d"
put "$L/d/f" root
put "$L/d/g" root
chmod 600 "$L/d/f"
overlay_mount
as_id 1000 rm -f "$M/d/f"
absent "$M/d/f"
is_whiteout "$U/d/f"
as_id 1000 sh -c 'echo mine >"$1/h" && mv "$1/h" "$1/g"' - "$M/d"
has "$M/d/g" mine
owner_is "$M/d/g" 1000:1000
