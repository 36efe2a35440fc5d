# SPDX-License-Identifier: MIT
"""After something went wrong: the next sync goes on from there, and the exit
status says what a script must know."""

from story import check, csv_text, equal, json_lines, main, person


def rows_of(done):
    return json_lines(done.stdout)[:-1]


def summary(done):
    return json_lines(done.stdout)[-1]["summary"]


def story_a_refused_contact_that_is_there_by_now(place):
    """Refused, then made by another computer, then corrected here: it is
    linked by the probe although the ledger knew it as refused."""
    place.serve(script="create 1 400\n")
    place.config()
    place.write("export.csv", csv_text(1))
    place.belay("sync", "export.csv", status=1)
    place.belay("sync", "export.csv", "--state-dir", "other", status=0)
    text = csv_text(1).replace("555-0100", "555-0177")
    place.write("export.csv", text)
    done = place.belay("sync", "export.csv", "--json", status=0)
    equal(rows_of(done)[0]["verb"], "update", "verb")
    equal(rows_of(done)[0]["status"], "synced", "status")
    equal(place.people(), {person(0)[0]: 1}, "contacts at the service")


if __name__ == "__main__":
    main(globals())
