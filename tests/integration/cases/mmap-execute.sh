# SPDX-License-Identifier: GPL-2.0-or-later
# A program of a lower layer runs, also after it was copied up and under another name.
cp "$(type -P cat)" "$L/prog"
echo hello >"$T/text"
overlay_mount
same hello "$("$M/prog" "$T/text")"
chmod 700 "$M/prog"
same hello "$("$M/prog" "$T/text")"
mv "$M/prog" "$M/prog2"
same hello "$("$M/prog2" "$T/text")"
cp "$M/prog2" "$M/prog3"
same hello "$("$M/prog3" "$T/text")"
