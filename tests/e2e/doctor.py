#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The doctor says what is wrong and what to do, and changes nothing; a repair
of the ledger never makes a second contact."""

import glob
import os
import shutil
import sqlite3

from story import (check, csv_text, equal, json_lines, main, person,
                   wait_until)

STATE = ".local/state/belay"
LATE = 1200
SETTLE = "2500ms"


def doctor(place, *words, status=0, **more):
    """The lines by what was looked at."""
    done = place.belay("doctor", "export.csv", "--json", *words,
                       status=status, **more)
    lines = json_lines(done.stdout)
    summary = lines.pop()["summary"]
    equal(sum(summary.values()), len(lines), "the summary")
    for line in lines:
        if line["verdict"] == "wrong" and line["check"] != "contacts":
            check(line["advice"] or line["text"], line)
    return {line["check"]: line for line in lines}


def verdicts(lines, *checks):
    return [lines[name]["verdict"] for name in checks]


def prepare(place, count=3, script="", switches=("duplicate=second",)):
    place.serve(*switches, script=script)
    place.config()
    text = place.read("config.yaml").decode()
    place.write("config.yaml", text.replace("300ms", SETTLE))
    os.chmod(place.path("config.yaml"), 0o600)
    place.write("export.csv", csv_text(count))
    os.chmod(place.path("export.csv"), 0o600)


def ledger_of(place):
    (path,) = [path for path in glob.glob(
        place.path(STATE + "/books/*/practice.sqlite"))]
    return path


def story_all_is_well(place):
    prepare(place)
    lines = doctor(place)
    check("none yet" in lines["ledger"]["text"], lines["ledger"])
    check(not os.path.exists(place.path(STATE)), "it made nothing")
    place.belay("sync", "export.csv", status=0)
    before = [place.read("export.csv"), len(place.requests())]
    lines = doctor(place)
    equal(verdicts(lines, "config", "contacts", "key", "service", "ledger",
                   "agreement", "clock", "terminal", "file"), ["ok"] * 9,
          lines)
    requests = place.requests()[before[1]:]
    equal([request["route"] for request in requests], ["search"], "requests")
    equal(place.read("export.csv"), before[0], "the file")
    said = place.belay("doctor", "export.csv", status=0).stdout
    check("ok     config" in said and "0 wrong" in said, said)


def story_what_is_wrong_is_said(place):
    prepare(place)
    place.write("bad.yaml", "servce: {}\n")
    lines = doctor(place, status=1, config="bad.yaml")
    equal(verdicts(lines, "config"), ["wrong"], "config")
    lines = doctor(place, status=1, BELAY_API_KEY="")
    equal(verdicts(lines, "key"), ["wrong"], "key")
    os.chmod(place.path("export.csv"), 0o644)
    lines = doctor(place)
    equal(verdicts(lines, "file"), ["look"], "a file for others")
    check("chmod" in lines["file"]["advice"], lines["file"])
    place.stop_server()
    lines = doctor(place, status=1)
    equal(verdicts(lines, "service"), ["wrong"], "nobody there")
    port = int(place.url.rsplit(":", 1)[1])
    place.serve(script="* all 401\n", port=port)
    lines = doctor(place, status=1)
    equal(verdicts(lines, "service"), ["wrong"], "a wrong key")
    os.unlink(place.path("export.csv"))
    lines = doctor(place, status=1)
    equal(verdicts(lines, "contacts"), ["wrong"], "no file")


def story_doubts_and_disagreement(place):
    prepare(place, script="create 2 drop\ncreate 3 400\n")
    place.belay("sync", "export.csv", "--no-wait", status=1)
    lines = doctor(place)
    equal(verdicts(lines, "doubt", "failed"), ["look"] * 2, lines)
    place.belay("sync", "export.csv", status=1)
    text = place.read("export.csv").decode()
    (one,) = [line.rsplit(",", 1)[1] for line in text.split("\r\n")
              if line.startswith("1000,")]
    place.write("export.csv", text.replace(one, one[:-4] + "0000"))
    lines = doctor(place, status=1)
    equal(verdicts(lines, "agreement", "review"), ["wrong", "look"], lines)


def story_a_state_directory_that_is_gone(place):
    """The file's IDs say that it was synced: so do doctor and plan."""
    prepare(place)
    lines = doctor(place)
    equal(verdicts(lines, "ledger", "agreement"), ["ok"] * 2, "a new file")
    place.belay("sync", "export.csv", status=0)
    plan = place.belay("plan", "export.csv", status=0).stdout
    check("does not know" not in plan, plan)
    shutil.rmtree(place.path(STATE))
    lines = doctor(place)
    equal(verdicts(lines, "ledger", "agreement"), ["look"] * 2, lines)
    for name in ("ledger", "agreement"):
        check("3 HealthSherpa IDs" in lines[name]["text"], lines[name])
        check("nobody new" in lines[name]["advice"]
              and "sync.settle" in lines[name]["advice"], lines[name])
    equal(doctor(place, BELAY_DEBUG_KEEP="1"), lines, "of a big file")
    plan = place.belay("plan", "export.csv", status=0).stdout
    check("3 to update" in plan and "the file has HealthSherpa IDs that belay's "
          "ledger does not know" in plan, plan)
    place.belay("sync", "export.csv", status=0)
    lines = doctor(place)
    equal(verdicts(lines, "ledger", "agreement"), ["ok"] * 2, lines)


def overwrite(path):
    """What a failing disk does."""
    with open(path, "r+b") as file:
        size = file.seek(0, 2)
        for page in range(1, size // 4096):
            file.seek(page * 4096)
            file.write(b"\x5a" * 4096)


def no_database(path):
    with open(path, "wb") as file:
        file.write(b"milk, bread, and whatever else there is to buy " * 90)


def truncate(path):
    os.truncate(path, os.path.getsize(path) // 2 // 4096 * 4096)


def another_database(path):
    os.unlink(path)
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE recipe(name TEXT)")
    base.commit()
    base.close()


def newer(path):
    with open(path, "r+b") as file:
        file.seek(60)
        file.write(bytes([0, 0, 0, 99]))


def landed(place):
    with open(place.log, encoding="utf-8") as file:
        return sum('"late-commit"' in line for line in file)


def story_a_damaged_ledger_is_made_anew(place):
    """However it is damaged, and whatever is still on its way: set aside,
    kept, made anew, and everybody is there once."""
    for number, damage in enumerate(
            (overwrite, no_database, truncate, another_database, newer)):
        prepare(place, 4, f"create 2 late {LATE}ms\n")
        place.belay("sync", "export.csv", "--no-wait", status=1)
        damage(ledger_of(place))
        with open(ledger_of(place), "rb") as file:
            damaged = file.read()
        done = place.belay("sync", "export.csv", status=74)
        check("doctor --repair" in done.stderr or "newer" in done.stderr,
              done.stderr)
        lines = doctor(place, status=1)
        equal(verdicts(lines, "ledger"), ["wrong"], damage.__name__)
        done = place.belay("doctor", "export.csv", "--repair", status=0)
        check("is kept as" in done.stderr and "3 contacts linked"
              in done.stderr, done.stderr)
        (aside,) = glob.glob(place.path(STATE + "/books/*/*.aside-*.sqlite"))
        with open(aside, "rb") as file:
            check(file.read() == damaged, "the old one is what it was")
        done = place.belay("sync", "export.csv", status=0)
        check("was lost" in done.stderr, done.stderr)
        wait_until(lambda: landed(place) == 1, "the late create")
        equal(place.people(), {person(n)[0]: 1 for n in range(4)},
              damage.__name__)
        before = len(place.requests())
        place.belay("sync", "export.csv", status=0)
        equal(len(place.requests()), before, "one more run")
        equal(verdicts(doctor(place), "ledger"), ["ok"], "at the end")
        done = place.belay("doctor", "export.csv", "--repair", status=0)
        check("needs no repair" in done.stderr, done.stderr)
        place.stop_server()
        place.close()
        place.__init__()


def story_what_can_be_read_is_taken_over(place):
    """Damage that leaves the contacts readable: what a person decided stays,
    what is in doubt stays in doubt, and so do links that only it had."""
    prepare(place, 4, "create @1001 400\ncreate @1002:1 drop\n")
    place.belay("sync", "export.csv", "--no-wait", "--id", "1000", "--id",
                "1001", "--id", "1002", status=1)
    place.belay("review", "export.csv", "--id", "1001", "--never", status=0)
    base = sqlite3.connect(ledger_of(place))
    # the root page of the runs' rows
    (page,) = base.execute("SELECT rootpage FROM sqlite_schema WHERE"
                           " name='run_row'").fetchone()
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    with open(ledger_of(place), "r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x5a" * 4096)
    place.write("export.csv", csv_text(4))
    equal(verdicts(doctor(place, status=1), "ledger"), ["wrong"], "ledger")
    done = place.belay("doctor", "export.csv", "--repair", status=0)
    check("3 taken over" in done.stderr, done.stderr)
    statuses = json_lines(place.belay("status", "export.csv", "--json",
                                      status=1).stdout)
    equal([row["status"] for row in statuses],
          ["synced", "blocked", "waiting", "new"], "statuses")
    place.belay("sync", "export.csv", status=1)
    equal(place.people(), {"1000": 1, "1002": 1, "1003": 1}, "contacts")


def story_a_repair_beside_another_belay(place):
    prepare(place, script="create 1 stall\n")
    place.belay("sync", "export.csv", "--no-wait", status=-9,
                BELAY_DEBUG_STOP_AT="10")
    import subprocess
    from story import BELAY
    other = subprocess.Popen(
        [BELAY, "sync", "-c", place.path("config.yaml"), "export.csv"],
        env=place.environment(), cwd=place.directory,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        before = len(place.requests())
        wait_until(lambda: len(place.requests()) > before, "its first call")
        done = place.belay("doctor", "export.csv", "--repair", status=75)
        check("another belay" in done.stderr, done.stderr)
    finally:
        other.kill()
        other.wait()


if __name__ == "__main__":
    main(globals())
