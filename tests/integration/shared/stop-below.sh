# SPDX-License-Identifier: GPL-2.0-or-later
# Once it has stopped, and not only been told to, no request is in its hands: whoever waits for such a one cannot be
# killed (fuse: request_wait_answer()).
stop_below() {
	local i id
	# shellcheck disable=SC2086 # words
	kill -STOP $BELOW
	for id in $BELOW; do
		for ((i = 0; i < 1000; i++)); do
			# shellcheck disable=SC2143  # with -L it does not tell by its status
			[ -n "$(grep -L '^State:.T' /proc/"$id"/task/*/status)" ] || break
			sleep 0.01
		done
		[ $i -lt 1000 ] || fail "the daemon below does not stop"
	done
}
