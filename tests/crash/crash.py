#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills the real program and looks what is left.

    crash.py [--long] [--stops N] [--kills N] [--seed N]

Two ways to kill a `belay sync` against a practice server that misbehaves:
at the n-th step of its journal (BELAY_DEBUG_STOP_AT=n, SIGKILL raised inside
before and after each commit, request, answer and save), and from outside at
random moments. Then it is run again until it ends by itself, and:

- the server has exactly one contact per person;
- the file has everybody's ID, the one of the server, and is otherwise
  byte for byte what it was;
- one more run sends nothing at all.

The short form is part of `make check`; --long walks through every step under
every misbehaviour (`make crash`).
"""

import argparse
import csv
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

BELAY = os.environ.get("BELAY", "src/belay")
LIMIT = 60
# every run of six contacts has so many, whatever the server does
FEW_STEPS = 45
KEY = "practice"
COLUMNS = ["external_id", "first_name", "last_name", "birth_date", "phone",
           "email", "zip", "medicare_number", "notes"]
RESULT = "HealthSherpa ID"

# What the server does wrong; see `belay practice` and its script.
MISBEHAVIOURS = {
    "nothing": "",
    "commit-then-drop": "create 2-3 commit-then-drop\n",
    "commit-then-stall": "create 2 commit-then-stall\n",
    "commit-then-500": "create 2-3 commit-then-500\n",
    "commit-then-502": "create 2 commit-then-502\n",
    "commit-then-503": "create 2 commit-then-503\n",
    "commit-then-504": "create 2 commit-then-504\n",
    "drop-before-commit": "create 2-3 drop\n",
    "late": "create 2 late 150ms\n",
    "truncated": "create 2-3 truncate\n",
    "no-id": "create 2-3 no-id\n",
    "partial": "create 2-3 partial\n",
    "twin": "create 2 commit-then-twin\n",
    "429": "create 2-3 429\nsearch 2 429\n",
    "429-retry-after": "create 2 429 retry-after 1\n",
    "401": "create 2 401\n",
    "search-lag": "create 2-3 commit-then-drop lag 150ms\n",
    "search-other": "search 2 other\n",
    "search-500": "create 2 commit-then-drop\nsearch 3-4 500\n",
    "search-null": "search 2 null\n",
    "redirect": "create 2 commit-then-redirect https://example.com/\n",
    "huge": "create 2 huge\n",
    "junk": "create 2 junk\n",
}


class Failure(Exception):
    """What was left is not what must be left."""


def people(count):
    """Made-up people who differ in everything."""
    rows = []
    for i in range(count):
        letters = chr(97 + i % 26) + chr(97 + i // 26 % 26)
        rows.append([
            f"crm-{i}", f"Ada{letters}", f"Sample{letters}",
            f"19{30 + i % 28:02}-03-{1 + i % 28:02}", f"91655501{i % 100:02}",
            f"ada{i}@example.com", "95811",
            f"1S{i % 10}{i // 10 % 10}TE5MK{i // 100 % 100:02}",
            f"note {i}" if i % 3 == 0 else ""])
    return rows


def write_book(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def runs_on(process, seconds):
    """Lets it run for so long; whether it is still running then."""
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        return True


class World:
    """A book, a server and a state directory of their own."""

    def __init__(self, count, script, switches=()):
        self.directory = tempfile.mkdtemp(prefix="belay-crash-")
        self.rows = people(count)
        self.book = self.path("people.csv")
        write_book(self.book, self.rows)
        with open(self.book, "rb") as file:
            self.before = file.read()
        with open(self.path("script"), "w", encoding="utf-8") as file:
            file.write(script)
        command = [BELAY, "practice", "--port", "0", "--api-key", KEY,
                   "--store", self.path("store"),
                   "--request-log", self.path("log"),
                   "--script", self.path("script"), "--seed", "1"]
        for switch in switches:
            command += ["--set", switch]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE,
                                       text=True)
        line = self.server.stdout.readline()
        if not line.startswith("listening on "):
            raise Failure(f"the practice server said {line!r}")
        self.url = line.split()[-1]
        self.write_config()

    def path(self, name):
        return os.path.join(self.directory, name)

    def write_config(self):
        with open(self.path("config.yaml"), "w", encoding="utf-8") as file:
            file.write(f"""contacts: {self.book}
service:
  environment: practice
  agent_email: agent@example.com
  timeout: 1s
  api_key: {{command: [echo, {KEY}]}}
  urls: {{api: '{self.url}/v1'}}
sync: {{rate: none, settle: 200ms, concurrency: 4}}
""")

    def start(self, stop_at=0, failed=False):
        env = dict(os.environ)
        env.pop("BELAY_DEBUG_STOP_AT", None)
        if stop_at:
            env["BELAY_DEBUG_STOP_AT"] = str(stop_at)
        command = [BELAY, "sync", "--yes", "--json", "-c",
                   self.path("config.yaml"), "--state-dir", self.path("state")]
        if failed:
            command.append("--failed")
        return subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=open(self.path("errors"), "ab"))

    def run(self, **options):
        """Exit status, negative when killed."""
        process = self.start(**options)
        try:
            return process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Failure("a run did not end") from None

    def requests(self):
        try:
            with open(self.path("log"), encoding="utf-8") as file:
                return sum('"late-commit"' not in line for line in file)
        except FileNotFoundError:
            return 0

    def contacts(self):
        """HealthSherpa IDs by external_id."""
        by_id = {}
        with open(self.path("store"), encoding="utf-8") as file:
            for line in file:
                contact = json.loads(line)
                by_id[contact["id"]] = contact
        found = {}
        for key, contact in by_id.items():
            found.setdefault(contact["values"]["external_id"], []).append(key)
        return found, by_id

    def check(self):
        found, by_id = self.contacts()
        with open(self.book, newline="", encoding="utf-8") as file:
            table = list(csv.reader(file))
        if table[0] != COLUMNS + [RESULT]:
            raise Failure(f"the header became {table[0]}")
        for row, now in zip(self.rows, table[1:]):
            ids = found.get(row[0], [])
            if len(ids) != 1:
                raise Failure(f"{row[0]} has {len(ids)} contacts")
            if now[-1] != ids[0]:
                raise Failure(f"{row[0]}: the file says {now[-1]!r}, "
                              f"the server {ids[0]!r}")
            notes = by_id[ids[0]].get("notes") or []
            if len(notes) > 1:
                raise Failure(f"{row[0]} has its note {len(notes)} times")
        if len(found) != len(self.rows):
            raise Failure(f"{len(found)} contacts for {len(self.rows)} rows")
        again = io.StringIO()
        writer = csv.writer(again)
        writer.writerows([row[:-1] for row in table])
        if again.getvalue().encode() != self.before:
            raise Failure("other bytes of the file were changed")
        before = self.requests()
        status = self.run()
        if status != 0 or self.requests() != before:
            raise Failure(f"one more run sent {self.requests() - before} "
                          f"requests and ended with {status}")

    def finish(self):
        """Runs until everybody is done, then checks."""
        for turn in range(8):
            if self.run(failed=turn > 1) == 0:
                break
        else:
            with open(self.path("errors"), encoding="utf-8") as file:
                raise Failure("not done after 8 runs: " + file.read()[-300:])
        self.check()

    def close(self, keep=False):
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()
        if keep:
            print(f"# left in {self.directory}")
        else:
            shutil.rmtree(self.directory)


class Report:
    def __init__(self):
        self.count = self.bad = 0

    def say(self, good, name):
        self.count += 1
        self.bad += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}",
              flush=True)


def one_stop(script, stop_at):
    """Whether the run was stopped; raises what is wrong after it."""
    world = World(6, script)
    keep = True
    try:
        status = world.run(stop_at=stop_at)
        world.finish()
        keep = False
        return status == -signal.SIGKILL
    finally:
        world.close(keep)


def count_steps(script):
    """How many steps a whole run has: by halving."""
    low, high = 1, 2
    while one_stop(script, high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if one_stop(script, middle):
            low = middle
        else:
            high = middle
    return low


def walk_steps(report, name, stops, chance):
    """Stops at `stops` of the first steps, at every one when 0."""
    script = MISBEHAVIOURS[name]
    try:
        numbers = range(1, (FEW_STEPS if stops else count_steps(script)) + 1)
        if stops:
            numbers = sorted(chance.sample(numbers, min(stops, FEW_STEPS)))
        for number in numbers:
            try:
                one_stop(script, number)
            except Failure as failure:
                raise Failure(f"step {number}: {failure}") from None
        print(f"# {name}: stopped at {len(numbers)} steps")
        report.say(True, f"stopped at its steps: {name}")
    except Failure as failure:
        print(f"# {name}: {failure}")
        report.say(False, f"stopped at its steps: {name}")


def random_kills(report, kills, chance):
    """One book after another, killed at any time, until that many kills."""
    done = 0
    worlds = 0
    while done < kills:
        script = ("create 6% commit-then-drop\ncreate 4% drop\n"
                  "create 3% commit-then-500\nsearch 3% 500\n")
        world = World(150, script, ["latency=15ms"])
        worlds += 1
        keep = True
        try:
            for _ in range(60):
                process = world.start()
                if not runs_on(process, chance.uniform(0.02, 0.4)):
                    break
                process.kill()
                process.wait()
                done += 1
                if done >= kills:
                    break
            world.finish()
            keep = False
        except Failure as failure:
            print(f"# {failure}")
            report.say(False, f"killed at random, after {done} kills")
            return
        finally:
            world.close(keep)
    report.say(True, f"killed at random: {done} kills of {worlds} books")


def in_a_world(report, name, count, script, switches, story):
    """A story told in a world of its own, which is checked at its end."""
    world = World(count, script, switches)
    keep = True
    try:
        story(world)
        world.finish()
        keep = False
        report.say(True, name)
    except Failure as failure:
        print(f"# {failure}")
        report.say(False, name)
    finally:
        world.close(keep)


def races(report, rounds, chance):
    """Several at once on one book: one works, the others are told who."""
    def story(world):
        for _ in range(rounds):
            runs = [world.start() for _ in range(4)]
            if chance.random() < 0.5 and runs_on(runs[0],
                                                 chance.uniform(0, 0.1)):
                runs[0].kill()
            ends = [run.wait(LIMIT) for run in runs]
            if any(end not in (0, 1, 75, -signal.SIGKILL) for end in ends):
                raise Failure(f"they ended with {ends}")
            with open(world.path("errors"), encoding="utf-8") as file:
                said = file.read()
            if 75 in ends and "another belay" not in said:
                raise Failure(f"75 without a reason: {said!r}")

    in_a_world(report, f"four at once, {rounds} times", 40,
               "create 5% commit-then-drop\n", ["latency=5ms"], story)


def terminated(report, chance):
    """SIGTERM in the middle: what is under way ends, nothing is in doubt."""
    def story(world):
        for _ in range(5):
            process = world.start()
            if runs_on(process, chance.uniform(0.05, 0.3)):
                process.terminate()
            end = process.wait(LIMIT)
            if end not in (0, 143, -signal.SIGTERM):
                raise Failure(f"it ended with {end}")
        world.run()
        with open(world.path("errors"), encoding="utf-8") as file:
            said = file.read()
        if "may have been created" in said:
            raise Failure("a termination left doubts behind")

    in_a_world(report, "terminated five times", 60, "", ["latency=20ms"],
               story)


def lost_ledger(report, chance):
    """The ledger is lost between kills: the search finds what is there."""
    def story(world):
        for _ in range(4):
            process = world.start()
            if runs_on(process, chance.uniform(0.05, 0.25)):
                process.kill()
                process.wait()
            # what was sent before is taken before this is answered
            urllib.request.urlopen(world.url + "/sessions/new", timeout=LIMIT)
            shutil.rmtree(world.path("state"), ignore_errors=True)

    in_a_world(report, "the ledger lost four times", 60, "",
               ["latency=10ms"], story)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--stops", type=int)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    names = list(MISBEHAVIOURS) if options.long else [
        "nothing", "commit-then-drop", "drop-before-commit"]
    stops = options.stops
    if stops is None:
        stops = 0 if options.long else 6
    kills = options.kills
    if kills is None:
        kills = 1000 if options.long else 20
    report = Report()
    begun = time.monotonic()
    for name in names:
        walk_steps(report, name, stops, chance)
    random_kills(report, kills, chance)
    races(report, 50 if options.long else 3, chance)
    terminated(report, chance)
    lost_ledger(report, chance)
    print(f"# {time.monotonic() - begun:.0f} s")
    print(f"1..{report.count}")
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main())
