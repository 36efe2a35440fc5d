#!/bin/sh
# SPDX-License-Identifier: MIT
# A new export without a mapping, with the keys that the screen names: the
# proposal is checked, one column chosen by typing its letters, the mapping
# accepted into the config, whose comments stay, and the contacts are sent.
# Then the same where there is no config at all.
# shellcheck disable=SC2119,SC2317 # options not wanted; functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

CONFIG=$WORK/config/belay/config.yaml
EXPORT=$WORK/hubspot-crm-exports.csv

cat >"$EXPORT" <<'EOF'
Record ID,First Name,Last Name,Email,Phone Number,Date of birth,State/Region,Postal Code,Medicare #,Lead Status,SSN,Second phone,Portal
51,Ruth,Abernathy,ruth@example.com,(916) 555-0123,3/15/1955,California,95811,1EG4-TE5-MK73,Open,219-09-9999,(916) 555-0199,Tulip7field
52,Walter,Adams,walter@example.com,(916) 555-0124,4/16/1956,California,95811,,Open,219-09-9998,,Heron3brook
53,Denise,Baker,denise@example.com,(305) 555-0125,5/17/1957,Florida,33101,1S00E00HA26,Closed,219-09-9997,(305) 555-0198,Maple5stone
EOF

# What the service section needs, and a comment that must stay.
service() {
	mkdir -p "$WORK/config/belay"
	cat >"$CONFIG" <<EOF
# ours since May
service:
  version: v1
  environment: practice   # not the real one
  agent_email: agent@example.com
  api_key: {command: [echo, practice]}
  urls: {api: '$PRACTICE_URL/v1', login: '$PRACTICE_URL/sessions/new'}
EOF
}

config_has() {
	grep -F -q -e "$1" "$CONFIG"
}

cursor_row() {
	screen | grep -n '^[▸>]'
}

# From $WORK/row.
cursor_moved() {
	! cursor_row | cmp -s - "$WORK/row"
}

sent_has() {
	requests create | grep -F -q -e "$1"
}

start_practice
service
cp "$CONFIG" "$WORK/before.yaml"
start_desk "$EXPORT"
see 'a file that nothing maps opens with what belay proposes' 'Mapping:' \
	'HubSpot' '3 contacts: 3 could be sent'
check 'the ID is HubSpot'"'"'s own' test -n "$(screen_line 'Record ID')"
check 'nothing of a Social Security number is shown' screen_lacks '219-09'
check 'Medicare numbers are masked' screen_lacks '1EG4'
guided 'a use it'

# ---- another column, by its letters -----------------------------------------

until e2e_cursor_on 'phone'; do
	cursor_row >"$WORK/row"
	press Down
	until_true 'the next row' cursor_moved
done
cursor_on 'Phone Number'
press Enter
see 'Enter asks what gives it' 'What gives the phone' 'Date of birth'
check 'no value of the Social Security numbers is shown' screen_lacks '219-09'
check 'nor one of a column that nobody asked for' screen_lacks 'Tulip7'
check 'but what it is like' screen_has 'Aaaaa9aaaaa'
type_text 'secon'
wait_gone 'Date of birth'
see 'typing leaves the columns with these letters' 'Second phone'
press Enter
see 'Enter takes it' 'Mapping:'
cursor_on 'Second phone'
press Enter
wait_for 'What gives the phone'
press Escape
see 'Esc changes nothing' 'Mapping:'
cursor_on 'Second phone'

# ---- a rule that is typed, and one that is wrong ----------------------------

press r
wait_for 'phone:'
press C-u
type_text '[Second phone, Nowhere]'
press Enter
see 'a rule with a column that is not there is refused' 'Nowhere'
press C-u
type_text '[Second phone, Phone Number]'
press Enter
see 'a rule as the config has it is taken' 'then'

# ---- accepted ---------------------------------------------------------------

press a
see 'what cannot be changed later is asked' 'The ID (Record ID)' 'y yes'
press y
see 'it is written down and in force' 'written into' 'Abernathy'
wait_for '3 new'
check 'the config has the mapping' config_has 'Second phone'
check 'its comments stayed' test "$(head -n 7 "$CONFIG" |
	cmp -s - "$WORK/before.yaml" && echo same)" = same
press S
wait_for 'S send all'
press S
see 'the contacts are sent' '3 synced'
check 'by the rule that was typed' sent_has '9165550199'
check 'its second column too' sent_has '9165550124'
end_desk q
check 'the desk ended well' test "$STATUS" = 0

start_desk "$EXPORT"
see 'the next time it opens with the contacts' '3 synced'
press m
see 'the mapping in force is shown then' 'Mapping: config.yaml' \
	'3 contacts: 3 could be sent' 'Second phone'
press Escape
wait_gone 'Mapping:'
end_desk q

# ---- without a config -------------------------------------------------------

rm -f "$CONFIG"
start_desk "$EXPORT"
see 'it is proposed again' 'Mapping:' 'HubSpot'
press Escape
wait_gone 'Mapping:'
press m
wait_for 'Mapping:'
press a
wait_for 'y yes'
press y
wait_for 'written into'
end_desk q
check 'a config was made' test -f "$CONFIG"
check 'for nobody else' test "$(stat -c %a "$CONFIG")" = 600
run_belay check "$EXPORT"
check 'it works as it stands' test "$STATUS" = 0
finish
