#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Past runs, their contacts as files that feed straight back in, the audit,
and that nobody's name, birth date, number or phone is in what is kept."""

import csv
import glob
import io
import json
import os
import re

from story import (HEADER, MAPPING, check, csv_text, equal, json_lines, main,
                   person)

STATE = ".local/state/belay"


def table(place, name):
    text = place.read(name).decode()
    rows = list(csv.reader(io.StringIO(text)))
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def audit(place):
    lines = []
    for path in sorted(glob.glob(place.path(STATE + "/audit/*.jsonl"))):
        equal(os.stat(path).st_mode & 0o777, 0o600, path)
        with open(path, encoding="utf-8") as file:
            lines += [json.loads(line) for line in file]
    return lines


def history(place, *words, **more):
    return place.belay("history", "export.csv", *words, **more)


def story_runs_and_their_rows(place):
    place.serve(script="create @1001 400\n")
    place.config()
    equal(history(place, status=66).stdout, "", "no file yet")
    place.write("export.csv", csv_text(3))
    check("nothing has been synced" in history(place, status=0).stdout,
          "no run yet")
    place.belay("sync", "export.csv", status=1)
    place.belay("sync", "export.csv", status=1)
    runs = json_lines(history(place, "--json", status=0).stdout)
    equal([run["run"] for run in runs], ["2", "1"], "runs")
    equal((runs[1]["created"], runs[1]["failed"], runs[1]["outcome"]),
          (2, 1, "done"), "counts")
    rows = json_lines(history(place, "1", "--json", status=0).stdout)
    by_id = {row["external_id"]: row for row in rows}
    equal(sorted(by_id), ["1000", "1001", "1002"], "rows")
    equal(by_id["1001"]["status"], "failed", "status")
    equal(by_id["1001"]["http"], 400, "http")
    equal(by_id["1001"]["row"], 2, "row")
    check(by_id["1000"]["healthsherpa_id"], "its ID")
    said = history(place, "1", status=0).stdout
    check("Abernathy A, Ruth" in said and "failed" in said, said)
    check("nothing was sent" in history(place, "2", status=0).stdout,
          "the second run")
    history(place, "3", status=65)
    history(place, "1", "2", status=64)
    place.belay("history", "1", "--errors", "x.csv", "--purge", status=64)


def story_of_one_contact(place):
    """What was sent and what was decided, with the names of the fields."""
    place.serve(script="create @1001 400\n")
    place.config()
    place.write("export.csv", csv_text(3))
    check("nothing of this contact" in
          history(place, "--id", "1000", status=0).stdout, "not yet")
    place.belay("sync", "export.csv", status=1)
    (sent,) = json_lines(history(place, "--id", "1000", "--json",
                                 status=0).stdout)
    equal((sent["run"], sent["decision"], sent["verb"], sent["status"]),
          ("1", None, "create", "synced"), "what was sent")
    equal(sorted(sent), sorted([
        "external_id", "row", "run", "decision", "verb", "status", "http",
        "healthsherpa_id", "code", "message", "requests", "fields", "at"]),
        "its keys")
    check({"first_name", "birth_date"} <= set(sent["fields"]), sent["fields"])
    check(sent["at"].endswith("Z"), sent["at"])
    rows = json_lines(history(place, "1", "--json", status=0).stdout)
    check(sent in rows, "the same in the run")
    refused = history(place, "--id", "1001", status=0, TZ="HST10").stdout
    check("failed" in refused and "400" in refused, refused)
    hour = (int(sent["at"][11:13]) + 14) % 24
    check(re.search(rf"^\d{{4}}-\d\d-\d\d {hour:02}:", refused, re.M),
          refused)
    history(place, "1", "--id", "1000", status=64)
    history(place, "--id", "77", status=65)


def story_what_was_decided_is_kept(place):
    place.serve(script="create @1001 400\n")
    place.config()
    place.write("export.csv", csv_text(2))
    place.belay("sync", "export.csv", status=1)
    place.belay("review", "export.csv", "--id", "1001", "--never", status=0)
    decided, sent = json_lines(history(place, "--id", "1001", "--json",
                                       status=0).stdout)
    equal((decided["decision"], decided["run"], decided["verb"],
           decided["requests"], decided["fields"]),
          ("never", None, None, None, []), "decided")
    equal(sent["status"], "failed", "what was sent before")
    said = history(place, "--id", "1001", status=0).stdout
    check(re.search(r"decided\s+never", said), said)
    place.belay("history", "export.csv", "--purge=0s", status=0)
    (left,) = json_lines(history(place, "--id", "1001", "--json",
                                 status=0).stdout)
    equal(left["decision"], None, "it is forgotten with the runs")


def story_a_run_that_was_cut_off(place):
    place.serve()
    place.config()
    place.write("export.csv", csv_text(3))
    place.belay("sync", "export.csv", status=-9, BELAY_DEBUG_STOP_AT="15")
    (run,) = json_lines(history(place, "--json", status=0).stdout)
    equal((run["outcome"], run["ended"]), ("cut off", None), "how it ended")


def story_what_a_run_did_that_was_cut_off(place):
    """Its counts are those of the rows that are on disk."""
    place.serve(script="create @1001 400\n")
    place.config(sync="  concurrency: 1\n")
    place.write("export.csv", csv_text(40))
    place.belay("sync", "export.csv", status=-9, BELAY_DEBUG_STOP_AT="150")
    (run,) = json_lines(history(place, "--json", status=0).stdout)
    rows = json_lines(history(place, "1", "--json").stdout)
    failed = [row for row in rows if row["status"] == "failed"]
    equal(run["outcome"], "cut off", "how it ended")
    check(1 < len(rows) < 40, f"{len(rows)} rows")
    equal((run["created"], run["failed"]), (len(rows) - 1, len(failed)),
          "counts")
    equal(len(failed), 1, "failed")
    equal(run["requests"], sum(row["requests"] for row in rows), "requests")
    line = history(place, status=0).stdout.splitlines()[-1]
    check(re.search(rf"\b{len(rows) - 1}\s+0\s+1\s", line), line)


def story_an_error_file_is_mended_and_fed_back(place):
    place.serve(script="create @1001 400\ncreate @=1+1 400\n")
    place.config()
    rows = [HEADER, person(0), person(1), person(2)]
    rows[2][4] = "+1 916 555 0101"
    rows[3][0] = "=1+1"
    rows[3][2] = 'Adams "Bo", Jr'
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    place.write("export.csv", text.getvalue())
    place.belay("sync", "export.csv", status=1)
    done = history(place, "1", "--success", "good.csv", "--errors", "bad.csv",
                   status=0)
    check("--continues" in done.stdout, done.stdout)
    good, bad = table(place, "good.csv"), table(place, "bad.csv")
    equal([row["Record ID"] for row in good], ["1000"], "success")
    check(good[0]["HealthSherpa ID"], "its ID")
    equal([row["Record ID"] for row in bad], ["1001", "'=1+1"], "errors")
    check(bad[0]["HealthSherpa Error"], "its reason")
    equal(bad[0]["Phone Number"], "'+1 916 555 0101", "made harmless")
    equal(bad[1]["Last Name"], 'Adams "Bo", Jr', "quoted")
    for row in bad:
        for cell in row.values():
            check(not cell.startswith(("=", "+", "-", "@")), cell)
    # never over what is there
    history(place, "1", "--errors", "bad.csv", status=73)
    # mended, it goes on as the same book: everybody is there once
    mended = place.read("bad.csv").decode().replace("555 0101", "555 0177")
    place.write("bad.csv", mended)
    place.stop_server()
    place.serve(port=int(place.url.rsplit(":", 1)[1]))
    place.belay("sync", "bad.csv", "--continues", "export.csv", status=1)
    place.belay("sync", "bad.csv", "--failed", status=0)
    equal(place.people(), {"1000": 1, "1001": 1, "=1+1": 1}, "contacts")
    place.belay("sync", "bad.csv", status=0)
    sent = {request["external_id"]: request["body"]["contact"]
            for request in place.requests() if request["route"] == "create"}
    equal(sent["1001"]["phone"], "9165550177", "the mended phone")
    equal(sent["=1+1"]["last_name"], 'Adams "Bo", Jr', "the name")


def story_purge(place):
    place.serve()
    place.config()
    place.write("export.csv", csv_text(2))
    place.belay("sync", "export.csv", status=0)
    place.belay("sync", "export.csv", status=0)
    old = place.write(STATE + "/audit/2001-01.jsonl", "{}\n")
    check("0 runs and 1 month" in history(place, "--purge", status=0).stdout,
          "what is too old")
    check(not os.path.exists(old), "the old month")
    check("1 run and 0" in history(place, "--purge=0s", status=0).stdout,
          "all but the newest")
    equal(len(json_lines(history(place, "--json").stdout)), 1, "runs left")
    history(place, "--purge=soon", status=64)
    check(any(line["action"] == "purge" for line in audit(place)), "audit")


def story_the_audit_tells_who_sent_what(place):
    place.serve(script="create @1001 400\n")
    place.config()
    place.write("export.csv", csv_text(2))
    place.belay("sync", "export.csv", status=1)
    place.belay("review", "export.csv", "--id", "1001", "--never", status=0)
    lines = audit(place)
    told = [(line["action"], line.get("external_id"), line.get("outcome"))
            for line in lines]
    for event in (("create", "1000", "sending"), ("create", "1000", "synced"),
                  ("create", "1001", "sending"), ("create", "1001", "failed"),
                  ("decide-never", "1001", None)):
        check(event in told, (event, told))
    check(all(line["user"] and line["agent"] and line["time"]
              for line in lines), lines)
    check(all("payload" in line for line in lines
              if line["action"] == "create"), lines)


def story_nobody_is_in_what_is_kept(place):
    """The service repeats what it was sent in its refusals; the state
    directory, the audit and the log have none of it."""
    place.serve(script="create @1001 422\nsearch 9+ 500\n")
    mapping = MAPPING + "  medicare_number: MBI\n  notes: Note\n"
    place.config(mapping=mapping)
    canaries = {"First Name": "Canaryfirst", "Last Name": "Canarylast",
                "Email": "canary.mail@example.com",
                "Phone Number": "916-555-0142",
                "Date of birth": "7/13/1941", "Postal Code": "95842",
                "MBI": "1S00A00AA42", "Note": "canary note"}
    header = HEADER + ["MBI", "Note"]
    rows = [header]
    for number in range(4):
        row = person(number) + [f"1S00A00AA{number:02}", ""]
        for name, value in canaries.items():
            if number in (0, 1):
                row[header.index(name)] = value
        row[header.index("MBI")] = f"1S00A00AA4{number}"
        if number == 1:
            row[header.index("Last Name")] = "Canarylasttwo"
        rows.append(row)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    place.write("export.csv", text.getvalue())
    place.belay("sync", "export.csv", "--log", "belay.log")
    place.belay("status", "export.csv", "--log", "belay.log")
    history(place, "1", "--log", "belay.log", status=0)
    place.belay("doctor", "export.csv", "--log", "belay.log")
    places = [place.path("belay.log")]
    for where, folders, names in os.walk(place.path(STATE)):
        if "backup" in folders:
            folders.remove("backup")  # copies of the user's own file
        places += [os.path.join(where, name) for name in names]
    check(len(places) > 4, places)
    forms = ["canary", "9165550142", "555-0142", "1941-07-13", "7/13/1941",
             "19410713", "95842", "1s00a00aa4"]
    for path in places:
        with open(path, "rb") as file:
            held = file.read().lower()
        for form in forms:
            check(form.encode() not in held, f"{form} is in {path}")


if __name__ == "__main__":
    main(globals())
