#!/bin/sh
# SPDX-License-Identifier: MIT
# Who turns 65 soon: a filter that the config keeps is chosen, put in order,
# narrowed, saved under a name of its own, used again the next day and on the
# command line, and taken out. The config keeps its comments throughout.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv
CONFIG=$WORK/config/belay/config.yaml
COLUMNS_WANTED=132

# Gives some of the contacts a birth date so many days before the 65th
# birthday, and one of them a Part B that begins next month.
make_younger() {
	"$PYTHON3" - "$BOOK" <<'END'
import csv, datetime, sys

today = datetime.datetime.now(datetime.timezone.utc).date()

def born(days):
    day = today + datetime.timedelta(days)
    if (day.month, day.day) == (2, 29):
        day += datetime.timedelta(1)
    return f"{day.month}/{day.day}/{day.year - 65}"

with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
for number, days in ((3, 80), (1, 20), (11, 50), (4, 200)):
    rows[number]["Date of birth"] = born(days)
next_month = (today.replace(day=1) + datetime.timedelta(32)).replace(day=1)
rows[1]["Part B Effective Date"] = next_month.strftime("%m/%d/%Y")
with open(sys.argv[1], "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
END
}

# first LINES...: the rows below the titles begin like this, in this order.
first() {
	e2e_row=5
	for e2e_name in "$@"; do
		screen | sed -n "${e2e_row}p" | grep -F -q -e "$e2e_name" ||
			return 1
		e2e_row=$((e2e_row + 1))
	done
}

start_practice
make_contacts 24 "$BOOK"
make_younger
write_config "$BOOK" 'desk:
  mask: true   # of my own
  filters:
    # the ones to call
    turning-65: "t65<90 status:new"
    south: state:FL|GA|TX   # warm
    no-b: "-parts:B"'
cp "$CONFIG" "$WORK/before.yaml"

# ---- chosen, put in order, narrowed -----------------------------------------

start_desk
wait_for 'Anderson, Alice: ready'
see 'a wide terminal shows age and parts' AGE PARTS 'A, B'
check 'a part to come with its date' test -n \
	"$(screen_line 'Anderson, Benjamin' | grep 'A, B [JFMASOND][a-z][a-z] 1 ')"
press F
see 'the saved filters are there, and counted' '3 saved filters' \
	'state:FL|GA|TX' '@turning-65 stands for it'
counted() { screen_line turning-65 | grep -q ' 3$'; }
until_true 'the count of turning-65' counted
check 'in the order of the config' test "$(screen |
	grep -n -o -e 'turning-65  ' -e 'south  ' -e 'no-b  ' | tr -d ' \n')" = \
	5:turning-656:south7:no-b
press a
see 'there is none in force to be saved' 'no filter is in force: f'
cursor_on turning-65
press Enter
see 'one is chosen' '3 of 24 contacts: @turning-65'
press o
see 'every order has its letter' \
	'n name  b born  a age  t T65  r parts  p phone  e state  z ZIP'
press t
wait_for 'T65 ▲'
until_true 'the next birthday first' first Benjamin Leonard Dorothy
check 'the next birthday is the first' true
press o
wait_for 'sort by'
press t
wait_for 'T65 ▼'
until_true 'the last one first' first Dorothy Leonard Benjamin
check 'and backwards' true
press f
wait_for 'show only, e.g.'
type_text ' st'
press Tab
type_text e:F
see 'a saved filter is a term like others' \
	'2 of 24 contacts: @turning-65 state:F'
type_text L
press Enter
wait_gone 'show only, e.g.'

# ---- saved, and there the next time -----------------------------------------

press F
guided 'a save the one in force'
press a
wait_for 'save the filter in force as'
type_text 'soon in fl'
press Enter
see 'a name is one word' "a filter's name is one word"
press C-u
type_text soon-in-fl
press Enter
see 'it is saved' '@soon-in-fl is saved in config.yaml' '4 saved filters'
press Escape
wait_for '2 of 24 contacts'
end_desk q
check 'the desk ends well' test "$STATUS" = 0
sed 's/^    no-b:.*/&\
    soon-in-fl: "@turning-65 state:FL"/' "$WORK/before.yaml" >"$WORK/wanted.yaml"
check 'one line is new in the config, all else as it was' \
	diff -u "$WORK/wanted.yaml" "$CONFIG"

start_desk
wait_for 'Anderson, Alice: ready'
press F
wait_for '4 saved filters'
press /
wait_for 'letters of its name'
type_text soon
see 'typing finds it' '1 of 4 saved filters'
press Enter
wait_gone 'letters of its name'
press Enter
see 'it is there the next time' '2 of 24 contacts: @soon-in-fl'

# ---- on the command line ----------------------------------------------------

run_belay status --filter @soon-in-fl --json
check 'the commands know it' test "$STATUS" = 0 -a \
	"$(grep -c '"status":"new"' "$WORK/out")" = 2
run_belay plan --filter '@south -@soon-in-fl' --json
check 'as a term beside others' test "$STATUS" = 0 -a \
	"$(grep -c '"verb":"create"' "$WORK/out")" = 6
run_belay status --filter @sooth
check 'one that is not there is refused with the nearest' \
	test "$STATUS" = 64 -a -n "$(grep 'did you mean @south?' "$WORK/err")"

# ---- taken out --------------------------------------------------------------

press F
cursor_on soon-in-fl
press Up
cursor_on no-b
press Up
cursor_on south
press Up
cursor_on turning-65
press x
see 'what would be lost is said first' \
	'y takes @turning-65 out of config.yaml; @soon-in-fl uses it'
press Escape
wait_gone 'y takes'
press Down Down Down
cursor_on soon-in-fl
press x
wait_for 'y takes @soon-in-fl out of config.yaml'
press y
see 'it is taken out' '@soon-in-fl is taken out of config.yaml' \
	'3 saved filters'
check 'the config is as it was' cmp "$WORK/before.yaml" "$CONFIG"
press Escape
see 'a filter that is gone hides nobody' '24 contacts  ○ 24 new'
end_desk q
check 'nothing was sent' test ! -s "$REQUESTS"
finish
