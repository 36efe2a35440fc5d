# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# The harness of the stories: belay in a terminal of its own (tmux on a
# private socket, no config, fixed size), a home, state and PATH of its own, a
# practice server on a free port, and an xdg-open that only writes down what it
# was asked to open. Whatever was started here ends with the story.
#
#	. "${BELAY_TESTS:?}/e2e/lib.sh"
#	start_practice --set latency=20ms       sets PRACTICE_URL
#	make_contacts 24 "$WORK/book.csv"       csv or yaml, by the name
#	write_config "$WORK/book.csv" 'sync: {settle: 2s}'
#	start_desk                              belay with these arguments
#	wait_for 'Abernathy'                    until the screen shows it
#	press Down Enter C-r; type_text 'CA'
#	check 'the phone is shown' screen_has '555-0123'
#	see 'the status as well' 'synced'       a check that waits
#	guided 'b quote'; press b               the hint bar says so
#	end_desk q                              press it, wait for the end
#	check 'one create' test "$(request_count create)" = 1
#	finish
#
# A wait that takes too long fails the story with the screen as it was. Nothing
# sleeps but the waits. Output is TAP.
#
# Variables a story may set before start_desk: COLUMNS_WANTED, ROWS_WANTED,
# TERM_WANTED, DISPLAY_WANTED ("" is: no display). E2E_LIMIT: seconds a wait
# may take.

set -u

E2E_LIMIT=${E2E_LIMIT:-20}
COLUMNS_WANTED=80
ROWS_WANTED=24
TERM_WANTED=tmux-256color
DISPLAY_WANTED=:0

BELAY_TESTS=${BELAY_TESTS:-$(cd "$(dirname "$0")/.." && pwd)}
BELAY=${BELAY:-$BELAY_TESTS/../src/belay}
TMUX_PROGRAM=${TMUX_PROGRAM:-$(command -v tmux || true)}
PYTHON3=${PYTHON3:-$(command -v python3 || true)}

e2e_number=0
e2e_failed=0
e2e_practice=
e2e_proxy=
e2e_others=

if [ -z "$TMUX_PROGRAM" ]; then
	echo '1..0 # SKIP tmux is missing: this story was not played'
	exit 0
fi
if [ -z "$PYTHON3" ]; then
	echo '1..0 # SKIP python3 is missing: this story was not played'
	exit 0
fi

WORK=$(mktemp -d "${TMPDIR:-/tmp}/belay-e2e-XXXXXX") || exit 99
REQUESTS=$WORK/requests.jsonl
OPENED=$WORK/opened

# ---- the story's own world --------------------------------------------------

mkdir "$WORK/home" "$WORK/bin" "$WORK/run" "$WORK/tmp" "$WORK/config" \
	"$WORK/state"
chmod 700 "$WORK"/*
: >"$REQUESTS"
: >"$OPENED"
# One line an argument, then an empty one.
cat >"$WORK/bin/xdg-open" <<EOF
#!/bin/sh
printf '%s\\n' "\$@" '' >>'$OPENED'
EOF
chmod +x "$WORK/bin/xdg-open"

# Becomes a command in that world: nothing of the caller's environment is left.
become() {
	exec env -i PATH="$WORK/bin:/usr/local/bin:/usr/bin:/bin" \
		HOME="$WORK/home" TMPDIR="$WORK/tmp" \
		XDG_CONFIG_HOME="$WORK/config" XDG_STATE_HOME="$WORK/state" \
		XDG_RUNTIME_DIR="$WORK/run" \
		LC_ALL=C.UTF-8 TZ=UTC TERM="$TERM_WANTED" \
		${DISPLAY_WANTED:+"DISPLAY=$DISPLAY_WANTED"} \
		${ASAN_OPTIONS:+"ASAN_OPTIONS=$ASAN_OPTIONS"} \
		${UBSAN_OPTIONS:+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} \
		"$@"
}

in_world() {
	(become "$@")
}

terminal() {
	in_world "$TMUX_PROGRAM" -u -S "$WORK/tmux" -f /dev/null "$@"
}

# Ends a process of ours, be it stopped, and waits for it.
e2e_end() {
	[ -n "$1" ] || return 0
	kill "$1" 2>/dev/null
	kill -CONT "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

# also_end PID: a process of the story's own that is to end with it.
also_end() {
	e2e_others="$e2e_others $1"
}

e2e_clean() {
	trap - EXIT HUP INT TERM
	[ -S "$WORK/tmux" ] && terminal kill-server 2>/dev/null
	for e2e_other in $e2e_others; do
		e2e_end "$e2e_other"
	done
	e2e_end "$e2e_proxy"
	e2e_end "$e2e_practice"
	rm -rf "$WORK"
}

e2e_leave() {
	e2e_status=$?
	e2e_clean
	exit "$e2e_status"
}

trap e2e_leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- TAP --------------------------------------------------------------------

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# check WHAT COMMAND...: one test, good when the command succeeds.
check() {
	e2e_what=$1
	shift
	e2e_number=$((e2e_number + 1))
	if "$@" >"$WORK/check" 2>&1; then
		echo "ok $e2e_number - $e2e_what"
		return 0
	fi
	e2e_failed=$((e2e_failed + 1))
	echo "not ok $e2e_number - $e2e_what"
	note "failed: $*"
	sed 's/^/# /' "$WORK/check"
	return 1
}

# Fails the story and ends it.
give_up() {
	e2e_number=$((e2e_number + 1))
	echo "not ok $e2e_number - $*"
	if [ -S "$WORK/tmux" ]; then
		note "the screen:"
		screen | sed 's/^/# |/'
	fi
	[ ! -s "$WORK/practice.err" ] || sed 's/^/# practice: /' \
		"$WORK/practice.err"
	echo "1..$e2e_number"
	exit 1
}

# The last line of a story.
finish() {
	echo "1..$e2e_number"
	[ "$e2e_failed" -eq 0 ]
	exit
}

# until_true WHAT COMMAND...: the one place that waits.
until_true() {
	e2e_wanted=$1
	shift
	e2e_end_time=$(($(date +%s) + E2E_LIMIT))
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -le "$e2e_end_time" ] ||
			give_up "waited $E2E_LIMIT s for $e2e_wanted"
		sleep 0.03
	done
}

# ---- the practice server ----------------------------------------------------

e2e_listening() {
	grep -q '^listening on ' "$1"
}

# start_practice OPTION...: options of `belay practice`.
start_practice() {
	rm -f "$WORK/practice.out"
	# become, not in_world: $! is to be the server itself.
	become "$BELAY" practice --port 0 --request-log "$REQUESTS" \
		--store "$WORK/store.jsonl" "$@" \
		>"$WORK/practice.out" 2>"$WORK/practice.err" &
	e2e_practice=$!
	until_true 'the practice server' e2e_listening "$WORK/practice.out"
	PRACTICE_URL=$(sed -n 's/^listening on //p' "$WORK/practice.out")
}

# Ends it; its contacts are still there when it is started again.
stop_practice() {
	e2e_end "$e2e_practice"
	e2e_practice=
}

# The server takes connections but says nothing, until it is to go on.
silence_practice() {
	kill -STOP "$e2e_practice"
}

wake_practice() {
	kill -CONT "$e2e_practice"
}

# start_proxy SCRIPT: puts tests/net's proxy before the practice server;
# PRACTICE_URL is the proxy's from then on. Its log is $WORK/proxy.jsonl.
start_proxy() {
	printf '%s\n' "$1" >"$WORK/proxy.script"
	rm -f "$WORK/proxy.out" "$WORK/proxy.in"
	mkfifo "$WORK/proxy.in"
	"$PYTHON3" "$BELAY_TESTS/net/fault_proxy.py" \
		--upstream "${PRACTICE_URL#http://}" \
		--script "$WORK/proxy.script" --log "$WORK/proxy.jsonl" \
		<"$WORK/proxy.in" >"$WORK/proxy.out" 2>"$WORK/practice.err" &
	e2e_proxy=$!
	# Held open: the proxy ends with its standard input.
	exec 9>"$WORK/proxy.in"
	until_true 'the fault proxy' e2e_listening "$WORK/proxy.out"
	PRACTICE_URL=$(sed -n 's/^listening on //p' "$WORK/proxy.out")
}

# requests ROUTE [STATUS]: the log's lines of create, update, search or page.
requests() {
	grep "\"route\":\"$1\"" "$REQUESTS" | grep -v '"end":"late-commit"' |
		grep "\"status\":${2:-}"
}

request_count() {
	requests "$@" | grep -c .
}

# How many creates of an external_id took effect, late ones included.
created_count() {
	grep '"route":"create"' "$REQUESTS" | grep '"committed":true' |
		grep -c "\"external_id\":\"$1\""
}

e2e_enough() {
	[ "$(request_count "$1")" -ge "$2" ]
}

# wait_requests ROUTE N: until there were so many.
wait_requests() {
	until_true "$2 requests ($1)" e2e_enough "$1" "$2"
}

# ---- contacts and config ----------------------------------------------------

# make_contacts N FILE [OPTION...]: see tests/data/contacts.py.
make_contacts() {
	e2e_count=$1
	e2e_file=$2
	shift 2
	PYTHONDONTWRITEBYTECODE=1 "$PYTHON3" "$BELAY_TESTS/data/contacts.py" \
		--count "$e2e_count" --format "${e2e_file##*.}" "$@" \
		>"$e2e_file" || give_up "cannot make contacts"
}

# write_config FILE [YAML]: for the practice server, and what else it is to say.
write_config() {
	mkdir -p "$WORK/config/belay"
	{
		cat <<EOF
contacts: '$1'
service:
  version: v1
  environment: practice
  agent_email: agent@example.com
  api_key: {command: [echo, practice]}
  urls: {api: '$PRACTICE_URL/v1', login: '$PRACTICE_URL/sessions/new'}
EOF
		case $1 in
		*.csv) cat "$BELAY_TESTS/data/mapping.yaml" ;;
		esac
		printf '%s\n' "${2:-}"
	} >"$WORK/config/belay/config.yaml"
}

# write_config_v2 FILE [YAML]: the same for version 2; LOGIN_PORT is where the
# browser comes back to.
write_config_v2() {
	LOGIN_PORT=${LOGIN_PORT:-$("$PYTHON3" -c 'import socket
probe = socket.socket()
probe.bind(("127.0.0.1", 0))
print(probe.getsockname()[1])')}
	write_config "$@"
	"$PYTHON3" - "$WORK/config/belay/config.yaml" "$LOGIN_PORT" <<'EOF'
import re
import sys
path, port = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    text = file.read()
text = text.replace("version: v1", "version: v2").replace("/v1'", "/v2'")
text = re.sub(r"  agent_email: .*\n  api_key: .*\n", (
    "  oauth: {client_id: agency-app,"
    " client_secret: {command: [echo, practice-secret]},\n"
    f"    redirect_uri: 'http://127.0.0.1:{port}/callback'}}\n"), text)
with open(path, "w", encoding="utf-8") as file:
    file.write(text)
EOF
}

# consent URL [DECISION]: presses a button of the consent page; prints the
# address that it leads to.
consent() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$BELAY_TESTS/e2e "$PYTHON3" -c '
import sys
import browser
print(browser.decide(sys.argv[1], sys.argv[2]))' "$1" "${2:-allow}"
}

# visit URL: opens it as a browser does; prints the status.
visit() {
	PYTHONPATH=$BELAY_TESTS/e2e PYTHONDONTWRITEBYTECODE=1 "$PYTHON3" -c '
import sys
import browser
print(browser.request(sys.argv[1])[0])' "$1"
}

# revoke WHAT: access, grants or scope of all agents, at the server.
revoke() {
	PYTHONPATH=$BELAY_TESTS/e2e PYTHONDONTWRITEBYTECODE=1 "$PYTHON3" -c '
import sys
import browser
browser.request(sys.argv[1] + "/practice/revoke", "POST",
                {"what": sys.argv[2]})' "$PRACTICE_URL" "$1"
}

# ---- belay without a screen -------------------------------------------------

# run_belay ARGUMENT...: output in $WORK/out and $WORK/err, status in $STATUS.
run_belay() {
	in_world "$BELAY" "$@" >"$WORK/out" 2>"$WORK/err" </dev/null
	STATUS=$?
}

# ---- the desk ---------------------------------------------------------------

# start_terminal COMMAND...: in a window of the wanted size.
start_terminal() {
	# The status line would take a row; a dead pane is kept for its status.
	terminal start-server \; set -g status off \; \
		set -g remain-on-exit on \; set -g escape-time 0 \; \
		set -g default-terminal "$TERM_WANTED" \; \
		set -g default-size "${COLUMNS_WANTED}x$ROWS_WANTED" \; \
		new-session -d -s desk -x "$COLUMNS_WANTED" \
		-y "$ROWS_WANTED" -- "$@"
}

start_desk() {
	start_terminal "$BELAY" "$@"
}

# start_recorded COMMAND...: as start_terminal, and every byte that the program
# writes to its terminal goes into $WORK/raw as well.
start_recorded() {
	: >"$WORK/raw"
	# shellcheck disable=SC2016 # for the shell in the window
	start_terminal sh -c 'stty -echo; echo recording; read -r go; stty echo
		exec "$@"' sh "$@"
	wait_for recording
	terminal pipe-pane -t desk "cat >>'$WORK/raw'"
	press Enter
}

screen() {
	terminal capture-pane -p -t desk
}

# With what has scrolled away: the end of a program scrolls a line.
screen_and_before() {
	terminal capture-pane -p -S - -t desk
}

# keep_screen FILE: the screen as it stands: what is painted in the middle of a
# frame differs from what is there a moment later.
e2e_stands() {
	screen >"$1.next"
	cmp "$1" "$1.next" && return
	mv "$1.next" "$1"
	return 1
}
keep_screen() {
	screen >"$1"
	sleep 0.05
	until_true 'the screen to stand still' e2e_stands "$1"
}

screen_has() {
	screen | grep -F -q -e "$1"
}

screen_lacks() {
	! screen_has "$1"
}

# screen_line TEXT: the lines of the screen that have it.
screen_line() {
	screen | grep -F -e "$1"
}

# screen_is NAME: the screen equals tests/e2e/golden/NAME; E2E_UPDATE=1 writes
# that file. A story may define mask() to blank out what differs by run.
screen_is() {
	e2e_golden=$BELAY_TESTS/e2e/golden/$1
	screen | mask >"$WORK/screen"
	if [ -n "${E2E_UPDATE:-}" ]; then
		mkdir -p "$BELAY_TESTS/e2e/golden"
		cp "$WORK/screen" "$e2e_golden"
	fi
	diff -u "$e2e_golden" "$WORK/screen"
}

mask() {
	cat
}

wait_for() {
	until_true "the screen to show '$1'" screen_has "$1"
}

wait_gone() {
	until_true "the screen to lose '$1'" screen_lacks "$1"
}

# see WHAT TEXT...: one test, good when the screen comes to show all of them.
see() {
	e2e_seen=$1
	shift
	for e2e_text in "$@"; do
		wait_for "$e2e_text"
	done
	check "$e2e_seen" true
}

# cursor_on TEXT: waits until the cursor's row has it.
cursor_on() {
	until_true "the cursor on '$1'" e2e_cursor_on "$1"
}

e2e_cursor_on() {
	screen | grep '^[▸>]' | grep -F -q -e "$1"
}

e2e_hinted() {
	screen | tail -n 1 | grep -F -q -e "$1"
}

# guided HINT: waits until the last line, the hint bar, says so.
guided() {
	until_true "the hint '$1'" e2e_hinted "$1"
}

# press KEY...: as tmux names them: Down, Enter, Escape, C-r, Space, s.
press() {
	for e2e_key in "$@"; do
		terminal send-keys -t desk "$e2e_key"
	done
}

type_text() {
	terminal send-keys -t desk -l -- "$1"
}

# resize COLUMNS ROWS
resize() {
	terminal resize-window -t desk -x "$1" -y "$2"
}

# Output ends before the status is known, and tmux 3.3a now and then misses the
# signal that tells it: then it is told again.
desk_ended() {
	e2e_end_seen=$(terminal display-message -p -t desk \
		'#{pid} #{pane_dead} #{pane_dead_status}#{pane_dead_signal}')
	case $e2e_end_seen in
	*' 1 '?*) return 0 ;;
	*' 1 ') kill -CHLD "${e2e_end_seen%% *}" ;;
	esac
	return 1
}

# wait_end: until the program in the terminal has ended; its status is STATUS.
wait_end() {
	until_true 'the program to end' desk_ended
	# shellcheck disable=SC2034 # for the story
	STATUS=$(terminal display-message -p -t desk '#{pane_dead_status}')
}

# Without its socket the next terminal cannot meet a server that is leaving.
close_terminal() {
	terminal kill-server
	rm -f "$WORK/tmux"
}

# end_desk KEY...: presses, waits for the end, closes the window.
end_desk() {
	press "$@"
	wait_end
	close_terminal
}

# ---- nothing to do, nothing done --------------------------------------------

cat >"$WORK/idle.py" <<'EOF'
"""Whether a process neither runs nor writes for two seconds on end: it may
take some such spans to settle. What it writes arrives in a FIFO. Nothing is
printed before the end: belay is told of what happens in this directory."""
import os
import select
import sys

pid, fifo = sys.argv[1:]


def used():
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        stat = file.read().rpartition(")")[2].split()
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        switches = [line for line in file if "ctxt_switches" in line]
    return stat[11:13], switches


seen = []
channel = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
for _ in range(6):
    before = used()
    written, _, _ = select.select([channel], [], [], 2)
    if written:
        os.read(channel, 1 << 20)
    elif used() == before:
        sys.exit(0)
    seen.append(f"{before} {used()} {bool(written)}")
sys.exit("\n".join(seen))
EOF

desk_pid() {
	terminal display-message -p -t desk '#{pane_pid}'
}

idle() {
	[ -p "$WORK/idle" ] || mkfifo "$WORK/idle"
	terminal pipe-pane -t desk "cat >'$WORK/idle'"
	"$PYTHON3" "$WORK/idle.py" "${1:-$(desk_pid)}" "$WORK/idle"
	e2e_idle=$?
	terminal pipe-pane -t desk
	return "$e2e_idle"
}

# check_idle WHAT [PID]: the desk (or that process) neither runs nor writes.
check_idle() {
	if [ -r /proc/self/status ]; then
		check "$1" idle "${2:-}"
	else
		check "$1 # SKIP there is no /proc" true
	fi
}

# ---- the browser ------------------------------------------------------------

opened() {
	grep -F -q -e "$1" "$OPENED"
}

# wait_opened TEXT: until xdg-open was given something with TEXT in it.
wait_opened() {
	until_true "'$1' to be opened" opened "$1"
}
