# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Read by one.sh and lib.sh. kernel_at_least VERSION: is this kernel that one, or newer?
kernel_at_least() {
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort --version-sort | head -n 1)" = "$1" ]
}
