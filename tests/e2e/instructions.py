#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Instructions per key, counted by callgrind in a pseudo-terminal of 120x40 on
1,000 contacts. They repeat, whatever else the machine does, so a limit a tenth
above what they are finds what makes a key slower.

BELAY_INSTRUCTIONS=1 prints the figures without judging them. Only optimised
builds are counted, without sanitizers and coverage."""

import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "bench"))
import bench  # noqa: E402
import rows  # noqa: E402
import terminal  # noqa: E402

from story import BELAY, check, main

TRIES = 3
ONLY_PRINT = os.environ.get("BELAY_INSTRUCTIONS")

# what is pressed before, what is counted (each key painted before the next),
# what undoes it, the limit in million instructions a key
KEYS = {
    "nothing": (b"", b"", b"", 0.05),
    "scroll one line": (b"j" * 40, b"j" * 20, b"g", 0.84),
    "move the cursor": (b"jjjjj", b"jkjkjkjkjk", b"g", 0.715),
    "page down": (b"", b"\x06\x06\x06\x06\x06", b"g", 5.95),
    "open a contact": (b"", b"\r", b"\x1b", 3.5),
    "a field of a contact": (b"\r", b"jjjjjjjj", b"\x1b", 0.56),
    "a letter of a filter": (b"fc", b"o", b"\x1b", 7.4),
    "a letter of a search": (b"/g", b"o", b"\x1b", 0.65),
    "the help": (b"", b"?", b"\x1b", 4.4),
    "the palette": (b"", b":", b"\x1b", 5.15),
    "a letter in the palette": (b":s", b"y", b"\x1b", 2.2),
    # it counts the contacts while it shows how far it is: as often as there
    # is time for, hence wide
    "the mapping": (b"", b"m", b"\x1b", 60.0),
}


def skip(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def countable():
    if not shutil.which("callgrind_control"):
        skip("valgrind is missing: instructions are not counted")
    if not terminal.pyte:
        skip("pyte is missing (package python3-pyte)")
    with open(BELAY, "rb") as file:
        if re.search(rb"__asan_init|__gcov_|__ubsan_handle", file.read()):
            skip("sanitizers and coverage count otherwise")
    if os.path.exists("Makefile"):
        with open("Makefile", encoding="utf-8") as file:
            if not re.search(r"^CFLAGS = .*-O[23s]", file.read(), re.M):
                skip("not an optimised build")


def settle(desk):
    desk.read(30)
    desk.quiet(0.2)


def press_each(desk, keys):
    """One after the other; a sequence is one key."""
    for key in re.findall(rb"\x1b|[^\x1b]", keys, re.S):
        desk.press(key)
        settle(desk)


def story_keys_cost_what_they_did(place):
    out = place.path("callgrind.out")
    path = rows.write(place.directory, "csv", 1000)
    desk = terminal.Terminal(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out, BELAY,
         "-c", place.config(mapping=""), path],
        environment=place.environment(ESCDELAY="1"))
    desk.wait_for(rows.contact(0)[2].encode(), 300)
    desk.quiet(2)
    slow = []
    for what, (before, keys, after, limit) in KEYS.items():
        # What is painted in between, as time passes, is not the key's.
        for _ in range(TRIES):
            press_each(desk, before)
            bench.counted(desk, out)
            press_each(desk, keys)
            each = bench.counted(desk, out) / max(len(keys), 1) / 1e6
            press_each(desk, after)
            if each <= limit:
                break
        print(f"# {what:<26}{each:>8.3f} million, at most {limit}")
        if each > limit:
            slow.append(f"{what}: {each:.3f} million, at most {limit}")
    desk.kill()
    check(ONLY_PRINT or not slow, slow)


if __name__ == "__main__":
    countable()
    main(globals())
