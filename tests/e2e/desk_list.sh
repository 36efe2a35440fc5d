#!/bin/sh
# SPDX-License-Identifier: MIT
# A list as the agent wants it: its columns chosen, put in order and sized, its
# order by several of them kept, and both still there the next day; those of a
# status, and a range that is marked and synced.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv
CONFIG=$WORK/config/belay/config.yaml

start_practice
make_contacts 24 "$BOOK"
write_config "$BOOK" 'desk:
  mask: true   # of my own'
cp "$CONFIG" "$WORK/before.yaml"

# ---- columns ----------------------------------------------------------------

city_second() { screen_line NAME | grep -q '^   NAME  *CITY  *'; }

start_desk
wait_for 'Anderson, Alice: ready'
press c
see 'what can be shown is listed, what is shown first' \
	'9 columns in the list' 'name                            usual belay'
press /
wait_for 'letters of its name'
type_text city
press Enter
wait_gone 'letters of its name'
press Space
see 'one more is shown, above as it will look' '10 columns in the list' CITY
press K K K K K K K K
press = + +
see 'it has been moved and made wider' '10 columns in the list'
until_true 'the config to have them' grep -q \
	'columns: \[name, {city: ' "$CONFIG"
press Escape Escape
until_true 'the list with them' city_second
check 'the list has them, the name first' city_second
end_desk q

start_desk
wait_for 'Anderson, Alice: ready'
check 'they are there the next day' city_second
check 'the rest of the config is as it was' test \
	"$(grep -v '^  columns: ' "$CONFIG" | cmp - "$WORK/before.yaml" &&
		echo same)" = same
press c
wait_for 'columns in the list'
press U
wait_for '9 columns in the list'
press u
wait_for '10 columns in the list'
press U
wait_for '9 columns in the list'
press Escape
wait_gone 'columns in the list'
check 'the usual ones leave nothing in the config' \
	cmp "$CONFIG" "$WORK/before.yaml"
resize 40 24
wait_gone BORN
press Right
wait_for BORN
check 'what does not fit is a key away, the name stays' screen_has 'NAME '
press Right Right
see 'further on' '‹' '›'
press Left Left Left
wait_gone '‹'
resize 80 24
wait_for BORN

# ---- several orders ---------------------------------------------------------

press o
wait_for 'a capital letter: then by that'
press e
wait_for 'ST▲'
press o
wait_for 'a capital letter: then by that'
press N
see 'by state, then by name' 'NAME ▲2'
press o
wait_for 'a capital letter: then by that'
press o
wait_for 'sort by, e.g.'
type_text ', -bo'
press Tab Enter
see 'and a third one, typed' 'by state, name, born reversed'
press o
wait_for 'a capital letter: then by that'
press k
see 'the order is kept' 'saved in config.yaml'
check 'in the config' grep -q '^  sort: \[state, name, -born\]$' "$CONFIG"
press g
cursor_on 'Anderson, Edward'
last_is_painted() { screen | sed -n 19p | grep -q 'Brooks, Edward'; }
until_true 'the last of its rows' last_is_painted
screen | sed -n '5,19p' | cut -c4-20 >"$WORK/order"
end_desk q
start_desk
wait_for 'by state, name, born reversed'
same_order() {
	screen | sed -n '5,19p' | cut -c4-20 | cmp -s - "$WORK/order"
}
until_true 'the same order' same_order
check 'it is there the next day' true

# ---- by status, and a range that is synced ----------------------------------

press g Space
cursor_on Olivia
press Down Down V
see 'from the one that was marked to here' \
	'4 marked from there to here, 4 in all'
check 'nothing was sent by all this' test ! -s "$REQUESTS"
press s
until_true 'four creates' e2e_enough create 4
wait_for '4 created'
press Escape
wait_gone 'marked'
see 'the counts tell it' '○ 20 new' '● 4 synced'
press Tab
see 'the first count is chosen' '20 of 24 contacts: new' '[○ 20 new]'
press Tab
see 'and the next one' '4 of 24 contacts: synced' '[● 4 synced]'
press f
wait_for 'show only, e.g.'
type_text state:AZ
press Enter
see 'with a filter' '2 of 24 contacts: synced, state:AZ'
press Escape
see 'Esc shows all of them' '24 contacts by state'
end_desk q
check 'the four that were marked' test "$(request_count create)" = 4
finish
