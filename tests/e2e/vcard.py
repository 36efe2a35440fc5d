# SPDX-License-Identifier: MIT
"""Cards as phones and address books write them, without a mapping: there and
back through the practice server, every other byte as it was."""

import quopri
import re

from story import check, equal, json_lines, main, person

COUNT = 50
PHOTO = "AAAA" * 16


def card(number):
    """Contact `number` as one program or another writes it."""
    uid, first, last, email, phone, birth, _, zip_code = person(number)
    month, day, year = birth.split("/")
    date = f"{year}-{int(month):02}-{int(day):02}"
    styles = (iphone, android, khard, google)
    return styles[number % len(styles)](
        uid, first, last, email, phone, date, zip_code)


def iphone(uid, first, last, email, phone, date, zip_code):
    lines = ["BEGIN:VCARD", "VERSION:3.0", "PRODID:-//Apple Inc.//iPhone//EN",
             f"N:{last};{first};;;", f"FN:{first} {last}",
             f"item1.EMAIL;type=INTERNET;type=pref:{email}",
             "item1.X-ABLabel:_$!<Home>!$_",
             f"TEL;type=CELL;type=VOICE:{phone}",
             f"item2.ADR;type=HOME:;;12 Elm St\\nApt 4;Sacramento;CA;{zip_code};",
             f"BDAY:{date}", f"PHOTO;ENCODING=b;TYPE=JPEG:{PHOTO}"]
    lines += [f" {PHOTO}"] * 40 + [f"UID:{uid}", "END:VCARD", ""]
    return "\r\n".join(lines)


def android(uid, first, last, email, phone, date, zip_code):
    def quoted(text):
        return quopri.encodestring(text.encode(), quotetabs=True).decode()

    name = (f"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{quoted(last)};"
            f"{quoted(first)};;;")
    lines = ["BEGIN:VCARD", "VERSION:2.1", name, f"TEL;CELL:{phone}",
             f"TEL;WORK;FAX;PREF:(916) 555-0198",
             f"EMAIL;HOME:{email}", f"ADR;HOME:;;12 Elm St;Davis;CA;{zip_code};",
             f"BDAY:{date}", f"PHOTO;ENCODING=BASE64;JPEG:{PHOTO}", f" {PHOTO}",
             "", f"UID:{uid}", "END:VCARD", ""]
    return "\r\n".join(lines)


def khard(uid, first, last, email, phone, date, zip_code):
    return "\n".join([
        "BEGIN:VCARD", "VERSION:4.0", f"UID:{uid}", f"FN:{first} {last}",
        f"N:{last};{first};;;", f"TEL;VALUE=uri;TYPE=\"cell,voice\":tel:{phone}"
        .replace("(", "").replace(") ", "-"), f"EMAIL;PREF=1:{email}",
        f"ADR;TYPE=home:;;12 Elm St;Davis;CA;{zip_code};",
        f"BDAY:{date.replace('-', '')}", "GENDER:F;woman",
        "X-HOBBY:chess\\, go", "END:VCARD", "", ""])


def google(uid, first, last, email, phone, date, zip_code):
    return "\r\n".join([
        "BEGIN:VCARD", "VERSION:3.0", f"FN:{first} {last}",
        f"N:{last};{first};;;", f"EMAIL;TYPE=INTERNET:{email}",
        f"TEL;TYPE=CELL:{phone}", f"BDAY:{date}",
        f"ADR;TYPE=HOME:;;12 Elm St;Davis;CA;{zip_code};US;",
        "NOTE:a line that is so long that it goes on in the next line of the ",
        " file\\, as lines of cards do", f"UID:{uid}", "END:VCARD", ""])


def writes(place, since=0):
    return [request for request in place.requests()[since:]
            if request["route"] in ("create", "update")]


def summary(done):
    return json_lines(done.stdout)[-1]["summary"]


def ids_of(data):
    return re.findall(rb"X-HEALTHSHERPA-ID:([0-9a-f-]{36})\r?\n", data)


def without_ids(data):
    return re.sub(rb"X-HEALTHSHERPA-ID:[^\r\n]*\r?\n", b"", data)


def story_fifty_cards(place):
    place.serve()
    place.config(mapping="")
    before = "".join(card(number) for number in range(COUNT)).encode()
    path = place.path("contacts.vcf")
    with open(path, "wb") as file:
        file.write(before)

    done = place.belay("sync", path, "--json", status=0)
    equal(summary(done)["created"], COUNT, "created")
    equal(place.people(), {person(n)[0]: 1 for n in range(COUNT)},
          "contacts at the service")
    for request in writes(place):
        contact = request["body"]["contact"]
        number = int(contact["external_id"]) - 1000
        _, first, last, email, phone, _, _, zip_code = person(number)
        equal([contact["first_name"], contact["last_name"], contact["email"]],
              [first, last, email], "who")
        equal(contact["phone"], re.sub(r"\D", "", phone), "the mobile number")
        equal([contact["address_1"], contact["state"], contact["zip"]],
              ["12 Elm St", "CA", zip_code], "where")
        check(re.fullmatch(r"19\d\d-\d\d-\d\d", contact["birth_date"]),
              "birth date")
        check("notes" not in contact, "notes are not sent")

    after = place.read("contacts.vcf")
    equal(len(set(ids_of(after))), COUNT, "different IDs")
    check(without_ids(after) == before, "some other byte of the file changed")
    for text in after.split(b"BEGIN:VCARD")[1:]:
        equal(len(ids_of(text)), 1, "IDs in a card")

    # Again: nothing to send, nothing to write.
    seen = len(place.requests())
    done = place.belay("sync", path, "--json", status=0)
    equal(summary(done)["unchanged"], COUNT, "unchanged")
    equal(writes(place, seen), [], "writes of the second run")
    equal(place.read("contacts.vcf"), after, "the file")

    # One value, set from a script: one line, one PATCH with that one field.
    place.belay("set", path, "--id", "1001", "ADR 1 city=Ames", status=0)
    edited = place.read("contacts.vcf")
    equal(edited.count(b";Ames;"), 1, "cities that changed")
    check(edited.replace(b";Ames;", b";Davis;") == after, "nothing else")
    seen = len(place.requests())
    place.belay("sync", path, "--json", status=0)
    equal([request["body"]["contact"] for request in writes(place, seen)],
          [{"city": "Ames"}], "what was sent")


def story_broken_cards_stop_no_other(place):
    place.serve()
    place.config(mapping="")
    good = card(3)
    before = (f"From: somebody\r\n\r\n{card(0)}"
              f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Open;Ann;;;\r\n{good}"
              f"{card(2)}BEGIN:VCARD\r\nVERSION:3.0\r\nN:Cut;Off").encode()
    path = place.path("mixed.vcf")
    with open(path, "wb") as file:
        file.write(before)
    done = place.belay("sync", path, "--json", status=1)
    equal(summary(done)["created"], 3, "created")
    equal(summary(done)["blocked"], 3, "blocked")
    after = place.read("mixed.vcf")
    equal(len(ids_of(after)), 3, "IDs")
    check(without_ids(after) == before, "some other byte of the file changed")
    done = place.belay("check", path, status=1)
    for words in ("line 1 of the file: this stands outside of a card",
                  "END:VCARD before line"):
        check(words in done.stdout, words)


def story_cards_without_uid(place):
    place.serve()
    place.config(mapping="")
    before = re.sub(r"UID:.*\r?\n", "", card(1) + card(2) + card(3)).encode()
    path = place.path("contacts.vcf")
    with open(path, "wb") as file:
        file.write(before)
    done = place.belay("sync", path, "--json", status=0)
    equal(summary(done)["created"], 3, "created")
    check(all(re.fullmatch(r"belay-[0-9a-f]{32}", id)
              for id in place.people()), "IDs of belay's own")
    after = place.read("contacts.vcf")
    equal(len(ids_of(after)), 3, "IDs")
    check(without_ids(after) == before, "some other byte of the file changed")
    seen = len(place.requests())
    done = place.belay("sync", path, "--json", status=0)
    equal(summary(done)["unchanged"], 3, "unchanged")
    equal(writes(place, seen), [], "writes of the second run")


if __name__ == "__main__":
    main(globals())
