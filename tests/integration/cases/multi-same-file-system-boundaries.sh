# SPDX-License-Identifier: GPL-2.0-or-later
# Layers on different file systems give one tree with one device number.
[ "$AS" = plain ] && skip "cannot mount a tmpfs"
layers 2
mount -t tmpfs none "$L2"
finally umount "$L2"
put "$L2/d/two" two
put "$L1/d/one" one
without_check ino
kernel_options xino=on
overlay_mount
lists "$M/d" one two
same "$(stat -c %d "$M")" "$(stat -c %d "$M/d/two")" "device of a file"
same "$(stat -c %d "$M/d/one")" "$(stat -c %d "$M/d/two")" "device of files"
echo more >>"$M/d/two"
has "$U/d/two" $'two\nmore'
