# SPDX-License-Identifier: GPL-2.0-or-later
# cp -a of a lower tree within the mount, mv of it, and rm -r of the first.
mkdir -p "$L/usr"
cp -a /usr/share/perl5 "$L/usr/" 2>/dev/null || cp -a /usr/share/common-licenses "$L/usr/"
chown -R 0:0 "$L/usr"
overlay_mount
cp -a "$M/usr" "$M/copy"
same "$(treedump --no-nlink "$M/usr")" "$(treedump --no-nlink "$M/copy")" copy
rm -rf "${M:?}/usr"
mv "$M/copy" "$M/usr"
same "$(treedump --no-nlink "$L/usr")" "$(treedump --no-nlink "$M/usr")" "moved copy"
lists "$M" usr
