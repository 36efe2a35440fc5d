# SPDX-License-Identifier: MIT
"""Every malformed source, config and argument: one clear sentence with its
place, the right exit status, nothing lost or half-written."""

import os
import subprocess

from story import BELAY, LIMIT, check, csv_text, equal, json_lines, main

HEAD = "external_id,first_name,last_name\n"


def sentence(done, *words):
    """One sentence from belay, without surprises."""
    lines = [line for line in done.stderr.splitlines() if line]
    check(lines and lines[-1].startswith("belay: "), done.stderr)
    for word in words:
        check(word in done.stderr, f"{word!r} is not in {done.stderr!r}")
    check("Sanitizer" not in done.stderr, done.stderr)


def story_arguments(place):
    for argv, words in (
            (["snyc"], ["belay sync"]),
            (["status", "--filer=x"], ["--filter"]),
            (["status", "--fil=x"], ["--fil"]),
            (["sync", "--limit", "many"], ["--limit", "many"]),
            (["sync", "--limit"], ["--limit"]),
            (["sync", "a", "b"], ["b"]),
            (["show", "--json=1"], ["--json"]),
            (["status", "--color=blue"], ["blue"]),
            (["open"], ["open"]),
            (["open", "door"], ["door"]),
            (["practice", "--set", "latncy=1s"], ["latency"]),
            (["--json"], ["'belay' has no option --json"]),
            (["--color", "blue", "status"], ["blue"]),
            (["check", "--id"], ["--id=ID"]),
            (["status"], ["contacts:"])):
        done = place.belay(*argv, status=64, config=None)
        sentence(done, *words)


def story_sources(place):
    for name, text, status, words in (
            ("empty.csv", "", 65, ["empty.csv"]),
            ("quote.csv", HEAD + '1,"Ruth,Abernathy\n2,A,B\n', 65,
             ["quote.csv:2", "quote"]),
            ("nul.csv", HEAD + "1,Ru\0th,Abernathy\n", 65, ["nul.csv"]),
            ("wide.csv", ",".join(f"c{n}" for n in range(2000)) + "\n", 65,
             ["wide.csv"]),
            ("alias.yaml", "- &a {external_id: 1}\n- *a\n", 65,
             ["alias.yaml:1"]),
            ("nest.yaml", "[" * 5000, 65, ["nest.yaml"]),
            ("twice.yaml", "- external_id: 1\n  external_id: 2\n", 65,
             ["twice.yaml:2"]),
            ("broken.yaml", "- external_id: 'x\n", 65, ["broken.yaml"]),
            ("book.xlsx", "PK\x03\x04xxxxxxxx", 65, ["CSV"])):
        place.write(name, text)
        before = place.read(name)
        for command in ("status", "check", "sync"):
            done = place.belay(command, name, config=None)
            equal(done.returncode, status, f"{command} {name} {done.stderr}")
            sentence(done, *words)
        equal(place.read(name), before, name)
    sentence(place.belay("status", "none.csv", status=66, config=None),
             "none.csv")
    os.mkdir(place.path("directory.csv"))
    sentence(place.belay("status", "directory.csv", status=66, config=None),
             "directory.csv")
    os.mkfifo(place.path("fifo.csv"))
    sentence(place.belay("status", "fifo.csv", status=66, config=None),
             "fifo.csv")


def story_a_huge_field_is_the_trouble_of_its_row(place):
    place.write("big.csv", HEAD + "1," + "x" * 70000 + ",A\n2,Ruth,Adams\n")
    done = place.belay("status", "big.csv", "--json", config=None, status=1)
    rows = json_lines(done.stdout)
    equal([row["status"] for row in rows], ["blocked", "new"], "statuses")
    check("characters" in rows[0]["reason"], rows[0]["reason"])


def story_options_may_stand_before_the_command(place):
    place.write("one.csv", HEAD + "1,Ruth,Abernathy\n")
    done = place.belay("--json", "-f", "status:new", "status", "one.csv",
                       config=None, status=0)
    equal([row["external_id"] for row in json_lines(done.stdout)], ["1"],
          "the rows")


def story_what_no_field_takes_is_masked_all_the_same(place):
    place.write("mask.csv", "external_id,first_name,last_name,MBI,Born on,"
                "Other,Note\n1,Ruth,Abernathy,1SG4-TE5-MK73,,"
                "1sg4te5mk74,2020\n2,Ann,Adams,,,987-65-4321,555\n")
    done = place.belay("show", "mask.csv", "--id", "1", "--json",
                       config=None, status=0)
    columns = json_lines(done.stdout)[0]["columns"]
    equal([columns["MBI"], columns["Other"], columns["Note"]],
          ["•••", "•••", "2020"], "the columns")
    done = place.belay("show", "mask.csv", "--id", "2", "--json",
                       config=None, status=0)
    equal(json_lines(done.stdout)[0]["columns"]["Other"], "•••", "the number")
    done = place.belay("show", "mask.csv", "--id", "1", "--json", "--reveal",
                       config=None, status=0)
    equal(json_lines(done.stdout)[0]["columns"]["MBI"], "1SG4-TE5-MK73",
          "revealed")


def story_set_says_where_the_contact_stands(place):
    place.write("set.csv", HEAD + "1,Ruth,\n")
    done = place.belay("set", "set.csv", "--id=1", "last_name=Adams",
                       config=None, status=0)
    equal(done.stdout, "Adams, Ruth: new\n", "the line")
    done = place.belay("set", "set.csv", "--id=1", "first_name=", "--json",
                       config=None, status=0)
    equal(json_lines(done.stdout)[0]["status"], "blocked", "the status")


def story_columns_that_are_not_mapped_are_asked_for(place):
    place.write("hub.csv", "Record ID,First Name,Last Name,"
                "Mobile Phone Number\n51,Ruth,Abernathy,\n")
    done = place.belay("check", "hub.csv", config=None, status=78)
    check("'belay init hub.csv' proposes a mapping" in done.stderr,
          done.stderr)
    place.write("near.yaml", "mapping:\n  external_id: Record\n"
                "  first_name: First Name\n  last_name: Last Nam\n"
                "  phone: mobile phone\n")
    done = place.belay("check", "hub.csv", config="near.yaml", status=78)
    for word in ("Record ID", "Last Name", "Mobile Phone Number"):
        check(f'did you mean "{word}"?' in done.stderr, done.stderr)


def story_a_reader_that_leaves_is_no_error(place):
    place.write("long.csv", HEAD + "".join(
        f"{n},Ruth,Abernathy\n" for n in range(20000)))
    done = subprocess.run(["sh", "-c", '"$0" status "$1" | head -n 1', BELAY,
                           place.path("long.csv")], capture_output=True,
                          check=False, text=True, timeout=LIMIT,
                          env=place.environment())
    check(done.stdout.startswith("ID"), done.stdout)
    equal(done.stderr, "", "the errors")


def story_configs(place):
    place.write("export.csv", csv_text(1))
    for text, words in (
            ("servce: {}\n", [":1:1", "service"]),
            ("sync: {rate: fast}\n", [":1:14", "fast"]),
            ("sync: {concurrency: 100}\n", [":1:"]),
            ("service: {api_key: abcdef}\n", [":1:", "env"]),
            ("service: {environment: practice}\n", ["urls"]),
            ("service: {urls: {api: 'http://example.com/v1'}}\n", [":1:"]),
            ("mapping: {fist_name: First Name}\n", [":1:", "first_name"]),
            ("mapping: {first_name: Frist Name}\n", [":1:", "First Name"]),
            ("a: [\n", [":"]),
            ("a: 1\na: 2\n", [":2:1"])):
        path = place.write("bad.yaml", text)
        done = place.belay("status", "export.csv", config="bad.yaml",
                           status=78)
        check("bad.yaml:" in done.stderr, done.stderr)
        sentence(done, *words)
    # All problems at once.
    place.write("bad.yaml", "servce: {}\nsync: {rat: 1/s}\n")
    done = place.belay("status", "export.csv", config="bad.yaml", status=78)
    check("bad.yaml:1:1" in done.stderr and "bad.yaml:2:" in done.stderr,
          done.stderr)
    sentence(place.belay("status", "export.csv", config="none.yaml",
                         status=66), "none.yaml")


def story_a_full_disk_is_said_and_loses_nothing(place):
    with open("/dev/full", "w", encoding="ascii"):
        pass
    import subprocess
    from story import BELAY
    place.config()
    place.write("export.csv", csv_text(2))
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [BELAY, "status", "-c", place.path("config.yaml"),
             place.path("export.csv")], stdout=full, stderr=subprocess.PIPE,
            env=place.environment(), text=True, check=False)
    equal(done.returncode, 74, "exit status")
    sentence(done, "cannot write")


if __name__ == "__main__":
    main(globals())
