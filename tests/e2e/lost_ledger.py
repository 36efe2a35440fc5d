#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A ledger that is lost, old or damaged never makes a second contact, although
the service would make one (duplicate=second) and a create may still be on its
way there."""

import glob
import os
import re
import shutil

from story import (HEADER, MAPPING, check, csv_text, equal, json_lines, main,
                   person, wait_until)

STATE = ".local/state/belay"
LATE = 1200  # ms that a create is on its way
SETTLE = 2500


def summary(done):
    return json_lines(done.stdout)[-1]["summary"]


def rows_of(done):
    return json_lines(done.stdout)[:-1]


def ledgers(place):
    return glob.glob(place.path(STATE + "/books/*/practice.sqlite*"))


def prepare(place, count, script, sync="", switches=()):
    """The service dawdles, and believes everything."""
    place.serve("duplicate=second", *switches, script=script)
    place.config(sync=sync)
    config = place.read("config.yaml").decode()
    place.write("config.yaml",
                config.replace("settle: 300ms", f"settle: {SETTLE}ms"))
    place.write("export.csv", csv_text(count))


def landed(place):
    """How many creates took effect after they were dropped."""
    with open(place.log, encoding="utf-8") as file:
        return sum('"late-commit"' in line for line in file)


def everybody_once(place, count):
    equal(place.people(), {person(n)[0]: 1 for n in range(count)},
          "contacts at the service")


def finish(place, count, late=1, status=0):
    """The next run: ends with everybody there once, and in the file, also when
    all that was on its way has arrived."""
    done = place.belay("sync", "export.csv", "--json", status=status)
    wait_until(lambda: landed(place) >= late, "the late creates")
    everybody_once(place, count)
    before = len(place.requests())
    place.belay("sync", "export.csv", status=status)
    equal(len(place.requests()), before, "requests of one more run")
    return done


def lose_ledger(place):
    for path in ledgers(place):
        os.unlink(path)


def story_a_lost_ledger_and_a_create_on_its_way(place):
    for name, lose in (
            ("the ledger", lose_ledger),
            ("ledger and card", lambda place: [
                os.unlink(path) for path in glob.glob(
                    place.path(STATE + "/books/*/*"))
                if not path.endswith(("key", "backup"))]),
            ("ledger and key", lambda place: [
                os.unlink(path) for path in ledgers(place) + glob.glob(
                    place.path(STATE + "/books/*/key"))])):
        prepare(place, 3, f"create 2 late {LATE}ms\n")
        place.belay("sync", "export.csv", "--no-wait", status=1)
        equal(len(place.people()), 2, name)
        lose(place)
        place.write("export.csv", csv_text(3))  # not even IDs in the file
        done = finish(place, 3)
        check("was lost" in done.stderr, name + done.stderr)
        place.stop_server()
        shutil.rmtree(place.path(STATE))
        os.unlink(place.store)
        os.unlink(place.log)


def planned(place, *arguments):
    done = place.belay("plan", "export.csv", *arguments)
    about = re.search("about ([0-9]+) requests", done.stdout)
    return int(about.group(1)), "nobody new is created" in done.stdout


def story_a_plan_foresees_the_searches_after_a_lost_ledger(place):
    """Every selector, before the wait and after it; a plan that only looks
    foresees what opening for sending will find."""
    prepare(place, 3, "")
    equal(planned(place), (3 * 2, False), "a new book")
    place.belay("sync", "export.csv", status=0)
    lose_ledger(place)
    place.write("export.csv", csv_text(3))
    requests, waits = planned(place)
    check(waits, "the wait is told")
    check(requests > 3 * 2, "more than of a new book")
    place.stop_server()
    os.unlink(place.store)  # so that all three are created
    os.unlink(place.log)
    place.serve("duplicate=second")
    place.config()
    place.write("export.csv", csv_text(3))
    place.belay("sync", "export.csv", status=0)
    equal(len(place.requests()), requests, "as foreseen")


def story_a_lost_ledger_whatever_the_config_says(place):
    prepare(place, 3, f"create 2 late {LATE}ms\n",
            sync="  search_before_create: false\n")
    place.belay("sync", "export.csv", "--no-wait", status=1)
    lose_ledger(place)
    finish(place, 3)


def story_the_state_is_gone_but_the_file_has_ids(place):
    for sync in ("", "  search_before_create: false\n"):
        prepare(place, 4, f"create 3 late {LATE}ms\n", sync=sync)
        place.belay("sync", "export.csv", "--no-wait", status=1)
        check(b"HealthSherpa ID" in place.read("export.csv"), "IDs")
        shutil.rmtree(place.path(STATE))
        done = finish(place, 4)
        check("did not put there" in done.stderr, done.stderr)
        place.stop_server()
        shutil.rmtree(place.path(STATE))
        os.unlink(place.store)
        os.unlink(place.log)


def story_the_state_is_gone_and_the_file_has_no_ids(place):
    """That the service has somebody of ours shows it: nobody is created before
    the first ones have been asked for."""
    prepare(place, 12, f"create 3-7 late {LATE}ms\n", switches=["latency=30ms"])
    place.belay("sync", "export.csv", "--no-wait", status=1)
    equal(len(place.people()), 7, "contacts")
    shutil.rmtree(place.path(STATE))
    place.write("export.csv", csv_text(12))
    finish(place, 12, late=5)


def story_an_older_copy_of_the_ledger_is_put_back(place):
    for sync in ("", "  search_before_create: false\n"):
        prepare(place, 2, "")
        place.belay("sync", "export.csv", status=0)
        (ledger,) = ledgers(place)
        shutil.copy(ledger, place.path("copy"))
        place.stop_server()
        prepare(place, 6, f"create 2 late {LATE}ms\n", sync=sync)
        place.belay("sync", "export.csv", "--no-wait", status=1)
        shutil.copy(place.path("copy"), ledger)
        place.write("export.csv", csv_text(6))
        done = finish(place, 6)
        check("older copy" in done.stderr, done.stderr)
        place.stop_server()
        shutil.rmtree(place.path(STATE))
        os.unlink(place.store)
        os.unlink(place.log)


def story_no_wait_leaves_them_for_the_next_run(place):
    prepare(place, 3, f"create 2 late {LATE}ms\n")
    place.belay("sync", "export.csv", "--no-wait", status=1)
    lose_ledger(place)
    done = place.belay("sync", "export.csv", "--json", "--no-wait", status=1)
    equal(summary(done)["waiting"], 1, "waiting")
    (left,) = [row for row in rows_of(done) if row["verb"] == "wait"]
    equal(left["code"], "ledger-new", "code")
    equal(left["status"], "new", "status")
    finish(place, 3)


def story_who_shares_a_phone_is_created_all_the_same(place):
    """A lost ledger asks with everything; that a couple shares phone and
    e-mail does not make each of them a question."""
    prepare(place, 1, "")
    place.belay("sync", "export.csv", status=0)
    lose_ledger(place)
    rows = [HEADER] + [person(0), person(1)]
    for column in (2, 3, 4):
        rows[2][column] = rows[1][column]
    place.write("export.csv", "\r\n".join(",".join(r) for r in rows) + "\r\n")
    place.belay("sync", "export.csv", status=0)
    everybody_once(place, 2)


def story_a_twin_hides_whose_number_was_edited(place):
    """The ledger is lost and the Medicare number was corrected meanwhile: it
    finds nobody, and by everything else the search brings the twin."""
    mapping = MAPPING + "  medicare_number: Number\n"
    for twin_in_file in (True, False):
        place.serve("duplicate=second")
        place.config(mapping=mapping)
        first, twin = person(0), person(0)
        twin[0], twin[1] = "2000", "Ada"
        rows = [HEADER + ["Number"], first + ["1EG4TE5MK73"],
                twin + ["1EG4TE5MK74"]]

        def write():
            place.write("export.csv", "\r\n".join(
                ",".join(row) for row in rows) + "\r\n")

        write()
        place.belay("sync", "export.csv", status=0)
        lose_ledger(place)
        rows[1][-1] = "1EG4TE5MK72"
        if not twin_in_file:
            del rows[2]
        write()
        done = place.belay("sync", "export.csv", "--json", status=1)
        (asked,) = [row for row in rows_of(done) if row["verb"] == "review"]
        equal((asked["external_id"], asked["code"]), ("1000", "unproven"),
              "who is asked about")
        equal(place.people(), {"1000": 1, "2000": 1}, "contacts")
        place.stop_server()
        shutil.rmtree(place.path(STATE))
        os.unlink(place.store)
        os.unlink(place.log)


def story_nothing_to_look_up_by_is_for_a_person(place):
    prepare(place, 1, "")
    place.belay("sync", "export.csv", status=0)
    lose_ledger(place)
    rows = [HEADER, ["2000", "Ada", "Blank"] + [""] * 5]
    place.write("export.csv", "\r\n".join(",".join(r) for r in rows) + "\r\n")
    done = place.belay("sync", "export.csv", "--json", status=1)
    equal(rows_of(done)[0]["code"], "no-selector", "code")
    place.belay("review", "export.csv", "--id", "2000", "--create", status=0)
    place.belay("sync", "export.csv", status=0)
    equal(place.people()["2000"], 1, "contacts")


def story_another_environment_is_no_loss(place):
    """The first sync of another environment finds a key and a card, but there
    never was a ledger of it."""
    prepare(place, 1, "")
    place.belay("sync", "export.csv", status=0)
    place.write("staging.yaml", place.read("config.yaml").decode().replace(
        "environment: practice", "environment: staging").replace(
            "  urls:", "  # urls:"))
    # as somebody who only looks at what to decide
    place.belay("review", "export.csv", "--id", "1000", "--never",
                config="staging.yaml", status=0)
    paths = glob.glob(place.path(STATE + "/books/*/staging.sqlite"))
    equal(len(paths), 1, "ledgers of staging")
    with open(paths[0], "rb") as file:
        wal = paths[0] + "-wal"
        text = file.read()
        if os.path.exists(wal):
            with open(wal, "rb") as more:
                text += more.read()
    check(b"rebuilt" not in text, "it is marked as rebuilt")


if __name__ == "__main__":
    main(globals())
