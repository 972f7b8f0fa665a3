# SPDX-License-Identifier: GPL-2.0-or-later
# Modes decide for another user: reading, writing, searching, listing, executing.
put "$L/f" text
chmod 640 "$L/f"
mkdir "$L/nosearch" "$L/nolist" "$L/nowrite"
put "$L/nosearch/x"
put "$L/nolist/x" seen
chmod 744 "$L/nosearch"
chmod 711 "$L/nolist"
cp "$(type -P true)" "$L/prog"
chmod 744 "$L/prog"
overlay_mount
as() { as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
fails_with EACCES as open "$M/f" rdonly
fails_with EACCES as stat "$M/nosearch/x"
same x "$(as list "$M/nosearch")"
fails_with EACCES as list "$M/nolist"
same seen "$(as_id 1000 cat "$M/nolist/x")"
fails_with EACCES as open "$M/nowrite/new" wronly,creat
fails_with EACCES as mkdir "$M/nowrite/new"
fails_with EACCES as unlink "$M/nolist/x"
fails_with EACCES as rename "$M/nolist/x" "$M/nowrite/x"
fails_with EACCES as truncate "$M/f" 0
fails_with EACCES as_id 1000 sh -c '"$1"' - "$M/prog"
lists "$U"
