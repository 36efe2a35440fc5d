#!/bin/sh
# SPDX-License-Identifier: MIT
# The tour over the practice data: somebody new does what its line says, from
# the list to the first quote page, at two sizes; it can be left, taken up
# again, and told not to come up.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

# The whole of it, doing nothing but what it says.
follow() {
	start_desk demo
	see 'the tour begins by itself' 'Tour 1 of 8'
	press j
	see 'it goes on when it is done' 'Tour 2 of 8'
	press /
	type_text aber
	press Enter
	see 'somebody is found' 'Tour 3 of 8'
	press '!'
	see 'those that need somebody' 'Tour 4 of 8' 'Luz'
	press Enter
	see 'what is wrong with one' 'Tour 5 of 8' '(missing)'
	press Enter
	type_text Alvarez
	press Enter
	see 'it is mended' 'Tour 6 of 8'
	press d
	see 'what would be sent' 'Tour 7 of 8' 'nothing has left'
	press s
	see 'it is sent' 'Tour 8 of 8'
	press b
	see 'the quote page is the end' 'That was the tour'
	wait_opened '/quote/'
	check 'the page is one of the practice server' opened '127.0.0.1'
	: >"$OPENED"
	until_true 'the list' back_in_list
	press q
	wait_for 'd drops'
	end_desk d
	check 'and the desk ends well' test "$STATUS" = 0
}

back_in_list() {
	screen_has 'belay  contacts.csv' || {
		press Escape
		false
	}
}

follow
COLUMNS_WANTED=40
ROWS_WANTED=10
follow
COLUMNS_WANTED=80
ROWS_WANTED=24

start_desk demo
wait_for 'Tour 1 of 8'
press T
see 'one key ends it' 'the tour has ended'
press j
wait_gone 'Tour'
type_text ':tour'
press Enter
see 'and takes it up again, by its name too' 'Tour 1 of 8'
press j
see 'and it goes on' 'Tour 2 of 8'
end_desk q

start_desk demo --no-tour
wait_for '25 contacts'
check 'it does not come up when it is not wanted' screen_lacks 'Tour'
press T
see 'but is there' 'Tour 1 of 8'
end_desk q
finish
