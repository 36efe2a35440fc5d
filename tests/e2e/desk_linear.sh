#!/bin/sh
# SPDX-License-Identifier: MIT
# Somebody who hears the screen: belay demo --linear. One line a row, words and
# no signs, the terminal's cursor at the start of the current row; a contact is
# found, mended, sent, and its quote page opened, by what is read out.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

# What a reader reads: the line that the terminal's cursor is on.
spoken() {
	e2e_row=$(terminal display-message -p '#{cursor_y}')
	screen | sed -n "$((e2e_row + 1))p"
}

hears() {
	spoken | grep -F -q -e "$1"
}

at_start() {
	[ "$(terminal display-message -p '#{cursor_x} #{cursor_flag}')" = '0 1' ]
}

no_signs() {
	! screen | grep -q '[○◐●✗▸─█░▲]'
}

start_desk demo --linear --no-tour
wait_for '25 contacts'
until_true 'the first contact' hears 'Abernathy, Ruth; new; state CA'
until_true 'the cursor at its start' at_start
check 'the cursor is at the start of the row, and seen' at_start
until_true 'the screen without signs' no_signs
check 'there are no signs' no_signs
press j
until_true 'the next one' hears 'changed'
until_true 'the cursor at its start' at_start
check 'still at the start' at_start
press '!'
until_true 'who needs somebody' hears 'Luz; blocked'
press Enter
until_true 'the value that is wrong' hears 'last name: (missing)'
until_true 'with what is found' hears 'Problem'
press Enter
type_text Alvarez
until_true 'what is typed' hears 'last name: Alvarez'
press Enter
until_true 'it is mended' hears 'last name: Alvarez;'
check 'no signs here' no_signs
press s
see 'the message is in its line' 'The quote page is ready'
until_true 'the cursor back on the row' hears 'last name: Alvarez'
check 'the cursor came back to the row' hears 'last name: Alvarez'
press b
wait_opened '/quote/'
check 'the quote page is opened' opened '127.0.0.1'
press Escape
until_true 'back in the list' hears 'Alvarez, Luz; synced'
press q
wait_for 'd drops'
end_desk d

start_practice
make_contacts 3 "$WORK/book.csv"
write_config "$WORK/book.csv" 'desk: {linear: true}'
start_desk
wait_for '3 contacts'
check 'the config says so as well' no_signs
end_desk q
finish
