#!/bin/sh
# SPDX-License-Identifier: MIT
# The config is changed while the desk is open: in the user's editor, by other
# programs, while something is sent. What is whole is in force at once, what is
# wrong is shown and mended, and the terminal is given back as it was.
# shellcheck disable=SC2016,SC2317 # for the editor; functions that others get
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

BOOK=$WORK/book.csv
CONFIG=$WORK/config/belay/config.yaml

# The editor does what $WORK/edit says with "$file".
cat >"$WORK/bin/nano" <<EOF
#!/bin/sh
for file; do :; done
printf '%s\\n' "\$*" >>'$WORK/edited'
. '$WORK/edit'
EOF
chmod +x "$WORK/bin/nano"

# editor COMMANDS: what it does from now on.
editor() {
	printf '%s\n' "$1" >"$WORK/edit"
}

# replace OLD NEW: the commands that do so in the file.
replace() {
	printf 'sed "s|%s|%s|" "$file" >"$file.new"; mv "$file.new" "$file"\n' \
		"$1" "$2"
}

edited_at() {
	[ "$(tail -n 1 "$WORK/edited")" = "+$1 $CONFIG" ]
}

line_of() {
	grep -n -e "$1" "$CONFIG" | head -n 1 | cut -d: -f1
}

# outside OLD NEW: another program changes the config.
outside() {
	sed "s|$1|$2|" "$CONFIG" >"$CONFIG.other"
	mv "$CONFIG.other" "$CONFIG"
}

start_edit_desk() {
	start_terminal env VISUAL=nano "$BELAY" "$@"
}

start_practice
make_contacts 24 "$BOOK"

# ---- who has no key yet ------------------------------------------------------

write_config "$BOOK"
grep -v -e agent_email -e api_key "$CONFIG" >"$WORK/plain.yaml"
cp "$WORK/plain.yaml" "$CONFIG"
MAPPING=$(line_of '^mapping:')
start_edit_desk
wait_for 'Alice: ready'
press s
see 'without an e-mail nothing is sent, and it is asked for' \
	'your HealthSherpa e-mail'
press Escape
wait_gone 'your HealthSherpa e-mail'
check 'who says no changed nothing' cmp -s "$CONFIG" "$WORK/plain.yaml"
editor "sed '/version: v1/a\\
\\  agent_email: agent@example.com\\
\\  api_key: {command: [echo, practice]}' \"\$file\" >\"\$file.new\"
mv \"\$file.new\" \"\$file\""
press E
see 'what is saved in the editor is in force' 'config.yaml is in force' \
	'agent@example.com'
check 'the editor was opened at the mapping' edited_at "$MAPPING"
press s
see 'and is sent with at once' 'Anderson, Alice: created'
check 'once' test "$(request_count create 201)" = 1

# ---- wrong, and mended -------------------------------------------------------

editor "$(replace '  city: City' '  citty: City'
	replace '  zip: Postal Code' '  zip: Postal Kode')"
press E
wait_for 'What is wrong: config.yaml'
see 'what is wrong is shown with its place' \
	"config.yaml:$(line_of 'citty: City'):3" 'CONFIG WRONG'
guided 'mend it'
WRONG=$(line_of citty)
editor "$(replace citty city)"
press Enter
see 'a column that the file lacks is wrong as well' 'mapping.zip' \
	'there is no column "Postal Kode"; did you mean "Postal Code"'
check 'the editor was opened at the line' edited_at "$WRONG"
editor "$(replace Kode Code)"
press e
see 'mended, it is in force, and the list is there again' \
	'config.yaml is in force' '24 contacts'
check 'without a mark' screen_lacks 'CONFIG WRONG'
editor 'exit 7'
press E
see 'an editor that ends badly is told' \
	'your editor (nano) ended with error 7'

# ---- changed by another program ----------------------------------------------

outside '  state: State/Region' '  state: Stat'
see 'a change that is wrong is told where the agent is' 'P shows what' \
	'CONFIG WRONG' '24 contacts'
press P
see 'and shown when asked for' 'mapping.state' 'The last good config'
outside 'Stat$' 'State/Region'
see 'mended by the other program, it is in force' 'config.yaml is in force'
press Escape
wait_for '24 contacts'
check_idle 'then nothing is done'

# ---- while something is sent -------------------------------------------------

stop_practice
start_practice --set latency=150ms
outside '  urls: .*' "  urls: {api: '$PRACTICE_URL/v1'}"
see 'the address of the service follows' 'config.yaml is in force'
press Down
wait_gone 'is in force'
echo 'sync: {settle: 2s, concurrency: 2}' >>"$CONFIG"
see 'so does how fast it is sent' 'config.yaml is in force'
press S
wait_for 'would be sent'
guided 'S send all'
press S
wait_for 'to create'
type_text 23
press Enter
wait_requests create 4
outside 'zip: Postal Code' 'zip: [Postal Code, City]'
see 'a change waits for what is being sent' \
	'what is being sent is finished first'
see 'the run ends whole, and the config is taken then' '● 24 synced' \
	'config.yaml is in force'
check 'nobody was created twice' test "$(request_count create 201)" = 24

editor 'echo editing now; read -r line'
press E
wait_for 'editing now'
outside 'city: City' 'city: City # where'
check_idle 'while the editor is open nothing is done'
check 'and the desk has not painted over it' screen_lacks '24 contacts'
press Enter
wait_for '24 contacts'
end_desk q
check 'and belay ends well' test "$STATUS" = 0

# ---- the run goes on under the editor ----------------------------------------

make_contacts 12 "$WORK/more.csv" --first 100
write_config "$WORK/more.csv" 'sync: {concurrency: 2}'
start_edit_desk
wait_for '12 contacts'
BEFORE=$(request_count search)
press S
guided 'S send all'
press S
wait_for 'to create'
type_text 12
press Enter
press E
wait_for 'editing now'
e2e_more() {
	[ "$(request_count search)" -ge $((BEFORE + 12)) ]
}
until_true 'the run to go on under the editor' e2e_more
check 'a run goes on under the editor' true
check 'which has the screen' screen_has 'editing now'
press Enter
see 'and says afterwards how it ended' '12 created'
end_desk q

# ---- the terminal ------------------------------------------------------------

write_config "$BOOK"
editor 'stty -g >"$HOME/inside"; echo editing now; read -r line
	echo "# $line" >>"$file"'
start_terminal env PS1='ready> ' VISUAL=nano sh -i
wait_for 'ready>'
type_text "stty -g >$WORK/home/before"
press Enter
type_text "$BELAY"
press Enter
wait_for 'Alice'
press E
wait_for 'editing now'
check 'the editor has the terminal as the shell had it' \
	cmp "$WORK/home/before" "$WORK/home/inside"
press C-z
wait_for Stopped
type_text 'stty -g >"$HOME/stopped"; echo $((40 + 2))th'
press Enter
wait_for 42th
check '^Z in the editor stops both, the shell has its settings' \
	cmp "$WORK/home/before" "$WORK/home/stopped"
type_text 'fg'
press Enter
type_text 'typed after fg'
press Enter
wait_for 'Alice'
check 'fg goes on with both' grep -q '# typed after fg' "$CONFIG"
press Down
cursor_on 'Anderson, Benjamin'
press q
wait_gone Anderson
type_text 'stty -g >"$HOME/after"; echo $((50 + 1))st'
press Enter
wait_for 51st
check 'after the end the settings are as they were' \
	cmp "$WORK/home/before" "$WORK/home/after"

# in_editor COMMANDS: belay from the shell, in an editor that does so.
in_editor() {
	editor "$1; stty raw -echo; echo editing now; read -r line"
	type_text "clear; $BELAY; echo ended with \$?."
	press Enter
	wait_for 'Alice'
	press E
	wait_for 'editing now'
}

# ended_under SIGNAL STATUS: belay gets it while the editor is open.
ended_under() {
	in_editor 'echo $PPID >"$HOME/belay"'
	kill -"$1" "$(cat "$WORK/home/belay")"
	wait_for "ended with $2."
	type_text "stty -g >\$HOME/after; echo $1 \$((60 + 1))st"
	press Enter
	wait_for "$1 61st"
	check "SIG$1 under the editor ends both, the settings are back" \
		cmp "$WORK/home/before" "$WORK/home/after"
}
ended_under TERM 143
ended_under HUP 129

# The window is closed under both.
in_editor 'echo $PPID >"$HOME/belay"; echo $$ >"$HOME/editor"'
terminal kill-session -t desk
rm -f "$WORK/tmux"
gone() {
	! grep -q '^State:.[^ZX]' "/proc/$(cat "$WORK/home/$1")/status"
}
until_true 'the end of belay' gone belay
until_true 'the end of the editor' gone editor
check 'the window is closed: both are gone' true
start_terminal env PS1='ready> ' VISUAL=nano sh -i
wait_for 'ready>'

# An editor that nothing but force ends, killed in the middle.
in_editor 'echo $$ >"$HOME/editor"'
kill -KILL "$(cat "$WORK/home/editor")"
see 'an editor that is killed leaves a desk that works' 'ended by force' Alice
press Down
cursor_on 'Anderson, Benjamin'
press q
wait_for 'ended with 0.'
type_text 'stty -g >"$HOME/after"; echo $((70 + 1))st'
press Enter
wait_for 71st
check 'and gives the terminal back as it was' \
	cmp "$WORK/home/before" "$WORK/home/after"

# One that stops itself alone, as SIGSTOP does.
editor 'kill -STOP $$; echo editing on; read -r line'
type_text "clear; $BELAY"
press Enter
wait_for 'Alice'
press E
wait_for Stopped
check 'an editor that stops itself alone stops both' true
type_text fg
press Enter
wait_for 'editing on'
press Enter
wait_for 'Alice'
press q
wait_gone Anderson
close_terminal

# ---- a config that does not fit the file -------------------------------------

outside 'Phone Number\]' 'Telefon]'
outside 'zip: Postal Code' 'zip: PLZ'
start_edit_desk
see 'a mapping that does not fit opens the desk on what is wrong' \
	'What is wrong: config.yaml' 'mapping.phone' 'mapping.zip'
press Escape
see 'the contacts can be looked at' 'Anderson, Alice' 'does not fit this file'
press s
see 'but not sent' 'so nothing is sent'
editor "$(replace Telefon 'Phone Number'
	replace 'PLZ' 'Postal Code')"
press E
see 'mended, all is as ever' '● 24 synced' 'config.yaml is in force'

# ---- another environment -----------------------------------------------------

cp "$CONFIG" "$WORK/practice.yaml"
grep -v -e urls: "$CONFIG" | sed 's/environment: .*/environment: staging/' \
	>"$CONFIG.other"
mv "$CONFIG.other" "$CONFIG"
see 'another environment is another ledger' 'STAGING' \
	'contacts are sent to staging from now on' '○ 24 new'
cp "$WORK/practice.yaml" "$CONFIG"
see 'and back' 'PRACTICE' '● 24 synced'
end_desk q
check 'and it ends well' test "$STATUS" = 0
run_belay status
check 'the commands go on as before' test "$STATUS" = 0

# ---- no config at all --------------------------------------------------------

rm "$CONFIG"
editor 'exit 0'
start_edit_desk "$BOOK"
guided 'use it'
press Escape
wait_for '24 contacts'
press E
see 'without a config one is offered' 'There is no config yet' 'y writes one'
check 'but not made' test ! -e "$CONFIG"
press Escape
wait_gone 'There is no config yet'
press E
wait_for 'There is no config yet'
press y
see 'it is written for this file, and in force' 'config.yaml is in force' Alice
check 'with its contacts' grep -q "$BOOK" "$CONFIG"
end_desk q
finish
