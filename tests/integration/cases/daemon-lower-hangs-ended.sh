# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# While a lower layer does not answer and somebody waits for it, SIGTERM ends the mount at once, and the daemon.
# only: fuse
shared hanging-lower
stop_below
hang 3
end_by TERM
