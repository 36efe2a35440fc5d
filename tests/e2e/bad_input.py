# SPDX-License-Identifier: MIT
"""Every malformed source, config and argument: one clear sentence with its
place, the right exit status, nothing lost or half-written."""

import json
import os
import resource
import shutil
import subprocess

from story import (BELAY, LIMIT, check, csv_text, equal, json_lines, main,
                   person)

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
            ("report.xls", "<html><table>a,b</table></html>", 65,
             ["web page", "CSV"]),
            ("cut.json", '[{"external_id": 1},\n {"first_na', 65,
             ["cut.json:2", "cut off"]),
            ("comma.json", '[{"external_id": 1},\n]', 65,
             ["comma.json:2:1", "comma"]),
            ("quotes.json", "[{'external_id': 1}]", 65,
             ["quotes.json:1:3", "double quotes"]),
            ("none.json", '{"total": 0}', 65, ["none.json:1", "list"]),
            ("lists.json", '{"a": [{"x": 1}],\n "b": [{"x": 1}]}', 65,
             ["lists.json:2", "'a'", "'b'"]),
            ("twice.json", '[{"external_id": 1,\n "external_id": 2}]', 65,
             ["twice.json:2", "line 1"]),
            ("empty.json", "", 65, ["empty.json:1"]),
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


# What any of the bad files may take: memory in KiB, and seconds of processor.
CEILING = 64 << 10
SECONDS = 20


def run_limited(place, *arguments, user=None):
    """Runs belay and holds what it took against the ceilings. (The address
    space says nothing: it is reserved, not used.)"""
    def before():
        if user:
            os.setgid(user)
            os.setuid(user)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    said = place.path("said")
    with open(said, "w+", encoding="utf-8", errors="replace") as errors:
        process = subprocess.Popen(
            [program(place), *arguments], env=place.environment(),
            cwd=place.directory, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=errors, preexec_fn=before)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        done = subprocess.CompletedProcess(
            arguments, process.returncode, "", errors.read())
    if "ASAN_OPTIONS" not in os.environ:  # a sanitizer needs more
        check(used.ru_maxrss <= CEILING,
              f"{arguments}: {used.ru_maxrss} KiB of memory")
    return done


def program(place):
    """belay where another user may run it."""
    if os.geteuid() != 0:
        return BELAY
    copy = place.path("belay")
    if not os.path.exists(copy):
        shutil.copy(BELAY, copy)
        os.chmod(copy, 0o755)
    return copy


def story_no_file_takes_much_memory_or_time(place):
    """Bombs, and files that are merely huge in one direction."""
    key = "external_id"
    for name, text, status, words in (
            ("aliases.yaml", "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
                f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n"
                for a, b in zip("abcdefgh", "bcdefghi")), 65,
             ["aliases.yaml:1", "anchor"]),
            ("flow.yaml", "[" * 1000000, 65, ["flow.yaml:1"]),
            ("maps.yaml", "{a: " * 200000, 65, ["maps.yaml:1"]),
            ("block.yaml", "".join(
                " " * n + "a:\n" for n in range(2000)), 65,
             ["block.yaml:"]),
            ("list.json", "[" * 200000, 65, ["list.json:1"]),
            ("value.json", '[{"a": ' + "[" * 200000, 65,
             ["value.json:1:38", "32 levels"]),
            ("beside.json", '{"a": ' * 100000, 65,
             ["beside.json:1:193", "32 levels"]),
            ("text.json", '[{"a": "' + "x" * (2 << 20), 65,
             ["text.json:1", "1 MiB"]),
            ("keys.json", "[{" + ",".join(
                f'"k{n}": 1' for n in range(20000)), 65,
             ["keys.json:1", "1000 keys"]),
            ("line.csv", "a" * (8 << 20), 65, ["line.csv"]),
            ("commas.csv", "," * (4 << 20), 65, ["commas.csv"]),
            ("quote.csv", HEAD + '1,"' + "x\n" * (4 << 20), 65,
             ["quote.csv:2", "quote"]),
            ("names.csv", HEAD[:-1] + "".join(
                "," + "n" * 900 for _ in range(1000)) + "\n1,Ruth,Adams" +
             "," * 1000 + "\n", 0, []),
            ("twice.yaml", f"- {key}: 1\n  {key}: 2\n", 65,
             ["twice.yaml:2"])):
        place.write(name, text)
        done = run_limited(place, "status", name)
        equal(done.returncode, status, f"{name}: {done.stderr}")
        if status:
            sentence(done, *words)
        equal(place.read(name), text.encode(), name)


def story_what_is_no_file_at_all(place):
    os.symlink(place.path("nowhere"), place.path("dangling.csv"))
    os.symlink(place.path("loop.csv"), place.path("loop.csv"))
    os.symlink(place.directory, place.path("directory.csv"))
    place.write("part", "")
    for name, words in (
            ("dangling.csv", ["no such file"]),
            ("loop.csv", ["circle"]),
            ("directory.csv", ["directory"]),
            ("part/export.csv", ["not a directory"]),
            ("/dev/full", ["not a regular file"]),
            ("/dev/zero", ["not a regular file"]),
            ("/dev/tty", []),
            ("", [])):
        done = run_limited(place, "status", name)
        check(done.returncode in (64, 65, 66), f"{name}: {done.returncode}")
        sentence(done, *words)


def story_a_file_that_may_not_be_read(place):
    place.write("secret.csv", csv_text(1))
    os.chmod(place.path("secret.csv"), 0)
    os.chmod(place.directory, 0o755)
    user = 65534 if os.geteuid() == 0 else None
    done = run_limited(place, "status", "secret.csv", user=user)
    equal(done.returncode, 66, done.stderr)
    sentence(done, "secret.csv", "permission denied")


def story_only_a_header(place):
    place.write("none.csv", HEAD)
    done = place.belay("status", "none.csv", config=None, status=0)
    equal(done.stderr, "", "nothing to complain of")
    done = place.belay("check", "none.csv", config=None, status=0)
    check("0 contacts" in done.stdout, done.stdout)


def story_ids_that_a_spreadsheet_has_destroyed(place):
    """They block their rows, in words, and never travel."""
    place.write("excel.csv", HEAD + "4.55043E+17,Ruth,Adams\n"
                "4550431234567890,Ann,Baker\n1234567890123450000,Cid,Cole\n"
                "2234567890123450000,Dan,Diaz\n")
    done = place.belay("status", "excel.csv", "--json", config=None, status=1)
    rows = json_lines(done.stdout)
    equal([row["status"] for row in rows][0], "blocked", "the first")
    equal([row["status"] for row in rows][2:], ["blocked"] * 2, "rounded")
    check("spreadsheet" in rows[2]["reason"], rows[2]["reason"])


def ready_to_sync(place, count):
    """A book, and a run that would put IDs into it."""
    place.serve()
    place.config()
    text = csv_text(count)
    place.write("export.csv", text)
    return text.encode()


def sync_one(place, *, path="export.csv", before=None):
    return subprocess.run(
        [BELAY, "sync", "-c", place.path("config.yaml"), path, "--id",
         person(0)[0]], env=place.environment(), cwd=place.directory,
        capture_output=True, text=True, timeout=LIMIT, preexec_fn=before,
        check=False)


def saved_later(place, text, done, path="export.csv"):
    """The disk was full: said, nothing torn, the ID goes in later."""
    check(done.returncode in (73, 74), f"{done.returncode} {done.stderr}")
    sentence(done, "in the ledger, but not in the file")
    with open(place.path(path), "rb") as file:
        equal(file.read() == text, True, "the file is as it was")
    left = [name for name in os.listdir(os.path.dirname(place.path(path)))
            if ".belay-" in name]
    equal(left, [], "what is left beside it")
    equal(place.people(), {person(0)[0]: 1}, "contacts")


def story_a_file_that_may_not_grow(place):
    """ulimit -f: SIGXFSZ is no end of belay's."""
    text = ready_to_sync(place, 20000)

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    saved_later(place, text, sync_one(place, before=small_files))
    equal(sync_one(place).returncode, 0, "later")
    check(b"HealthSherpa ID" in place.read("export.csv"), "the ID is in it")


def story_a_disk_without_room_for_the_new_file(place):
    text = ready_to_sync(place, 5000)
    disk = place.path("disk")
    os.mkdir(disk)
    # room for the file once, not twice
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={len(text) + 200000}", "none",
         disk], capture_output=True, check=False).returncode == 0
    if not mounted:
        return  # nobody may mount here; the story before is much the same
    try:
        shutil.copy(place.path("export.csv"), disk)
        path = "disk/export.csv"
        saved_later(place, text, sync_one(place, path=path), path)
    finally:
        subprocess.run(["umount", disk], check=True)


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


# ---- exports in every dialect and encoding -----------------------------------

# In Windows-1252 the first letter that is not ASCII stands in row 3.
ROWS = [["external_id", "first_name", "last_name", "city"],
        ["1", "Ruth", "Abernathy", "Reno"],
        ["2", "Walter", "Adams, Jr", 'The "Rock"'],
        ["3", "José", "Peña", "León"]]


def export(delimiter=",", end="\r\n", quoted=False):
    """The rows as a CRM writes them."""
    lines = []
    for row in ROWS:
        cells = []
        for cell in row:
            if quoted or delimiter in cell or '"' in cell:
                cell = '"' + cell.replace('"', '""') + '"'
            cells.append(cell)
        lines.append(delimiter.join(cells) + end)
    return "".join(lines)


def put(place, name, data):
    with open(place.path(name), "wb") as file:
        file.write(data)


def written_back(place, name, text, encoding, delimiter=",", end="\r\n",
                 mark=b""):
    """Syncs a file and expects it back with one cell more in header and rows,
    every other byte as it was; and nothing to do the second time."""
    put(place, name, mark + text.encode(encoding))
    place.serve()
    place.config(mapping="", rest="contacts: " + name + "\n")
    done = place.belay("sync", "--yes", "--json", status=0)
    # rows come as they are finished, several at a time
    rows = [row for row in json_lines(done.stdout) if row.get("external_id")]
    ids = [row["healthsherpa_id"]
           for row in sorted(rows, key=lambda row: row["external_id"])]
    equal(len(ids), len(ROWS) - 1, "synced rows")
    equal(place.people(), {"1": 1, "2": 1, "3": 1}, "people")
    after = place.read(name)
    check(after.startswith(mark), "the mark is gone")
    should, cells = [], ["HealthSherpa ID"] + ids
    for line in text.split(end):
        ours = sum(word in line for word in
                   ("first_name", "Ruth", "Walter", "José"))
        quote = '"' if line.startswith('"') else ""
        should.append(line + (delimiter + quote + cells.pop(0) + quote
                              if ours else ""))
    equal(after[len(mark):].decode(encoding), end.join(should), name)
    place.belay("sync", "--yes", status=0)
    equal(place.read(name), after, "the file after a second sync")
    equal(place.people(), {"1": 1, "2": 1, "3": 1}, "people")


def story_utf16_of_excel(place):
    written_back(place, "unicode.txt", export("\t"), "utf-16-le", "\t",
                 mark=b"\xff\xfe")


def story_utf16_big_and_unmarked(place):
    written_back(place, "big.csv", export(";", quoted=True), "utf-16-be", ";")


def story_utf32(place):
    written_back(place, "long.csv", export(end="\n"), "utf-32-le", end="\n",
                 mark=b"\xff\xfe\0\0")


def story_windows_1252_from_row_three_on(place):
    written_back(place, "outlook.csv", export(quoted=True), "cp1252")
    done = place.belay("check", status=0)
    check("Windows-1252" in done.stderr, done.stderr)
    check(any("Peña" in json.dumps(request, ensure_ascii=False)
              for request in place.requests()), "Peña was not sent")


def story_the_delimiter_in_the_first_line(place):
    written_back(place, "sep.csv", "sep=;\r\n" + export(";"), "utf-8", ";",
                 mark=b"\xef\xbb\xbf")


def story_lone_cr(place):
    written_back(place, "mac.csv", export("\t", end="\r"), "utf-8", "\t", "\r")


def story_title_and_footer_of_a_report(place):
    footer = ('"Clients by agent"\n"Copyright (c) 2000-2026 salesforce.com, '
              'inc. All rights reserved."\n"Confidential Information - Do Not '
              'Distribute"\n"Generated By:  Jane Owner  11/23/2026 3:04 PM"\n'
              '"An Agency"\n')
    written_back(place, "report.csv", "Clients by agent\n\n" +
                 export(end="\n", quoted=True) + "\n\n" + footer, "utf-8",
                 end="\n")
    done = place.belay("check", status=0)
    check("names were found in line 3" in done.stderr, done.stderr)
    check("from line 9 on is no contact" in done.stderr, done.stderr)


def story_yaml_that_is_no_utf8_keeps_its_ids_in_the_ledger(place):
    data = ("- external_id: 1\n  first_name: José\n"
            "  last_name: Peña\n").encode("utf-16")
    put(place, "export.yaml", data)
    place.serve()
    place.config(mapping="", rest="contacts: export.yaml\n")
    done = place.belay("sync", "--yes", status=0)
    check("the file is UTF-16" in done.stderr, done.stderr)
    equal(place.read("export.yaml"), data, "the file")
    place.belay("sync", "--yes", status=0)
    equal(place.people(), {"1": 1}, "people")


def story_damaged_text_is_told_with_its_place(place):
    head = HEAD.encode()
    for name, data, words in (
            ("mixed.csv", head + "1,José,Peña\n".encode() + b"2,Ren\xe9,A\n",
             ["mixed.csv:3", "byte 53", "as UTF-8"]),
            ("nul.csv", head + b"1,Ren\xe9,A\n2,\0,B\n",
             ["nul.csv:3", "NUL at byte 45"]),
            ("half.csv", b"\xff\xfe" + HEAD.encode("utf-16-le") +
             b"1\0,\0\x3d\xd8x\0", ["half.csv:2", "byte 73", "UTF-16"]),
            ("cut.csv", b"\xff\xfe" + HEAD.encode("utf-16-le") + b"1\0,",
             ["cut.csv:2", "byte 71", "its end is missing"])):
        put(place, name, data)
        for command in ("status", "check", "sync"):
            done = place.belay(command, name, config=None, status=65)
            sentence(done, *words)
        equal(place.read(name), data, name)


def story_letters_that_windows_1252_lacks(place):
    data = export().encode("cp1252")
    put(place, "export.csv", data)
    done = place.belay("set", "export.csv", "--id=1", "last_name=Erdős",
                       config=None)
    check(done.returncode != 0, "set went through")
    check("Windows-1252, which has no 'ő'" in done.stderr + done.stdout,
          done.stderr + done.stdout)
    equal(place.read("export.csv"), data, "the file")
    place.belay("set", "export.csv", "--id=1", "last_name=Günther",
                config=None, status=0)
    equal(place.read("export.csv"),
          data.replace(b"Abernathy", "Günther".encode("cp1252")), "the file")


def story_broken_letters_are_warned_of_and_sent(place):
    place.write("broken.csv", "external_id,first_name,last_name,city\n"
                "1,JosÃ©,PeÃ±a,Reno\n2,Ren\ufffd,Adams,Le\ufffdn\n")
    done = place.belay("check", "broken.csv", "--json", config=None, status=0)
    found = [(row["external_id"], row["field"], row["code"], row["severity"])
             for row in json_lines(done.stdout) if "code" in row]
    equal(found, [("1", "first_name", "TEXT-DAMAGED", "warning"),
                  ("1", "last_name", "TEXT-DAMAGED", "warning"),
                  ("2", "first_name", "TEXT-DAMAGED", "warning"),
                  ("2", "city", "TEXT-DAMAGED", "warning")], "the findings")
    done = place.belay("plan", "broken.csv", "--json", config=None, status=0)
    fields = [row["fields"] for row in json_lines(done.stdout)]
    equal([fields[0]["first_name"], fields[1]["city"]],
          ["JosÃ©", "Le\ufffdn"], "what would be sent")


if __name__ == "__main__":
    main(globals())
