# SPDX-License-Identifier: MIT
"""Figures of the mapping screen: a rule is changed over a whole book.

    mapping.py [--quick]

A CSV of 100,000 contacts is open at 120x40. How long until the screen is
there, until a changed rule shows in the row under the cursor, until the whole
book has been gone through anew; and how long a key takes until it is painted
meanwhile, on the mapping screen and in the list behind it: j and k at random
moments, ROUNDS changes of a rule (20). --quick: 10,000 contacts, fewer changes.
BELAY names the program. Prints tables; never passes or fails by time."""

import os
import random
import shutil
import sys
import tempfile
import time

import rows
import terminal
from service import BELAY, environment

# The keys of the screen, and where on it what is looked for stands.
OPEN, BACK, RULE, CLEAR = b"m", b"\x1b", b"r", b"\x15"
DOWN, UP = b"j", b"k"
FIELD = 8  # rows below the first: address line 2
NOTES = ("address_1", "address_2", "city", "state")  # FIELD - 1 and on
NOTE_LINE = 38
COUNTED = "could be sent"
# What the field is made of in turn, and what that is in the first contact.
# Both columns have a field already, so nothing else on the screen changes.
RULES = (("city", b"Sacramento"), ("first_name", b"Ruth"))

QUICK = "--quick" in sys.argv
COUNT = 10000 if QUICK else 100000
ROUNDS = int(os.environ.get("ROUNDS", "4" if QUICK else "20"))
MAPPED = rows.COLUMNS[:8] + rows.COLUMNS[9:12] + ["medicare_number"]


def write_config(directory, book):
    with open(os.path.join(directory, "config.yaml"), "w",
              encoding="utf-8") as file:
        file.write(f"""contacts: {book}
service:
  environment: practice
  agent_email: agent@example.com
  api_key: {{env: BELAY_API_KEY}}
  urls: {{api: 'http://127.0.0.1:1/v1'}}
mapping:
""" + "".join(f"  {name}: {name}\n" for name in MAPPED))
        return file.name


def until(desk, seen, limit=60):
    """The moment at which what arrived made the screen so."""
    end = time.monotonic() + limit
    while True:
        data = desk.read(1)
        moment = time.monotonic()
        desk.stream.feed(desk.unseen)
        desk.unseen = b""
        if seen(desk.screen.display):
            return moment
        if moment > end or (not data and desk.ended()):
            raise RuntimeError("it never came:\n"
                               + "\n".join(desk.screen.display))


def has(words):
    return lambda lines: any(words in line for line in lines)


def note_is(name):
    return lambda lines: lines[NOTE_LINE].strip().startswith(name + ":")


def pause(desk, dice):
    end = time.monotonic() + dice.random() * 0.03
    while (left := end - time.monotonic()) > 0:
        desk.read(left)
    desk.stream.feed(desk.unseen)
    desk.unseen = b""


def change_rule(desk, number):
    """Types another rule: the moment of Enter and seconds to its result."""
    rule, value = RULES[number % 2]
    desk.press(RULE)
    until(desk, has("Enter ok"))
    desk.press(CLEAR + rule.encode())
    until(desk, has(rule))
    desk.output = b""
    begun = time.monotonic()
    desk.press(b"\r")
    while value not in desk.output:
        if time.monotonic() - begun > 60 or (
                not desk.read(1) and desk.ended()):
            raise RuntimeError(f"never painted {value!r}")
    return begun, time.monotonic() - begun


def keys_here(desk, dice, times):
    """On the mapping screen, until the book has been counted; seconds."""
    begun = time.monotonic()
    at = 1
    while not has(COUNTED)(desk.screen.display):
        pause(desk, dice)
        down = at == 0 or (at < len(NOTES) - 1 and dice.random() < 0.5)
        at += 1 if down else -1
        pressed = time.monotonic()
        desk.press(DOWN if down else UP)
        times.append((until(desk, note_is(NOTES[at])) - pressed) * 1000)
    counted = time.monotonic() - begun
    desk.press((DOWN if at < 1 else UP) * abs(at - 1))
    if at != 1:
        until(desk, note_is(NOTES[1]))
    return counted


def keys_in_list(desk, dice, times, count):
    """In the list behind it, right after a rule was changed."""
    desk.press(BACK)
    until(desk, has("STATUS"))
    at = 0
    for _ in range(count):
        pause(desk, dice)
        down = at < 2 or (at < 30 and dice.random() < 0.5)
        at += 1 if down else -1
        name = rows.contact(at)[2].encode()
        desk.output = b""
        pressed = time.monotonic()
        desk.press(DOWN if down else UP)
        while name not in desk.output:
            if not desk.read(10):
                raise RuntimeError(f"never painted {name!r}")
        times.append((time.monotonic() - pressed) * 1000)
    desk.press(UP * at + OPEN)
    until(desk, has("FIELD"))
    desk.press(DOWN * FIELD)
    until(desk, note_is(NOTES[1]))


def show(name, times):
    times = sorted(times)
    at = [times[min(int(len(times) * share), len(times) - 1)]
          for share in (0.5, 0.99, 1)]
    print(f"{name:<44}{len(times):>6}{at[0]:>9.2f}{at[1]:>9.2f}{at[2]:>9.2f}",
          flush=True)


def measure(desk):
    dice = random.Random(1)
    desk.see(f" {COUNT} new")
    pressed = time.monotonic()
    desk.press(OPEN)
    opened = [(until(desk, has("FIELD")) - pressed) * 1000]
    counted = [(until(desk, has(COUNTED)) - pressed) * 1000]
    desk.press(DOWN * FIELD)
    until(desk, note_is(NOTES[1]))
    shown, whole, here, behind = [], [], [], []
    for number in range(ROUNDS):
        begun, seconds = change_rule(desk, number)
        shown.append(seconds * 1000)
        if number % 4 == 3:
            keys_in_list(desk, dice, behind, 20)
        else:
            keys_here(desk, dice, here)
            whole.append((time.monotonic() - begun) * 1000)
        if not has(COUNTED)(desk.screen.display):
            until(desk, has(COUNTED))
    print(f"the mapping screen over {COUNT} contacts, 120x40, ms")
    print(f"{'from the key to':<44}{'times':>6}{'p50':>9}{'p99':>9}"
          f"{'max':>9}")
    show("the screen", opened)
    show("its counts of the whole book", counted)
    show("a changed rule's value in its row", shown)
    show("the counts anew, with keys pressed meanwhile", whole)
    show("j or k painted on it meanwhile", here)
    show("j or k painted in the list meanwhile", behind)


def main():
    if not terminal.pyte:
        print("!! no pyte (package python3-pyte): nothing of the mapping "
              "screen")
        return
    keep = os.environ.get("BENCH_DATA")
    directory = keep or tempfile.mkdtemp(prefix="belay-bench-")
    os.makedirs(directory, exist_ok=True)
    desk = None
    try:
        config = write_config(directory, rows.write(directory, "csv", COUNT))
        desk = terminal.Terminal(
            [BELAY, "-c", config, "--state-dir", directory + "/state"],
            environment=environment(directory))
        measure(desk)
    except (OSError, RuntimeError) as problem:
        sys.exit(f"mapping.py: {problem}")
    finally:
        if desk:
            desk.stop()
        if not keep:
            shutil.rmtree(directory)


if __name__ == "__main__":
    main()
