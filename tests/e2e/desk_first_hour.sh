#!/bin/sh
# SPDX-License-Identifier: MIT
# The first hour of an agency with a sheet that nothing is known of: `belay
# init` proposes, the mapping screen shows what is wrong over the whole book,
# two rules are mended there with keys alone, one is taken back and made again,
# the check is clean, the contacts are sent. Comments in the config stay.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

CONFIG=$WORK/config/belay/config.yaml
EXPORT=$WORK/clients.csv

# In the office's own words: W is a woman, and a phone without its area code is
# told by the column of cell phones.
cat >"$EXPORT" <<'EOF'
Client ID,First Name,Last Name,DOB,Sex,Phone,Cell direct,State,Zip,MBI,Producer
71,Ruth,Abernathy,3/15/1955,W,(916) 555-0123,(916) 555-0163,CA,95811,1EG4-TE5-MK73,Bea
72,Walter,Adams,4/16/1956,M,555-0124,(916) 555-0164,CA,95811,,Bea
73,Denise,Baker,5/17/1957,F,(305) 555-0125,(305) 555-0165,FL,33101,1S00E00HA26,Cal
74,Luis,Cortez,6/18/1958,M,(305) 555-0126,(305) 555-0166,FL,33101,1S00E00HA27,Cal
75,Ann,Dean,7/19/1955,F,(305) 555-0127,(305) 555-0167,FL,33101,,Cal
76,Kim,Ellis,8/20/1954,F,(305) 555-0128,(305) 555-0168,FL,33101,,Cal
77,Joe,Frost,9/21/1953,M,(305) 555-0129,(305) 555-0169,FL,33101,,Bea
78,May,Grant,10/22/1952,F,(305) 555-0130,(305) 555-0170,FL,33101,,Bea
79,Ida,Hayes,11/23/1951,F,(305) 555-0131,(305) 555-0171,FL,33101,,Bea
80,Ned,Irving,12/24/1950,M,(305) 555-0132,(305) 555-0172,FL,33101,,Bea
EOF

config_has() {
	grep -F -q -e "$1" "$CONFIG"
}

# Down until the cursor is on the field.
go_to() {
	press g
	for _ in $(seq 30); do
		e2e_cursor_on "$1" && return
		screen | grep '^[▸>]' >"$WORK/row"
		press Down
		until_true "the row below, on the way to $1" cursor_moved
	done
}

cursor_moved() {
	! screen | grep '^[▸>]' | cmp -s - "$WORK/row"
}

sent_has() {
	requests create | grep -F -q -e "$1"
}

# What the agency itself writes into the config that init made.
fill_in_service() {
	"$PYTHON3" - "$CONFIG" "$PRACTICE_URL" <<'EOF'
import re
import sys

text = open(sys.argv[1]).read()
section = "service:  # asked Bea on Monday\n" \
    "  environment: practice\n" \
    "  agent_email: agent@example.com\n" \
    "  api_key: {command: [echo, practice]}\n" \
    f"  urls: {{api: '{sys.argv[2]}/v1', login: '{sys.argv[2]}/sessions/new'}}\n"
text, count = re.subn(r"^service:\n(?:[ #].*\n)*", section, text, flags=re.M)
assert count == 1, text
open(sys.argv[1], "w").write(text)
EOF
}

start_practice

# ---- init -------------------------------------------------------------------

run_belay init "$EXPORT"
check 'init proposes a config' test "$STATUS" = 0
check 'it is there' test -f "$CONFIG"
fill_in_service
grep -o '#.*' "$CONFIG" >"$WORK/comments"
run_belay check
check 'the check finds what is wrong' grep -q SEX-UNKNOWN "$WORK/out"
check 'in the phones too' grep -q PHONE-SHAPE "$WORK/out"

# ---- the mapping screen -----------------------------------------------------

start_desk
see 'the desk opens on the contacts' 'Abernathy' '10 new'
press m
see 'the mapping in force is shown with the whole book' 'Mapping: config.yaml' \
	'10 contacts: 10 could be sent' '1 SEX-UNKNOWN' '1 PHONE-SHAPE'
check 'a Medicare number is masked here' screen_lacks '1EG4'
see 'beside the contact' 'row 1: Abernathy, Ruth'
press Tab
see 'Tab goes to the next contact' 'row 2: Adams, Walter'

go_to phone
press Enter
see 'Enter asks which column gives it' 'What gives the phone'
type_text direct
wait_gone 'Producer'
press Enter
see 'the column is in force at once' 'written into config.yaml'
wait_gone 'PHONE-SHAPE'
check 'and in the config' config_has 'phone: Cell direct'

go_to sex
press r
wait_for 'sex:'
press C-u
type_text '{column: Sex, values: {W: femal}}'
press Enter
see 'a rule that is not quite right shows at once' 'sex: Sex, 1 word' \
	'1 SEX-UNKNOWN'
press r
wait_for 'femal}}'
press BSpace BSpace
type_text 'e}}'
wait_for 'female}}'
press Enter
wait_gone 'SEX-UNKNOWN'
check 'what is typed mends the rest' config_has 'female}}'
press u
see 'it can be taken back' 'taken back' '1 SEX-UNKNOWN'
check 'in the config as well' config_has 'femal}}'
press C-r
wait_gone 'SEX-UNKNOWN'
check 'and made again' config_has 'female}}'

# ---- clean, and sent --------------------------------------------------------

press Escape
wait_gone 'Mapping:'
run_belay check
check 'the check is clean' test "$STATUS" = 0
check 'without a warning' grep -q 'errors: 0, warnings: 0' "$WORK/out"
press S
wait_for 'S send all'
press S
see 'the contacts are sent' '10 synced'
check 'with the phone that was chosen' sent_has '9165550164'
check 'with the sex that was told' sent_has '"sex":"female"'
end_desk q
check 'the desk ended well' test "$STATUS" = 0
grep -o '#.*' "$CONFIG" >"$WORK/after"
check 'the comments are still there' cmp -s "$WORK/comments" "$WORK/after"
finish
