#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The story of somebody new, with keys alone at 80x24, doing only what the
# screen says: the demo's desk, a contact that is blocked, why, mended, sent,
# and its quote page opened.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

start_desk demo
wait_for 'blocked'
check 'it says where things are sent to' screen_has 'PRACTICE'
check 'it says how to get help' screen_has '? help'
check 'it says how to find what needs somebody' screen_has '! needs me'

press '!'
wait_for 'need somebody'
check 'the first of them says why' screen_has 'last name is missing'
check 'and how to look at it' screen_has 'Enter open'

press Enter
wait_for 'REQUIRED'
check 'the finding says what to do' screen_has 'type it here'
check 'the hints have it too' screen_has 'Enter edit'

press Enter
type_text 'Alvarez'
wait_for 'nothing blocks the contact'
press Enter
wait_for 'w saves'
check 'the contact may be sent now' screen_has 'ready to be sent'
check 'the hints say how' screen_has 's sync'

press s
wait_for 'The quote page is ready'
check 'it is synced' screen_has 'synced'
check 'the hints say how to open the page' screen_has 'b quote'

press b
wait_opened '/quote/'
check 'one address was opened' test "$(grep -c . "$OPENED")" = 1
wait_for 'opens in your browser'

press Escape
wait_for 'need somebody'
check 'it does not need anybody any more' screen_lacks 'last name is missing'
press Escape
wait_for '25 contacts'
check 'one is synced' screen_has '1 synced'

press q
wait_for 'not saved'
check 'what would be lost is told before' screen_has 'w saves and leaves'
end_desk w
check 'it leaves well' test "$STATUS" = 0
finish
