# SPDX-License-Identifier: GPL-2.0-or-later
# Without an upper layer statfs shows the file system of the top lower layer.
layers 2
no_upper
overlay_mount
same "$(stat -f -c '%s %S %b' "$L1")" "$(stat -f -c '%s %S %b' "$M")" "block size, blocks"
