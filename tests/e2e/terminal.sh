#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The story of the terminal: sizes that change, terminals of all kinds, being
# stopped, being left, lying idle, a slow server, a second belay.
# shellcheck disable=SC2016,SC2119,SC2317 # dollars for another shell
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

start_practice --set latency=0ms
make_contacts 300 "$WORK/book.csv"
write_config "$WORK/book.csv"

# ---- sizes ------------------------------------------------------------------
start_desk
wait_for '300 new'
keep_screen "$WORK/before"
for size in '40 10' '200 50' '20 5' '10 2' '132 40' '3 1' '81 25'; do
	# shellcheck disable=SC2086
	resize $size
done
resize 80 24
same() { screen | diff "$WORK/before" - ; }
until_true 'the screen to be as before' same
check 'a storm of sizes leaves the screen as it was' same
resize 40 10
wait_for 'help'
check 'a small window has the names' screen_has 'STATUS'
resize 80 24
until_true 'the screen to be as before' same

# ---- moving ------------------------------------------------------------------
press G
wait_for '300'
press g
until_true 'the screen to be as before' same
check 'to the end and back' same
# Lines that scroll are painted as lines that are painted anew.
for _ in 1 2 3 4 5 6 7 8 9 10; do press j j j j; done
for _ in 1 2 3 4 5; do press k k k k k k k; done
press j k PageDown j j PageUp
type_text '?'
wait_for 'WHAT IT DOES'
press Escape
wait_for '300 contacts'
keep_screen "$WORK/scrolled"
terminal clear-history -t desk
resize 81 24
resize 80 24
press C-l
unscrolled() { screen | diff "$WORK/scrolled" - ; }
until_true 'the screen to be as before' unscrolled
check 'scrolled lines are what a fresh screen shows' unscrolled

# ---- idle ---------------------------------------------------------------------
desk_pid() { terminal display-message -p -t desk '#{pane_pid}'; }
ticks() { cut -d' ' -f14,15 "/proc/$(desk_pid)/stat"; }
idle_from=$(date +%s)
idle_ticks=$(ticks)
idle_long_enough() { [ $(($(date +%s) - idle_from)) -ge 3 ]; }
until_true 'time to pass' idle_long_enough
check 'an idle desk uses no processor' test "$(ticks)" = "$idle_ticks"

# ---- a second one ---------------------------------------------------------------
run_belay sync
check 'a second belay is told who holds the book' test "$STATUS" = 75
end_desk q
check 'q leaves' test "$STATUS" = 0

# ---- the tty and stopping ---------------------------------------------------------
# A shell that stays, to ask it for the settings.
start_terminal sh -i
type_text 'stty -g >"$HOME/before"; PS1="shell> "; clear'
press Enter
wait_for 'shell>'
type_text "'$BELAY'; stty -g >\"\$HOME/after\"; echo left"
press Enter
wait_for '300 new'
check 'the shell is out of sight' screen_lacks 'shell>'
press C-z
wait_for 'shell>'
check 'stopped, the shell is back' screen_lacks '300 new'
type_text 'stty -g >"$HOME/stopped"; fg'
press Enter
wait_for '300 new'
press j
wait_for 'help'
press q
wait_for 'left'
check 'the settings are as before' \
	cmp "$WORK/home/before" "$WORK/home/after"
check 'and were so while stopped' \
	cmp "$WORK/home/before" "$WORK/home/stopped"
check 'nothing is left on the screen' screen_lacks '300 new'
type_text 'clear'
press Enter
wait_for 'shell>'
type_text "'$BELAY'; echo status \$?"
press Enter
wait_for '300 new'
press C-c
wait_for 'status 130'
check 'the interrupt key leaves too' screen_lacks '300 new'
close_terminal

# ---- a terminal that goes away -----------------------------------------------------
start_desk
wait_for '300 new'
e2e_pid=$(desk_pid)
terminal kill-pane -t desk
gone() { ! kill -0 "$e2e_pid"; }
until_true 'belay to end with its terminal' gone
check 'it ends when its terminal goes' gone
run_belay plan --json
check 'and the book is free and whole' test "$STATUS" = 0
rm -f "$WORK/tmux"

# ---- kinds of terminals ---------------------------------------------------------
for TERM_WANTED in xterm-256color screen linux vt100 tmux; do
	start_desk
	wait_for '300 new'
	press j j
	end_desk q
	check "it works on $TERM_WANTED" test "$STATUS" = 0
done
TERM_WANTED=tmux-256color
start_terminal env TERM=dumb "$BELAY"
wait_end
check 'a dumb terminal is refused politely' \
	screen_has 'or use belay status, plan and sync'
check 'as a wrong use' test "$STATUS" = 64
close_terminal
start_terminal env LC_ALL=C "$BELAY"
wait_for '+ 300 new'
check 'without UTF-8 there is ASCII only' \
	test -z "$(screen | LC_ALL=C tr -d '\n -~')"
end_desk q

# ---- without a desktop -------------------------------------------------------------
DISPLAY_WANTED=
start_desk
wait_for '300 new'
press L
wait_for 'Without a desktop'
check 'the address is there to be selected' screen_has "$PRACTICE_URL"
check 'nothing was opened' test ! -s "$OPENED"
press Escape
wait_for '300 new'

# ---- nobody there -----------------------------------------------------------
end_desk q
write_config "$WORK/book.csv" 'desk: {idle_blank: 5s}'
start_desk
wait_for 'belay is resting'
check 'after a while without a key the names are gone' screen_lacks '300 new'
press j
wait_for '300 new'
check 'a key brings them back' screen_lacks 'resting'
end_desk q
write_config "$WORK/book.csv"
start_desk
wait_for '300 new'

# ---- a slow server ------------------------------------------------------------------
stop_practice
end_desk q
start_practice --set latency=4s
write_config "$WORK/book.csv"
start_desk
wait_for '300 new'
press s
wait_for '1 sending'
press G
wait_for '300'
check 'keys do not wait for the server' screen_has '1 sending'
press q
wait_for 'still to be sent'
end_desk s
stop_practice
start_practice --set latency=0ms
write_config "$WORK/book.csv"
run_belay sync --filter row:1
check 'the rest can be done later' test "$STATUS" = 0
check 'and nobody was created twice' test "$(request_count create 201)" = 1
finish
