# SPDX-License-Identifier: MIT
"""A book through the practice server and back: what was sent, what stands in
the file, and that nothing else changed."""

import glob
import json
import re
import shutil
import subprocess

from story import (BELAY, check, csv_text, equal, json_lines, main, person,
                   HEADER)

COUNT = 500


def writes(place, since=0):
    return [request for request in place.requests()[since:]
            if request["route"] in ("create", "update")]


def summary(done):
    return json_lines(done.stdout)[-1]["summary"]


def without_ids(text, line_end):
    """The CSV as it was before belay put its last column in."""
    lines = text.split(line_end)
    equal(lines[0].rpartition(",")[2], "HealthSherpa ID", "last column")
    ids = []
    for line in lines[1:-1]:
        ids.append(line.rpartition(",")[2].strip('"'))
    return line_end.join(line.rpartition(",")[0] for line in lines[:-1]) \
        + line_end, ids


def story_five_hundred_contacts_of_a_csv(place):
    place.serve()
    place.config()
    before = csv_text(COUNT)
    place.write("export.csv", before)

    done = place.belay("sync", "export.csv", "--json", status=0)
    equal(summary(done)["created"], COUNT, "created")
    equal(place.people(), {person(n)[0]: 1 for n in range(COUNT)},
          "contacts at the service")

    after = place.read("export.csv").decode()
    rest, ids = without_ids(after, "\r\n")
    check(rest == before, "some other byte of the file changed")
    equal(len(set(ids)), COUNT, "different IDs")
    check(all(re.fullmatch(r"[0-9a-f-]{36}", id) for id in ids), "IDs")

    # Again: nothing to send, nothing to write.
    seen = len(place.requests())
    done = place.belay("sync", "export.csv", "--json", status=0)
    equal(summary(done)["unchanged"], COUNT, "unchanged")
    equal(writes(place, seen), [], "writes of the second run")
    equal(place.read("export.csv").decode(), after, "the file")

    # One phone number: one PATCH with that one field.
    phone = person(7)[4]
    lines = after.split("\r\n")
    check(phone in lines[8], "the row is where it was")
    lines[8] = lines[8].replace(phone, "(916) 555-0199")
    place.write("export.csv", "\r\n".join(lines))
    seen = len(place.requests())
    done = place.belay("sync", "export.csv", "--json", status=0)
    sent = writes(place, seen)
    equal(len(sent), 1, "writes")
    equal(sent[0]["method"], "PATCH", "method")
    equal(sent[0]["body"]["contact"], {"phone": "9165550199"}, "fields")
    equal(summary(done)["updated"], 1, "updated")


def story_an_audit_that_does_not_reach_the_disk_is_told(place):
    if not shutil.which("strace"):
        print("# strace is missing: no disk fails")
        return
    place.serve()
    place.config()
    place.write("export.csv", csv_text(1))
    place.belay("sync", "export.csv", status=0)
    place.write("export.csv", csv_text(2))
    audits = glob.glob(place.path(".local/state/belay/audit/*.jsonl"))
    equal(len(audits), 1, "audits")
    # slowly, so that it fails when all has been sent
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-P", audits[0],
         "-e", "trace=fdatasync",
         "-e", "inject=fdatasync:error=EIO:delay_exit=900000",
         BELAY, "sync", "-c", place.path("config.yaml"),
         place.path("export.csv")], env=place.environment(),
        capture_output=True, text=True, timeout=60, check=False)
    if "ptrace" in done.stderr:
        print("# strace may not trace: no disk fails")
        return
    equal(done.returncode, 0, done.stderr)
    equal(done.stderr.count("writing the audit"), 1, done.stderr)
    equal(place.people(), {person(n)[0]: 1 for n in range(2)}, "contacts")


def yaml_text(count):
    text = ["# The agency's book. Comments stay where they are.", "",
            "owner: A. Gent   # not a contact", "contacts:"]
    for number in range(count):
        values = person(number)
        text.append(f"  # ---- {number} {'-' * (number % 30)}")
        for index, (name, value) in enumerate(zip(HEADER, values)):
            lead = "  - " if index == 0 else "    "
            quote = ("'", '"', "")[number % 3]
            if quote == "'":
                value = value.replace("'", "''")
            if index == 0 and not quote:
                quote = '"'
            comment = "   # by hand" if index == number % 7 else ""
            text.append(f"{lead}{name}: {quote}{value}{quote}{comment}")
        if number % 10 == 3:
            text.append("")
    text.append("# the end")
    return "\n".join(text) + "\n"


def story_a_yaml_file_full_of_comments(place):
    place.serve()
    place.config()
    before = yaml_text(200)
    place.write("book.yaml", before)
    done = place.belay("sync", "book.yaml", "--json", status=0)
    equal(summary(done)["created"], 200, "created")

    after = place.read("book.yaml").decode()
    added = [line for line in after.split("\n")
             if re.fullmatch(r"    healthsherpa_id: ([\"']?)[0-9a-f-]{36}\1", line)]
    equal(len(added), 200, "added lines")
    kept = "\n".join(line for line in after.split("\n")
                     if not re.match(r"    healthsherpa_id: ", line))
    check(kept == before, "the diff shows more than the added IDs")

    seen = len(place.requests())
    place.belay("sync", "book.yaml", "--json", status=0)
    equal(writes(place, seen), [], "writes of the second run")
    equal(place.read("book.yaml").decode(), after, "the file")


def json_contact(number):
    """As an API hands it out: a number that no double holds as ID, something
    nested, something empty, something that is not ours."""
    contact = dict(zip(HEADER, person(number)))
    contact["Record ID"] = 10**19 + number
    contact["tags"] = [{"name": "caf\u00e9", "weight": 1.5}, []]
    contact["owner"] = {"name": "A. Gent", "since": None, "active": True}
    return contact


def sync_json(place, name, before, added):
    """All IDs come to where `added` (a pattern) stands, and nothing else."""
    place.serve()
    place.config()
    place.write(name, before)
    done = place.belay("sync", name, "--json", status=0)
    equal(summary(done)["created"], 200, "created")
    check(place.people() == {str(10**19 + n): 1 for n in range(200)},
          "contacts at the service")

    after = place.read(name).decode()
    ids = re.findall(added, after)
    equal(len(set(ids)), 200, "IDs")
    check(re.sub(added, "", after) == before, "some other byte changed")
    rows = json_lines(place.belay("status", name, "--json", status=0).stdout)
    equal([row["healthsherpa_id"] for row in rows], ids, "IDs by row")

    seen = len(place.requests())
    done = place.belay("sync", name, "--json", status=0)
    equal(summary(done)["unchanged"], 200, "unchanged")
    equal(writes(place, seen), [], "writes of the second run")
    equal(place.read(name).decode(), after, "the file")


def story_two_hundred_contacts_of_indented_json(place):
    text = json.dumps({"total": 200, "seen": [1, {"of": []}],
                       "results": [json_contact(n) for n in range(200)],
                       "paging": {"next": None}}, indent=2)
    sync_json(place, "export.json", text.replace("\n", "\r\n") + "\r\n",
              r',\r\n      "healthsherpa_id": "([0-9a-f-]{36})"(?=\r\n    })')


def story_two_hundred_contacts_of_json_lines(place):
    lines = [json.dumps(json_contact(n), ensure_ascii=n % 2 == 0,
                        separators=(",", ":") if n % 3 else None) + "\n"
             for n in range(200)]
    lines.insert(100, "\n")
    sync_json(place, "export.jsonl", "".join(lines),
              r', ?"healthsherpa_id": ?"([0-9a-f-]{36})"(?=}\n)')


def story_a_bad_row_never_stops_the_good_ones(place):
    place.serve()
    place.config()
    rows = [person(n) for n in range(6)]
    rows[1][2] = ""              # no last name
    rows[2][7] = "9581"          # a ZIP that cannot be guessed
    rows[4] = rows[4][:3]        # ragged
    place.write("export.csv", "\n".join(
        ",".join(row) for row in [HEADER] + rows) + "\n")
    done = place.belay("sync", "export.csv", "--json", status=1)
    result = {line.get("external_id"): line
              for line in json_lines(done.stdout) if "external_id" in line}
    equal(result["1001"]["verb"], "blocked", "no last name")
    check("last name" in result["1001"]["message"], "says which field")
    equal(result["1002"]["status"], "synced", "the ZIP is left out")
    sent = {request["external_id"]: request["body"]["contact"]
            for request in writes(place)}
    check("zip" not in sent["1002"], "a bad ZIP is not sent")
    equal(summary(done)["created"], 4, "created")
    equal(summary(done)["blocked"], 2, "blocked")


def story_a_file_too_big_for_memory_says_the_same(place):
    """BELAY_DEBUG_KEEP=0: no file is kept, each is gone through twice."""
    place.serve()
    place.config()
    lines = csv_text(12).split("\r\n")
    place.write("big.csv", "\r\n".join(lines))
    place.belay("sync", "big.csv", "--limit", "6", status=0)
    lines = place.read("big.csv").decode().split("\r\n")
    lines[3] = lines[3].replace("(916) 555-0102", "(916) 555-0199")
    lines[5] = lines[5].rpartition(",")[0] + "," + lines[6].rpartition(",")[2]
    lines[9] = lines[9].replace("California", "Nowhere")
    lines[10] = lines[10].replace(person(9)[0], person(8)[0])
    lines[11] = ",".join(lines[11].split(",")[:4])
    place.write("big.csv", "\r\n".join(lines))
    stayed = place.read("big.csv")
    first, second = person(7)[0], person(2)[0]
    for argv in (["check"], ["check", "-v", "--json"], ["plan"],
                 ["plan", "-v", "--json"], ["status"], ["status", "--json"],
                 ["review"], ["review", "--json"], ["sync", "--dry-run"],
                 ["status", "-f", "status:changed"],
                 ["plan", "--limit", "2"], ["plan", "--failed"],
                 ["check", "-f", "nobody"], ["status", "--id", "nobody"],
                 ["check", "--id", first, "--id", second, "--id", first],
                 ["show", "--id", second], ["show", "--id", "row:3", "--json"],
                 ["plan", "-f", "finding:id-repeated"]):
        kept = place.belay(argv[0], "big.csv", *argv[1:])
        again = place.belay(argv[0], "big.csv", *argv[1:],
                            BELAY_DEBUG_KEEP="0")
        equal((again.returncode, again.stdout, again.stderr),
              (kept.returncode, kept.stdout, kept.stderr), f"{argv}")
    check("review" in place.belay("status", "big.csv").stdout, "nothing odd")
    equal(place.read("big.csv"), stayed, "the file")


def story_refusals_stay_with_their_row(place):
    place.serve(script="create @1002 400\ncreate @1003 500\n")
    place.config(sync="  concurrency: 2\n")
    place.write("export.csv", csv_text(6))
    done = place.belay("sync", "export.csv", "--json", status=1)
    last = summary(done)
    equal(last["created"], 4, "created")
    # A 500 may have taken effect: looked up, then tried again, thrice.
    equal(place.people(), {person(n)[0]: 1 for n in (0, 1, 4, 5)}, "people")
    done = place.belay("status", "export.csv", "--json", status=1)
    status = {line["external_id"]: line for line in json_lines(done.stdout)}
    equal(status["1002"]["status"], "failed", "refused")
    equal(status["1003"]["status"], "review", "three tries")
    check(status["1002"]["reason"], "has a reason")


def story_a_lost_answer_is_looked_up(place):
    place.serve(script="create 2-4 commit-then-drop\n"
                       "create @1005:1 drop\n")
    place.config()
    place.write("export.csv", csv_text(8))
    done = place.belay("sync", "export.csv", "--json", status=0)
    equal(place.people(), {person(n)[0]: 1 for n in range(8)}, "people")
    equal(summary(done)["waiting"], 0, "waiting")
    _, ids = without_ids(place.read("export.csv").decode(), "\r\n")
    equal(len(set(ids)), 8, "IDs in the file")


def story_no_wait_leaves_doubt_for_the_next_run(place):
    place.serve(script="create 1 commit-then-drop\n")
    place.config(sync="", rest="")
    place.write("config.yaml", place.read("config.yaml").decode().replace(
        "settle: 300ms", "settle: 2s"))
    place.write("export.csv", csv_text(3))
    done = place.belay("sync", "export.csv", "--json", "--no-wait", status=1)
    equal(summary(done)["waiting"], 1, "waiting")
    done = place.belay("sync", "export.csv", "--json", status=0)
    equal(place.people(), {person(n)[0]: 1 for n in range(3)}, "people")


def story_a_wrong_key_is_said_once(place):
    place.serve()
    place.config()
    place.stop_server()
    place.serve(script="* all 401\n")
    place.config()
    place.write("export.csv", csv_text(40))
    done = place.belay("sync", "export.csv", status=77)
    equal(len([line for line in done.stderr.splitlines() if "key" in line]), 1,
          "sentences about the key")
    check(len(place.requests()) <= 16, "does not go on")


def story_a_dead_service_is_69(place):
    place.serve()
    place.config()
    place.stop_server()
    place.write("export.csv", csv_text(5))
    place.belay("sync", "export.csv", status=69)
    equal(place.read("export.csv").decode(), csv_text(5), "the file")


def story_a_second_belay_is_told_who_holds_the_book(place):
    import signal
    import subprocess
    from story import BELAY, wait_until
    place.serve("latency=2s")
    place.config()
    place.write("export.csv", csv_text(3))
    first = subprocess.Popen(
        [BELAY, "sync", "-c", place.path("config.yaml"), "export.csv"],
        env=place.environment(), cwd=place.directory,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: place.requests(), "the first request")
        done = place.belay("sync", "export.csv", status=75)
        check(str(first.pid) in done.stderr, "names the process")
        place.belay("status", "export.csv", "--json")
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()


def story_an_edit_made_meanwhile_survives(place):
    import subprocess
    from story import BELAY, wait_until
    place.serve("latency=500ms")
    place.config()
    place.write("export.csv", csv_text(4))
    first = subprocess.Popen(
        [BELAY, "sync", "-c", place.path("config.yaml"), "export.csv"],
        env=place.environment(), cwd=place.directory,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: place.requests(), "the first request")
    # Another program moves a row, changes a name and adds a row.
    lines = csv_text(5).split("\r\n")
    lines[1], lines[3] = lines[3], lines[1].replace("person0@", "other@")
    edited = "\r\n".join(lines)
    place.write("export.csv", edited)
    equal(first.wait(60), 0, "exit status")
    rest = []
    ids = {}
    for line in place.read("export.csv").decode().split("\r\n")[1:-1]:
        body, _, id = line.rpartition(",")
        rest.append(body)
        ids[body.split(",")[0]] = id
    equal("\r\n".join([edited.split("\r\n")[0]] + rest) + "\r\n", edited,
          "the edit")
    check(all(ids[person(n)[0]] for n in range(4)), "all four IDs are there")
    equal(ids[person(4)[0]], "", "the new row has none")


def story_the_quote_page_of_a_synced_contact(place):
    place.serve()
    place.config()
    place.write("export.csv", csv_text(2))
    place.belay("sync", "export.csv", status=0)
    done = place.belay("open", "quote", "--id", "1001", "--print-url",
                       "export.csv", status=0)
    check(done.stdout.startswith(place.url + "/quote/"), done.stdout)
    done = place.belay("open", "login", "--print-url", status=0)
    check(done.stdout.startswith(place.url), done.stdout)
    place.write("more.csv", csv_text(3))
    done = place.belay("open", "quote", "--id", "1002", "more.csv", status=65)
    check("sync" in done.stderr, "says what to do")


if __name__ == "__main__":
    main(globals())
