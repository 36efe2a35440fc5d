#!/bin/sh
# SPDX-License-Identifier: MIT
# A day at the desk: an export is searched, filtered and marked; some contacts
# are sent, then all; the server falls silent and the keys do not; a change is
# typed, taken back, made again, saved and sent. Screen, requests and file are
# held against each other.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv

# The contacts that were created, in order of their IDs, in one line.
created() {
	grep '"route":"create"' "$REQUESTS" | grep '"committed":true' |
		sed 's/.*"external_id":"\([0-9]*\)".*/\1/' | sort | tr '\n' ' '
}

# So many of the book have an ID of HealthSherpa's.
are_linked() {
	[ "$(grep -c ',[0-9a-f-]\{36\}$' "$BOOK")" -eq "$1" ]
}

cursor_moved() {
	[ "$(screen | grep '^▸')" != "$cursor_line" ]
}

marks() {
	screen | grep -c '^.✓'
}

start_practice --set latency=100ms
make_contacts 24 "$BOOK"
cp "$BOOK" "$WORK/before.csv"
write_config "$BOOK" 'sync: {settle: 2s}'
start_desk "$BOOK"
see 'the export is open' 'book.csv' '24 contacts' '24 new' \
	'Anderson, Alice: ready'

# ---- finding ----------------------------------------------------------------

press /
wait_for 'Enter ok'
type_text glor
cursor_on 'Anderson, Gloria'
check 'typing a search goes to the first that has it' true
press Escape
cursor_on 'Anderson, Alice'
check 'Esc goes back to where it began' true
guided '/ search'
press /
wait_for 'Enter ok'
type_text jose
press Enter
cursor_on 'Anderson, José'
check 'accents need not be typed' true
press n
see 'n finds the next, around the end' 'around the end of the list'
press / ; wait_for 'Enter ok'; type_text nobody-like-this; press Enter
see 'what is not there is said' "nobody with 'nobody-like-this'"

press f
wait_for 'show only, e.g.'
type_text state:fl
see 'a filter works while it is typed' '3 of 24 contacts: state:fl'
cursor_on 'Anderson, Benjamin'
check 'the cursor goes to the first that is left' true
press Enter
wait_gone 'show only, e.g.'
check 'the others are gone' screen_lacks Alice
press f
wait_for 'state:FL: state:fl'
type_text ' zoo:1'
press Enter
see 'a name that is unknown is refused' "zoo"
press Escape
wait_gone 'show only, e.g.'
wait_for 'contacts'
press Escape
see 'Esc shows all again' ' 24 contacts  ○ 24 new'
type_text :
wait_for 'Enter ok'
type_text atten
press Tab
see 'Tab completes the name of an action' ':attention'
press Enter
see 'and the reason why not is said' 'attention: nothing needs you now'
press C-u
type_text nonsense
press Enter
see 'an unknown name is refused' "there is nothing called 'nonsense'"
press Escape
guided '? help'
press o
wait_for 'sort by'
type_text z
wait_for 'ZIP ▲'
press g
cursor_on 02108
press G
cursor_on 98101
check 'they can be sorted' true
press o
wait_for 'sort by'
type_text f
wait_gone 'ZIP ▲'

# ---- marks, and what would be sent ------------------------------------------

press g
cursor_on 'Anderson, Alice'
press Space Down Space
see 'contacts are marked' '2 marked'
check 'with a sign each' test "$(marks)" -eq 2
check 'and no others' test -n "$(screen_line Alice | grep '^.✓')"
guided 'd what would be sent'
press d
see 'what would be sent of the marked ones' \
	'2 of 2 would be sent: 2 create' 'Nothing has been sent. About 4 requests'
check 'with their values, masked' screen_lacks 1S00
check 'the second marked is Carmen' screen_has 'Anderson, Carmen'
check 'nothing was asked or sent' test ! -s "$REQUESTS"
press Escape
wait_for '2 marked'
check 'no file was touched' cmp "$WORK/before.csv" "$BOOK"
guided 's sync'
press s
see 'the marked ones are sent, and it is said how it went' '● 2 synced' \
	'2 created'
check 'these two only' test "$(created)" = '20000 20002 '
until_true 'their IDs in the file' are_linked 2
check 'the IDs stand in their rows' test -n "$(grep '^20002,.*-.*-.*-' "$BOOK")"
press Escape
wait_gone marked

# ---- all, by the number -----------------------------------------------------

press S
see 'all that need it are shown first' '22 of 24 would be sent: 22 create' \
	'2 up to date'
press Space
see 'one can be left out' '21 of 24 would be sent' '1 left out'
press Up
cursor_on 'left out'
press Space
wait_for '22 of 24 would be sent'
guided 'S send all'
press S
see 'a large run asks for its number' \
	'type 22 to create 22 (practice):'
type_text 21
press Enter
see 'another number is not taken' 'type 22 to send them, or Esc to send nothing'
press Escape
wait_gone 'type 22'
check 'and sends nothing' test "$(created)" = '20000 20002 '

silence_practice
before=$(grep -c . "$REQUESTS")
press S
wait_for 'type 22'
type_text 22
press Enter
see 'the run is seen above the list' '0 of 22' 'x pause' '▸ sending'
check 'rows say that they are on the way or wait' \
	test -n "$(screen_line 'Anderson, Benjamin' | grep -e sending -e queued)"

# The server says nothing: every key answers all the same.
press G
cursor_on 'Brooks, Edward'
press g
cursor_on 'Anderson, Alice'
press /
wait_for 'Enter ok'
type_text henry
cursor_on 'Anderson, Henry'
press Enter
wait_gone 'Enter ok'
press Enter
wait_for 'Main Street'
press Escape
wait_for '24 contacts'
press f
wait_for 'show only, e.g.'
type_text state:ca
wait_for '3 of 24 contacts'
press Enter
wait_gone 'show only, e.g.'
press Escape
wait_for ' 24 contacts'
press '?'
wait_for 'WHAT IT DOES'
press Escape
wait_for ' 24 contacts'
press R
see 'while the server is silent the desk is not' 'Sending' '0 of 22'
check 'and the server was silent' test "$(grep -c . "$REQUESTS")" -eq "$before"
press Escape
wait_for ' 24 contacts'
press q
see 'leaving asks first' '22 of 22 are still to be sent: s stops and leaves'
press Escape
wait_gone 'stops and leaves'

press x
wait_for 'p pauses'
type_text p
see 'a run can be paused' 'paused, x goes on'
wake_practice
wait_requests search 10 # two and eight: what was on the way is answered
press x
wait_for 'g goes on'
type_text g
see 'and goes on to its end' '● 24 synced' '22 created'
check 'each was created once' \
	test "$(created | tr ' ' '\n' | grep . | uniq | wc -l)" -eq 24 \
	-a "$(created | wc -w)" -eq 24
until_true 'all IDs in the file' are_linked 24
sed 's/[0-9a-f-]\{36\}$//' "$BOOK" >"$WORK/without"
check 'and nothing else has changed in it' cmp "$WORK/without" \
	"$WORK/before.csv"
cp "$BOOK" "$WORK/synced.csv"

# ---- a change: undo, redo, save, send ---------------------------------------

press g
cursor_on 'Anderson, Alice'
guided 'Enter open'
press Enter
wait_for 'IN THE FILE'
press Down Down Down Down
cursor_on phone
press Enter
wait_for 'Typing the phone'
press C-u
type_text '(916) 555-01'
see 'half a number is not one yet' 'PHONE'
type_text 99
press Enter
see 'a change is seen' 'changed: differs from what HealthSherpa accepted: phone' \
	'1 change not saved: w saves'
press u
see 'u takes it back' 'the last change is taken back' 'synced: nothing to send'
press C-r
see '^R makes it again' 'changed again' 'accepted: phone'
check 'the file does not have it yet' cmp "$WORK/synced.csv" "$BOOK"
press Escape
see 'the list says what has changed' '◐ changed phone' '◐ 1 changed'
press q
see 'leaving tells what is not saved' \
	'1 change is not saved: w saves and leaves, d drops it'
press Escape
wait_gone 'w saves and leaves'
guided 'w save'
press w
see 'it is saved' 'saved into book.csv'
sed 's/^\(20000,.*,(916) 555-01\)00,/\199,/' "$WORK/synced.csv" >"$WORK/wanted"
check 'the one number has changed in the file' cmp "$WORK/wanted" "$BOOK"
check 'it is another than before' test -n \
	"$(cmp "$WORK/synced.csv" "$BOOK" 2>&1)"
press d
see 'one field would be sent' '1 of 1 would be sent: 1 update' '(916) 555-0199'
press Escape
wait_for 24
before=$(grep -c . "$REQUESTS")
guided 's sync'
press s
see 'it is sent' '● 24 synced' 'Anderson, Alice: updated'
check 'by one request' test "$(grep -c . "$REQUESTS")" -eq $((before + 1))
check 'with that one field' test "$(tail -n 1 "$REQUESTS" |
	grep '"method":"PATCH"' | grep -c '"contact":{"phone":"9165550199"}')" -eq 1
press s
see 'there is nothing more to send' \
	'nothing to send: HealthSherpa has the latest'

# ---- help -------------------------------------------------------------------

press '?'
wait_for 'WHAT IT DOES'
: >"$WORK/help"
until grep -q 'review: a person' "$WORK/help"; do
	cursor_line=$(screen | grep '^▸')
	screen | sed -n 22,23p >>"$WORK/help"
	grep -q 'review: a person' "$WORK/help" && break
	press j
	until_true 'the next line of the help' cursor_moved
done
missing=
for name in down up page-down page-up first last open back quit search \
	search-next filter filters attention sort mark mark-all sync plan sync-all retry \
	pause run edit reveal undo redo save quote copy login help command \
	redraw suspend; do
	grep -q "^.$name: " "$WORK/help" || missing="$missing $name"
done
check 'the help names every key of the list' test -z "$missing"
note "missing:$missing"
press Escape
wait_for '24 contacts'
end_desk q
check 'the desk ends well' test "$STATUS" = 0
check 'the file stays as it was synced' cmp "$WORK/wanted" "$BOOK"
run_belay sync "$BOOK" --yes
check 'the command line agrees: nothing is left to do' \
	test "$STATUS" = 0 -a "$(grep -c . "$REQUESTS")" -eq $((before + 1))
finish
