#!/bin/sh
# SPDX-License-Identifier: MIT
# A sync is killed in the middle. At the next start the desk offers to go on,
# which stands in the way of nothing; one key goes on, by the number, and
# everybody is created once. After that nothing is offered any more.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv

# Whether the program that has ended printed that.
said() {
	screen_and_before | grep -F -q -e "$1"
}
OFFER='The last sync was cut off: 20 contacts are left'

start_practice
make_contacts 24 "$BOOK"
write_config "$BOOK" 'sync: {settle: 2s, concurrency: 2}'
run_belay sync --limit 4 --yes
check 'four are synced' test "$(request_count create 201)" -eq 4

stop_practice
echo 'create all stall' >"$WORK/script"
start_practice --script "$WORK/script"
write_config "$BOOK" 'sync: {settle: 2s, concurrency: 2}'
start_desk
wait_for '24 contacts'
check 'after a run that ended well nothing is offered' screen_lacks 'last sync'
guided 'S sync all'
press S
wait_for 'S send all'
press S
wait_for 'type 20 to create 20 (practice):'
type_text 20
press Enter
wait_requests create 5
kill -KILL "$(terminal display-message -p -t desk '#{pane_pid}')"
wait_end
close_terminal
stop_practice

start_practice
write_config "$BOOK" 'sync: {settle: 2s, concurrency: 2}'
start_desk
see 'the next start says what is left, and offers to go on' "$OFFER" \
	'of them may have been' 's goes on, Esc leaves it'
press j
see 'another key does what it does, and the offer goes' \
	'nothing is sent now; S shows what there is to send'
cursor_on 'Anderson, Benjamin'
check 'it moved the cursor' true
end_desk q
start_terminal "$BELAY" status
wait_end
check 'who only looks cannot know whether that run still goes on' \
	screen_lacks 'last sync'
close_terminal

before=$(request_count create)
start_desk
wait_for "$OFFER"
press s
see 'it is sent by the number as ever, doubts apart' 'type 20 to create ' \
	'look up '
check 'nothing was sent before that' test "$(request_count create)" -eq "$before"
type_text 20
press Enter
wait_for '24 synced'
end_desk q
check 'nobody was created twice' \
	test "$(sed 's/^{"id":"\([^"]*\)".*/\1/' "$WORK/store.jsonl" |
		sort -u | grep -c .)" -eq 24
start_desk
wait_for '24 synced'
check 'then nothing is offered' screen_lacks 'last sync'
end_desk q
stop_practice

# ---- the command line, after a run that was stopped --------------------------

: >"$REQUESTS"
start_practice --set latency=300ms
make_contacts 12 "$WORK/second.csv" --first 300
write_config "$WORK/second.csv" 'sync: {settle: 2s, concurrency: 1}'
start_terminal "$BELAY" sync
wait_requests create 2
press C-c
wait_end
close_terminal
start_terminal "$BELAY" status
wait_end
check 'status says what is left' said 'belay: the last sync was stopped: '
close_terminal
start_terminal "$BELAY" sync
wait_end
check 'so does the sync that goes on' said 'belay: the last sync was stopped: '
close_terminal
run_belay status
check 'not to a program' test ! -s "$WORK/err"
finish
