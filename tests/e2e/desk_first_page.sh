#!/bin/sh
# SPDX-License-Identifier: MIT
# Somebody starts belay and has named nothing: the first page. They try it on
# practice data, come back, read how to get a key, open the export of their CRM
# by typing its path, and are asked for the key at the first sync. A config with
# agents asks whose contacts it shall be.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

cat >"$WORK/home/clients.csv" <<'CSV'
Client ID,First Name,Last Name,DOB,Sex,Phone,State,Zip,MBI
71,Ruth,Abernathy,3/15/1955,F,(916) 555-0123,CA,95811,1EG4-TE5-MK73
72,Walter,Adams,4/16/1956,M,(916) 555-0124,CA,95811,
CSV

# ---- the page ---------------------------------------------------------------

start_desk
see 'nothing named: a page, and no error' 'Welcome' 'Try it on practice data' \
	'Open a contact list' 'How to get a key' 'Enter choose'
press End Enter
see 'how to come to a key can be read' 'A key from HealthSherpa' 'Partner API'
press Escape
wait_for 'Welcome'
press Home Enter
see 'practice data opens in place' '25 contacts' 'PRACTICE'
press q
see 'and the page comes back' 'Welcome' 'That was practice'
check 'nothing is left of it' \
	test -z "$(find "$WORK/tmp" "$WORK/state" "$WORK/config" -type f)"

# ---- keys of the config ------------------------------------------------------

end_desk q
mkdir -p "$WORK/config/belay"
printf 'desk: {keys: {quit: "F10 Q", down: "J Down"}}\n' \
	>"$WORK/config/belay/config.yaml"
start_desk
see 'the config'"'s"' keys are those of the page, too' 'J down' 'F10 quit'
press q
see 'and the usual ones are not' 'q does nothing here'
end_desk Q
rm -r "$WORK/config/belay"
start_desk
wait_for 'Welcome'

# ---- a file -----------------------------------------------------------------

press Down Enter
wait_for 'file:'
type_text 'nowhere.csv'
press Enter
see 'a file that is not there is told' "there is no file 'nowhere.csv'"
press C-u
# shellcheck disable=SC2088 # belay expands it
type_text '~/cl'
press Tab
see 'the path is completed' '~/clients.csv'
press Enter
see 'the proposal opens' 'Client ID' 'use it'
press a
wait_for 'y yes'
press y
see 'and with it everything works without a key' '2 contacts' '2 new'
press S
wait_for 'What would be sent'
press S
see 'the first sync asks for what is missing' 'your HealthSherpa e-mail'
press Escape
wait_for 'S send all'
press Escape
wait_gone 'What would be sent'
end_desk q
check 'leaving the book leaves belay' test "$STATUS" = 0

# ---- agents, no terminal ----------------------------------------------------

cp "$WORK/home/clients.csv" "$WORK/config/belay/maria.csv"
cat >"$WORK/config/belay/config.yaml" <<'YAML'
mapping: {external_id: Client ID, first_name: First Name, last_name: Last Name}
profiles:
  maria: {contacts: maria.csv, agent_email: maria@example.com}
  jose: {contacts: jose.csv, agent_email: jose@example.com}
YAML
start_desk
see 'agents: whose contacts' 'Whose contacts' 'maria' 'jose'
press End Enter
see 'a file that is missing is told, and asked again' 'jose.csv' \
	'Whose contacts'
press Home Enter
see 'the contacts of one agent' '2 contacts' 'maria'
end_desk q
rm "$WORK/config/belay/config.yaml"
start_terminal env TERM=dumb "$BELAY"
wait_end
check 'a dumb terminal is refused politely' screen_has 'belay status'
check 'as a wrong use' test "$STATUS" = 64
close_terminal
run_belay
check 'without a terminal as well' grep -q 'the desk needs a terminal' \
	"$WORK/err"
check 'as a wrong use, too' test "$STATUS" = 64
finish
