#!/bin/sh
# SPDX-License-Identifier: MIT
# A sync goes on in another window: the desk says that here one can only look,
# and who has the book. When the other has ended, it says so by itself, shows
# what the other has done, and sends the rest.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv

make_contacts 6 "$BOOK"
echo 'create 4 stall' >"$WORK/script"
start_practice --script "$WORK/script"
write_config "$BOOK" 'sync: {settle: 2s, concurrency: 1}'
(become "$BELAY" sync --yes >"$WORK/other" 2>&1) &
OTHER=$!
e2e_proxy=$OTHER # it ends with the story, whatever comes
wait_requests create 4
start_desk
see 'who has the book is said' 'another belay' 'LOOK ONLY'
press S
wait_for 'would be sent'
press S
wait_for 'here you can only look'
press Escape
kill -KILL "$OTHER"
wait "$OTHER"
see 'its end is told without a key' 'The other belay has ended.'
check 'nothing says any more that one can only look' screen_lacks 'LOOK ONLY'
wait_for '3 synced'
check 'what the other did is seen' true
wait_for 'The last sync was cut off: 3 contacts are left'
check 'the rest is offered' true
press Escape
wait_for 'nothing is sent now'
press S
wait_for 'S send all'
press S
wait_for '6 synced'
check 'everybody was created once' \
	test "$(grep -c '"committed":true' "$REQUESTS")" -eq 6
end_desk q
check 'the desk ends well' test "$STATUS" = 0

# ---- the next export in two windows: the question comes to who is left ------

cp "$BOOK" "$WORK/book-2.csv"
QUESTION='Looks like a newer export of book.csv'
start_desk "$WORK/book-2.csv"
wait_for "$QUESTION"
terminal rename-session -t desk other
start_desk "$WORK/book-2.csv"
wait_for 'LOOK ONLY'
check 'who can only look is not asked' screen_lacks "$QUESTION"
kill -KILL "$(terminal display-message -p -t other '#{pane_pid}')"
see 'who has taken the book over is asked' "$QUESTION"
press y
wait_for 'it goes on with the links and history of the older export'
end_desk q
finish
