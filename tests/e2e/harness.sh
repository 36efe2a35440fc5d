#!/bin/sh
# SPDX-License-Identifier: MIT
# The harness itself: what it shows, presses and waits for in a program that
# is not belay.
# shellcheck disable=SC2016 # a dollar sign that is to arrive as one
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

cat >"$WORK/program" <<'EOF'
#!/bin/sh
printf 'name? '
read -r name
printf 'hello %s, %s of you\n' "$name" "$(stty size)"
printf '%s\n' "home=$HOME" "word=${SECRET_OF_CALLER-none}" "lang=$LC_ALL"
printf 'more? '
read -r more
printf '\033[2J\033[H'
xdg-open "https://example.com/a b" "$more"
stty -echo -icanon
echo 'ábc 花子 gone'
dd bs=1 count=1 2>/dev/null | od -An -tx1
exit 7
EOF
chmod +x "$WORK/program"
SECRET_OF_CALLER=leaks
export SECRET_OF_CALLER

start_terminal "$WORK/program"
wait_for 'name?'
type_text 'Ada; $x'
press Enter
wait_for 'more?'
check 'text arrives as it was typed' screen_has 'hello Ada; $x, 24 80 of you'
check 'home is private' screen_has "home=$WORK/home"
check 'the environment is empty' screen_has 'word=none'
check 'the locale is UTF-8' screen_has 'lang=C.UTF-8'
check 'what is not there is missed' screen_lacks 'nobody'
type_text 'second'
press Enter
wait_gone 'name?'
wait_for gone
check 'wide characters are whole' screen_has 'ábc 花子 gone'
wait_opened 'example.com'
check 'xdg-open got two words' test "$(sed -n 1p "$OPENED")" \
	= 'https://example.com/a b'
check 'the second word as well' test "$(sed -n 2p "$OPENED")" = second
press C-r
wait_end
check 'a control key is one byte' screen_has ' 12'
check 'the status of the end is known' test "$STATUS" = 7
close_terminal

COLUMNS_WANTED=132
ROWS_WANTED=40
start_terminal sh -c 'trap "stty size" WINCH; stty size
	while :; do read -r line && exit 3; done'
wait_for '40 132'
check 'another size is taken' screen_has '40 132'
resize 100 30
wait_for '30 100'
check 'a resize arrives' screen_has '30 100'
press Enter
wait_end
check 'and it ends' test "$STATUS" = 3
close_terminal

make_contacts 50 "$WORK/book.csv" --linked 2
check 'a CSV has a line for each and a header' \
	test "$(wc -l <"$WORK/book.csv")" -eq 51
check 'no two Medicare numbers are alike' \
	test -z "$(cut -d, -f13 "$WORK/book.csv" | sort | uniq -d)"
make_contacts 50 "$WORK/book.yaml"
check 'a YAML has an item for each' \
	test "$(grep -c '^  - external_id' "$WORK/book.yaml")" -eq 50

cat >"$WORK/server" <<'EOF'
#!/bin/sh
echo $$ >"$HOME/pid"
echo 'listening on http://127.0.0.1:1'
exec sleep 600
EOF
chmod +x "$WORK/server"
BELAY=$WORK/server
start_practice --set latency=0s
check 'the address of the server is known' \
	test "$PRACTICE_URL" = http://127.0.0.1:1
e2e_pid=$(cat "$WORK/home/pid")
check 'the server runs' kill -0 "$e2e_pid"
stop_practice
check 'the server is gone when it is stopped' \
	test "$(kill -0 "$e2e_pid" 2>/dev/null; echo $?)" != 0

e2e_inner=$(BELAY_TESTS=$BELAY_TESTS E2E_LIMIT=1 sh -c '
	. "$BELAY_TESTS/e2e/lib.sh"
	start_terminal sh -c "echo shown; sleep 60"
	wait_for shown
	echo "# work $WORK"
	check "bad" false
	wait_for never' 2>&1)
check 'a failed check is told' \
	test -n "$(echo "$e2e_inner" | grep '^not ok 1 - bad')"
check 'a wait that is in vain ends the story' \
	test -n "$(echo "$e2e_inner" | grep '^not ok 2 - waited 1 s')"
check 'and shows the screen' test -n "$(echo "$e2e_inner" | grep '^# |shown')"
e2e_left=$(echo "$e2e_inner" | sed -n 's/^# work //p')
check 'nothing is left behind' test -n "$e2e_left" -a ! -e "$e2e_left"
finish
