#!/bin/sh
# SPDX-License-Identifier: MIT
# The file under the desk changes: another program writes it while edits are
# unsaved, then the CRM's next export comes under another name. Nothing jumps,
# nothing of the user's is lost, nobody is created twice; and a file that takes
# no results says so.
# shellcheck disable=SC2119,SC2317 # options not wanted; functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

OLD=$WORK/contacts-2026-11-01.csv
NEW=$WORK/contacts-2026-11-24.csv

in_file() {
	grep -q -e "$1" "$2"
}

not_in_file() {
	! grep -q -e "$1" "$2"
}

# As an editor does it: beside it, then in its place.
rewrite() {
	sed "$1" "$2" >"$WORK/rewritten"
	mv "$WORK/rewritten" "$2"
}

# On the screen of a contact.
change_last_name() {
	wait_for 'WOULD BE SENT'
	press Down Down
	wait_for 'last name: '
	press e
	wait_for 'Typing the last name'
	type_text "$1"
	press Enter
	wait_for '1 change not saved'
}

start_practice
cat >"$OLD" <<'EOF'
external_id,first_name,last_name,email,phone
1,Ruth,Adams,ruth@example.com,916-555-0101
2,Ann,Baker,ann@example.com,916-555-0102
3,Cid,Cole,cid@example.com,916-555-0103
4,Dan,Diaz,dan@example.com,916-555-0104
5,Eve,Eddy,eve@example.com,916-555-0105
EOF
cp "$OLD" "$WORK/export"
write_config "$OLD"
sed -i '/^mapping:/,$d' "$WORK/config/belay/config.yaml"
run_belay sync
check 'five are created' test "$STATUS" -eq 0
check 'and their IDs are in the file' in_file 'HealthSherpa ID' "$OLD"

# ---- changed by another program ------------------------------------------------

start_desk "$OLD"
wait_for '5 contacts  ● 5 synced'
press Down Down Space
cursor_on 'Diaz, Dan'
# Ruth's last name is typed over, but not saved.
press g Enter
change_last_name 'son'
press Escape
rewrite 's/Cole,cid@/Coleman,cid@/; /,Baker,/d' "$OLD"
echo '9,Zoe,Zorn,zoe@example.com,916-555-0109,' >>"$OLD"
see 'it is told' 'was changed by another program: F5 reads it again'
see 'and nothing jumps' '5 contacts' 'Baker, Ann' 'FILE CHANGED'
guided 'F5 read again'
press F5
see 'what is in the file now is shown' 'read again: 5 contacts' \
	'Coleman, Cid' 'Zorn, Zoe'
check 'who is gone is not' screen_lacks 'Baker, Ann'
check 'the mark stays' screen_has '1 marked'
check 'so does what was not saved' screen_has 'is still to be saved'
check 'the file is no longer marked as changed' screen_lacks 'FILE CHANGED'
press w
wait_for 'saved into'
check 'it goes into the file' in_file '^1,Ruth,Adamsson,' "$OLD"
check 'beside what the other program wrote' in_file 'Coleman' "$OLD"

# A save that meets a change shows the file as it is then.
press G Enter
change_last_name 'by'
rewrite 's/916-555-0105/916-555-0155/' "$OLD"
press Escape
wait_for 'Zornby, Zoe: '
press w
see 'a save takes both' 'another program had changed the file too' \
	'(916) 555-0155'
check 'in the file as well' in_file '916-555-0155' "$OLD"
end_desk q
check 'status 0' test "$STATUS" -eq 0

# ---- the next export -----------------------------------------------------------

{
	cat "$WORK/export"
	echo '6,Fay,Ford,fay@example.com,916-555-0106'
} >"$NEW"
start_desk "$NEW"
see 'it is asked' 'newer export of contacts-2026-11-01.csv' '5 of 6 known' \
	'y: go on'
press Escape
wait_for 'asked again before anything is sent'
press G s
see 'it is' 'y: go on'
press y
see 'it goes on with the links' 'goes on with the links and history'
wait_for '1 new'
creates=$(request_count create)
press G s
wait_requests create $((creates + 1))
wait_for 'Ford, Fay: created'
end_desk q
check 'no one else was created' \
	test "$(request_count create)" -eq $((creates + 1))
check 'nobody was created twice' test "$(created_count 1)" -eq 1
check 'the IDs that it lacked are in it' not_in_file ',$' "$NEW"
start_desk "$NEW"
wait_for 'Adams'
wait_for '6 contacts'
check 'it is not asked again' screen_lacks 'y: go on'
end_desk q

# ---- a file that takes no results ------------------------------------------------

ln "$NEW" "$WORK/second-name.csv"
start_desk "$NEW"
see 'it is said, and why' 'belay keeps the results itself' 'FILE READ-ONLY'
press Enter
wait_for 'WOULD BE SENT'
press e
see 'nothing is edited' 'nothing can be changed in this file'
press Escape
rm "$WORK/second-name.csv"
wait_gone 'FILE READ-ONLY'
check 'until it takes them again' true
end_desk q
finish
