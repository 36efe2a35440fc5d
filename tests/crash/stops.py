# SPDX-License-Identifier: MIT
"""F1, F2, F3: a run that is ended at every step of its journal, at every
system call, at any time; and what the runs after it make of what is left."""

import collections
import os
import random
import re
import signal
import subprocess
import tempfile

from misbehaviours import ALL, BY_NAME
from world import STOP_STATUS, Failure, World, ended, kill, tell

# How a run may go about it; the second trusts the journal alone.
SYNCS = ["concurrency: 4", "concurrency: 4, search_before_create: false",
         "concurrency: 1"]
WAYS = [("kill", "", -signal.SIGKILL), ("exit", ":exit", STOP_STATUS)]
# a run that ends before the n-th step; which it is varies a little
BEYOND = 3
STEPS_MOST = 500
# every run of six contacts has so many
FEW_STEPS = 20


def world_of(misbehaviour, rows=6, sync=SYNCS[0], program=None, often=False):
    """`often`: some of all the calls, not just the second and third."""
    script, front_script = misbehaviour.script, misbehaviour.front_script
    if often:
        script, front_script = (
            re.sub(r"(?m)^(create|search) \S+", r"\1 4%", text)
            for text in (script, front_script))
    return World(rows, script, misbehaviour.switches, misbehaviour.front,
                 front_script, sync, program)


# ---- F1 --------------------------------------------------------------------

def one_stop(misbehaviour, number, way=WAYS[0], sync=SYNCS[0], program=None):
    """Whether the run was stopped; raises what is wrong after it."""
    def story(world):
        status = world.run(BELAY_DEBUG_STOP_AT=f"{number}{way[1]}")
        try:
            world.finish(misbehaviour.person)
        except Failure as failure:
            raise Failure(failure.kind, f"step {number}, {way[0]}, {sync}: "
                          f"{failure}") from None
        return {"stops": status == way[2], "reviews": world.reviews}

    return tell(world_of(misbehaviour, sync=sync, program=program), story)


def stop_cases(ends):
    """(group, case) of F1 in order; `case` returns figures. How many steps a
    run has is found while going: some cases that were not stopped end a row,
    and its length is kept in `ends`."""
    rows = [(each, way, sync) for sync in SYNCS for each in ALL
            for way in WAYS]
    for misbehaviour, way, sync in rows:
        key = f"{misbehaviour.name} {way[0]} {sync}"
        beyond = collections.Counter()
        number = 0
        while number < ends.get(key, STEPS_MOST) and \
                beyond["runs"] < BEYOND:
            number += 1
            yield misbehaviour.name, stop_case(
                misbehaviour, number, way, sync, beyond)
        ends[key] = number


def stop_case(misbehaviour, number, way, sync, beyond):
    def case():
        figures = one_stop(misbehaviour, number, way, sync)
        beyond["runs"] += not figures["stops"]
        return figures
    return case


def some_stops(chance, each):
    """So many of every misbehaviour, at early steps, which every run has."""
    for misbehaviour in ALL:
        for number in chance.sample(range(1, FEW_STEPS), each):
            yield misbehaviour.name, lambda m=misbehaviour, n=number: \
                one_stop(m, n, chance.choice(WAYS), chance.choice(SYNCS))


# ---- F2 --------------------------------------------------------------------

def read_counts(name):
    """What `strace -c` has written into that file: call to how often."""
    counts = {}
    with open(name, encoding="utf-8") as file:
        for line in file:
            match = re.match(
                r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$",
                line)
            if match and match.group(2) not in ("total", "execve"):
                counts[match.group(2)] = int(match.group(1))
    return counts


def killing(name, number):
    """What a program is started with to be killed at that call."""
    return ["strace", "-f", "-o", "/dev/null", "-e", f"trace={name}", "-e",
            f"inject={name}:signal=KILL:when={number}"]


def count_calls(misbehaviour):
    """How often a whole run calls what, by strace."""
    with tempfile.TemporaryDirectory() as place:
        name = os.path.join(place, "counts")

        def story(world):
            world.run(wrap=["strace", "-f", "-c", "-o", name])
        tell(world_of(misbehaviour), story)
        return read_counts(name)


def has_strace():
    try:
        return subprocess.run(
            ["strace", "-f", "-o", "/dev/null", "true"], check=False,
            capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def one_call(misbehaviour, name, number):
    def story(world):
        status = world.run(wrap=killing(name, number))
        try:
            world.check_whole()
            world.finish(misbehaviour.person)
        except Failure as failure:
            raise Failure(failure.kind,
                          f"{name} {number}: {failure}") from None
        return {"kills": status in (-signal.SIGKILL, 128 + signal.SIGKILL),
                "reviews": world.reviews}

    return tell(world_of(misbehaviour), story)


def call_cases(chance, misbehaviours=tuple(ALL)):
    """F2: a call of each misbehaviour in turn, until all calls of all were
    killed; in an order by chance, so that any part is spread over the run."""
    rows = []
    for misbehaviour in misbehaviours:
        calls = [(call, number)
                 for call, count in count_calls(misbehaviour).items()
                 for number in range(1, count + 1)]
        chance.shuffle(calls)
        rows.append((misbehaviour, calls))
    while any(calls for _, calls in rows):
        for misbehaviour, calls in rows:
            if calls:
                call, number = calls.pop()
                yield misbehaviour.name, lambda m=misbehaviour, c=call, \
                    n=number: one_call(m, c, n)


# ---- F3 --------------------------------------------------------------------

def killed_book(misbehaviour, chance, rows=150, longest=0.5):
    """One book, killed at any time until it is done."""
    def story(world):
        kills = 0
        for _ in range(80):
            process = world.start()
            if ended(process, chance.uniform(0.02, longest)):
                if process.returncode == 0:
                    break
                continue
            kill(process)
            kills += 1
        for _ in range(30):  # some end their run at once, like a 401
            if world.run() == 0:
                break
        try:
            world.finish(person=True)
        except Failure as failure:
            raise Failure(failure.kind,
                          f"after {kills} kills: {failure}") from None
        return {"kills": kills, "reviews": world.reviews}

    world = world_of(misbehaviour, rows, chance.choice(SYNCS), often=True)
    return tell(world, story)


def kill_cases(seed):
    """F3: a book of each misbehaviour in turn, without end."""
    number = seed * 1_000_000
    while True:
        for misbehaviour in ALL:
            number += 1
            yield misbehaviour.name, lambda m=misbehaviour, n=number: \
                killed_book(m, random.Random(n))
