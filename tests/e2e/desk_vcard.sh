#!/bin/sh
# SPDX-License-Identifier: MIT
# Contacts of a phone at the desk: the file of cards opens without a mapping,
# one is mended and sent, and the file has that and the ID, nothing else.
# shellcheck disable=SC2119,SC2317 # options not wanted; functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/contacts.vcf

# cards LAST-NAME ADDED-LINE: the file.
cards() {
	cat <<EOF
BEGIN:VCARD
VERSION:3.0
UID:one
N:Abernathy;Ruth;;;
FN:Ruth Abernathy
TEL;TYPE=WORK,FAX:(916) 555-0100
TEL;TYPE=CELL:(916) 555-0101
PHOTO;ENCODING=b:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
 AAAAAAAA
END:VCARD

BEGIN:VCARD
VERSION:2.1
UID:two
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:$1;=4C=75=7A;;;
TEL;CELL:916-555-0102
${2}END:VCARD
EOF
}

cards '' '' >"$BOOK"
start_practice
write_config "$BOOK" 'sync: {settle: 2s}'
start_desk
see 'the cards are open' 'contacts.vcf' '2 contacts' '1 blocked' \
	'Abernathy, Ruth'
press '!'
wait_for '1 of 2 contacts need somebody'
press Enter
see 'where it comes from' 'N family' 'N given' 'TEL 1'
wait_for 'Enter: type it here'
press Enter
wait_for 'Typing the last name'
type_text 'Álvarez'
wait_for 'with this, nothing blocks the contact'
press Enter
guided 'w save'
press w
wait_for 'saved into contacts.vcf'
cards '=C3=81lvarez' '' >"$WORK/expected"
check 'the name is in its line' cmp "$BOOK" "$WORK/expected"
guided 's sync'
press s
wait_for 'synced: nothing to send'
id=$(sed -n 's/.*"committed":true.*"id":"\([^"]*\)".*/\1/p' "$REQUESTS")
cards '=C3=81lvarez' "X-HEALTHSHERPA-ID:$id
" >"$WORK/expected"
check 'the ID is in the card, and nothing else changed' \
	cmp "$BOOK" "$WORK/expected"
check 'the phone is the mobile one' \
	test -n "$(requests create | grep -F '"phone":"9165550102"')"
press q
end_desk q
finish
