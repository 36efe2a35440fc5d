#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills, starves and cuts off the real program and looks what is left.

    crash.py [--long] [--only TEST]... [--jobs N] [--state FILE] [--seed N]
             [--times N]

    stops     F1  ended at every step of its journal, by SIGKILL and _exit
    calls     F2  killed at every system call (strace)
    kills     F3  killed at any time, again and again
    files     F4  the n-th call for a file fails, or writes half
    power     F5  the power goes: every state of the disk that is legal then
    memory    F6  the n-th allocation fails
    weeks     F7  a week of an agent, at random
    races     F8  two at once on one book
    resend        a create without an answer is sent once
    storms        an outage, a storm of 429s, a key that ends in mid-run
    renewals  F9  killed while a login is renewed (strace)
    defences      a defence is missing, and it shows

Whatever was done, it is run again until it ends by itself, and: the server,
which would make a second contact, has one for each person; the file has
everybody's ID and is otherwise byte for byte what it was; one more run sends
nothing at all.

The short form is part of `make check`. --long (`make crash`) goes on where
--state says that it was interrupted, and ends with a table of everything
since then. --times takes so many cases of a test instead of all.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import defences
import faults
import power
import renewals
import sequences
import stops
import storms
import together
from misbehaviours import ALL
from world import BELAY, Failure

FIGURES = ("duplicates", "lost", "stuck", "again", "other")
SAID_MOST = 30


class Report:
    """TAP, and figures that survive an interruption."""

    def __init__(self, state):
        self.count = self.bad = 0
        self.path = state
        self.lock = threading.Lock()
        self.kept = {"done": {}, "figures": {}, "ends": {}, "said": [],
                     "seconds": {}}
        if state and os.path.exists(state):
            with open(state, encoding="utf-8") as file:
                self.kept = json.load(file)

    def save(self):
        if not self.path:
            return
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            json.dump(self.kept, file, indent=1)
        os.replace(self.path + ".new", self.path)

    def took(self, test, done, begun):
        """So many cases are done; the time until now, and what it is."""
        now = time.monotonic()
        with self.lock:
            self.kept["done"][test] = done
            self.kept["seconds"][test] = round(
                self.kept["seconds"].get(test, 0) + now - begun, 3)
            self.save()
        return now

    def say(self, good, name):
        self.count += 1
        self.bad += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}",
              flush=True)

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def figures(self, test, group):
        return self.kept["figures"].setdefault(test, {}).setdefault(group, {})

    def add(self, test, group, figures):
        with self.lock:
            into = self.figures(test, group)
            for name, number in figures.items():
                into[name] = into.get(name, 0) + int(number)

    def fail(self, test, group, failure):
        self.add(test, group, {failure.kind: 1})
        with self.lock:
            line = f"{test}, {group}: {failure}"
            if len(self.kept["said"]) < SAID_MOST:
                self.kept["said"].append(line)
            print("# " + line.replace("\n", "\n# "), flush=True)

    def total(self, test, names):
        return sum(figures.get(name, 0)
                   for figures in self.kept["figures"].get(test, {}).values()
                   for name in names)


def attempt(report, test, group, case):
    try:
        report.add(test, group, case())
    except Failure as failure:
        report.fail(test, group, failure)


def run_cases(report, test, name, cases, goal, most, jobs):
    """Runs cases until the figure `goal` is reached, or so many were run."""
    figure, wanted = goal
    begun = time.monotonic()
    done = report.kept["done"].get(test, 0)
    for _ in range(done):
        next(cases, None)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        begun_cases = collections.deque()
        while True:
            while len(begun_cases) < jobs and \
                    done + len(begun_cases) < most and \
                    report.total(test, [figure]) < wanted:
                group, case = next(cases, (None, None))
                if not case:
                    break
                begun_cases.append(
                    pool.submit(attempt, report, test, group, case))
            if not begun_cases:
                break
            begun_cases.popleft().result()
            done += 1
            begun = report.took(test, done, begun)
    bad = report.total(test, FIGURES)
    number = report.total(test, [figure])
    report.say(not bad and number > 0,
               f"{name}: {number} {figure} in "
               f"{report.kept['seconds'].get(test, 0):.0f} s")


def power_cases(seed, each):
    """One recording after another; a worker recovers in a world of its own,
    so each case is a whole recording's share."""
    number = seed * 1_000_000
    while True:
        number += 1
        yield "power", lambda n=number: power.one_recording(n, each)


def race_cases(seed):
    number = seed * 1_000_000
    while True:
        number += 1
        yield "races", lambda n=number: together.one_race(
            chance=random.Random(n))


def resend_cases(count, times):
    """Each carrier in turn, so often."""
    for front, used in times * together.CARRIERS:
        kind = {"plain": "HTTP/1.1", "h2": "HTTP/2"}[front]
        name = f"{kind}, {'used' if used else 'fresh'}"
        if front == "h2" and not shutil.which("openssl"):
            continue
        yield name, lambda f=front, u=used: together.resend(f, u, count)


def defence_cases(names):
    for name in names:
        def case(which=name):
            print(f"# without {which}: {defences.found_without(which)}",
                  flush=True)
            return {"defences": 1}
        yield name, case


def tests(options, report):
    """name -> (what is said, cases, (figure, how many), most cases)."""
    chance = random.Random(options.seed)
    long = options.long
    endless = 10 ** 9
    short_defences = ["wait", "lookup", "resend", "lock"]
    return {
        "stops": ("ended at its steps",
                  stops.stop_cases(report.kept["ends"]) if long else
                  stops.some_stops(chance, 1), ("stops", 8000), endless),
        "calls": ("killed at a call", stops.call_cases(chance) if long else
                  stops.call_cases(chance, stops.ALL[1:2]),
                  ("kills", 3000 if long else endless),
                  endless if long else 8),
        "kills": ("killed at any time", stops.kill_cases(options.seed),
                  ("kills", 7000 if long else 12), endless if long else 2),
        "files": ("a call for a file fails", faults.file_cases(chance),
                  ("faults", endless), endless if long else 16),
        "power": ("the power goes", power_cases(
            options.seed, 50 if long else 8),
                  ("cuts", 5000 if long else 16), endless),
        "memory": ("an allocation fails", faults.memory_cases(chance),
                   ("faults", 5000), endless if long else 12),
        "weeks": ("a week at random", sequences.week_cases(options.seed),
                  ("sequences", 10000 if long else 4), endless),
        "races": ("two at once", race_cases(options.seed),
                  ("races", 1000 if long else 4), endless),
        "resend": ("a create without an answer",
                   resend_cases(*(100, 10) if long else (10, 1)),
                   ("creates", endless), endless),
        "storms": ("HealthSherpa is down, or busy, or takes no key",
                   storms.cases(long), ("storms", endless), endless),
        "renewals": ("killed while its login is renewed",
                     renewals.cases(chance), ("kills", endless),
                     endless if long else 6),
        "defences": ("found when missing", defence_cases(
            defences.SHOWN if long else short_defences),
            ("defences", endless), endless),
    }


def missing(name):
    """Why a test cannot be run here, or None."""
    if name in ("calls", "renewals") and not stops.has_strace():
        return "strace is missing, or may not trace"
    if name in ("files", "power", "memory") and (
            not os.path.exists(power.SHIM) or subprocess.run(
                [BELAY, "--version"], env=dict(LD_PRELOAD=power.SHIM),
                capture_output=True, check=False).returncode != 0):
        return "nothing can be preloaded here"
    if name == "defences" and not all(
            os.path.exists(os.path.join(defences.PROGRAMS, f"without_{each}"))
            for each in defences.SHOWN):
        return "the programs without a defence are not built"
    return None


def print_table(report):
    rows = collections.OrderedDict()
    for each in ALL:
        rows[each.name] = collections.Counter()
    for test, groups in report.kept["figures"].items():
        for group, figures in groups.items():
            row = rows.setdefault(
                group if group in rows else f"({test}) {group}",
                collections.Counter())
            row.update(figures)
    columns = ("stops", "kills", *FIGURES, "reviews")
    print("# " + f"{'misbehaviour':24}" + "".join(
        f"{name:>11}" for name in columns))
    for name, row in rows.items():
        number = next((f"{each.number:2} " for each in ALL
                       if each.name == name), "")
        if sum(row.values()):
            rest = "".join(f"  {row[key]} {key}" for key in row
                           if key not in columns)
            print("# " + f"{number + name:24}" + "".join(
                f"{row[key]:11}" for key in columns) + rest)
    for test, seconds in report.kept["seconds"].items():
        print(f"# {test}: {report.kept['done'][test]} cases, {seconds:.0f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--only", action="append")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--state")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int)
    options = parser.parse_args()
    # what has begun ends, with its servers, and is kept
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report(options.state)
    for test, (name, cases, goal, most) in tests(options, report).items():
        if options.only and test not in options.only:
            continue
        why = missing(test)
        if why:
            report.skip(name, why)
            continue
        if options.times:
            most = report.kept["done"].get(test, 0) + options.times
        run_cases(report, test, name, cases, goal, most, options.jobs)
    print_table(report)
    print(f"1..{report.count}")
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main())
