#!/bin/sh
# SPDX-License-Identifier: MIT
# Version 2 on a desktop: the first sync leads to the login, the browser opens
# by itself, and once the agent has agreed the sync goes on. In mid-run the
# permission is taken away: nothing is lost, and after a login the rest goes on.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv

# The last address that a browser was asked to open.
opened_consent() {
	grep '/oauth/authorize' "$OPENED" | tail -n 1
}
has_opened() {
	[ "$(grep -c '/oauth/authorize' "$OPENED")" -ge "$1" ]
}

start_practice --set latency=50ms
make_contacts 24 "$BOOK"
write_config_v2 "$BOOK" 'sync: {settle: 2s, concurrency: 2}'
start_desk
wait_for '24 contacts'
see 'nobody is logged in, and the head says so' 'not logged in  v2'
press s
see 'the first sync leads to the login' "Login at HealthSherpa" \
	'Your browser opens' 'goes on by itself'
until_true 'the browser' has_opened 1
check 'nothing has been sent' test "$(request_count search)" -eq 0
BACK=$(consent "$(opened_consent)")
check 'a wrong state is refused' test \
	"$(visit "$(echo "$BACK" | sed 's/state=/state=x/')")" -eq 400
see 'and that is told' 'not the answer to this login'
check 'the right answer is taken' test "$(visit "$BACK")" -eq 200
see 'the sync goes on by itself' 'created'
check 'one contact was created' test "$(request_count create 201)" -eq 1
see 'the head says that somebody is logged in' 'logged in  v2'
press b
until_true 'the quote page' grep -q '/quote/' "$OPENED"
check 'its quote page opens' true

press L
see 'L shows the login that is kept' 'The login renews itself'
press Escape
wait_for '24 contacts'

# ---- the permission is taken away --------------------------------------------

press S
wait_for 'S send all'
press S
wait_for 'type 23 to create 23 (practice):'
type_text 23
press Enter
wait_requests create 6
revoke grants
see 'the run stops with one sentence, and the login is there' \
	'Login at HealthSherpa' 'the rest goes on'
until_true 'the browser' has_opened 2
CREATED=$(request_count create 201)
check 'it stopped in the middle' test "$CREATED" -lt 24
press Enter
see 'Enter does not begin it anew' 'this login waits for you'
press L
guided 'p paste the address'
check 'nor does L' test "$(grep -c '/oauth/authorize' "$OPENED")" -eq 2
visit "$(consent "$(opened_consent)")" >/dev/null
see 'after the login the rest goes on by itself' '24 synced'

# ---- logged out from elsewhere -------------------------------------------------

run_belay logout
BEFORE=$(request_count update)
press L
see 'the desk notices' 'Login at HealthSherpa'
press Escape
wait_for 'not logged in  v2'
check 'and sends nothing' test "$(request_count update)" -eq "$BEFORE"
end_desk q
check 'nobody was created twice' test "$(request_count create 201)" -eq 24
check 'no token is in the files that are left' sh -c \
	"! grep -rqE 'practice-secret' '$WORK/state' '$WORK/home' '$WORK/tmp'"
run_belay status --json
check 'the command line agrees' test "$(grep -c '"status":"synced"' "$WORK/out")" -eq 24
finish
