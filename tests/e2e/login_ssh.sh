#!/bin/sh
# SPDX-License-Identifier: MIT
# The login of version 2 where most agents meet it: belay on another machine,
# reached by ssh from inside tmux, the browser on this one. A real sshd on a
# free port of the loopback; by pasting the last address, and through the very
# tunnel that the screen names.
#
# Both "machines" are this one, so the port that belay listens on is taken on
# 127.0.0.1. The agent's own computer is 127.0.0.2 here: the tunnel gets that
# address in front of its port, and nothing else is changed.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

SSHD=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd || true)
SSH=$(command -v ssh || true)
for program in "$SSHD:sshd" "$SSH:ssh"; do
	if [ -z "${program%%:*}" ]; then
		echo "1..0 # SKIP ${program#*:} is missing:" \
			'this story was not played'
		exit 0
	fi
done

BOOK=$WORK/book.csv
LAPTOP=127.0.0.2

free_port() {
	"$PYTHON3" -c 'import socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(probe.getsockname()[1])'
}

# ---- the machine that is reached ------------------------------------------------

sshd_listens() {
	grep -q '^Server listening on ' "$WORK/sshd.log"
}

# Its sessions have the story's world, as a login there would have its own.
start_sshd() {
	ssh-keygen -q -t ed25519 -N '' -f "$WORK/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$WORK/user_key"
	SSH_PORT=$(free_port)
	cat >"$WORK/sshd_config" <<END
ListenAddress 127.0.0.1:$SSH_PORT
HostKey $WORK/host_key
AuthorizedKeysFile $WORK/user_key.pub
PidFile none
StrictModes no
UsePAM no
AuthenticationMethods publickey
PermitRootLogin yes
PermitUserRC no
PrintMotd no
PrintLastLog no
SetEnv HOME=$WORK/home XDG_CONFIG_HOME=$WORK/config XDG_STATE_HOME=$WORK/state TMPDIR=$WORK/tmp LC_ALL=C.UTF-8 TZ=UTC DISPLAY=:0
END
	# What a service manager makes for it at boot.
	[ "$(id -u)" -ne 0 ] || [ -d /run/sshd ] || mkdir -m 755 /run/sshd
	"$SSHD" -D -e -f "$WORK/sshd_config" 2>"$WORK/sshd.log" &
	also_end $!
	until_true 'the ssh server' sshd_listens
}

# The agent's own computer: its ~/.ssh, as a program of that name.
make_ssh() {
	printf '[127.0.0.1]:%s %s\n' "$SSH_PORT" \
		"$(cat "$WORK/host_key.pub")" >"$WORK/known_hosts"
	cat >"$WORK/ssh_config" <<END
Host *
IdentityFile $WORK/user_key
IdentitiesOnly yes
UserKnownHostsFile $WORK/known_hosts
StrictHostKeyChecking yes
BatchMode yes
LogLevel ERROR
Host office
HostName 127.0.0.1
Port $SSH_PORT
END
	cat >"$WORK/bin/ssh" <<END
#!/bin/sh
exec '$SSH' -F '$WORK/ssh_config' "\$@"
END
	chmod +x "$WORK/bin/ssh"
}

# ---- the browser ------------------------------------------------------------------

# The address on the screen: over the whole width, up to a blank line.
shown_address() {
	screen | awk '/^https?:/ { on = 1 } on && !NF { exit }
		on { printf "%s", $0 } END { print "" }'
}

# As one selects it: tmux joins what it wrapped itself.
selected_address() {
	terminal capture-pane -J -p -t desk | sed -n '/^http/s/ *$//p'
}

# laptop_visits ADDRESS: from the agent's own computer; the page.
laptop_visits() {
	"$PYTHON3" - "$1" "$LAPTOP" <<'END'
import http.client, sys, urllib.parse
parts = urllib.parse.urlsplit(sys.argv[1])
laptop = http.client.HTTPConnection(sys.argv[2], parts.port, timeout=20)
laptop.request("GET", f"{parts.path}?{parts.query}",
               headers={"Host": parts.netloc})
print(laptop.getresponse().read().decode())
END
}

laptop_listens() {
	"$PYTHON3" -c 'import socket, sys
socket.create_connection((sys.argv[1], int(sys.argv[2])), 5).close()' \
		"$LAPTOP" "$LOGIN_PORT"
}

paste() {
	terminal set-buffer -- "$1"
	terminal paste-buffer -p -t desk
}

# ---- the story ----------------------------------------------------------------------

start_practice --set latency=0s
make_contacts 2 "$BOOK"
write_config_v2 "$BOOK" 'sync: {settle: 2s}'
start_sshd
make_ssh

# ---- by pasting the last address ------------------------------------------------

# ask_to_send: in the desk, until the login screen is there.
ask_to_send() {
	press S
	guided 'S send all'
	press S
	wait_for 'Login at HealthSherpa'
	wait_for 'ssh -N -L'
}

start_terminal ssh -tt office "$BELAY"
see 'the desk comes up over ssh' '2 contacts' 'PRACTICE  not logged in  v2'
ask_to_send
ADDRESS=$(shown_address)
check 'the address ends with what belongs to it' \
	test "${ADDRESS##*&}" = code_challenge_method=S256
check 'it goes back to where belay listens' test -n "$(echo "$ADDRESS" |
	grep -F "redirect_uri=http%3A%2F%2F127.0.0.1%3A$LOGIN_PORT%2F")"
check 'it is selected whole' test "$(selected_address)" = "$ADDRESS"
check 'what waits is said' screen_has \
	'first a login: the sync goes on by itself after it'
check 'the tunnel is named as this session was reached' screen_has \
	"ssh -N -L $LOGIN_PORT:127.0.0.1:$LOGIN_PORT -p $SSH_PORT $(id -un)@127.0.0.1"
check 'and what to do without one' screen_has 'paste it here'
guided 'p paste the address'

paste 'http://127.0.0.1/callback?code=other&state=other'
see 'a wrong address is refused, and told from the right one' \
	"http://127.0.0.1:$LOGIN_PORT/callback and is shown"
check 'nothing was sent' test "$(request_count create)" = 0
LAST=$(consent "$ADDRESS")
paste "$LAST"
see 'the sync went on by itself' '● 2 synced'
check 'both were created' test "$(request_count create 201)" = 2
check 'one code was exchanged' test "$(request_count token)" = 1
check 'no code is left on the screen' screen_lacks 'code='

press b
see 'the quote page is shown as an address' 'Over SSH belay cannot open' \
	"$PRACTICE_URL/quote/"
check 'that one is whole, too' test -n "$(selected_address |
	grep '/quote/[0-9a-f]*$')"
check 'no browser was started over there' test ! -s "$OPENED"
press Escape
wait_for '2 contacts'
end_desk q
check 'ssh ends as belay did' test "$STATUS" = 0
check 'and leaves nothing that is secret behind' test -z "$(
	grep -r -l -F 'practice-secret' "$WORK/state")"

# ---- through the tunnel ---------------------------------------------------------

run_belay logout
check 'the login is forgotten' test "$STATUS" = 0
make_contacts 3 "$BOOK"
start_terminal ssh -tt office "$BELAY"
wait_for '3 contacts'
ask_to_send
LAST=$(consent "$(shown_address)")
check 'without the tunnel the page is not there' \
	test "$(laptop_listens 2>/dev/null; echo $?)" != 0
TUNNEL=$(screen_line 'ssh -N -L' |
	sed "s/^ *//; s/ *\$//; s/-L /-L $LAPTOP:/")
# shellcheck disable=SC2086 # words, as a shell takes the line
become $TUNNEL 2>"$WORK/tunnel.err" &
tunnel=$!
also_end $tunnel
until_true 'the tunnel' laptop_listens
laptop_visits "$LAST" >"$WORK/page"
check 'the page comes through the tunnel' \
	grep -q 'You are logged in' "$WORK/page"
see 'and the sync goes on by itself' ': created. The quote page is ready'
check 'the third was created' test "$(request_count create 201)" = 3
press q
wait_for '● 3 synced'
end_desk q
e2e_end $tunnel
check 'nothing was wrong with the tunnel' test ! -s "$WORK/tunnel.err"

# ---- the command ------------------------------------------------------------------

run_belay logout
start_terminal ssh -tt office "$BELAY" login
wait_for 'Waiting (Ctrl-C ends it)'
check 'the command names the tunnel, too' screen_has "-p $SSH_PORT $(id -un)@"
check 'and its address is whole' test -n "$(selected_address |
	grep 'code_challenge_method=S256$')"
paste "$(consent "$(selected_address)")"
press Enter
wait_end
check 'it is logged in' test "$STATUS" = 0
check 'and says so' test -n "$(screen_and_before | grep 'Logged in')"
close_terminal

# Without a terminal of its own: the address by one pipe, the answer by another.
run_belay logout
mkfifo "$WORK/typed" "$WORK/told"
in_world ssh office "$BELAY" login <"$WORK/typed" >"$WORK/told" \
	2>"$WORK/err" &
login=$!
also_end $login
exec 8>"$WORK/typed" 7<"$WORK/told"
read -r ADDRESS <&7
consent "$ADDRESS" >&8
exec 8>&-
wait $login
check 'so does the one in a pipe' test $? = 0
exec 7<&-
run_belay sync --yes
check 'and it can sync' test "$STATUS" = 0
finish
