# SPDX-License-Identifier: MIT
"""After something went wrong: the next sync goes on from there, and the exit
status says what a script must know."""

import os
import re
import resource
import signal
import subprocess

from story import (BELAY, check, csv_text, equal, json_lines, main, person,
                   wait_until)


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


def story_told_to_come_back_tomorrow(place):
    """A Retry-After of hours ends the run, whatever the status it comes with;
    what may have been created stays in doubt."""
    for call, waiting in (("search", 0), ("create", 1)):
        place.serve(script=f"{call} 1 503 retry-after 86400\n")
        place.config()
        place.write("export.csv", csv_text(1))
        done = place.belay("sync", "export.csv", "--json", "--state-dir",
                           call, status=69)
        equal(summary(done)["waiting"], waiting, call)
        check("15 minutes" in done.stderr, done.stderr)
        place.stop_server()


def story_all_of_a_few_rows_refused_for_the_agent(place):
    place.serve(script="* all 403\n")
    place.config()
    for count in (1, 2, 5):
        place.write("export.csv", csv_text(count))
        done = place.belay("sync", "export.csv", status=77)
        check("agent_email" in done.stderr, done.stderr)


def story_a_summary_adds_up(place):
    """What a run took up and left as it was is counted, too."""
    place.serve(script="create 5+ 401\n")
    place.config(sync="  concurrency: 2\n")
    place.write("export.csv", csv_text(60))
    done = place.belay("sync", "export.csv", status=77)
    last = done.stdout.splitlines()[-1]
    numbers = [int(number) for number in
               re.findall(r"(\d+) (?:created|failed|not sent)", last)]
    equal(len(numbers), 3, last)
    equal(sum(numbers), 60, last)
    check(numbers[2] > 0, last)
    done = place.belay("sync", "export.csv", "--json", status=77)
    last = summary(done)
    equal(last["created"] + last["failed"] + last["not_sent"] +
          last["unchanged"] + last["waiting"], 60, last)
    check(last["not_sent"] > 0, last)
    place.stop_server()
    place.serve(port=int(place.url.rsplit(":", 1)[1]))
    done = place.belay("sync", "export.csv")
    check("not sent" not in done.stdout, done.stdout)


def story_one_row_refused_for_the_agent_is_its_own_trouble(place):
    place.serve(script="create 2 403\n")
    place.config()
    place.write("export.csv", csv_text(4))
    done = place.belay("sync", "export.csv", "--json", status=1)
    equal(summary(done)["failed"], 1, "failed")


def no_large_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))


def story_a_ledger_that_cannot_grow(place):
    """The run stops with 74 and says so once; nobody is created twice."""
    place.serve()
    place.config(sync="  concurrency: 2\n")
    place.write("export.csv", csv_text(60))
    done = subprocess.run(
        [BELAY, "sync", "-c", place.path("config.yaml"), "export.csv"],
        env=place.environment(), cwd=place.directory, capture_output=True,
        text=True, preexec_fn=no_large_files, timeout=60, check=False)
    equal(done.returncode, 74, done.stderr)
    equal(done.stderr.count("ledger"), 1, done.stderr)
    check(0 < len(place.people()) < 60, "some were created")
    place.belay("sync", "export.csv", status=0)
    equal(place.people(), {person(n)[0]: 1 for n in range(60)}, "contacts")


def story_a_result_that_the_file_does_not_take(place):
    """Another program took the row away meanwhile: said, and status 1."""
    place.serve("latency=500ms")
    place.config()
    place.write("export.csv", csv_text(3))
    first = subprocess.Popen(
        [BELAY, "sync", "-c", place.path("config.yaml"), "export.csv"],
        env=place.environment(), cwd=place.directory,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: place.requests(), "the first request")
    lines = csv_text(3).split("\r\n")
    del lines[2]
    place.write("export.csv", "\r\n".join(lines))
    said = first.communicate(timeout=60)[1]
    equal(first.returncode, 1, said)
    equal(said.count("no longer in the file"), 1, said)
    # The row comes back: its ID is known, nobody is created again.
    place.write("export.csv", csv_text(3))
    place.belay("sync", "export.csv", status=0)
    equal(place.people(), {person(n)[0]: 1 for n in range(3)}, "contacts")


def story_an_edit_taken_back_after_a_lost_update(place):
    """The lost update may have arrived, so the old value is sent again."""
    place.serve(script="update 1-9 commit-then-500\n")
    place.config()
    place.write("export.csv", csv_text(1))
    place.belay("sync", "export.csv", status=0)
    before = place.read("export.csv").decode()
    place.write("export.csv", before.replace("555-0100", "555-0177"))
    place.belay("sync", "export.csv", status=1)
    place.stop_server()
    place.serve(port=int(place.url.rsplit(":", 1)[1]))
    place.write("export.csv", before)
    done = place.belay("sync", "export.csv", "--json", status=0)
    equal(summary(done)["updated"], 1, "updated")
    sent = [request for request in place.requests()
            if request["route"] == "update"][-1]
    equal(sent["body"]["contact"], {"phone": "9165550100"}, "fields")
    place.belay("sync", "export.csv", status=0)
    equal([request for request in place.requests()
           if request["route"] == "update"][-1], sent, "no other write")


def story_two_rows_with_the_id_of_a_doubt(place):
    """They are looked up, then blocked, and that is said."""
    place.serve(script="create 1 drop\n")
    place.config()
    place.write("export.csv", csv_text(1))
    place.belay("sync", "export.csv", "--no-wait", status=1)
    lines = csv_text(1).split("\r\n")
    place.write("export.csv", "\r\n".join(lines[:2] + lines[1:]))
    done = place.belay("sync", "export.csv", "--json", status=1)
    equal(summary(done)["blocked"], 2, "blocked")
    check(all("same ID" in row["message"] for row in rows_of(done)),
          done.stdout)
    equal(place.people(), {}, "contacts")


def story_what_failed_is_known_to_the_next_process(place):
    """HealthSherpa answered nothing useful: status says so later, --failed
    takes up exactly these, and an edited row is new again."""
    place.serve(script="search all 500\n")
    place.config(sync="  concurrency: 1\n")
    place.write("export.csv", csv_text(3))
    done = place.belay("sync", "export.csv", "--json", "--limit", "2",
                       status=1)
    equal(summary(done)["failed"], 2, "failed")
    said = [row["message"] for row in rows_of(done)]
    later = json_lines(place.belay("status", "export.csv", "--json",
                                   status=1).stdout)
    equal([row["status"] for row in later], ["failed", "failed", "new"],
          "statuses")
    equal([row["reason"] for row in later][:2], said, "reasons")
    for command, *choice in (["status", "--filter", "status:failed"],
                             ["plan", "--filter", "status:failed"],
                             ["plan", "--failed"]):
        rows = json_lines(place.belay(command, "export.csv", "--json",
                                      *choice).stdout)
        equal([row["row"] for row in rows], [1, 2], f"{command} {choice}")
    equal(json_lines(place.belay("status", "export.csv", "--json", "--filter",
                                 "status:new").stdout)[0]["row"], 3, "new")
    for choice in (["--filter", "status:failed"], ["--failed"]):
        dry = place.belay("sync", "export.csv", "--dry-run", *choice)
        check("2 contacts: 2 to create" in dry.stdout, dry.stdout)
    place.write("export.csv", csv_text(3).replace("555-0101", "555-0177"))
    later = json_lines(place.belay("status", "export.csv", "--json",
                                   status=1).stdout)
    equal([row["status"] for row in later], ["failed", "new", "new"],
          "statuses after an edit")
    place.stop_server()
    place.serve(port=int(place.url.rsplit(":", 1)[1]))
    plan = json_lines(place.belay("plan", "export.csv", "--json", "--limit",
                                  "1").stdout)
    equal([row["row"] for row in plan], [1], "what a part begins with")
    place.belay("sync", "export.csv", "--failed", status=0)
    equal(place.people(), {person(0)[0]: 1}, "contacts")
    place.belay("sync", "export.csv", status=0)
    equal(place.people(), {person(n)[0]: 1 for n in range(3)}, "contacts")
    later = json_lines(place.belay("status", "export.csv", "--json",
                                   status=0).stdout)
    equal([row["status"] for row in later], ["synced"] * 3, "at the end")


def story_a_limit_counts_what_is_to_be_sent(place):
    place.serve()
    place.config()
    place.write("export.csv", csv_text(5))
    for left in (3, 1, 0, 0):
        place.belay("sync", "export.csv", "--limit", "2", status=0)
        equal(len(place.people()), 5 - left, "contacts")


def no_descriptors():
    for number in range(3):
        os.close(number)


def story_started_with_everything_closed(place):
    """What is printed must not go into a file that got the number."""
    place.serve()
    place.config()
    place.write("export.csv", csv_text(60))
    done = subprocess.run(
        [BELAY, "sync", "-c", place.path("config.yaml"), "export.csv",
         "--json"], env=place.environment(), cwd=place.directory,
        preexec_fn=no_descriptors, timeout=60, check=False)
    equal(done.returncode, 74, "exit status")
    equal(place.people(), {person(n)[0]: 1 for n in range(60)}, "contacts")
    state = place.path(".local/state/belay")
    locks = [os.path.join(path, "lock") for path, _, names in os.walk(state)
             if "lock" in names]
    equal(len(locks), 1, "locks")
    with open(locks[0], "rb") as file:
        check(b"external_id" not in file.read(), "the lock file")


def story_a_file_that_cannot_be_replaced(place):
    """The IDs are kept, that is said once and no failure, and they go in as
    soon as the file takes them."""
    place.serve()
    place.config()
    place.write("export.csv", csv_text(2))
    os.link(place.path("export.csv"), place.path("second-name.csv"))
    for left in (2, 0):
        before = len(place.requests())
        done = place.belay("sync", "export.csv", status=0)
        equal(done.stderr.count("export.csv"), 1, done.stderr)
        for words in ("hard links", "keeps the results", "belay writeback"):
            check(words in done.stderr, done.stderr)
        equal(len(place.requests()) - before, 2 * left, "requests")
    equal(place.read("export.csv").decode(), csv_text(2), "the file")
    os.unlink(place.path("second-name.csv"))
    place.belay("sync", "export.csv", status=0)
    check(b"HealthSherpa ID" in place.read("export.csv"), "the IDs")


def story_an_id_in_the_file_that_cannot_be_one(place):
    """It is refused without being believed, so that emptying it helps."""
    place.serve()
    place.config()
    lines = csv_text(1).split("\r\n")
    place.write("export.csv", f"{lines[0]},HealthSherpa ID\r\n"
                              f"{lines[1]},not an ID\r\n")
    done = place.belay("sync", "export.csv", status=1)
    check("correct or empty it" in done.stdout, done.stdout)
    equal(place.requests(), [], "requests")
    place.write("export.csv", f"{lines[0]},HealthSherpa ID\r\n"
                              f"{lines[1]},\r\n")
    place.belay("sync", "export.csv", status=0)
    equal(place.people(), {person(0)[0]: 1}, "contacts")


def story_an_edit_while_the_create_was_in_doubt(place):
    """The look-up finds what was sent; the same run sends the edit."""
    place.serve(script="create 1 commit-then-drop\n")
    place.config()
    place.write("export.csv", csv_text(1))
    place.belay("sync", "export.csv", "--no-wait", status=1)
    place.write("export.csv", csv_text(1).replace("555-0100", "555-0177"))
    place.belay("sync", "export.csv", status=0)
    sent = [request["body"]["contact"] for request in place.requests()
            if request["route"] == "update"]
    equal(sent, [{"phone": "9165550177"}], "updates")
    place.belay("sync", "export.csv", status=0)
    equal(place.people(), {person(0)[0]: 1}, "contacts")


def story_a_slow_down_is_told_once(place):
    place.serve(script="search 1-4 429 retry-after 1\n")
    place.config()
    place.write("export.csv", csv_text(4))
    done = place.belay("sync", "export.csv", status=0)
    equal(done.stderr.count("slow down"), 1, done.stderr)


if __name__ == "__main__":
    main(globals())
