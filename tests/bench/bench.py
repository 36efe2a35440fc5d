# SPDX-License-Identifier: MIT
"""Figures of the desk beside less(1) in the same run: start to first row, key
to painted, bytes per key, instructions per key.

    bench.py start        start to first row at 1,000 and 100,000 contacts
    bench.py keys         key to painted and bytes per key
    bench.py instructions instructions per key (callgrind; repeats exactly)

Prints tables; never passes or fails by time. BELAY names the program."""

import glob
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import rows
from terminal import Terminal

BELAY = os.environ.get("BELAY", "src/belay")
ROUNDS = int(os.environ.get("ROUNDS", "7"))


def environment(directory):
    return {"HOME": directory, "XDG_CONFIG_HOME": directory + "/config",
            "XDG_STATE_HOME": directory + "/state"}


def name_of(number):
    return rows.contact(number)[2].encode()


def start_once(argv, directory):
    terminal = Terminal(argv, environment=environment(directory))
    seconds = terminal.wait_for(name_of(0))
    terminal.quiet()
    terminal.press(b"q")
    terminal.close()
    return seconds * 1000


def bench_start(directory):
    print("start to first row, 120x40, median of", ROUNDS, "rounds in turn")
    print(f"{'rows':>8} {'program':<14}{'ms':>8}  ratio to less -S")
    for count in (1000, 100000):
        programs = {"less -S": ["less", "-S",
                                rows.write(directory, "tsv", count)]}
        for kind in ("csv", "yaml"):
            programs[f"belay {kind}"] = [
                BELAY, rows.write(directory, kind, count)]
        times = {name: [] for name in programs}
        for _ in range(ROUNDS):
            for name, argv in programs.items():
                times[name].append(start_once(argv, directory))
        for name, values in times.items():
            ratio = statistics.median(
                a / b for a, b in zip(values, times["less -S"]))
            print(f"{count:>8} {name:<14}{statistics.median(values):>8.1f}"
                  f"  {ratio:.2f}")


def bench_keys(directory):
    print("one-line scroll, 120x40, 1,000 rows, keys at random moments")
    print(f"{'program':<14}{'p50 ms':>8}{'p99 ms':>8}{'bytes':>8}")
    for name, argv in (
            ("less -S", ["less", "-S", rows.write(directory, "tsv", 1000)]),
            ("belay csv", [BELAY, rows.write(directory, "csv", 1000)])):
        dice = random.Random(1)
        terminal = Terminal(argv, environment=environment(directory))
        terminal.wait_for(name_of(0))
        terminal.quiet(0.3)
        terminal.press(b"j" * 40)
        terminal.quiet(0.1)
        times, sizes = [], []
        for _ in range(100):
            terminal.read(dice.random() * 0.02)
            pressed = time.monotonic()
            terminal.press(b"j")
            last, count = terminal.quiet()
            times.append((last - pressed) * 1000)
            sizes.append(count)
        terminal.press(b"q")
        terminal.close()
        times.sort()
        print(f"{name:<14}{times[50]:>8.2f}{times[98]:>8.2f}"
              f"{statistics.median(sizes):>8.0f}")


def press_each(terminal, keys):
    """One key after the other, each painted before the next."""
    for key in keys:
        terminal.press(bytes([key]))
        # Slow under callgrind: first that it answers, then that it is done.
        terminal.read(30)
        terminal.quiet(0.3)


def counted(terminal, out):
    """Instructions since the last call: callgrind dumps and begins anew."""
    before = set(glob.glob(out + ".*"))
    subprocess.run(["callgrind_control", "--dump", str(terminal.pid)],
                   check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    (dump,) = set(glob.glob(out + ".*")) - before
    with open(dump, encoding="utf-8", errors="replace") as file:
        return int(re.search(r"^(?:summary|totals): (\d+)", file.read(),
                             re.M).group(1))


def bench_instructions(directory):
    if not shutil.which("callgrind_control"):
        print("no valgrind: instructions not counted")
        return
    path = rows.write(directory, "csv", 1000)
    out = os.path.join(directory, "callgrind.out")
    terminal = Terminal(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out,
         BELAY, path], environment=environment(directory))
    terminal.wait_for(name_of(0), 300)
    terminal.quiet(2)
    press_each(terminal, b"j" * 40)
    print("instructions per key, 120x40, 1,000 rows")
    for name, keys in (("scroll one line", b"j" * 50),
                       ("cursor up", b"k" * 30),
                       ("nothing", b"")):
        counted(terminal, out)
        press_each(terminal, keys)
        per_key = counted(terminal, out) / max(len(keys), 1)
        print(f"{name:<18}{per_key / 1e6:>8.3f} million")
    terminal.press(b"q")
    terminal.close(300)


def main():
    benches = {"start": bench_start, "keys": bench_keys,
               "instructions": bench_instructions}
    wanted = sys.argv[1:] or list(benches)
    keep = os.environ.get("BENCH_DATA")
    directory = keep or tempfile.mkdtemp(prefix="belay-bench-")
    os.makedirs(directory, exist_ok=True)
    try:
        for word in wanted:
            benches[word](directory)
    except (OSError, RuntimeError) as problem:
        sys.exit(f"bench: {problem}")
    finally:
        if not keep:
            shutil.rmtree(directory)


if __name__ == "__main__":
    main()
