# SPDX-License-Identifier: GPL-2.0-or-later
# An unknown option is reported in one line, and ignored.
# only: fuse
put "$L/f" text
out=$("$FUSE_OVERLAY" -o "lowerdir=$L,upperdir=$U,workdir=$W,no_such_option_here,other=1" "$M" 2>&1)
MOUNTED=yes
has "$M/f" text
[[ $out == *no_such_option_here* ]] || fail "said: $out"
same 2 "$(wc -l <<<"$out")" "lines of: $out"
without_check remount cross
