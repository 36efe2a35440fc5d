# SPDX-License-Identifier: MIT
"""One file in several environments: the IDs that one of them gave are none in
another, and production's stay in the file. And the config that the practice
server prints for who has started it in a terminal."""

import glob
import os
import pty
import subprocess

from newer_export import statuses
from story import (BELAY, LIMIT, MAPPING, check, csv_text, equal, json_lines,
                   main, wait_until)


def in_other_words(place, environment):
    """The same config for another environment, where nothing is called."""
    with open(place.path("config.yaml"), encoding="utf-8") as file:
        text = file.read()
    return place.write(environment + ".yaml", "\n".join(
        line for line in text.replace("practice", environment).splitlines()
        if "urls" not in line))


def begun(place):
    place.serve()
    place.config()
    place.write("contacts.csv", csv_text(5))
    place.belay("sync", "contacts.csv", status=0)
    equal(len(place.people()), 5, "contacts at the service")
    text = place.read("contacts.csv")
    check(b"HealthSherpa ID" in text, text)
    return text


def another_service(place):
    """The next environment, that has nobody yet."""
    place.stop_server()
    os.remove(place.store)
    place.serve()
    place.config()


def passed_for_production(place):
    """What was synced in practice becomes production's, and practice begins
    anew: nothing can be sent to production from here."""
    (ledger,) = glob.glob(place.path(".local/state/belay/books/*/*.sqlite"))
    directory = os.path.dirname(ledger)
    for name in os.listdir(directory):
        if name.startswith("practice."):
            os.rename(os.path.join(directory, name), os.path.join(
                directory, name.replace("practice", "production")))
    card = os.path.join(directory, "book.json")
    with open(card, encoding="utf-8") as file:
        text = file.read()
    check("practice" in text, text)
    with open(card, "w", encoding="utf-8") as file:
        file.write(text.replace("practice", "production"))


def story_what_a_test_gave_is_none_in_production(place):
    begun(place)
    in_other_words(place, "production")
    done = place.belay("status", "contacts.csv", "--json",
                       config="production.yaml", status=0)
    equal(statuses(done), {"new": 5}, "nobody is there yet")
    check(not any(row["healthsherpa_id"] for row in json_lines(done.stdout)),
          done.stdout)
    done = place.belay("doctor", "contacts.csv", config="production.yaml")
    check("nobody new is created" not in done.stdout, done.stdout)
    done = place.belay("status", "contacts.csv", "--json", status=0)
    equal(statuses(done), {"synced": 5}, "and here all is as it was")


def story_they_are_replaced_by_those_of_the_one_that_sends(place):
    """Staging's give way to practice's, as they would to production's."""
    before = begun(place)
    passed_for_production(place)
    directory = os.path.dirname(glob.glob(place.path(
        ".local/state/belay/books/*/production.sqlite"))[0])
    for name in os.listdir(directory):
        if name.startswith("production."):
            os.rename(os.path.join(directory, name), os.path.join(
                directory, name.replace("production", "staging")))
    another_service(place)
    done = place.belay("sync", "contacts.csv", "--json", status=0)
    summary = json_lines(done.stdout)[-1]["summary"]
    equal((summary["created"], summary["review"]), (5, 0), "made here, too")
    after = place.read("contacts.csv")
    check(after != before and after.count(b"\n") == before.count(b"\n"), after)
    done = place.belay("status", "contacts.csv", "--json", status=0)
    ids = [row["healthsherpa_id"] for row in json_lines(done.stdout)]
    check(all(each.encode() in after for each in ids), after)
    in_other_words(place, "staging")
    done = place.belay("status", "contacts.csv", "--json",
                       config="staging.yaml", status=0)
    equal(statuses(done), {"synced": 5}, "and staging still knows its own")


def story_productions_stay_in_the_file(place):
    before = begun(place)
    passed_for_production(place)
    another_service(place)
    for _ in range(2):
        done = place.belay("sync", "contacts.csv", "--json", status=0)
    equal(sum(place.people().values()), 5, "contacts at the service, once")
    equal(place.read("contacts.csv"), before, "the file")
    done = place.belay("status", "contacts.csv", "--json", status=0)
    equal(statuses(done), {"synced": 5}, "known without the file")
    in_other_words(place, "production")
    done = place.belay("status", "contacts.csv", "--json",
                       config="production.yaml", status=0)
    equal(statuses(done), {"synced": 5}, "production's are as they were")


def story_the_practice_server_prints_the_config_it_needs(place):
    master, terminal = pty.openpty()
    said = []
    with subprocess.Popen([BELAY, "practice"], stdout=terminal,
                          env=place.environment()) as server:
        os.close(terminal)
        try:
            def told():
                said.append(os.read(master, 65536).decode())
                return "another window" in "".join(said)
            wait_until(told, "the lines of a config")
            lines = "".join(said).replace("\r", "")
            lines = lines[lines.index("service:"):lines.index("\n\nand")]
            place.write("printed.yaml", lines + "\n" + MAPPING)
            place.write("contacts.csv", csv_text(2))
            done = place.belay("sync", "contacts.csv", "--json",
                               config="printed.yaml", status=0)
            summary = json_lines(done.stdout)[-1]["summary"]
            equal(summary["created"], 2, "created with what was printed")
        finally:
            server.terminate()
            server.wait(LIMIT)
            os.close(master)


if __name__ == "__main__":
    main(globals())
