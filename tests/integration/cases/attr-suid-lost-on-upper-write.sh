# SPDX-License-Identifier: GPL-2.0-or-later
# The same for files that the upper layer has already.
overlay_mount
for name in w t o; do
	echo text >"$M/$name"
	chown 1000:1000 "$M/$name"
	chmod 6777 "$M/$name"
done
as() { as_id 1001 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
as write "$M/w" x
mode_is "$M/w" 777
as truncate "$M/t" 1
mode_is "$M/t" 777
as open "$M/o" wronly,trunc
mode_is "$M/o" 777
