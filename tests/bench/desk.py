# SPDX-License-Identifier: MIT
"""The desk beside less, tig, abook, mutt, visidata, fzf, SQLite, GNU sort and
qsort with strcoll, in one run: P7 to P12 of the goals.

    desk.py [--quick] [keys] [busy] [filter] [sort]

    keys    key to painted and bytes a key, scrolling and moving the cursor, and
            a burst of 100 keys at once
    busy    the same while 1,000,000 rows are read, and while 64 calls are in
            flight
    filter  a letter typed into the filter of 100,000 rows, all columns; ours at
            1,000,000 too
    sort    100,000 rows by last and first name

All programs are open at once and take turns, ROUNDS times (7); a ratio is the
median of those within a round. Keys come at random moments; 30 ms of silence
end a paint. --quick: fewer rounds, no million. What is missing is said and left
out. BELAY names the program, LIST tests/bench/list. Prints tables; never passes
or fails by time."""

import os
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import rows
import sync
from terminal import Terminal, pyte

BELAY = os.path.abspath(os.environ.get("BELAY", "src/belay"))
LIST = os.path.abspath(os.environ.get("LIST", "tests/bench/list"))
QUICK = "--quick" in sys.argv
ROUNDS = int(os.environ.get("ROUNDS", "3" if QUICK else "7"))
KEYS = 20  # of each kind in each round
MANY = 100000
MILLION = 1000000
WORD = "ab"


def middle(values):
    return statistics.median(values) if values else float("nan")


def share(values, part):
    values = sorted(values)
    return values[min(int(len(values) * part), len(values) - 1)]


def ratio(ours, theirs):
    """The median of the ratios within a round."""
    return middle([a / b for a, b in zip(ours, theirs)])


def name_of(number):
    return rows.contact(number)[2]


class Summary:
    """One line a goal, printed at the end."""

    def __init__(self):
        self.lines = []

    def add(self, goal, what, wanted, reached, good):
        self.lines.append((goal, what, wanted, reached,
                           "" if good else "not reached"))

    def show(self):
        print(f"\n{'':<5}{'what':<44}{'goal':<34}{'reached':<30}")
        for goal, what, wanted, reached, note in self.lines:
            print(f"{goal:<5}{what:<44}{wanted:<34}{reached:<30}{note}")


# ---- the same people for everybody -----------------------------------------


def write_mbox(directory, count):
    path = os.path.join(directory, f"{count}.mbox")
    if os.path.exists(path):
        return path
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            row = rows.contact(number)
            file.write(
                "From agent@example.com Mon Jan  5 00:00:00 2026\n"
                f"From: {row[2]}, {row[1]} <{row[3]}>\n"
                f"Subject: {row[9]} {row[10]} {row[11]} {row[4]} {row[5]}\n"
                "Date: Mon, 5 Jan 2026 00:00:00 +0000\n"
                f"Message-ID: <{number}@example.com>\n\n{row[7]}\n\n")
    return path


def write_abook(directory, count):
    path = os.path.join(directory, f"{count}.abook")
    with open(path, "w", encoding="utf-8") as file:
        file.write("[format]\nprogram=abook\nversion=0.6.1\n\n")
        for number in range(count):
            row = rows.contact(number)
            file.write(f"[{number}]\nname={row[2]} {row[1]}\n"
                       f"email={row[3]}\nphone={row[4]}\n\n")
    return path


def write_muttrc(directory):
    path = os.path.join(directory, "muttrc")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"set folder={directory}\n"
                   "set sort=mailbox-order\nset read_only\nset quit=yes\n"
                   "set help=no\nset mark_old=no\nset header_cache=\"\"\n"
                   "set index_format=\"%5C %-24.24F %s\"\n")
    return path


def programs(directory, count):
    """Those that are there: how they are called on `count` people."""
    csv = rows.write(directory, "csv", count)
    tsv = rows.write(directory, "tsv", count)
    every = {
        "belay": [BELAY, csv],
        "less": ["less", "-S", tsv],
        "tig": ["sh", "-c", 'exec tig <"$1"', "sh", tsv],
        "mutt": ["mutt", "-n", "-R", "-F", write_muttrc(directory), "-f",
                 write_mbox(directory, count)],
        "visidata": ["vd", csv],
    }
    if count <= 1000:  # it reads no more in any time
        every["abook"] = ["abook", "--datafile",
                          write_abook(directory, count)]
    return {name: argv for name, argv in every.items()
            if shutil.which("vd" if name == "visidata" else
                            "true" if name == "belay" else name)}


def say_missing():
    for name, package in (("less", "less"), ("tig", "tig"),
                          ("abook", "abook"), ("mutt", "mutt"),
                          ("vd", "visidata"), ("fzf", "fzf"),
                          ("sort", "coreutils")):
        if not shutil.which(name):
            print(f"!! no {name} (package {package}): left out")
    if not pyte:
        print("!! no pyte (package python3-pyte, for /usr/bin/python3): only "
              "keys are measured")


def environment(directory):
    return {"HOME": directory, "XDG_CONFIG_HOME": directory + "/config",
            "XDG_STATE_HOME": directory + "/state", "TZ": "UTC"}


def start(argv, directory):
    return Terminal(argv, environment=environment(directory))


def await_first(opened):
    """Until each has painted the first row; who never does is left out."""
    for name, terminal in list(opened.items()):
        try:
            terminal.wait_for(name_of(0).encode())
            terminal.quiet(1)
        except RuntimeError as problem:
            print(f"!! {name} is left out: {problem}")
            opened.pop(name).kill()
    return list(opened.values())


def stop_all(terminals):
    for terminal in terminals:
        terminal.kill()


# ---- P7, P9, P10: keys ------------------------------------------------------


def press_one(terminal, key, dice):
    """ms until the last byte of its paint, and how many came."""
    terminal.read(dice.random() * 0.02)
    return press(terminal, key)


def press(terminal, keys):
    """ms until the last byte of what they painted, and how many came. Slow ones
    begin long after 30 ms."""
    pressed = time.monotonic()
    terminal.press(keys)
    first = len(terminal.read(2))
    now = time.monotonic()
    last, count = terminal.quiet()
    return ((last if count else now) - pressed) * 1000, first + count


class Keys:
    """What one program did in all rounds."""

    def __init__(self):
        self.scroll, self.move = [], []
        self.bursts, self.middles = [], []

    def round(self, terminal, dice):
        burst = press(terminal, b"j" * 100)
        scrolls = [press_one(terminal, b"j", dice) for _ in range(KEYS)]
        self.bursts.append(burst)
        self.middles.append(middle([ms for ms, _ in scrolls]))
        self.scroll += scrolls
        self.move += [press_one(terminal, b"k", dice) for _ in range(KEYS)]
        terminal.press(b"j" * KEYS)
        terminal.quiet()

    def row(self, less):
        times = [ms for ms, _ in self.scroll]
        compared = ratio(self.middles, less.middles) if less else float("nan")
        return (share(times, 0.5), share(times, 0.99), compared,
                middle([size for _, size in self.scroll]),
                middle([size for _, size in self.move]),
                middle([ms for ms, _ in self.bursts]),
                middle([size for _, size in self.bursts]))


def bench_keys(directory, summary):
    dice = random.Random(1)
    opened = {}
    count = 1000 if QUICK else 10000
    for name, argv in programs(directory, 1000).items():
        many = programs(directory, count).get(name, argv)
        opened[name] = start(many, directory)
    for terminal in await_first(opened):
        terminal.press(b"j" * 45)
        terminal.quiet(0.3)
    seen = {name: Keys() for name in opened}
    for _ in range(ROUNDS):
        for name, terminal in opened.items():
            seen[name].round(terminal, dice)
    stop_all(opened.values())
    print(f"\nkey to painted, 120x40, {count:,} rows (abook 1,000), keys at "
          f"random moments, {ROUNDS} rounds in turn")
    print(f"{'':<10}{'p50 ms':>8}{'p99 ms':>8}{'x less':>8}{'bytes':>8}"
          f"{'cursor':>8}{'burst ms':>10}{'bytes':>8}")
    for name, keys in seen.items():
        row = keys.row(seen.get("less"))
        print(f"{name:<10}{row[0]:>8.2f}{row[1]:>8.2f}{row[2]:>8.2f}"
              f"{row[3]:>8.0f}{row[4]:>8.0f}{row[5]:>10.2f}{row[6]:>8.0f}")
    judge_keys(summary, seen)


def judge_keys(summary, seen):
    less = seen.get("less")
    ours = seen["belay"].row(less)
    summary.add("P7", "key to painted, one-line scroll",
                "p50 <= 2x less, p99 <= 5 ms",
                f"{ours[2]:.2f}x, p99 {ours[1]:.2f} ms",
                ours[2] <= 2 and ours[1] <= 5)
    summary.add("P9", "bytes a key", "scroll <= 350, cursor <= 300",
                f"{ours[3]:.0f}, {ours[4]:.0f}",
                ours[3] <= 350 and ours[4] <= 300)
    if less:
        times = ratio([ms for ms, _ in seen["belay"].bursts],
                      [ms for ms, _ in less.bursts])
        sizes = ratio([size for _, size in seen["belay"].bursts],
                      [size for _, size in less.bursts])
        summary.add("P10", "burst of 100 keys", "<= less in time and bytes",
                    f"{times:.2f}x time, {sizes:.2f}x bytes",
                    times <= 1 and sizes <= 1)


# ---- P8: keys while much is going on ---------------------------------------


def keys_while_loading(directory):
    """From the first row on, until all of them have been read."""
    path = rows.write(directory, "csv", MANY if QUICK else MILLION)
    dice, times = random.Random(1), []
    for _ in range(3 if QUICK else 5):
        terminal = start([BELAY, path], directory)
        terminal.see(name_of(0))
        at, reading = 0, True
        while reading:
            more, at = sync.press_keys(terminal, dice, 10, at, 60)
            times += more
            reading = any("so far" in line for line in terminal.screen_now())
        terminal.kill()
    return times


def bench_busy(directory, summary):
    many = MANY if QUICK else MILLION
    print("\nkey to painted in the desk, 120x40, at random moments, ms")
    print(f"{'meanwhile':<34}{'keys':>6}{'p50':>8}{'p99':>8}{'max':>8}"
          f"{'over 16 ms':>12}")
    loading = keys_while_loading(directory)
    sync.show_keys(f"{many:,} rows are read", loading)
    lab = sync.Lab(directory)
    _, flying, _, _ = sync.keys_once(lab, 50, 0, 100 if QUICK else 400)
    sync.show_keys("64 calls are in flight", flying)
    for what, times in (("rows are read", loading),
                        ("64 calls in flight", flying)):
        summary.add("P8", "key to painted while " + what,
                    "p99 <= 8 ms, none over 16 ms",
                    f"p99 {share(times, 0.99):.2f} ms, max {max(times):.2f}",
                    share(times, 0.99) <= 8 and max(times) <= 16)


# ---- P11: a letter into the filter -----------------------------------------


def fitting(count, word):
    """How many rows have the word in any column."""
    return sum(word in "\t".join(rows.contact(number)).lower()
               for number in range(count))


def processor_ms(argv, path=None, **more):
    """Of a whole process that reads a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(path or os.devnull, "rb") as file:
        subprocess.run(argv, stdin=file, stdout=subprocess.DEVNULL,
                       check=False, env={**os.environ, **more})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime
                   - before.ru_stime)


def wall_ms(argv, path):
    begun = time.monotonic()
    with open(path, "rb") as file:
        subprocess.run(argv, stdin=file, stdout=subprocess.DEVNULL,
                       check=False)
    return 1000 * (time.monotonic() - begun)


def list_steps(*argv):
    """(what, ms, rows) of tests/bench/list."""
    out = subprocess.run([LIST, *argv], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return [(what, float(ms), int(count)) for what, ms, count in
            (line.split() for line in out.splitlines())]


def letter(terminal, typed, words, undo):
    """ms from the last letter until the screen says each of the words."""
    terminal.press(typed[:-1])
    terminal.quiet(0.4)
    terminal.screen_now()
    pressed = time.monotonic()
    terminal.press(typed[-1:])
    took = [(moment - pressed) * 1000 for moment in terminal.when_seen(*words)]
    terminal.press(undo)
    terminal.quiet(0.4)
    return took


def bench_filter(directory, summary):
    csv = rows.write(directory, "csv", MANY)
    tsv = rows.write(directory, "tsv", MANY)
    fit = fitting(MANY, WORD)
    typed = WORD.encode()
    ways = {"belay": ([BELAY, csv], b"f" + typed,
                      f"{fit} of {MANY} contacts: {WORD}", b"\x1b\x1b")}
    if shutil.which("fzf"):
        ways["fzf"] = (["sh", "-c", 'exec fzf --exact <"$1"', "sh", tsv],
                       typed, f"{fit}/{MANY + 1}", b"\x15")
    if shutil.which("mutt"):
        subjects = sum(WORD in (rows.contact(number)[2] + ", "
                                + rows.contact(number)[1]).lower()
                       for number in range(MANY))
        ways["mutt"] = (["mutt", "-n", "-R", "-F", write_muttrc(directory),
                         "-f", write_mbox(directory, MANY)],
                        b"l~f " + typed + b"\r", f"Msgs:{subjects}/", b"lall\r")
    if shutil.which("vd") and not QUICK:
        ways["visidata"] = (["vd", csv], b"g|" + typed + b"\r",
                            f"{fit} rows selected", b"gu")
    opened = {name: start(way[0], directory) for name, way in ways.items()}
    for terminal in await_first(opened):
        terminal.see("")
    times = {name: [] for name in opened}
    ours, theirs = [], []
    for _ in range(ROUNDS):
        for name, terminal in list(opened.items()):
            _, keys, words, undo = ways[name]
            try:
                times[name].append(letter(terminal, keys, [words], undo)[0])
            except RuntimeError as problem:
                print(f"!! {name}: {str(problem)[:200]}")
                opened.pop(name).kill()
                times.pop(name)
        ours.append(list_steps("filter", csv, WORD)[-1][1])
        if "fzf" in ways:
            theirs.append(wall_ms(["fzf", "--exact", "--filter", WORD], tsv))
    stop_all(opened.values())
    print(f"\na second letter into the filter, {MANY:,} rows, all columns, ms "
          "until the screen says how many fit")
    for name, values in times.items():
        print(f"{name:<22}{middle(values):>8.1f}")
    print(f"{'belay, the search':<22}{middle(ours):>8.1f}")
    print(f"{'fzf --filter, whole':<22}{middle(theirs):>8.1f}")
    judge_filter(directory, summary, times, ours)


def judge_filter(directory, summary, times, ours):
    if times.get("fzf") and times.get("belay"):
        compared = ratio(times["belay"], times["fzf"])
        summary.add("P11", f"two letters into the filter, {MANY:,}",
                    "<= 1/10 of fzf",
                    f"{compared:.2f}x fzf, search {middle(ours):.1f} ms",
                    compared <= 0.1)
    if not QUICK:
        judge_million(directory, summary)


def judge_million(directory, summary):
    """The search alone, letter by letter, and what is seen of it in the desk:
    the first of those found, and how many fit."""
    path = rows.write(directory, "csv", MILLION)
    typed = "abern"
    steps = [middle(step) for step in zip(*[
        [ms for _, ms, _ in list_steps("filter", path, typed)[1:]]
        for _ in range(3)])]
    fit = fitting(MILLION, typed)
    terminal = start([BELAY, path], directory)
    terminal.see(f" {MILLION} new", 120)
    terminal.quiet(0.5)
    firsts, wholes = [], []
    for _ in range(ROUNDS):
        first, whole = letter(
            terminal, b"f" + typed[:2].encode(),
            [f"of {MILLION} contacts: {typed[:2]}",
             f"{fit} of {MILLION} contacts: {typed[:2]}"], b"\x1b\x1b")
        firsts.append(first)
        wholes.append(whole)
    terminal.kill()
    print(f"1,000,000 rows, the search, letter by letter from the second: "
          + ", ".join(f"{ms:.1f}" for ms in steps)
          + f"; in the desk the first are seen after {middle(firsts):.1f}, "
          f"all after {middle(wholes):.1f}")
    summary.add("P11", "two letters or more, 1,000,000", "<= 16 ms",
                f"{max(steps):.1f} ms", max(steps) <= 16)
    summary.add("P11", "the first screen of them", "<= 16 ms",
                f"{middle(firsts):.1f} ms", middle(firsts) <= 16)


# ---- P12: in order ----------------------------------------------------------


def sqlite_ms(base):
    begun = time.process_time()
    base.execute("select rowid from people order by last, first").fetchall()
    return 1000 * (time.process_time() - begun)


def open_sqlite():
    base = sqlite3.connect(":memory:")
    base.execute("create table people (first text, last text)")
    base.executemany("insert into people values (?, ?)",
                     (rows.contact(number)[1:3] for number in range(MANY)))
    return base


def first_sorted():
    """One of the first screen in the new order, which the first screen of the
    file's order does not have: there numbers stand by their value."""
    order = sorted(range(MANY), key=lambda number: (
        name_of(number).rstrip("0123456789").lower(), number))
    return next(number for number in order[:30] if number > 40)


def first_screen(directory, csv):
    """ms from the key until the new order is seen."""
    order = first_sorted()
    times = []
    for _ in range(ROUNDS):
        terminal = start([BELAY, csv], directory)
        terminal.wait_for(name_of(0).encode())
        terminal.quiet(1.5)
        terminal.press(b"o")
        terminal.quiet(0.2)
        terminal.screen_now()
        pressed = time.monotonic()
        terminal.press(b"n")
        seen, = terminal.when_seen(f"{name_of(order)}, ")
        times.append((seen - pressed) * 1000)
        terminal.kill()
    return times


def bench_sort(directory, summary):
    csv = rows.write(directory, "csv", MANY)
    tsv = rows.write(directory, "tsv", MANY)
    base = open_sqlite()
    locale = {"LC_ALL": "C.UTF-8"}
    times = {"belay": [], "qsort and strcoll": [], "SQLite": [],
             "GNU sort, whole": []}
    for _ in range(ROUNDS):
        times["belay"].append(list_steps("sort", csv)[0][1])
        times["qsort and strcoll"].append(list_steps("strcoll", tsv)[0][1])
        times["SQLite"].append(sqlite_ms(base))
        times["GNU sort, whole"].append(processor_ms(
            ["sort", "-t", "\t", "-k3,3", "-k2,2"], tsv, **locale))
    try:
        screen = first_screen(directory, csv)
    except RuntimeError as problem:
        print(f"!! sort, the first screen: {problem}")
        screen = []
    print(f"\n{MANY:,} rows by last, first name, ms of processor")
    strcoll = times["qsort and strcoll"]
    for name, values in times.items():
        print(f"{name:<22}{middle(values):>8.1f}  "
              f"{ratio(values, strcoll):.2f}x qsort and strcoll")
    print(f"{'belay, first screen':<22}{middle(screen):>8.1f}  by the clock, in "
          "the desk")
    compared = ratio(times["belay"], strcoll)
    summary.add("P12", f"sort {MANY:,} by last, first name",
                "<= 1/3 of qsort and strcoll", f"{compared:.2f}x",
                compared <= 1 / 3)
    if not screen:
        return
    compared = ratio(screen, strcoll)
    summary.add("P12", "the first screen of it", "<= 1/15 of the same",
                f"{compared:.2f}x ({middle(screen):.1f} ms)",
                compared <= 1 / 15)


def main():
    benches = {"keys": bench_keys, "busy": bench_busy,
               "filter": bench_filter, "sort": bench_sort}
    words = [word for word in sys.argv[1:] if word != "--quick"]
    keep = os.environ.get("BENCH_DATA")
    directory = keep or tempfile.mkdtemp(prefix="belay-bench-")
    os.makedirs(directory, exist_ok=True)
    summary = Summary()
    say_missing()
    try:
        for word in words or list(benches):
            if word != "keys" and not pyte:
                continue
            try:
                benches[word](directory, summary)
            except (OSError, RuntimeError,
                    subprocess.CalledProcessError) as problem:
                print(f"!! {word} ends here: {problem}")
    finally:
        if not keep:
            shutil.rmtree(directory, ignore_errors=True)
    summary.show()


if __name__ == "__main__":
    main()
