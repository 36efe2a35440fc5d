#!/bin/sh
# SPDX-License-Identifier: MIT
# An e-mail that is not there yet is asked for and kept in the config. A key that
# was mistyped: HealthSherpa refuses it, the sentence says where it
# is, the next sync asks for it again, in the same desk and in the next one. The
# right one is kept, and the wrong one gone.
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

start_practice --api-key right-key-of-practice
make_contacts 3 "$WORK/book.csv"
write_config "$WORK/book.csv"
CONFIG=$WORK/config/belay/config.yaml
sed -i -e '/api_key:/d' -e '/agent_email:/d' "$CONFIG"

# type_key KEY
type_key() {
	wait_for 'Enter types it'
	check 'the question says where a key comes from' \
		screen_has 'medicare-integrations@healthsherpa.com'
	check 'and where it will be kept' screen_has 'It will be kept in'
	press Enter
	wait_for 'not shown'
	type_text "$1"
	press Enter
}

kept() {
	find "$WORK/config" "$WORK/state" -name "$1"
}

start_desk
wait_for '3 contacts'
press s
wait_for 'your HealthSherpa e-mail'
type_text maria
press Enter
see 'what is no e-mail is refused' 'that is not an e-mail address'
check 'and not written' test -z "$(grep agent_email "$CONFIG")"
press C-u
type_text agent@example.com
press Enter
wait_for 'Enter types it'
check 'the e-mail is in the config' \
	grep -q '^ *agent_email: agent@example.com$' "$CONFIG"
check 'and in force' screen_has 'agent@example.com'
type_key wrong-key-typed-once
see 'a wrong key is refused, and it is said where it is' \
	'did not accept the key that was typed' 'refused)'
check 'it is set aside' test -n "$(kept '*.refused')"
press s
type_key wrong-key-typed-twice
see 'it is asked for again in the same desk' \
	'did not accept the key that was typed'
end_desk q
start_desk
wait_for '3 contacts'
press s
type_key right-key-of-practice
see 'and in the next one; the right one is taken' '1 synced'
check 'it is kept' test -n "$(find "$WORK/state/belay/keys" -type f)"
check 'and the wrong one is gone' test -z "$(kept '*.refused')"
press j s
see 'and not asked for any more' '2 synced'
end_desk q

# A program that gives the key may wait for somebody to unlock it: keys go on,
# Esc gives up, and what it gives in the end sends.
mkfifo "$WORK/unlock"
cat >"$WORK/pass" <<END
#!/bin/sh
echo \$\$ >>'$WORK/asked'
exec cat '$WORK/unlock'
END
chmod +x "$WORK/pass"
sed -i "s|^service:.*|&\\n  api_key: {command: [$WORK/pass]}|" "$CONFIG"
asked() {
	[ "$(wc -l <"$WORK/asked" 2>/dev/null || echo 0)" -eq "$1" ]
}
gone() {
	! kill -0 "$(tail -n 1 "$WORK/asked")" 2>/dev/null
}
start_desk
wait_for '3 contacts'
press G s
see 'the screen says whom it waits for' 'waiting for ' 'to give the API key' \
	'Esc does not send'
until_true 'the program to run' asked 1
press '?'
see 'keys are heard meanwhile' 'WHAT IT DOES'
press q
wait_for '3 contacts'
press Escape
see 'Esc gives up' 'nothing is sent'
until_true 'the program to end' gone
press s
until_true 'the program to be asked anew' asked 2
echo right-key-of-practice >"$WORK/unlock"
see 'what it gives in the end sends' '3 synced'
end_desk q
finish
