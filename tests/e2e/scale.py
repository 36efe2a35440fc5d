#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many contacts, in one run and in a run that is interrupted again and again.

    scale.py [--contacts N] [--stops N] [--seed N]

The server makes a second contact of every repeated create, so that each
mistake is seen. First all contacts in one run, whose memory must not grow
beyond a row of the ledger a contact. Then anew, stopped by SIGTERM and SIGKILL
in turn, whenever so many more have been created. At the end everybody has one
contact, the file has all their IDs and is otherwise what it was, and one more
run sends nothing. 1,000 contacts and three stops in `make check`; `make scale`:
100,000 and ten.
"""

import argparse
import csv
import os
import random
import select
import signal
import subprocess
import sys
import time

import story

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "bench"))
import rows  # noqa: E402

RUN_LIMIT = 3600  # seconds
# what a contact may add when it is synced: its row of the ledger and its ID
BYTES_EACH = 512
BUFFERS = 3 << 20  # of SQLite and the connections, however many contacts
RESULT = "HealthSherpa ID"
SYNC = "  concurrency: 64\n"


class Lines:
    """How many lines a growing file has."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.count = 0

    def now(self):
        while block := self.file.read(1 << 20):
            self.count += block.count(b"\n")
        return self.count


def anonymous(pid):
    """Bytes of memory that belong to the process alone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


class World:
    def __init__(self, count):
        self.place = story.Place()
        self.count = count
        self.book = rows.write(self.place.directory, "csv", count)
        with open(self.book, "rb") as file:
            self.before = file.read()
        self.place.serve("duplicate=second", "same-person=second")
        self.place.config(mapping="", sync=SYNC)
        self.created = Lines(self.place.store)

    def start(self):
        argv = [story.BELAY, "sync", self.book, "--yes", "-c",
                self.place.path("config.yaml")]
        with open(self.place.path("errors"), "ab") as errors:
            return subprocess.Popen(
                argv, env=self.place.environment(), stderr=errors,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def watch(self, process, until=None):
        """Waits for the end, or for so many contacts: (ended, memory by the
        number of contacts)."""
        limit = time.monotonic() + RUN_LIMIT
        ended = os.pidfd_open(process.pid)
        memory = {}
        try:
            while not select.select([ended], [], [], 0.02)[0]:
                created = self.created.now()
                if used := anonymous(process.pid):
                    memory[created] = used
                if until is not None and created >= until:
                    return False, memory
                if time.monotonic() > limit:
                    process.kill()
                    raise AssertionError("a run did not end")
        finally:
            os.close(ended)
        return True, memory

    def finish(self, most):
        """Runs until everybody is done; the last status is 0."""
        for _ in range(most):
            process = self.start()
            self.watch(process)
            if process.wait() == 0:
                return
        errors = self.place.read("errors").decode()[-500:]
        raise AssertionError(f"not done after {most} more runs: {errors}")

    def check_end(self):
        people = self.place.people()
        twice = [name for name, times in people.items() if times != 1]
        story.check(not twice, f"several contacts: {twice[:5]}")
        story.equal(len(people), self.count, "contacts at the server")
        with open(self.book, newline="", encoding="utf-8") as file:
            table = list(csv.reader(file))
        story.equal(table[0], rows.COLUMNS + [RESULT], "the header")
        ids = {row[0]: row[-1] for row in table[1:]}
        server = server_ids(self.place.store)
        wrong = [name for name in server if ids.get(name) != server[name]]
        story.check(not wrong, f"another ID in the file: {wrong[:5]}")
        text = "".join(rows.csv_row(row[:-1]) for row in table)
        story.check(text.encode() == self.before,
                    "other bytes of the file were changed")
        sent = Lines(self.place.log)
        before = sent.now()
        self.finish(1)
        story.equal(sent.now() - before, 0, "requests of one more run")
        return before


def server_ids(path):
    import json
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            contact = json.loads(line)
            found[contact["values"]["external_id"]] = contact["id"]
    return found


def growth(memory, count):
    """Memory when a fifth is done and the most after it, in bytes, and how
    much that is a contact."""
    some = [at for at in memory if at >= count / 5]
    if not some:
        return 0, 0, 0.0
    first, most = memory[min(some)], max(memory[at] for at in some)
    more = max(most - first - BUFFERS, 0)
    return first, most, more / (count * 4 / 5)


def sanitised():
    """AddressSanitizer keeps what is freed."""
    with open(story.BELAY, "rb") as file:
        return b"__asan_init" in file.read()


def one_run(count):
    world = World(count)
    try:
        begun = time.monotonic()
        process = world.start()
        _, memory = world.watch(process)
        seconds = time.monotonic() - begun
        story.equal(process.wait(), 0, "exit status")
        requests = world.check_end()
        first, most, each = growth(memory, count)
        print(f"# {count} contacts in one run: {seconds:.1f} s, {requests} "
              f"requests, {requests / seconds:.0f} a second; memory "
              f"{first / 2 ** 20:.1f} MiB when a fifth is done, at most "
              f"{most / 2 ** 20:.1f} MiB later")
        story.check(each <= BYTES_EACH or sanitised(),
                    f"memory grows by {each:.0f} bytes a contact")
    finally:
        world.place.close()


def interrupted(count, stops, chance):
    world = World(count)
    try:
        begun = time.monotonic()
        said = []
        for number in range(stops):
            share = (number + chance.uniform(0.2, 0.8)) / stops
            process = world.start()
            ended, _ = world.watch(process, int(count * share))
            story.check(not ended, f"run {number + 1} ended by itself: "
                        + world.place.read("errors").decode()[-300:])
            kind = signal.SIGTERM if number % 2 == 0 else signal.SIGKILL
            process.send_signal(kind)
            status = process.wait(story.LIMIT)
            story.check(status in (128 + kind, -kind),
                        f"{kind.name}: it ended with {status}")
            said.append(f"{world.created.now()} {kind.name}")
        world.finish(3)
        requests = world.check_end()
        print(f"# stopped at: {', '.join(said)}")
        print(f"# {count} contacts, {stops} stops: "
              f"{time.monotonic() - begun:.1f} s, {requests} requests, "
              f"{requests - 2 * count} more than without them")
    finally:
        world.place.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--stops", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    print("1..2")
    bad = 0
    for number, (name, test) in enumerate((
            ("in one run", lambda: one_run(options.contacts)),
            (f"interrupted {options.stops} times", lambda: interrupted(
                options.contacts, options.stops, chance))), 1):
        word = "ok"
        try:
            test()
        except (AssertionError, OSError, RuntimeError,
                subprocess.TimeoutExpired) as problem:
            print(f"# {problem}")
            word, bad = "not ok", 1
        print(f"{word} {number} - {options.contacts} contacts {name}",
              flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())
