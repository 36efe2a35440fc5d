#!/bin/sh
# SPDX-License-Identifier: MIT
# An export, a file name and a service that want to drive the terminal: escape
# sequences, C1, bidi controls and bad bytes in every cell, in the header, in
# the name of the file, in what is pasted, in every answer. Every byte that
# reaches the terminal is looked at: none of it may be theirs.
# shellcheck disable=SC2317 # functions that others are given
# shellcheck source=tests/e2e/lib.sh
. "${BELAY_TESTS:?}/e2e/lib.sh"

cat >"$WORK/hostile.py" <<'EOF'
"""What wants to reach the terminal; who looks whether it did.
hostile.py book DIR | paste FILE | serve | look RAW | self"""
import csv
import http.server
import io
import json
import re
import sys
import unicodedata

PIECES = [
    "\x1b]0;PWNED\x07", "\x1b]2;PWNED\x1b\\", "\x1b[31337m", "\x1b[2J",
    "\x1b[31337;1H", "\x1bc", "\x1b#8", "\x1b[?1049l", "\x1b[6n", "\x1b[c",
    "\x1bP31337+q\x1b\\", "\x1b_PWNED\x1b\\", "\x1b^PWNED\x1b\\",
    "\x1b]52;c;UFdORUQ=\x07", "\x1b]8;;http://evil.example/\x1b\\PWNED",
    "\x9b31337m", "\x9d0;PWNED\x9c", "\x90PWNED\x9c", "\x85", "\x07", "\x08",
    "\x7f", "\x0e", "\x0f", "\x05", "\x0b", "\x0c", "\r", "\n", "\t", "\x1b",
    "\u202e", "\u202d", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e",
    "\u200f", "\u061c", "\u200b", "\ufeff", "\u2028", "\u2029", "\u00ad",
    "\u2060", "\U000e0041", "\u0301" * 300, "\u3164",
]
BAD_BYTES = [b"\x9b31337m", b"\x9d0;PWNED\x9c", b"\xc0\x9b31337m",
             b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x80", b"\xff"]
# A terminal's own speech, as curses and belay write it.
GOOD = re.compile(
    r"\x1b\[[0-9;]*[ABCDGHJKLMPSTXdfm@r]"
    r"|\x1b\[\?(1|7|12|25|1049|2004)(;25)?[hl]|\x1b\[(4|34)[hl]"
    r"|\x1b\[2[23];[0-2]t|\x1b[78=>M]|\x1b[()][0B]"
    r"|\x1b\]2;belay [ -~\xa0-\U0010ffff]*\x1b\\")
HEADER = ["Record ID", "First Name", "Last Name", "Email", "Phone Number",
          "Date of birth", "Gender", "Street Address", "City", "State/Region",
          "Postal Code", "MBI", "Lead \x1b]0;PWNED\x07\u202eStatus",
          "HealthSherpa ID"]


def book(directory):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number, piece in enumerate(PIECES):
        row = [f"a{piece}b"] * (len(HEADER) - 1) + [""]
        row[0] = f"{number}{piece}" if number % 2 else f"{number}"
        if number % 4 < 2:  # half of them can be sent
            row[4:12] = ["(916) 555-0123", "1/2/1950", "Female", f"1 {piece}",
                         "Reno", "NV", "89501", ""]
            row[3] = ""
        writer.writerow(row)
    text = out.getvalue().encode()
    name = b"evil\x1b]2;PWNED\x07\xe2\x80\xae\xc2\x9b31337m.csv"
    with open(directory.encode() + b"/" + name, "wb") as file:
        file.write(text)
    for number, piece in enumerate(BAD_BYTES):
        with open(f"{directory}/bytes{number}.csv", "wb") as file:
            file.write(",".join(HEADER[:3]).encode())
            file.write(b"\r\n1\xc3\xa9,Ada,Good\r\n")
            file.write(b"2,a%sb,c%sd\r\n" % (piece, piece))
        # without UTF-8 above, the same bytes are Windows-1252
        with open(f"{directory}/latin{number}.csv", "wb") as file:
            file.write(",".join(HEADER[:3]).encode())
            file.write(b"\r\n1,Ada,Good\r\n")
            file.write(b"2,a%sb,c%sd\r\n" % (piece, piece))


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = 0

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        spell = "".join(PIECES[:40])
        if self.path.endswith("/search"):
            self.answer(404, {"error": {"code": "not_found"}})
            return
        Service.count += 1
        if Service.count % 2:
            self.answer(422, {"error": {"code": "x" + spell, "message": spell,
                                        "details": {spell: [spell]}},
                              "errors": {spell: [spell]}})
        else:
            self.answer(201, {"data": {
                "contact": {"id": "id" + spell, "first_name": spell},
                "redirect_url": "http://127.0.0.1/quote/" + spell}})

    do_PATCH = do_POST

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status, "\x1b]0;PWNED\x07")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words):
        pass


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def theirs(data):
    """What of the bytes is not belay's: a list of words."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return [f"not UTF-8: {data[error.start - 20:error.start + 9]!r}"]
    found = []
    rest = GOOD.sub("", text)
    for code in sorted(set(rest) - set("\r\n\b\t\x0f")):
        if unicodedata.category(code) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl",
                                          "Zp") or code in "\u3164":
            place = rest.index(code)
            found.append(f"U+{ord(code):04X} in "
                         f"{rest[max(0, place - 30):place + 30]!r}")
    found += re.findall(r"\x1b\[[0-9;]*31337[0-9;]*[A-Za-z]", text)
    found += re.findall(r"[\u0300-\u036f]{5}", text)[:1]
    # Allowed from belay, but not between the letters of a cell.
    found += [repr(place) for place in re.findall(r"a[\x07\x08\x0f]b", text)]
    return found


def look(path):
    with open(path, "rb") as file:
        data = file.read()
    found = theirs(data)
    print(len(data), "bytes", *found, sep="\n")
    return bool(found) or len(data) < 1000


def self_check():
    """Every piece is found where nobody cleans it."""
    missed = [piece for piece in PIECES
              if piece not in ("\r", "\n", "\t", "\x1b[2J", "\x1b[?1049l")
              and not theirs(f"\x1b[3;1Ha{piece}b".encode())]
    missed += [piece for piece in BAD_BYTES if not theirs(b"a" + piece + b"b")]
    print(missed)
    return bool(missed)


command, *words = sys.argv[1:]
if command == "book":
    book(*words)
elif command == "paste":
    with open(words[0], "w", encoding="utf-8", newline="") as output:
        output.write("p" + "".join(PIECES[:31]).replace("\n", "") + "q")
elif command == "serve":
    serve()
else:
    sys.exit(look(*words) if command == "look" else self_check())
EOF

hostile() {
	"$PYTHON3" -B "$WORK/hostile.py" "$@"
}

pasted() {
	terminal paste-buffer -p -b mine -t desk
}

# through_contacts N: each is opened and gone through, field by field.
through_contacts() {
	press g
	for number in $(seq "$1"); do
		press e
		wait_for 'IN THE FILE'
		type_text njjjjjjjjjjjjjvG
		press Escape
		wait_gone 'IN THE FILE'
		press Down
	done
}

check 'what is looked for would be found' hostile self
hostile book "$WORK"
hostile paste "$WORK/paste"
BOOK=$(find "$WORK" -name 'evil*.csv')
exec 8>"$WORK/serve.err"
"$PYTHON3" -B "$WORK/hostile.py" serve >"$WORK/serve.out" 2>&8 &
e2e_proxy=$!
until_true 'the service' e2e_listening "$WORK/serve.out"
cp "$BOOK" "$WORK/before.csv"
PRACTICE_URL=$(sed -n 's/^listening on //p' "$WORK/serve.out")
write_config "$WORK/book.csv" 'sync: {settle: 1s, rate: none}'
sed -i -e '/^  medicare_part/d' -e 's/^  phone:.*/  phone: Phone Number/' \
	-e 's/^  type:.*/  notes: "Lead \\e]0;PWNED\\a\\u202eStatus"/' \
	"$WORK/config/belay/config.yaml"

# ---- the list, every contact, the plan --------------------------------------

start_recorded "$BELAY" "$BOOK"
terminal set -g set-clipboard on \; load-buffer -b mine "$WORK/paste"
wait_for contacts
until_true 'a status in every row' screen_lacks 'being looked at'
check 'it opens' screen_has evil
check 'the title is belay'"'"'s' test -n "$(terminal display-message -p \
	-t desk '#{pane_title}' | grep '^belay evil')"
through_contacts 49
press S
wait_for 'would be sent'
type_text jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj
press Escape
guided '? help'

# ---- what is pasted ---------------------------------------------------------

for key in / : f; do
	type_text "$key"
	wait_for 'Enter ok'
	pasted
	wait_for PWNED
	press Enter
	press C-u
	press Escape
	guided '? help'
done
press g Enter
wait_for 'IN THE FILE'
press e
wait_for Typing
pasted
wait_for '␛q'
press Enter
guided 'w save'
press u
wait_for 'taken back'
press Escape
guided '? help'

# ---- what the service says --------------------------------------------------

press S
wait_for 'would be sent'
press S
wait_for 'to create'
type_text "$(screen | sed -n 's/^ type \([0-9]*\) to create.*/\1/p')"
press Enter
wait_for 'not taken'
wait_gone pause
press R
wait_for 'The last run'
press g
type_text jjjjjjjjjjjjjjjjjjjjjjj
# Enter would lead to the review of a row that is in one
press e
wait_for 'IN THE FILE'
press b y
press Escape
wait_for 'The last run'
press Escape
guided '? help'
press L
through_contacts 12
check 'the title is still its own' test -n "$(terminal display-message -p \
	-t desk '#{pane_title}' | grep '^belay evil')"
check 'the clipboard is still ours' \
	test "$(terminal list-buffers -F '#{buffer_name}')" = mine
press q
wait_end
check 'the desk lives through it' test "$STATUS" = 0
close_terminal
check 'nothing of it reached the terminal' hostile look "$WORK/raw"
check 'nor the file' cmp "$BOOK" "$WORK/before.csv"
check 'and nothing a browser' test "$(grep -c -v -e '^$' -e '/sessions/new$' \
	"$OPENED")" -eq 0

# ---- bytes that are no UTF-8, and without UTF-8 -----------------------------

PLAIN=$WORK/plain.yaml
sed -e '/^mapping:/,$d' "$WORK/config/belay/config.yaml" >"$PLAIN"
cat >>"$PLAIN" <<'EOF'
mapping: {external_id: Record ID, first_name: First Name, last_name: Last Name}
EOF
for number in 0 1 2 3 4 5 6; do
	start_recorded "$BELAY" -c "$PLAIN" "$WORK/bytes$number.csv"
	wait_for 'Good, Ada'
	wait_for 'export the file again as UTF-8'
	press Down Enter
	wait_for 'IN THE FILE'
	press Escape
	wait_for 'Good, Ada'
	see "what cannot be read stays said ($number)" \
		"bytes$number.csv:3: the text is not UTF-8"
	end_desk q
	check "bad bytes do not reach the terminal ($number)" \
		hostile look "$WORK/raw"
done

for number in 0 1 2 3 4 5 6; do
	start_recorded "$BELAY" -c "$PLAIN" "$WORK/latin$number.csv"
	wait_for 'Good, Ada'
	press Down Enter
	wait_for 'IN THE FILE'
	press Escape
	wait_for 'Good, Ada'
	end_desk q
	check "nor those of Windows-1252 ($number)" hostile look "$WORK/raw"
done

start_recorded env LC_ALL=C "$BELAY" "$BOOK"
wait_for contacts
through_contacts 12
end_desk q
check 'nor without UTF-8' hostile look "$WORK/raw"
check 'where there is ASCII only' \
	test "$(LC_ALL=C tr -d '\000-\177' <"$WORK/raw" | wc -c)" -eq 0
finish
