# SPDX-License-Identifier: MIT
"""Takes the defences away one by one (src/base/defence.h, `make
tests/crash/without_...`) and shows that the harness finds the second contact
then, and finds none while the defence stands."""

import os
import random
import re

import power
from stops import SYNCS
from together import one_race, resend
from world import BELAY, HERE, SETTLE, Failure, World, tell

PROGRAMS = os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(BELAY))), "tests", "crash")


def whole_run(script, settle=SETTLE):
    """Not even killed."""
    def story(program):
        tell(World(3, script, program=program, settle=settle),
             lambda world: world.finish())
    return [story]


def killed_while_late():
    """Killed after the sending; the search of the next run is too early."""
    def story(number):
        def run(world):
            world.run(BELAY_DEBUG_STOP_AT=str(number))
            world.finish()
        return lambda program: tell(
            World(1, "create 1 late 1s\n", program=program, settle="3s"), run)
    return [story(number) for number in range(6, 12)]


def used_connection():
    return [lambda program: resend("plain", True, 10, program)]


def raced():
    return 10 * [lambda program: one_race(program=program)]


def power_cut():
    """Where the journal is all there is: what was sent is not on disk."""
    def story(number):
        def run(program):
            recording = power.Recording(sync=SYNCS[1], program=program)
            try:
                states = list(recording.states(random.Random(number)))
                states = [state for state in states if state[3]]
                for state in states[::len(states) // 5]:
                    recording.recover(state)
            finally:
                recording.close()
        return run
    return [story(number) for number in range(5)]


def ledger_lost_later():
    """All has arrived and nothing is in the file when the ledger goes."""
    def story(number):
        def run(world):
            world.run(BELAY_DEBUG_STOP_AT=str(number))
            world.lose_ledger()
            world.finish(person=True)
        return lambda program: tell(World(2, program=program), run)
    return [story(number) for number in range(10, 20, 3)]


def ledger_lost_at_once():
    """It goes while a create is on its way, and the next run is at once."""
    def run(world):
        world.run("sync", "--yes", "--no-wait")
        world.lose_database()
        world.finish()
    return [lambda program: tell(
        World(2, "create 1 late 1s\n", program=program, settle="3s"), run)]


# Attempts to bring it about, each a function of the program.
SHOWN = {
    "journal": killed_while_late(),
    "wait": whole_run("create 1 late 1s\n", settle="3s"),
    "lookup": whole_run("create 1 commit-then-drop\n"),
    "resend": used_connection(),
    "lock": raced(),
    "signs": ledger_lost_at_once(),
    "synced": power_cut(),
    "probe": ledger_lost_later(),
}


def files_that_know(name):
    """The sources that ask for the defence, as the Makefile must name them."""
    source = os.path.join(os.path.dirname(os.path.dirname(HERE)), "src")
    known = []
    for where, _, names in os.walk(source):
        for each in names:
            path = os.path.join(where, each)
            if each.endswith(".c"):
                with open(path, encoding="utf-8") as file:
                    if f"DEFENDED({name.upper()})" in file.read():
                        known.append("src/" + os.path.relpath(path, source))
    return sorted(known)


def check_makefile(name):
    path = os.path.join(os.path.dirname(os.path.dirname(HERE)), "Makefile.am")
    with open(path, encoding="utf-8") as file:
        match = re.search(rf"tests_crash_without_{name}_SOURCES = (.*)",
                          file.read())
    if not match or sorted(match.group(1).split()) != files_that_know(name):
        raise Failure("other", f"Makefile.am builds without_{name} of other "
                      f"files than {files_that_know(name)}")


def found_without(name):
    """What is found when the defence is missing, and not while it stands."""
    check_makefile(name)
    for attempt in SHOWN[name]:
        try:
            attempt(os.path.join(PROGRAMS, f"without_{name}"))
        except Failure as failure:
            if failure.kind != "duplicates":
                raise
            attempt(None)
            return str(failure)
    raise Failure("other", "no second contact was found")
