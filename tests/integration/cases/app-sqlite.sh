# SPDX-License-Identifier: GPL-2.0-or-later
# sqlite in WAL mode, on a database of a lower layer.
need_program sqlite3
sqlite3 "$L/db" 'create table t(x); insert into t values (1);'
overlay_mount
sqlite3 "$M/db" 'pragma journal_mode=wal; insert into t values (2);' >/dev/null
for i in 3 4 5; do sqlite3 "$M/db" "insert into t values ($i);"; done
same 15 "$(sqlite3 "$M/db" 'select sum(x) from t;')" sum
same ok "$(sqlite3 "$M/db" 'pragma integrity_check;')"
sqlite3 "$M/db" 'pragma journal_mode=delete; vacuum;' >/dev/null
overlay_remount
same 15 "$(sqlite3 "$M/db" 'select sum(x) from t;')" sum
same 1 "$(sqlite3 "$L/db" 'select sum(x) from t;')" "sum in the lower layer"
