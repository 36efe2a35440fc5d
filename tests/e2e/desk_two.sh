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
see 'its end is told without a key' \
	'the other belay has ended: you can do everything here now'
check 'nothing says any more that one can only look' screen_lacks 'LOOK ONLY'
wait_for '3 synced'
check 'what the other did is seen' true
press S
wait_for 'S send all'
press S
wait_for '6 synced'
check 'everybody was created once' \
	test "$(grep -c '"committed":true' "$REQUESTS")" -eq 6
end_desk q
check 'the desk ends well' test "$STATUS" = 0
finish
