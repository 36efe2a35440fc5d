# SPDX-License-Identifier: MIT
"""What the command-line stories share: a private home, the practice server on
a free port, belay, the server's request log, and TAP output.

A story is a function whose name begins with `story_`; each runs with a Place
of its own and ends what it started. `python3 file.py words` runs those whose
name contains one of the words."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

BELAY = os.path.abspath(os.environ.get("BELAY", "src/belay"))
LIMIT = 120  # seconds that any one command may take

MAPPING = """\
mapping:
  external_id: Record ID
  first_name: First Name
  last_name: Last Name
  email: Email
  phone: Phone Number
  birth_date: {column: Date of birth, date: m/d/y}
  state: State
  zip: Postal Code
"""

HEADER = ["Record ID", "First Name", "Last Name", "Email", "Phone Number",
          "Date of birth", "State", "Postal Code"]
FIRST = ["Ruth", "José", "Walter", "민준", "Anne-Marie", "Denise", "Luis"]
LAST = ["Abernathy", "Ábalos", "Adams", "Ahn", "O'Neil", "van der Berg"]


def person(number):
    """Made-up contact `number`, unique in name, e-mail and ID."""
    first = FIRST[number % len(FIRST)]
    last = f"{LAST[number % len(LAST)]} {letters(number)}"
    return [str(1000 + number), first, last, f"person{number}@example.com",
            f"(916) 555-01{number % 100:02}",
            f"{number % 12 + 1}/{number % 28 + 1}/{1930 + number % 28}",
            "California", "95811"]


def letters(number):
    """A number as letters, for names."""
    word = ""
    while True:
        word = chr(ord("a") + number % 26) + word
        number //= 26
        if not number:
            return word.capitalize()


def csv_text(count):
    rows = [",".join(HEADER)]
    rows += [",".join(person(number)) for number in range(count)]
    return "\r\n".join(rows) + "\r\n"


class Place:
    """A private directory with belay's home, and a practice server."""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="belay-story-")
        self.log = self.path("requests.jsonl")
        self.store = self.path("store.jsonl")
        self.server = None
        self.url = None

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def environment(self, **more):
        variables = {"PATH": os.environ["PATH"], "HOME": self.directory,
                     "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
                     "BELAY_API_KEY": "practice", "TZ": "UTC"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                variables[name] = os.environ[name]
        variables.update(more)
        return variables

    def serve(self, *switches, script=None, port=0, options=()):
        """Starts the practice server; its store survives a restart. What
        BELAY_READING says of the service (name=value, apart by blanks) holds
        where the story itself does not say otherwise."""
        argv = [BELAY, "practice", f"--port={port}", "--store", self.store,
                "--request-log", self.log, *options]
        for switch in [*os.environ.get("BELAY_READING", "").split(),
                       *switches]:
            argv += ["--set", switch]
        if script:
            argv += ["--script", self.write("script", script)]
        self.server = subprocess.Popen(
            argv, stdout=subprocess.PIPE, env=self.environment())
        ready, _, _ = select.select([self.server.stdout], [], [], LIMIT)
        line = self.server.stdout.readline().decode() if ready else ""
        if not line.startswith("listening on "):
            raise RuntimeError(f"the practice server did not start: {line!r}")
        self.url = line.split()[2]

    def stop_server(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(LIMIT)
            self.server.stdout.close()
            self.server = None

    def config(self, mapping=MAPPING, sync="", name="config.yaml", rest=""):
        # A settle time far below the default, so that doubt ends soon.
        return self.write(name, (
            "service:\n"
            "  version: v1\n"
            "  environment: practice\n"
            "  agent_email: agent@example.com\n"
            "  api_key: {env: BELAY_API_KEY}\n"
            f"  urls: {{api: \"{self.url or 'http://127.0.0.1:1'}/v1\", "
            f"login: \"{self.url or 'http://127.0.0.1:1'}/sessions/new\"}}\n"
            "sync:\n"
            "  rate: none\n"
            "  settle: 300ms\n"
            f"{sync}{mapping}{rest}"))

    def belay(self, *arguments, status=None, config="config.yaml", input="",
              **variables):
        """Runs belay to its end; `status` is the exit status it must have."""
        argv = [BELAY, arguments[0]]
        if config:
            argv += ["-c", self.path(config)]
        argv += list(arguments[1:])
        done = subprocess.run(
            argv, env=self.environment(**variables), input=input,
            capture_output=True, text=True, timeout=LIMIT,
            cwd=self.directory, check=False)
        if status is not None and done.returncode != status:
            raise AssertionError(
                f"{' '.join(arguments)}: exit status {done.returncode}, "
                f"should be {status}\n{done.stdout[-2000:]}\n"
                f"{done.stderr[-2000:]}")
        return done

    def requests(self):
        """What the server has received so far."""
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]

    def people(self):
        """Contacts at the service: external_id to how many there are."""
        counts = {}
        if not os.path.exists(self.store):
            return counts
        latest = {}
        with open(self.store, encoding="utf-8") as file:
            for line in file:
                contact = json.loads(line)
                latest[contact["id"]] = contact
        for contact in latest.values():
            key = contact["values"].get("external_id")
            counts[key] = counts.get(key, 0) + 1
        return counts

    def close(self):
        self.stop_server()
        shutil.rmtree(self.directory, ignore_errors=True)


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


def equal(is_, should, what=""):
    if is_ != should:
        raise AssertionError(f"{what}: is {is_!r}, should be {should!r}")


def check(good, what):
    if not good:
        raise AssertionError(what)


def wait_until(true, what, limit=LIMIT):
    """Polls a condition that has no descriptor to wait for (a file of another
    process), with a limit."""
    end = time.monotonic() + limit
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"never happened: {what}")
        select.select([], [], [], 0.01)


def main(module):
    stories = [(name, function) for name, function in module.items()
               if name.startswith("story_")]
    words = sys.argv[1:]
    number = failed = 0
    for name, function in stories:
        if words and not any(word in name for word in words):
            continue
        number += 1
        place = Place()
        try:
            function(place)
            print(f"ok {number} - {name[6:].replace('_', ' ')}")
        except Exception as problem:  # one story must not end the others
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {number} - {name[6:].replace('_', ' ')}: "
                  f"{type(problem).__name__}")
        finally:
            place.close()
        sys.stdout.flush()
    print(f"1..{number}")
    sys.exit(1 if failed else 0)
