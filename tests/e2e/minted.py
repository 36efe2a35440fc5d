#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exports without IDs, as address books give them: the people are known again
in the next export, and nobody is created twice."""

import csv
import glob
import io
import json
import signal
import sqlite3

from story import check, csv_text, equal, json_lines, letters, main

HEADER = ["First Name", "Last Name", "Birthday", "Labels",
          "E-mail 1 - Label", "E-mail 1 - Value",
          "Phone 1 - Label", "Phone 1 - Value", "Address 1 - Region",
          "Custom Field 1 - Label", "Custom Field 1 - Value"]
MAPPING = """\
mapping:
  external_id: {minted: true}
  first_name: First Name
  last_name: Last Name
  email: E-mail 1 - Value
  phone: Phone 1 - Value
  birth_date: Birthday
  state: Address 1 - Region
  medicare_number: {pair: {label: Custom Field * - Label, is: MBI,
    value: Custom Field * - Value}}
"""
FIRST = ["Ruth", "José", "Walter", "Denise", "Luis", "Anne-Marie"]


def person(number):
    """Contact `number` as the columns of a Google export; every third has a
    Medicare number, every fifth no birthday."""
    row = dict.fromkeys(HEADER, "")
    row["First Name"] = FIRST[number % len(FIRST)]
    row["Last Name"] = f"Sample {letters(number)}"
    row["Labels"] = "* myContacts"
    if number % 5 != 4:
        row["Birthday"] = f"{1930 + number}-0{number % 9 + 1}-11"
    row["E-mail 1 - Label"] = "*"
    row["E-mail 1 - Value"] = f"person{number}@example.com"
    row["Phone 1 - Value"] = f"916-555-01{number:02}"
    row["Address 1 - Region"] = "CA"
    if number % 3 == 0:
        row["Custom Field 1 - Label"] = "MBI"
        row["Custom Field 1 - Value"] = f"1S00E0{number // 10}HA{number:02}"
    return row


def export(people):
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(people)
    return text.getvalue()


def statuses(place, *arguments):
    done = place.belay("status", "export.csv", "--json", *arguments)
    return json_lines(done.stdout)


def counts(rows):
    found = {}
    for row in rows:
        found[row["status"]] = found.get(row["status"], 0) + 1
    return found


def sync(place, *arguments, **more):
    done = place.belay("sync", "export.csv", "--json", "--yes", *arguments,
                       **more)
    return json_lines(done.stdout)[-1]["summary"] if done.stdout else None


def names_at_service(place):
    """Names of the contacts there, with repeats."""
    latest = {}
    with open(place.store, encoding="utf-8") as file:
        for line in file:
            contact = json.loads(line)
            latest[contact["id"]] = contact
    return sorted(contact["values"]["first_name"] + " " +
                  contact["values"]["last_name"]
                  for contact in latest.values())


def names_of(people):
    return sorted(row["First Name"] + " " + row["Last Name"]
                  for row in people)


def ledger_bytes(place):
    """The ledger as it lies on the disk."""
    found = b""
    for path in glob.glob(place.path("state/books/*/*.sqlite*")):
        with open(path, "rb") as file:
            found += file.read()
    return found


def story_rows_without_an_id(place):
    """Before the first sync and after: row:17, null, then an ID of ours."""
    place.serve()
    place.config(mapping=MAPPING)
    people = [person(number) for number in range(3)]
    place.write("export.csv", export(people))
    place.belay("check", "export.csv", status=0)
    for row, should in zip(statuses(place), range(1, 4)):
        equal(row["external_id"], None, "external_id")
        equal(row["row"], should, "row")
        equal(row["status"], "new", "status")
    done = place.belay("plan", "export.csv", status=0)
    check("row:2" in done.stdout and "3 to create" in done.stdout,
          done.stdout)
    done = place.belay("sync", "export.csv", "--id", "row:2", "--json",
                       status=0)
    row = json_lines(done.stdout)[0]
    check(row["external_id"].startswith("belay-") and
          len(row["external_id"]) == 38, row)
    equal(list(place.people()), [row["external_id"]], "at the service")
    shown = json_lines(place.belay(
        "show", "export.csv", "--id", row["external_id"], "--json",
        status=0).stdout)[0]
    equal(shown["row"], 2, "row of the ID")
    equal(shown["status"], "synced", "status")
    place.belay("show", "export.csv", "--id", "row:3", status=0)
    check(b"belay-" not in place.read("export.csv"),
          "an ID of ours must not be written into the file")
    equal(counts(statuses(place)), {"new": 2, "synced": 1}, "statuses")


def story_blank_ids_block_unless_told(place):
    place.config(mapping=MAPPING.replace("{minted: true}", "Labels"))
    row = person(1)
    row["Labels"] = ""
    place.write("export.csv", export([row]))
    done = place.belay("check", "export.csv", "--json")
    message = json_lines(done.stdout)[0]["message"]
    check("minted: true" in message, message)


def story_the_next_export_of_an_address_book(place):
    """Another order, three other phones, another e-mail address, two new
    people and two twins; no result columns."""
    place.serve()
    place.config(mapping=MAPPING)
    people = [person(number) for number in range(30)]
    place.write("export.csv", export(people))
    done = sync(place, status=0)
    equal(done["created"], 30, "created")
    equal(names_at_service(place), names_of(people), "at the service")
    before = len(place.requests())
    equal(sync(place, status=0)["requests"], 0, "requests of the second sync")
    equal(len(place.requests()), before, "requests at the server")

    # the same file without result columns: silently the same people
    place.write("export.csv", export(people[::-1]))
    equal(counts(statuses(place)), {"synced": 30}, "fresh export")
    equal(sync(place, status=0)["requests"], 0, "requests of a fresh export")

    new = [person(number) for number in range(30, 34)]
    for twin in (2, 3):
        new[twin].update({"Last Name": "Twin", "Birthday": "1950-05-05",
                          "E-mail 1 - Value": "twins@example.com",
                          "Custom Field 1 - Value": ""})
    people[1]["Phone 1 - Value"] = "916-555-0191"   # e-mail and birth date
    people[3]["Phone 1 - Value"] = "916-555-0193"   # Medicare number
    people[4]["Phone 1 - Value"] = "916-555-0194"   # name and e-mail
    people[7]["E-mail 1 - Value"] = "new@example.com"  # phone, name, birth
    people = new[2:] + people[::-1] + new[:2]
    place.write("export.csv", export(people))
    rows = statuses(place)
    equal(counts(rows), {"synced": 26, "review": 4, "new": 4}, "statuses")
    reasons = sorted(row["reason"].split(" as the contact")[0]
                     for row in rows if row["status"] == "review")
    equal(reasons, ["recognised by e-mail address and birth date",
                    "recognised by name and e-mail address",
                    "recognised by phone, name and birth date",
                    "recognised by the Medicare number"], "reasons")
    check(all("; is it the same person?" in row["reason"] and
              row["external_id"] is None and row["healthsherpa_id"] is None
              for row in rows if row["status"] == "review"), rows)

    # what is not confirmed is not sent; the new ones are
    done = sync(place, status=1)
    equal((done["created"], done["updated"]), (4, 0), "created, updated")
    equal(names_at_service(place), names_of(people), "at the service")
    equal(counts(statuses(place)), {"synced": 30, "review": 4}, "statuses")

    # one by one, then all
    first = [row for row in rows if row["status"] == "review"][0]
    done = place.belay("review", "export.csv", "--id", f"row:{first['row']}",
                       "--link", "--json", status=0)
    equal(json_lines(done.stdout)[0]["status"], "changed", "confirmed")
    done = place.belay("review", "export.csv", "--confirm-recognised",
                       status=0)
    equal(done.stdout, "3 contacts confirmed\n", "confirmed")
    equal(counts(statuses(place)), {"synced": 30, "changed": 4}, "statuses")
    done = sync(place, status=0)
    equal((done["created"], done["updated"]), (0, 4), "created, updated")
    equal(names_at_service(place), names_of(people), "at the service")
    equal(set(place.people().values()), {1}, "contacts per ID")

    # confirmed is durable, and known by the new values
    place.write("export.csv", export(people[::-1]))
    equal(counts(statuses(place)), {"synced": 34}, "the next export")


def story_not_the_same_person(place):
    """The answer to "is it the same person?" is no."""
    place.serve()
    place.config(mapping=MAPPING)
    first = person(1)
    place.write("export.csv", export([first]))
    sync(place, status=0)
    other = dict(first, **{"First Name": "Boris"})
    place.write("export.csv", export([other]))
    row = statuses(place)[0]
    equal(row["status"], "review", "status")
    check("under another name" in row["reason"], row["reason"])
    # all at once is for those who kept their name
    done = place.belay("review", "export.csv", "--confirm-recognised",
                       status=0)
    equal(done.stdout, "0 contacts confirmed\n", "confirmed")
    place.belay("review", "export.csv", "--id", "row:1", "--create",
                status=0)
    row = statuses(place)[0]
    equal(row["status"], "new", "status")
    check(row["external_id"].startswith("belay-"), row)
    before = len(place.requests())
    equal(sync(place, status=0)["created"], 1, "created")
    check(place.requests()[before]["path"].endswith("/search"),
          "the probe comes first")
    equal(names_at_service(place), names_of([first, other]), "at the service")
    # both are known from now on
    place.write("export.csv", export([other, first]))
    equal(counts(statuses(place)), {"synced": 2}, "both")


def story_more_than_one_may_be_it(place):
    """Twins who share everything but the first name, both renamed."""
    place.serve()
    place.config(mapping=MAPPING)
    twins = [dict(person(1), **{"First Name": name}) for name in ("Ada", "Ida")]
    twins[1]["Phone 1 - Value"] = "916-555-0150"
    place.write("export.csv", export(twins))
    equal(sync(place, status=0)["created"], 2, "created")
    ids = {row["name"]: row["healthsherpa_id"] for row in statuses(place)}
    for twin, phone in zip(twins, ("916-555-0160", "916-555-0161")):
        twin["First Name"] += "-May"
        twin["Phone 1 - Value"] = phone
    place.write("export.csv", export(twins))
    rows = statuses(place)
    equal(counts(rows), {"review": 2}, "statuses")
    check("more than one contact" in rows[0]["reason"], rows[0]["reason"])
    equal(sync(place, status=1)["requests"], 0, "requests")
    done = place.belay("review", "export.csv", "--id", "row:1", "--link",
                       status=64)
    check("give the HealthSherpa ID" in done.stderr, done.stderr)
    place.belay("review", "export.csv", "--id", "row:1", "--link",
                ids["Sample B, Ada"], status=0)
    # then only one is left, which is asked about
    rows = statuses(place)
    equal(rows[0]["status"], "changed", "status")
    check("recognised by e-mail address and birth date" in rows[1]["reason"],
          rows[1]["reason"])
    place.belay("review", "export.csv", "--id", "row:2", "--link",
                status=0)
    equal(sync(place, status=0)["updated"], 2, "updated")
    equal(names_at_service(place), names_of(twins), "at the service")


def story_rows_that_say_the_same(place):
    place.serve()
    place.config(mapping=MAPPING)
    place.write("export.csv", export([person(1), person(2), person(1)]))
    equal(sync(place, status=1)["created"], 1, "created")
    rows = statuses(place)
    equal(counts(rows), {"blocked": 2, "synced": 1}, "statuses")
    check("row 3" in rows[0]["reason"], rows[0]["reason"])


def story_edits_are_known_again(place):
    """What is changed and saved here is what the next export has."""
    place.serve()
    place.config(mapping=MAPPING)
    row = person(1)
    place.write("export.csv", export([row, person(2)]))
    sync(place, status=0)
    place.belay("set", "export.csv", "--id", "row:1",
                "E-mail 1 - Value=other@example.com",
                "Phone 1 - Value=916-555-0170", status=0)
    row["E-mail 1 - Value"] = "other@example.com"
    row["Phone 1 - Value"] = "916-555-0170"
    place.write("export.csv", export([person(2), row]))
    equal(counts(statuses(place)), {"synced": 1, "changed": 1}, "statuses")


def story_ids_come_later(place):
    """The same people with IDs of a CRM: asked about, moved, not created."""
    place.serve()
    place.config(mapping=MAPPING)
    people = [person(number) for number in range(6)]
    place.write("export.csv", export(people))
    sync(place, status=0)
    there = place.people()
    with_ids = place.config(
        mapping=MAPPING.replace("{minted: true}", "Labels"))
    for number, row in enumerate(people):
        row["Labels"] = f"crm-{number}"
    place.write("export.csv", export(people))
    rows = statuses(place)
    equal(counts(rows), {"review": 6}, "statuses")
    equal(rows[0]["external_id"], "crm-0", "external_id")
    equal(sync(place, status=1)["requests"], 0, "requests")
    place.belay("review", "export.csv", "--confirm-recognised", status=0)
    equal(counts(statuses(place)), {"synced": 6}, "statuses")
    equal(sync(place, status=0)["requests"], 0, "requests")
    equal(place.people(), there, "at the service")
    check(with_ids and b"HealthSherpa ID" in place.read("export.csv"),
          "the IDs are in the file")


def story_ids_come_later_with_results_in_the_file(place):
    """The HealthSherpa ID in the file says it all: one update, no question."""
    place.serve()
    place.config(mapping=MAPPING.replace(
        "{minted: true}", "{column: Labels, minted: true}"))
    row = dict(person(1), Labels="")
    place.write("export.csv", export([row]))
    sync(place, status=0)
    there = place.people()
    text = place.read("export.csv").decode()
    place.write("export.csv", text.replace("1931-02-11,,", "1931-02-11,crm-1,"))
    equal(statuses(place)[0]["external_id"], "crm-1", "external_id")
    done = sync(place, status=0)
    equal((done["created"], done["updated"]), (0, 1), "created, updated")
    equal(place.people(), there, "at the service")


def story_a_lost_ledger(place):
    """Without ledger and result columns the search finds the people."""
    place.serve()
    place.config(mapping=MAPPING)
    people = [person(number) for number in (0, 1, 3)]
    place.write("export.csv", export(people))
    sync(place, "--state-dir", "one", status=0)
    place.write("export.csv", export(people))
    done = sync(place, "--state-dir", "two", status=1)
    equal((done["created"], done["review"]), (0, 3), "created, review")
    equal(names_at_service(place), names_of(people), "at the service")


def story_keys_of_our_own_need_no_mapping(place):
    place.serve()
    place.config(mapping="")
    place.write("contacts.yaml", "- first_name: Ruth\n  last_name: Sample\n"
                "  email: ruth@example.com\n")
    place.belay("sync", "contacts.yaml", status=0)
    check(b"healthsherpa_id" in place.read("contacts.yaml"),
          place.read("contacts.yaml"))
    place.belay("sync", "contacts.yaml", status=0)
    equal(list(place.people().values()), [1], "at the service")


def story_a_ledger_of_an_earlier_version(place):
    """It gets the new tables, and keeps what it has."""
    place.serve()
    place.config()
    place.write("old.csv", csv_text(3))
    place.belay("sync", "old.csv", "--state-dir", "state", status=0)
    path = glob.glob(place.path("state/books/*/*.sqlite"))[0]
    with sqlite3.connect(path) as ledger:
        for table in ("identity", "run_row", "trouble", "decision"):
            ledger.execute(f"DROP TABLE {table}")
        ledger.execute("ALTER TABLE run DROP COLUMN outcome")
        ledger.execute("PRAGMA user_version=1")
    ledger.close()
    done = place.belay("status", "old.csv", "--json", "--state-dir", "state",
                       status=0)
    equal(counts(json_lines(done.stdout)), {"synced": 3}, "looked at")
    place.belay("sync", "old.csv", "--state-dir", "state", status=0)
    ledger = sqlite3.connect(path)
    equal(ledger.execute("PRAGMA user_version").fetchone()[0], 5, "version")
    equal(ledger.execute("SELECT count(*) FROM identity").fetchone()[0], 0,
          "identities")
    equal(ledger.execute("SELECT count(*) FROM contact").fetchone()[0], 3,
          "contacts")
    ledger.close()


def story_the_ledger_knows_nobody_by_name(place):
    place.serve()
    place.config(mapping=MAPPING)
    people = [person(number) for number in range(4)]
    place.write("export.csv", export(people))
    sync(place, "--state-dir", "state", status=0)
    stored = ledger_bytes(place)
    check(b"belay-" in stored, "the ledger was not found")
    for row in people:
        for column in ("Last Name", "E-mail 1 - Value", "Birthday",
                       "Custom Field 1 - Value"):
            value = row[column].encode()
            check(not value or value not in stored, f"{column} in the ledger")


def story_killed_at_every_step(place):
    """kill -9 at each step of the journal, in the middle of a first sync and
    again in the next one: one contact a person, and all are known."""
    place.serve()
    place.config(mapping=MAPPING, sync="  concurrency: 2\n")
    people = [person(number) for number in range(4)]
    killed = 0
    for step in list(range(1, 13)) + [15, 20, 25, 30]:
        state = f"state-{step}"
        shown = [dict(row, **{"Last Name": f"{row['Last Name']} {step}",
                              "E-mail 1 - Value":
                              f"s{step}{row['E-mail 1 - Value']}",
                              "Custom Field 1 - Label": ""})
                 for row in people]
        place.write("export.csv", export(shown))
        before = names_at_service(place) if place.requests() else []
        for again in (step, step // 2 + 1):
            done = place.belay("sync", "export.csv", "--yes", "--state-dir",
                               state, BELAY_DEBUG_STOP_AT=str(again))
            check(done.returncode in (0, -signal.SIGKILL), done.stderr)
            killed += done.returncode != 0
            # what was written into the file meanwhile is lost
            place.write("export.csv", export(shown[::-1]))
        done = place.belay("sync", "export.csv", "--yes", "--state-dir",
                           state, status=0)
        equal(names_at_service(place), sorted(before + names_of(shown)),
              f"at the service after step {step}")
        place.write("export.csv", export(shown))
        done = place.belay("sync", "export.csv", "--json", "--state-dir",
                           state, status=0)
        equal(json_lines(done.stdout)[-1]["summary"]["requests"], 0,
              f"requests after step {step}")
    equal(set(place.people().values()), {1}, "contacts per ID")
    check(killed > 20, f"only {killed} were killed")


if __name__ == "__main__":
    main(globals())
