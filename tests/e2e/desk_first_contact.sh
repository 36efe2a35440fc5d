#!/bin/sh
# SPDX-License-Identifier: MIT
# Somebody new, `belay demo` and the keys that the screen names: a contact that
# would not be sent is found, understood, mended, saved, sent, and its quote
# page is reached; with a browser, and without a desktop or over SSH.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

NUMBER=5SG4TE5MK77 # the Medicare number of contact 105, as it is sent

# open_demo DIRECTORY [COMMAND...]: in the terminal; COMMAND runs it.
open_demo() {
	DEMO=$WORK/$1
	shift
	REQUESTS=$DEMO/requests.jsonl
	start_terminal "$@" "$BELAY" demo --keep "$DEMO"
	wait_for 'Abernathy, Ruth: ready'
	cp "$DEMO/contacts.csv" "$WORK/before.csv"
}

# From the list to "synced", by what the screen says.
mend_and_sync() {
	press '!'
	wait_for '4 of 25 contacts need somebody'
	guided 'Enter open'
	press Enter
	wait_for 'Enter: type it here'
	press Enter
	wait_for 'Typing the last name'
	type_text Alvarez
	wait_for 'with this, nothing blocks the contact'
	press Enter
	guided 'w save'
	press w
	wait_for 'saved into contacts.csv'
	guided 's sync'
	press s
	wait_for 'synced: nothing to send'
}

# The address that the ledger has of it, as `belay open` prints it.
quote_page() {
	run_belay open quote --id 105 --print-url -c "$DEMO/config.yaml" \
		--state-dir "$DEMO/state"
	cat "$WORK/out"
}

page_has() {
	"$PYTHON3" -c 'import sys, urllib.request
page = urllib.request.urlopen(sys.argv[1], timeout=20).read().decode()
sys.exit(sys.argv[2] not in page)' "$@"
}

# The contacts as they were, but for row 105: the name and the ID put in.
expected_file() {
	e2e_id=$(sed -n 's/.*"committed":true.*"id":"\([^"]*\)".*/\1/p' \
		"$REQUESTS")
	sed "s/^\\(105,Luz,\\)\\(,.*,\\)\$/\\1Alvarez\\2$e2e_id/" \
		"$WORK/before.csv"
}

# ---- with a browser ---------------------------------------------------------

open_demo first
see 'the list says how many need somebody' '25 contacts' '4 blocked'
check 'the environment is in sight' screen_has 'PRACTICE  agent@example.com'
check 'the nameless contact says what is wrong' \
	test -n "$(screen_line 'Luz ' | grep -F 'blocked last name')"
guided '? help'
press '?'
wait_for 'show what would be sent of all that need it'
type_text '/need somebody'
wait_gone 'show what would be sent of all that need it'
press Enter
see 'the help names the key that finds them' \
	'attention: show only the contacts that need somebody'
press Escape
wait_for 'show what would be sent of all that need it'
press Escape
wait_for 'Abernathy, Ruth: ready'

press '!'
see 'only those that need somebody are shown' \
	'4 of 25 contacts need somebody' 'Luz: last name is missing'
check 'the others are gone' screen_lacks Abernathy
check 'the cursor is on her' test -n "$(screen_line 'Luz ' | grep '^▸')"
press b
see 'what cannot be done says why' 'no quote page before this contact can be sent: last name'
press s
see 'nor can she be sent' 'last name is missing'
check 'nothing was sent' test ! -s "$REQUESTS"

guided 'Enter open'
press Enter
see 'the contact says why it would not be sent' \
	'blocked: last name is missing' 'REQUIRED  last name is missing' \
	'fill it in your CRM or here' 'row 5, line 6'
check 'the cursor is on the field' \
	test -n "$(screen_line 'last name ' | grep '^▸')"
check 'the Medicare number is masked' screen_lacks 5SG4
press Enter
see 'it can be typed in place' 'Typing the last name: Enter keeps it'
type_text Alvare
see 'what would come of it is seen at once' \
	'with this, nothing blocks the contact' 'Alvare'
type_text z
press Enter
see 'it is mended, and what comes next is said' 'new: ready to be sent' \
	'1 change not saved: w saves' 's sends, w saves the change'
check 'the file is as it was' cmp "$WORK/before.csv" "$DEMO/contacts.csv"

guided 'w save'
press w
see 'it is saved' 'saved into contacts.csv'
sed 's/^105,Luz,,/105,Luz,Alvarez,/' "$WORK/before.csv" >"$WORK/expected.csv"
check 'one cell of the file has changed' \
	cmp "$WORK/expected.csv" "$DEMO/contacts.csv"
check 'still nothing was sent' test ! -s "$REQUESTS"

guided 's sync'
press s
see 'the contact is synced, and the quote page offered' \
	'synced: nothing to send' 'created. The quote page is ready: b opens it'
check 'two requests were made' test "$(grep -c . "$REQUESTS")" -eq 2
check 'she was looked up by her Medicare number first' \
	test "$(sed -n 1p "$REQUESTS" | grep '"route":"search"' |
		grep -c "\"medicare_number\":\"$NUMBER\"")" -eq 1
check 'then created once, with what was typed' \
	test "$(requests create 201 | grep '"last_name":"Alvarez"' |
		grep -c "\"medicare_number\":\"$NUMBER\"")" -eq 1
check 'under her own ID' test "$(created_count 105)" -eq 1
until_true 'the ID in the file' grep -q '^105,.*[0-9a-f-]\{36\}$' \
	"$DEMO/contacts.csv"
expected_file >"$WORK/expected.csv"
check 'her ID and nothing else went into the file' \
	cmp "$WORK/expected.csv" "$DEMO/contacts.csv"

guided 'b quote'
press b
see 'the quote page opens' 'The quote page of Alvarez, Luz opens in your browser'
wait_opened /quote/
QUOTE=$(sed -n 1p "$OPENED")
check 'the browser got one address, and nothing else' \
	test "$(grep -c . "$OPENED")" -eq 1
check 'it is the practice server'"'s" \
	test "${QUOTE#http://127.0.0.1:}" != "$QUOTE"
check 'it is the one of the ledger' test "$(quote_page)" = "$QUOTE"
check 'and it is her quote page: her ZIP stands there' page_has "$QUOTE" 77002
press L
see 'the login page opens as well' 'login page opens in your browser'
wait_opened /sessions/new

press Escape
see 'back in the list she is still in sight, synced' 'Alvarez, Luz ' '● synced' \
	'3 of 25 contacts' '3 blocked'
press Escape
wait_for '25 contacts'
press g
see 'and stands among all, synced' 'Alvarez, Luz ' '● synced'
press q
wait_end
check 'the desk ends well' test "$STATUS" = 0
check 'and says where it was' \
	test -n "$(screen_and_before | grep -F "kept in $DEMO")"
check 'the file is as it was when she was synced' \
	cmp "$WORK/expected.csv" "$DEMO/contacts.csv"
close_terminal

# ---- without a desktop ------------------------------------------------------

: >"$OPENED"
DISPLAY_WANTED=
# The sequences of links and of the clipboard are asked for below.
TERM_WANTED=xterm-256color
open_demo second
terminal set -g set-clipboard on \; pipe-pane -t desk "cat >>'$WORK/raw'"
mend_and_sync
QUOTE=$(quote_page)
press b
see 'without a desktop the address is shown whole' \
	'Without a desktop belay cannot open a browser' "$QUOTE"
check 'from the left edge, for the mouse' \
	test "$(screen_line "$QUOTE")" = "$QUOTE"
until_true 'the link' grep -a -F -q "]8;;$QUOTE" "$WORK/raw"
check 'as a link' true
guided 'y copy'
press y
wait_for 'copied, if your terminal allows it'
until_true 'the clipboard' terminal show-buffer
check 'it can be copied' test "$(terminal show-buffer)" = "$QUOTE"
check 'no browser was started' test ! -s "$OPENED"
check 'it leads to her quote page' page_has "$QUOTE" 77002
press Escape
guided 'b quote'
press Escape
wait_for '3 of 25'
press Escape
wait_for ' 25 contacts'
end_desk q
check 'the desk ends well there' test "$STATUS" = 0

# ---- over SSH, although somebody left a display in the environment ----------

DISPLAY_WANTED=:0
open_demo third env SSH_CONNECTION='127.0.0.1 5022 127.0.0.1 22'
mend_and_sync
QUOTE=$(quote_page)
press b
see 'over SSH the address is shown' 'Over SSH belay cannot' "$QUOTE"
press L
see 'so is that of the login page' /sessions/new
check 'no browser was started there' test ! -s "$OPENED"
end_desk C-c
finish
