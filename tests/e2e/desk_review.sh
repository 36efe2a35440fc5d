#!/bin/sh
# SPDX-License-Identifier: MIT
# The three contacts of `belay demo` that a person must decide about, decided
# with the keys that the screen names: one is linked, one created anyway, one
# left out. HealthSherpa is asked for its side when the question is opened; a
# value of it is taken into the file. Nothing else is sent of them before, what
# was decided and nothing else after, and the file has it.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

DEMO=$WORK/demo
REQUESTS=$DEMO/requests.jsonl

# The requests that may change something: all but the searches.
writes() {
	grep -v '"route":"search"' "$REQUESTS"
}

# How many there were.
sent() {
	writes | grep -c .
}

searched() {
	grep -c '"route":"search"' "$REQUESTS"
}

searched_more_than() {
	test "$(searched)" -gt "$1"
}

sent_is() {
	test "$(sent)" -eq "$1"
}

# The value of a key of the NUMBERth of them.
logged() {
	writes | sed -n "$1p" | "$PYTHON3" -c 'import json, sys
line = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    line = (line or {}).get(key)
print(line)' "$2"
}

# The HealthSherpa ID that the file has of a contact.
filed() {
	sed -n "s/^$1,.*,\\([^,]*\\)\$/\\1/p" "$DEMO/contacts.csv"
}

filed_is() {
	test "$(filed "$1")" = "$2"
}

# Whether the cursor is on a field; else it goes on.
on_field() {
	if screen | grep -q "^▸  $1 "; then
		return 0
	fi
	press Down
	return 1
}

# Down to a contact, by the message line.
go_to() {
	e2e_steps=0
	until screen | tail -n 2 | grep -F -q -e "$1"; do
		e2e_steps=$((e2e_steps + 1))
		[ "$e2e_steps" -le 10 ] || give_up "no way to $1"
		e2e_before=$(screen)
		press Down
		until_true 'the cursor to move' e2e_moved
	done
}

e2e_moved() {
	test "$(screen)" != "$e2e_before"
}

# Down until both sides of the Medicare number are seen, as the same.
both_numbers() {
	if screen_line 'Medicare number  ' | grep 'MK76.*MK76' | grep -q same
	then
		return 0
	fi
	press Down
	return 1
}

# An agent's editor, for one contact.
cat >"$WORK/agent-editor" <<'END'
#!/bin/sh
for file in "$@"; do :; done
sed -i 's/^City: .*/City: Taos/' "$file"
END
chmod 0700 "$WORK/agent-editor"

start_terminal env VISUAL="$WORK/agent-editor" "$BELAY" demo --keep "$DEMO"
wait_for 'Abernathy, Ruth: ready'
guided 'S sync all'
press S
wait_for 'S send all'
press S
wait_for 'type '
NUMBER=$(screen | sed -n 's/^ *type \([0-9]*\) to create.*/\1/p')
type_text "$NUMBER"
press Enter
see 'the sync ends and says that some are for me to decide' \
	'3 for you to decide' '! shows them'
FIRST=$(sent)
cp "$DEMO/contacts.csv" "$WORK/before.csv"

press '!'
see 'only those that need somebody are shown' 'of 25 contacts need somebody'
press g
go_to 'Peters, Harold'
see 'the line below says what was seen, and the key' \
	'the Medicare number is there under another ID. D decides'
guided 'D decide'

# ---- the same person: linked ------------------------------------------------

ASKED=$(searched)
press Enter
see 'Enter asks' 'Review: Peters, Harold' 'Is this the same person?'
see 'and HealthSherpa is asked for its side' 'Found by Medicare number'
check 'by searches' searched_more_than "$ASKED"
see 'what the update changes is said before' \
	'The update after linking adds' 'only here'
check 'another CRM ID is there' test -n "$(screen_line 'old-crm-77' |
	grep '116' | grep 'differs')"
press G
press g
until_true 'the numbers side by side' both_numbers
check 'the number is masked' screen_lacks '4SG5'
THEIRS=$(screen | grep -o '[0-9a-f-]\{36\}' | head -n 1)
check 'so is the ID of whom HealthSherpa has' test -n "$THEIRS"
guided 'l link'
press s
see 'nothing is sent before it is decided' 'answer the question first'
press Escape
see 'Esc is later' 'Peters, Harold: the Medicare number'
check 'nothing was sent' sent_is "$FIRST"
press D
wait_for 'Is this the same person?'
press l
see 'the decision is said, and what comes next' \
	'linked: an update is sent at the next sync; s sends it now' 'changed'
check 'still nothing was sent' sent_is "$FIRST"
guided 's sync'
press s
see 'it is sent with the key that was named' 'synced: nothing to send' \
	'Peters, Harold: updated. The quote page is ready'
check 'one request' sent_is $((FIRST + 1))
check 'it is an update that took effect' \
	test "$(logged $((FIRST + 1)) route)" = update \
	-a "$(logged $((FIRST + 1)) status)" = 200
check 'of the contact that was shown' \
	test "$(logged $((FIRST + 1)) id)" = "$THEIRS"
check 'with what the file has' \
	test "$(logged $((FIRST + 1)) body.contact.last_name)" = Peters
until_true 'the ID in the file' filed_is 116 "$THEIRS"
check 'the file has its ID' true
press Escape
see 'back in the list two are left' '? 2 review' \
	'Peters, Harold: HealthSherpa has the latest'

# ---- somebody else: created all the same ------------------------------------

press g
go_to 'Quinn, Irma'
press Enter
wait_for 'Review: Quinn, Irma'
see 'HealthSherpa has her' 'Found by Medicare number'
THEIRS=$(screen | grep -o '[0-9a-f-]\{36\}' | head -n 1)

# Another phone number in the file: it differs, and theirs can be taken.
press e
see 'her contact is one key away' 'FIELD' 'IN THE FILE'
press C-e
see 'all of it goes through the editor' '1 value changed, not in the file' \
	'Taos'
press u
wait_gone 'Taos'
until_true 'the phone' on_field phone
press Enter
wait_for 'Typing the phone'
press C-u
type_text '(505) 555-0188'
press Enter
wait_for 'changed in '
press Escape
see 'beside HealthSherpa it differs' 'Review: Quinn, Irma' 'differs' \
	'(505) 555-0188' '(505) 555-0139' 'phone; adds'
press g
until_true 'the phone that differs' on_field phone
guided 't take theirs'
press t
see 'one key takes it into the file' \
	"HealthSherpa's phone is in the file's column now"
check 'and nothing is to be saved, as the file has it still' \
	screen_lacks 'phone; adds'
press u
see 'it can be undone' 'the last change is taken back' 'phone; adds'
press t
wait_for 'in the file'
wait_gone 'phone; adds'
guided 'c create'
press c
see 'a second key is asked for' 'it cannot be undone: y creates a new contact'
press Escape
wait_gone 'cannot be undone: y'
check 'without it she stays in review' screen_has 'Is this the same person?'
press c
wait_for 'y creates a new contact'
press y
see 'what comes next is said' \
	'it is created at the next sync; s creates it now, u takes this back'
check 'nothing was sent of her' sent_is $((FIRST + 1))
press s
wait_requests create 1
until_true 'her request' sent_is $((FIRST + 2))
check 'a create, and no search before it' \
	test "$(logged $((FIRST + 2)) route)" = create
check 'of her' test "$(logged $((FIRST + 2)) body.contact.external_id)" = 117
NEW=$(logged $((FIRST + 2)) id)
check 'who is another one than HealthSherpa had' \
	test "$NEW" != "$THEIRS" -a "$(created_count 117)" -eq 1
see 'she is synced' 'synced: nothing to send' 'Quinn, Irma: created'
until_true 'her ID in the file' filed_is 117 "$NEW"
press Escape
wait_for '? 1 review'

# ---- gone there: left out, then created after all ---------------------------

press g
go_to 'van der Berg, Pieter'
press Enter
see 'that he is gone is said' 'HealthSherpa no longer has this contact' \
	'nobody any more' 'Is it there under another ID?'
OLD=$(filed 122)
press l
see 'to be linked he needs an ID' 'its HealthSherpa ID:'
type_text "$OLD"
press Enter
see 'the one that is gone will not do' 'this is the ID that it had'
press Escape
guided 'n never'
press n
wait_for 'not sent any more; u takes it back'
press u
see 'it can be taken back' 'the decision is taken back' \
	'Is it there under another ID?'
press n
see 'he is left out' 'van der Berg, Pieter is not sent any more' \
	'you decided that it is never sent'
press s
see 'and is not sent' 'Nothing of it is sent'
check 'nothing was' sent_is $((FIRST + 2))
check 'his ID is still in the file' filed_is 122 "$OLD"
guided 'c create'
press c
wait_for 'y creates a new contact'
press y
see 'another decision is possible' 'it is created at the next sync'
press s
see 'it is carried out' 'van der Berg, Pieter: created'
check 'by one create' test "$(sent)" -eq $((FIRST + 3)) \
	-a "$(logged $((FIRST + 3)) route)" = create \
	-a "$(created_count 122)" -eq 1
NEW=$(logged $((FIRST + 3)) id)
until_true 'his new ID in the file' filed_is 122 "$NEW"
check 'the file has the new ID in the place of the old one' \
	test "$NEW" != "$OLD"
press Escape
see 'back in the list he is synced' \
	'van der Berg, Pieter: HealthSherpa has the latest'
check 'nobody is in review any more' screen_lacks 'review'
press H
see 'his history has both syncs, newest first, without values' \
	'History of van der Berg, Pieter' 'created' 'first name' \
	'for you to decide'
check 'and none of his values' screen_lacks '49423'
press Escape
wait_for 'van der Berg, Pieter: HealthSherpa has the latest'
press Escape
wait_for ' 25 contacts'
end_desk q
check 'the desk ends well' test "$STATUS" = 0
check 'nothing else was sent' sent_is $((FIRST + 3))

# Three cells of the file have changed.
expected_file() {
	sed -e "s/^\\(116,.*,\\)\$/\\1$(filed 116)/" \
		-e "s/^\\(117,.*,\\)\$/\\1$(filed 117)/" \
		-e "s/^\\(122,.*,\\)$OLD\$/\\1$NEW/" "$WORK/before.csv"
}
expected_file >"$WORK/expected.csv"
check 'the three IDs and nothing else went into the file' \
	cmp "$WORK/expected.csv" "$DEMO/contacts.csv"
run_belay review -c "$DEMO/config.yaml" --state-dir "$DEMO/state"
check 'the command says the same' test "$(cat "$WORK/out")" = 'nothing to review'
finish
