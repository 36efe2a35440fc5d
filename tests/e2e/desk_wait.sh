#!/bin/sh
# SPDX-License-Identifier: MIT
# HealthSherpa asks to wait, then falls silent: each contact, the run and the
# bar of the command line count the time down and say why.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv

# counts_down TEXT: until it shows a time, and then a shorter one.
counts_down() {
	until_true "a time behind '$1'" seconds_behind "$1"
	first=$SECONDS_LEFT
	until_true "less than $first s behind '$1'" less_behind "$1" "$first"
}

seconds_behind() {
	SECONDS_LEFT=$(screen | sed -n "s/.*$1 \([0-9]*\) s.*/\1/p" | sed -n 1p)
	test -n "$SECONDS_LEFT"
}

less_behind() {
	seconds_behind "$1" && test "$SECONDS_LEFT" -lt "$2"
}

# How often the program in the terminal has gone to sleep so far.
wakes() {
	sed -n 's/^voluntary_ctxt_switches:[^0-9]*//p' \
		"/proc/$(terminal display-message -p -t desk '#{pane_pid}')/status"
}

# ---- asked to wait ----------------------------------------------------------

echo 'search 3 429 retry-after 6' >"$WORK/script"
start_practice --script "$WORK/script"
make_contacts 8 "$BOOK"
write_config "$BOOK" 'sync: {settle: 20s, concurrency: 1}'
start_desk
guided 'S sync all'
press S
wait_for 'would be sent'
press S
see 'the run says what it waits for' \
	'waiting 6 s: HealthSherpa asked to slow down'
check 'and tells neither speed nor end' test -z "$(screen_line '/s  ')"
before=$(wakes)
counts_down 'of 8  waiting'
check 'its time goes down' true
after=$(wakes)
check 'belay wakes for each second and not in between' \
	test $((after - before)) -le 8
counts_down '⧗ waiting'
check 'that of the contacts in the list too' true
check 'none of them is on its way' screen_lacks '▸ sending'
press R
see 'the run says it contact by contact' \
	'⧗ waiting' 'HealthSherpa asked to slow down; it goes on in'
wait_for '8 created'
press q
check 'then it went on' screen_lacks 'slow down'
end_desk q
check 'each was created once' test "$(request_count create 201)" -eq 8
stop_practice

# ---- silence: the answer to a create is lost --------------------------------

: >"$REQUESTS"
echo 'create 1 commit-then-drop' >"$WORK/script"
start_practice --script "$WORK/script"
make_contacts 1 "$WORK/one.csv" --first 900
write_config "$WORK/one.csv" 'sync: {settle: 4s}'
start_desk
guided 's sync'
press s
counts_down '◌ waiting'
check 'a lost answer is waited for, second by second' true
see 'and the run says why' 'what was sent before may still arrive'
wait_for '● synced'
end_desk q
stop_practice

# ---- the command line -------------------------------------------------------

: >"$REQUESTS"
rm -f "$WORK/store.jsonl"
echo 'search 3 429 retry-after 4' >"$WORK/script"
start_practice --script "$WORK/script"
make_contacts 8 "$WORK/third.csv" --first 500
write_config "$WORK/third.csv" 'sync: {settle: 20s, concurrency: 1}'
start_terminal "$BELAY" sync
see 'the bar says what it waits for' 'of 8  waiting 4 s: HealthSherpa asked to'
check 'and tells neither speed nor end' test -z "$(screen_line '/s  ')"
counts_down 'of 8  waiting'
check 'its time goes down' true
wait_end
check 'and it ends well' test "$STATUS" = 0
close_terminal
finish
