# SPDX-License-Identifier: MIT
"""IDs on their way back into a CRM: `belay writeback`."""

import csv
import io
import os

from story import check, csv_text, equal, json_lines, main


def rows_of(place, name):
    return list(csv.reader(io.StringIO(place.read(name).decode(), newline="")))


def ids_in(place, name):
    """The CRM's IDs and HealthSherpa's, as the synced source has them."""
    rows = rows_of(place, name)
    column = rows[0].index("HealthSherpa ID")
    return {row[0]: row[column] for row in rows[1:]}


def story_a_file_for_hubspot_has_what_came_since_the_last_one(place):
    place.serve()
    place.config()
    place.write("export.csv", csv_text(5))
    place.belay("sync", "export.csv", "--limit=3", "--json", status=0)
    done = place.belay("writeback", "export.csv", "--for=hubspot",
                       "--output=one.csv", status=0)
    check("3 contacts for HubSpot" in done.stdout, "says how many")
    check("unique" in done.stdout, "says how to import")
    text = place.read("one.csv").decode()
    check(text.startswith('"Record ID","HealthSherpa ID"\r\n'), "header")
    check("\ufeff" not in text, "no byte order mark")
    equal(os.stat(place.path("one.csv")).st_mode & 0o777, 0o600, "mode")
    linked = ids_in(place, "export.csv")
    equal(rows_of(place, "one.csv")[1:],
          [[key, linked[key]] for key in ("1000", "1001", "1002")], "rows")

    done = place.belay("writeback", "export.csv", "--for=hubspot",
                       "--output=two.csv", status=0)
    check("nothing new" in done.stdout, "says that nothing is new")
    check(not os.path.exists(place.path("two.csv")), "no empty file")

    place.belay("sync", "export.csv", "--json", status=0)
    done = place.belay("writeback", "export.csv", "--for=hubspot",
                       "--output=three.csv", "--json", status=0)
    equal(json_lines(done.stdout)[-1]["summary"],
          {"output": "three.csv", "crm": "hubspot", "written": 2,
           "without_id": 0, "needs_attention": 0}, "summary")
    linked = ids_in(place, "export.csv")
    equal(rows_of(place, "three.csv")[1:],
          [[key, linked[key]] for key in ("1003", "1004")], "the new ones")
    place.belay("writeback", "export.csv", "--for=hubspot",
                "--output=four.csv", "--all", status=0)
    equal(len(rows_of(place, "four.csv")), 6, "all of them")


def story_a_file_that_is_there_stays(place):
    place.serve()
    place.config()
    place.write("export.csv", csv_text(2))
    place.belay("sync", "export.csv", "--json", status=0)
    place.write("out.csv", "mine")
    done = place.belay("writeback", "export.csv", "--for=zoho",
                       "--output=out.csv", status=73)
    check("out.csv" in done.stderr and "already" in done.stderr, "says why")
    equal(place.read("out.csv"), b"mine", "the file")
    # nothing was handed over by that
    done = place.belay("writeback", "export.csv", "--for=zoho",
                       "--output=-", status=0)
    equal(len(done.stdout.splitlines()), 3, "lines on standard output")
    check("2 contacts for Zoho" in done.stderr, "words on standard error")


def story_salesforce_gets_its_mapping_beside_it(place):
    place.serve()
    place.config()
    place.write("export.csv", csv_text(2))
    place.belay("sync", "export.csv", "--json", status=0)
    os.mkdir(place.path("out"))
    place.belay("writeback", "export.csv", "--for=salesforce",
                "--output=out/sf.csv", status=0)
    check(b"HealthSherpa_ID__c=HealthSherpa_ID__c\r\n"
          in place.read("out/healthsherpa.sdl"), "the mapping")
    # the next one finds it there; another file of that name is not replaced
    place.belay("writeback", "export.csv", "--for=salesforce", "--all",
                "--output=out/sf2.csv", status=0)
    place.write("out/healthsherpa.sdl", "mine")
    done = place.belay("writeback", "export.csv", "--for=salesforce", "--all",
                       "--output=out/sf3.csv", status=73)
    check("healthsherpa.sdl" in done.stderr, "names it")
    equal(place.read("out/healthsherpa.sdl"), b"mine", "the file")


def story_all_columns_for_any_other_program(place):
    place.serve()
    place.config()
    rows = csv_text(4).split("\r\n")
    rows[2] = rows[2].replace("José", "")  # no first name: blocked
    place.write("export.csv", "\r\n".join(rows))
    place.belay("sync", "export.csv", "--json", status=1)
    place.belay("writeback", "export.csv", "--for=any", "--output=any.csv",
                status=0)
    source, out = rows_of(place, "export.csv"), rows_of(place, "any.csv")
    equal(out[0], source[0] + [
        "HealthSherpa Status", "HealthSherpa Error",
        "HealthSherpa Synced At", "HealthSherpa Quote URL"], "header")
    equal([row[:len(source[0])] for row in out[1:]], source[1:], "columns")
    status = out[0].index("HealthSherpa Status")
    equal([row[status] for row in out[1:]],
          ["synced", "blocked", "synced", "synced"], "statuses")
    check("first name" in out[2][status + 1], "says what is wrong")


def story_what_cannot_be_is_said(place):
    place.config()
    place.write("export.csv", csv_text(1))
    done = place.belay("writeback", "export.csv", "--for=hubspt",
                       "--output=x.csv", status=64)
    check("did you mean 'hubspot'" in done.stderr, "the nearest name")
    done = place.belay("writeback", "export.csv", "--for=google",
                       "--output=x.csv", status=64)
    check("twice" in done.stderr, "why there is none for Google")
    place.belay("writeback", "export.csv", "--for=hubspot", status=64)
    place.belay("writeback", "export.csv", "--for=hubspot", "--output=-",
                "--json", status=64)
    place.belay("writeback", "export.csv", "--for=hubspot",
                "--output=none/x.csv", status=73)


if __name__ == "__main__":
    main(globals())
