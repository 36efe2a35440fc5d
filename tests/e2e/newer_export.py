# SPDX-License-Identifier: MIT
"""A newer export of the same CRM, under a new name: it is recognised, asked
about, and goes on with the older one's links and history; whatever is said,
nobody is created twice."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import time

from story import (BELAY, HEADER, LIMIT, MAPPING, check, csv_text, equal,
                   json_lines, main, person, wait_until)

OLD = "contacts-2026-11-01.csv"
NEW = "contacts-2026-11-24.csv"


def synced(place, count=20, name=OLD):
    """A book that was synced, and an older export."""
    place.serve()
    place.config()
    place.write(name, csv_text(count))
    place.belay("sync", name, status=0)
    equal(len(place.people()), count, "contacts at the service")


def statuses(done):
    counts = {}
    for row in json_lines(done.stdout):
        counts[row["status"]] = counts.get(row["status"], 0) + 1
    return counts


def once(place, count):
    equal(place.people(), {person(n)[0]: 1 for n in range(count)}, "contacts")


def books(place):
    shelf = place.path(".local/state/belay/books")
    return sorted(os.listdir(shelf)) if os.path.isdir(shelf) else []


def newer(place, low=2, high=22):
    """Two people left, two came, one moved; no HealthSherpa IDs in it."""
    rows = [",".join(HEADER)] + [",".join(person(n)) for n in range(low, high)]
    text = "\r\n".join(rows) + "\r\n"
    return place.write(NEW, text.replace("555-0105", "555-0177"))


def story_it_is_shown_with_the_older_ones_state(place):
    synced(place)
    newer(place)
    before = books(place)
    for command in ("status", "plan"):
        done = place.belay(command, NEW, "--json", status=0)
        for words in (NEW, "newer export of " + OLD, "18 of 20"):
            check(words in done.stderr, done.stderr)
    done = place.belay("status", NEW, "--json", status=0)
    equal(statuses(done), {"synced": 17, "changed": 1, "new": 2}, "statuses")
    equal(books(place), before, "looking leaves nothing behind")


def story_a_file_too_big_for_memory_is_recognised_too(place):
    synced(place)
    newer(place)
    done = place.belay("status", NEW, "--json", status=0,
                       BELAY_DEBUG_KEEP="100")
    check("18 of 20" in done.stderr, done.stderr)
    equal(statuses(done), {"synced": 17, "changed": 1, "new": 2}, "statuses")


def story_sync_stops_until_it_is_said(place):
    synced(place)
    newer(place)
    before = place.read(NEW), len(place.requests())
    done = place.belay("sync", NEW, status=64)
    for words in ("newer export of " + OLD, "--continues", "--separate"):
        check(words in done.stderr, done.stderr)
    equal((place.read(NEW), len(place.requests())), before, "file, requests")


def story_it_goes_on_with_links_and_history(place):
    synced(place)
    newer(place)
    sent = len(place.requests())
    done = place.belay("sync", NEW, "--continues", OLD, "--json", status=0)
    summary = json_lines(done.stdout)[-1]["summary"]
    equal((summary["created"], summary["updated"], summary["unchanged"]),
          (2, 1, 17), "created, updated, unchanged")
    equal(summary["run"], "2", "the run's number goes on")
    equal(len(place.requests()) - sent, 5, "two searches, two creates, one "
          "update")
    once(place, 22)
    lines = place.read(NEW).decode().splitlines()
    check(lines[0].endswith("HealthSherpa ID"), lines[0])
    check(all(len(line.rsplit(",", 1)[1]) > 8 for line in lines[1:]),
          "the IDs that the new file lacked")
    # It lasts, in both directions, and who left is nobody's trouble.
    done = place.belay("status", NEW, "--json", status=0)
    equal((statuses(done), done.stderr), ({"synced": 20}, ""), "the new one")
    done = place.belay("status", OLD, "--json", status=0)
    equal((statuses(done), done.stderr), ({"synced": 19, "changed": 1}, ""),
          "the old one, with the phone as it was")
    place.belay("sync", NEW, status=0)
    equal(len(place.requests()) - sent, 5, "nothing more to send")


def story_yes_goes_on(place):
    synced(place)
    newer(place)
    place.belay("sync", NEW, "--yes", status=0)
    once(place, 22)
    # And the next one continues the same book, by the last one's name.
    third = place.write("contacts-2026-12-01.csv", csv_text(22))
    done = place.belay("status", third, status=0)
    check("newer export of " + NEW in done.stderr, done.stderr)
    place.belay("sync", third, "--yes", status=0)
    once(place, 22)


def story_a_book_of_its_own_creates_nobody_twice(place):
    synced(place)
    newer(place)
    place.belay("sync", NEW, "--separate", status=0)
    once(place, 22)
    done = place.belay("status", NEW, "--json", status=0)
    equal((statuses(done), done.stderr), ({"synced": 20}, ""), "statuses")


def story_it_can_be_taken_back(place):
    synced(place)
    newer(place)
    before = place.read(NEW)
    place.belay("sync", NEW, "--continues", OLD, status=0)
    place.write(NEW, before.decode())
    done = place.belay("status", NEW, "--separate", "--json", status=0)
    equal(statuses(done), {"new": 20}, "looking without the links")
    place.belay("sync", NEW, "--separate", status=0)
    done = place.belay("status", NEW, "--json", status=0)
    equal(statuses(done), {"synced": 20}, "on its own")
    once(place, 22)
    done = place.belay("sync", NEW, "--continues", OLD, status=64)
    check("history of its own" in done.stderr, done.stderr)


def story_an_older_export_that_is_gone(place):
    synced(place)
    newer(place)
    os.unlink(place.path(OLD))
    done = place.belay("sync", NEW, "--continues", "other.csv", status=64)
    check("no history of other.csv" in done.stderr, done.stderr)
    place.belay("sync", NEW, "--continues", place.path(OLD), status=0)
    once(place, 22)


def story_both_share_one_lock(place):
    """The loser is told which file the other one has open."""
    synced(place)
    newer(place)
    place.belay("sync", NEW, "--continues", OLD, status=0)
    place.stop_server()
    place.serve("latency=2s")
    place.config()
    place.write(NEW, place.read(NEW).decode().replace("555-0109", "555-0188"))
    with subprocess.Popen(
            [BELAY, "sync", "-c", place.path("config.yaml"), NEW],
            env=place.environment(), cwd=place.directory,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        known = len(place.requests())
        wait_until(lambda: len(place.requests()) > known or
                   first.poll() is not None, "the first request")
        done = place.belay("sync", OLD, status=75)
        check(NEW in done.stderr, done.stderr)
        equal(first.wait(LIMIT), 0, "the first one's exit status")


def story_what_is_no_newer_export_is_not_asked_about(place):
    synced(place)
    rows = csv_text(200).split("\r\n")
    for name, text in (
            ("contacts-2026-11-02.csv",
             "\r\n".join(rows[:1] + rows[100:150]) + "\r\n"),
            ("contacts-other-columns.csv",
             "Record ID,First Name,Last Name,Zodiac,Shoe Size,Pet\r\n"
             "1001,Ruth,Adams,,,\r\n"),
            ("contacts-2026-11-03.csv", csv_text(0))):
        place.write(name, text)
        place.config(mapping="mapping:\n  external_id: Record ID\n"
                     "  first_name: First Name\n  last_name: Last Name\n")
        done = place.belay("status", name)
        check("newer export" not in done.stderr, f"{name}: {done.stderr}")


def story_two_that_fit_are_not_guessed_at(place):
    synced(place)
    place.write("contacts-2026-11-02.csv", csv_text(20))
    place.belay("sync", "contacts-2026-11-02.csv", "--separate", status=0)
    newer(place)
    done = place.belay("status", NEW, status=0)
    equal(done.stderr, "", "nothing is said")
    place.belay("sync", NEW, "--continues", OLD, status=0)
    once(place, 22)


def story_another_environment_goes_along(place):
    """What was linked in production is recognised from staging as well."""
    synced(place)
    newer(place)
    with open(place.config(name="staging.yaml"), encoding="utf-8") as file:
        text = file.read()
    place.write("staging.yaml", "\n".join(
        line for line in text.replace("practice", "staging").splitlines()
        if "urls" not in line))
    done = place.belay("status", NEW, "--json", config="staging.yaml",
                       status=0)
    check("newer export of " + OLD in done.stderr, done.stderr)
    equal(statuses(done), {"new": 20}, "in that environment they are new")
    done = place.belay("set", NEW, "--id", "1003", "First Name=Ruthie",
                       "--continues", OLD, config="staging.yaml", status=0)
    done = place.belay("status", NEW, "--json", status=0)
    equal((statuses(done), done.stderr),
          ({"synced": 16, "changed": 2, "new": 2}, ""), "in this one")


def story_the_same_name_overwritten(place):
    synced(place)
    place.write(OLD, csv_text(22).replace("555-0105", "555-0177"))
    done = place.belay("sync", OLD, "--json", status=0)
    summary = json_lines(done.stdout)[-1]["summary"]
    equal((summary["created"], summary["updated"], summary["unchanged"]),
          (2, 1, 19), "created, updated, unchanged")
    once(place, 22)
    check(place.read(OLD).count(b"\r\n") == 23, "rows")
    done = place.belay("status", OLD, "--json", status=0)
    check(all(row["healthsherpa_id"] for row in json_lines(done.stdout)),
          "the IDs are back")


def story_yaml_without_a_header(place):
    place.serve()
    place.config(mapping="")
    people = "".join(
        f"- external_id: p{n}\n  first_name: Ruth\n  last_name: Adams {n}\n"
        f"  email: p{n}@example.com\n" for n in range(8))
    place.write("people-1.yaml", people)
    place.belay("sync", "people-1.yaml", status=0)
    place.write("people-2.yaml", people)
    done = place.belay("status", "people-2.yaml", "--json", status=0)
    check("newer export of people-1.yaml" in done.stderr, done.stderr)
    equal(statuses(done), {"synced": 8}, "statuses")


def story_contacts_without_ids(place):
    """Recognised by columns and name; then who is who by the people."""
    place.serve()
    place.config(mapping=MAPPING.replace(
        "external_id: Record ID", "external_id: {minted: true}"))
    place.write(OLD, csv_text(8))
    place.belay("sync", OLD, status=0)
    place.write(NEW, csv_text(9))
    place.belay("sync", NEW, status=64)
    done = place.belay("sync", NEW, "--continues", OLD, "--json", status=0)
    summary = json_lines(done.stdout)[-1]["summary"]
    equal((summary["created"], summary["unchanged"]), (1, 8),
          "created, unchanged")
    equal(sorted(place.people().values()), [1] * 9, "contacts")
    place.write("leads.csv", csv_text(9))
    done = place.belay("status", "leads.csv", status=0)
    equal(done.stderr, "", "another name is another book")


def story_standard_input_has_a_book_of_its_own(place):
    """By its columns; its results are kept, and said to be."""
    place.serve()
    place.config()
    for count in (3, 4, 4):
        done = place.belay("sync", "-", input=csv_text(count), status=0)
        check("keeps the results" in done.stderr, done.stderr)
    once(place, 4)
    writes = [request for request in place.requests()
              if request["route"] in ("create", "update")]
    equal(len(writes), 4, "one create each")
    # Saved as a file later it goes on from there.
    place.write("saved.csv", csv_text(5))
    done = place.belay("sync", "saved.csv", "--yes", status=0)
    once(place, 5)
    equal(place.read("saved.csv").count(b"HealthSherpa ID"), 1, "the column")


def at_a_terminal(place, answer, *arguments):
    """Runs belay on a terminal, answers its question, returns what it said."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, 0x5414, struct.pack("HHHH", 24, 200, 0, 0))
    with subprocess.Popen(
            [BELAY, *arguments, "-c", place.path("config.yaml")],
            env=place.environment(), cwd=place.directory, stdin=slave,
            stdout=slave, stderr=slave, start_new_session=True) as process:
        os.close(slave)
        said, answered, end = b"", False, time.monotonic() + LIMIT
        while time.monotonic() < end:
            ready, _, _ = select.select([master], [], [], 1)
            try:
                got = os.read(master, 4096) if ready else None
            except OSError:
                break
            if got == b"":
                break
            said += got or b""
            if not answered and b"y/n: " in said:
                os.write(master, answer)
                answered = True
        status = process.wait(LIMIT)
    os.close(master)
    return status, answered, said.decode(errors="replace")


def story_a_person_is_asked(place):
    synced(place)
    newer(place)
    status, answered, said = at_a_terminal(place, b"y\n", "sync", NEW)
    equal((status, answered), (0, True), said)
    check("17 up to date" in said, said)
    once(place, 22)


def story_a_person_says_no(place):
    synced(place)
    newer(place)
    status, answered, said = at_a_terminal(place, b"n\n", "sync", NEW)
    equal((status, answered), (0, True), said)
    once(place, 22)
    done = place.belay("sync", NEW, status=0)
    equal(done.stderr, "", "not asked again")


if __name__ == "__main__":
    main(globals())
