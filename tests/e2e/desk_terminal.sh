#!/bin/sh
# SPDX-License-Identifier: MIT
# The desk and the terminal it was lent: given back as it was however belay
# ends, any size, many kinds, no colours, no UTF-8; no work when there is none;
# and what stays whole when belay is killed while it sends.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv

# around COMMAND...: the terminal's settings before and after, and its status.
cat >"$WORK/bin/around" <<'EOF_AROUND'
#!/bin/sh
ulimit -c 0
rm -f "$HOME/after"
stty -g >"$HOME/before"
sh -c 'echo $$ >"$HOME/pid"; exec "$@"' sh "$@"
echo "ended with $?."
stty -g >"$HOME/after"
echo 'all over'
EOF_AROUND
chmod +x "$WORK/bin/around"

# last_is THIS THAT: which of two sequences was written last.
last_is() {
	[ "$(grep -a -F -o -e "$1" -e "$2" "$WORK/raw" | tail -n 1)" = "$1" ]
}

# given_back STATUS: the terminal is as it was, and belay ended with that.
given_back() {
	wait_for 'all over'
	screen_has "ended with $1." && cmp "$WORK/home/before" \
		"$WORK/home/after" && last_is '[?2004l' '[?2004h' &&
		last_is '[?25h' '[?25l' && last_is '[?1049l' '[?1049h' &&
		last_is '[?1l' '[?1h' && [ "$(title)" = "$TITLE" ]
}

title() {
	terminal display-message -p -t desk '#{pane_title}'
}

titled() {
	[ "$(title)" = 'belay book.csv' ]
}

# is_gone PID: ended, or about to be waited for.
is_gone() {
	! grep -q '^State:.[^ZX]' "/proc/$1/status"
}

start_practice
make_contacts 24 "$BOOK"
cp "$BOOK" "$WORK/before.csv"
write_config "$BOOK" 'sync: {settle: 2s}'

# ---- given back -------------------------------------------------------------

# ended_by HOW STATUS: q, or a signal.
ended_by() {
	start_recorded around "$BELAY" "$BOOK"
	wait_for 'Alice: ready'
	until_true 'the title' titled
	if [ "$1" = q ]; then
		press q
	else
		kill -"$1" "$(cat "$WORK/home/pid")"
	fi
	check "the terminal is given back after $1" given_back "$2"
	close_terminal
}

start_recorded sh -c 'sleep 600'
TITLE=$(title)
close_terminal
ended_by q 0
ended_by TERM 143
ended_by HUP 129
ended_by INT 130
ended_by SEGV 139
ended_by ABRT 134

# ---- stopped and gone on with -----------------------------------------------

start_terminal env PS1='ready> ' sh -i
wait_for 'ready>'
type_text "stty -g >$WORK/home/before"
press Enter
type_text "$BELAY $BOOK"
press Enter
wait_for 'Alice: ready'
press Down
# the terminal drops what was typed and not read when ^Z comes
wait_for 'Anderson, Benjamin: ready'
press C-z
wait_for Stopped
check 'the shell has its screen back' screen_lacks Anderson
type_text "stty -g >$WORK/home/after; echo \$((40 + 2))th"
press Enter
wait_for 42th
check 'and the settings of its terminal' \
	cmp "$WORK/home/before" "$WORK/home/after"
check 'and its title' test "$(title)" = "$TITLE"
resize 100 30
type_text fg
press Enter
see 'fg brings the desk back, in the new size' 'Anderson, Benjamin: ready'
guided 's sync'
check 'over the whole screen' test "$(screen | grep -c .)" -ge 28
until_true 'the title' titled
check 'with its title' true
press Down
cursor_on 'Anderson, Carmen'
type_text :
wait_for 'Enter ok'
type_text suspend
press Enter
wait_for Stopped
type_text fg
press Enter
wait_for 'Anderson, Carmen: ready'
press q
wait_gone Anderson
type_text "stty -g >$WORK/home/after; echo \$((50 + 1))st"
press Enter
wait_for 51st
check 'after the end the settings are as they were' \
	cmp "$WORK/home/before" "$WORK/home/after"
close_terminal

# ---- any size ---------------------------------------------------------------

start_desk "$BOOK"
wait_for 'Alice: ready'
keep_screen "$WORK/screen.before"
for columns in 40 60 79 80 81 100 132 200; do
	for rows in 10 11 24 25 40 60; do
		resize "$columns" "$rows"
		press Down
	done
done
resize 5 2
resize 1 1
resize 80 24
wait_for '24 contacts'
press g
as_before() {
	screen | cmp - "$WORK/screen.before"
}
until_true 'the screen as it was' as_before
check 'after a storm of sizes the screen is whole' true
for size in '40 10' '200 60' '132 40' '60 8'; do
	# shellcheck disable=SC2086 # two words
	resize $size
	cursor_on 'Anderson, Alice'
	guided 's sync'
	check "the list at $size" test "$(screen | head -n 1 | grep -c belay)" -eq 1
	press Enter
	guided 'Enter edit'
	cursor_on ID
	check "a contact at $size" screen_has Alice
	press Escape
	guided 's sync'
done
end_desk q
check 'the desk has lived through it' test "$STATUS" = 0

# ---- many kinds of terminal -------------------------------------------------

known() {
	find /usr/share/terminfo /lib/terminfo /etc/terminfo \
		/usr/share/lib/terminfo /usr/local/share/terminfo \
		-name "$1" 2>/dev/null | grep -q .
}

colors() {
	LC_ALL=C grep -a -q "$(printf '\033')"'\[[0-9;]*3[0-7]m' "$WORK/raw"
}

walk() {
	wait_for 'Alice: ready'
	press Down
	cursor_on 'Anderson, Benjamin'
	press Enter
	guided 'Esc back'
	wait_for 'Main Street'
	press Escape
	guided 's sync'
	press /
	wait_for 'Enter ok'
	type_text glor
	cursor_on 'Anderson, Gloria'
	press Enter
	guided 's sync'
	keep_screen "$WORK/screen.walk"
	press q
	wait_for 'all over'
}

for TERM_WANTED in xterm-256color screen tmux linux vt100; do
	if ! known "$TERM_WANTED"; then
		check "$TERM_WANTED # SKIP not known here" true
		continue
	fi
	start_recorded around "$BELAY" "$BOOK"
	walk
	case $TERM_WANTED in
	linux | vt100) sign='+' ;; # their fonts have few signs
	*) sign='○' ;;
	esac
	check "$TERM_WANTED: a walk through the desk" \
		grep -q "$sign new" "$WORK/screen.walk"
	check "$TERM_WANTED: the settings are given back" \
		cmp "$WORK/home/before" "$WORK/home/after"
	case $TERM_WANTED in
	linux | vt100)
		check "$TERM_WANTED: nothing is written that it cannot read" \
			test "$(grep -a -c "$(printf '\033')]" "$WORK/raw")" = 0
		;;
	esac
	close_terminal
done

# Curses itself loses some bytes where it does not know the terminal.
for TERM_WANTED in dumb no-such-terminal; do
	start_recorded around env ASAN_OPTIONS=detect_leaks=0 "$BELAY" "$BOOK"
	wait_for 'all over'
	check "$TERM_WANTED is refused with the way out" \
		screen_has "the terminal '$TERM_WANTED' cannot show the desk"
	check "$TERM_WANTED: as a mistake in the use" screen_has 'ended with 64.'
	check "$TERM_WANTED: untouched" \
		test "$(LC_ALL=C grep -a -c "$(printf '\033')" "$WORK/raw")" = 0
	check "$TERM_WANTED: its settings as well" \
		cmp "$WORK/home/before" "$WORK/home/after"
	close_terminal
done
TERM_WANTED=tmux-256color

start_recorded around "$BELAY" "$BOOK"
walk
cp "$WORK/screen.walk" "$WORK/screen.colors"
check 'colours are used' colors
close_terminal
start_recorded around env NO_COLOR=1 "$BELAY" "$BOOK"
walk
check 'but not with NO_COLOR' test "$(colors && echo some)" = ''
check 'and the screen says the same' \
	cmp "$WORK/screen.colors" "$WORK/screen.walk"
close_terminal

start_recorded around env LC_ALL=C "$BELAY" "$BOOK"
walk
check 'without UTF-8 every glyph has its twin' \
	test -n "$(grep '^>  Anderson, Gloria .*+ new' "$WORK/screen.walk")"
check 'names lose their accents, not their places' \
	test -n "$(grep '^   Anderson, Jose  ' "$WORK/screen.walk")"
check 'and no byte above ASCII is written' \
	test "$(LC_ALL=C tr -d '\000-\177' <"$WORK/raw" | wc -c)" -eq 0
close_terminal

# ---- nothing to do, nothing done --------------------------------------------

start_desk "$BOOK"
wait_for 'Alice: ready'
check_idle 'an idle desk does nothing at all'

# ---- a second desk on the same book -----------------------------------------

HOLDER=$(desk_pid)
terminal rename-session -t desk first
terminal new-session -d -s desk -x 120 -y 30 -- "$BELAY" "$BOOK"
see 'a second desk says who holds the book' 'LOOK ONLY' "$HOLDER"
note "$(screen | grep "$HOLDER")"
press Down
cursor_on 'Anderson, Benjamin'
check 'it can be looked at' true
press s
see 'but not sent from' 'another belay has this book open'
press Enter
guided 'Esc back'
press Escape
guided 'what would be sent'
check 'nothing was sent' test "$(grep -c . "$REQUESTS")" = 0
press q
wait_end
check 'it ends well' test "$STATUS" = 0
terminal kill-session -t desk
terminal rename-session -t first desk

# ---- killed while it sends --------------------------------------------------

# begin_run: all of them, on a server that takes its time.
begin_run() {
	press S
	wait_for 'would be sent'
	guided 'S send all'
	press S
	wait_for 'to create'
	e2e_asked=$(screen | sed -n 's/^ type \([0-9]*\) to create.*/\1/p')
	type_text "$e2e_asked"
	press Enter
}

whole() {
	find "$WORK/state" -type f -name '*.db' -o -name '*.sqlite*' |
		grep -v -e '-wal$' -e '-shm$' >"$WORK/ledgers"
	[ -s "$WORK/ledgers" ] && "$PYTHON3" -c 'import sqlite3, sys
for path in sys.argv[1].split():
    [(word,)] = sqlite3.connect(path).execute("PRAGMA integrity_check")
    print(path, word)
    if word != "ok":
        sys.exit(1)' "$(cat "$WORK/ledgers")"
}

# Nothing of the file but IDs has changed.
unharmed() {
	sed 's/,[0-9a-f-]\{36\}$/,/' "$BOOK" | cmp - "$WORK/before.csv"
}

stop_practice
start_practice --set latency=150ms
write_config "$BOOK" 'sync: {settle: 2s, concurrency: 4}'
end_desk q
start_desk "$BOOK"
wait_for 'Alice: ready'
begin_run
wait_requests create 3
kill -KILL "$(desk_pid)"
wait_end
close_terminal
check 'killed while it sends: the ledger is whole' whole
check 'and the file' unharmed
start_desk "$BOOK"
wait_for '24 contacts'
note "$(screen | tail -n 2 | head -n 1)"
begin_run
wait_requests create 9
check 'the next run goes on' true

# The window is closed under it.
PID=$(desk_pid)
terminal kill-session -t desk
rm -f "$WORK/tmux"
until_true 'the end of the desk' is_gone "$PID"
check 'the window was closed: the ledger is whole' whole
check 'and the file as well' unharmed

start_desk "$BOOK"
wait_for '24 contacts'
begin_run
see 'the run after that ends it' '● 24 synced'
press q
wait_end
check 'and leaves well' test "$STATUS" = 0
close_terminal
once() {
	cut -d, -f1 "$WORK/before.csv" | sed 1d | while read -r id; do
		[ "$(created_count "$id")" -eq 1 ] ||
			echo "$id: $(created_count "$id")"
	done | tee "$WORK/not-once"
	[ ! -s "$WORK/not-once" ]
}
check 'each contact was created once' once
check 'only IDs went into the file' unharmed
check 'all of them' test "$(grep -c ',[0-9a-f-]\{36\}$' "$BOOK")" -eq 24

# ---- the window of the demo is closed ---------------------------------------

start_desk demo
wait_for 'Abernathy, Ruth: ready'
PID=$(desk_pid)
# a process may go while it is looked at, and ps is not on every machine
SERVER=$(cat /proc/[0-9]*/status 2>/dev/null | awk -v desk="$PID" '
	$1 == "Pid:" { pid = $2 }
	$1 == "PPid:" && $2 == desk { print pid }')
check 'the demo has a practice server' kill -0 "$SERVER"
check 'and a directory' test -n "$(ls "$WORK/tmp")"
terminal kill-session -t desk
rm -f "$WORK/tmux"
until_true 'the end of the desk' is_gone "$PID"
until_true 'the end of the server' is_gone "$SERVER"
check 'both end with the window' true
check 'and leave nothing behind' test -z "$(ls "$WORK/tmp")"
finish
