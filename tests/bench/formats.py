# SPDX-License-Identifier: MIT
"""Figures of reading each format and of saving YAML, beside what others take in the same run.

    formats.py [--quick] [load] [save] [start] [big]

    load    open to loaded: rows alone, with their index, surveyed; memory
    save    one cell, and a new key in every row, into YAML
    start   start of the desk to its first row, beside less -S of a TSV
    big     `belay check` and `belay plan` of a CSV of 1 GB

1,000, 100,000 and 1,000,000 rows, the last not with --quick (nor `big`).
All programs take turns, ROUNDS times; a ratio is the median of those within a
round. BELAY names the program, BENCH the directory of load and peers. Prints
tables; never passes or fails by time."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import bench
import rows

BENCH = os.environ.get("BENCH", "tests/bench")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
PEERS = {"csv": "libcsv", "tsv": None, "yaml": "libyaml", "json": "cjson",
         "jsonl": None, "vcf": None}
MEGA = 1 << 20


def measure(*argv):
    """What load or peers print, or None when they cannot read that."""
    done = subprocess.run(argv, capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def middle(values):
    return statistics.median(values)


def ratio(of, to):
    """The median of the ratios within a round, as text."""
    if not of or not to:
        return "-"
    return f"{middle([a['seconds'] / b['seconds'] for a, b in zip(of, to)]):.2f}"


def drop(directory, kind, count):
    """A million rows in six formats would fill a small disk."""
    if count > 100000 and "BENCH_DATA" not in os.environ:
        os.remove(os.path.join(directory, f"{count}.{kind}"))


def load_format(directory, kind, count):
    path = rows.write(directory, kind, count)
    # A file changed within two seconds is summed up too while it is read.
    time.sleep(max(0, os.path.getctime(path) + 2.1 - time.time()))
    load, peer = os.path.join(BENCH, "load"), PEERS[kind]
    programs = {how: [load, how, path]
                for how in ("records", "book", "survey")}
    if peer:
        programs["peer"] = [os.path.join(BENCH, "peers"), peer, path]
    taken = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, argv in programs.items():
            figures = measure(*argv)
            if figures:
                taken[name].append(figures)
    size = os.path.getsize(path)
    drop(directory, kind, count)
    if not taken["book"]:
        print(f"{count:>8} {kind:<6}     not read")
        return
    records, book = taken["records"], taken["book"]
    survey, other = taken["survey"], taken.get("peer", [])
    wrong = {f["rows"] for f in records + book + survey} - {count}
    kept = middle([f["kept"] for f in book]) * 1024
    print(f"{count:>8} {kind:<6}{size / MEGA:>8.1f}"
          f"{middle([f['seconds'] for f in records]) * 1000:>10.1f}"
          f"{middle([f['seconds'] for f in book]) * 1000:>10.1f}"
          f"{kept / count:>8.0f}"
          f"{middle([f['peak'] for f in book]) / 1024:>8.1f}"
          f"{middle([f['peak'] for f in survey]) / 1024:>8.1f}"
          f"  {peer or '-':<8}"
          f"{middle([f['peak'] for f in other]) / 1024 if other else 0:>8.1f}"
          f"{ratio(records, other):>8}{ratio(book, other):>8}"
          + (f"  wrong: {wrong} rows" if wrong else ""))


def bench_load(directory, counts):
    print(f"open to loaded, processor time, median of {ROUNDS} rounds in turn; "
          "memory in MiB;\nratios to the peer, which keeps nothing but for "
          "cJSON")
    print(f"{'rows':>8} {'format':<6}{'MiB':>8}{'rows ms':>10}{'book ms':>10}"
          f"{'B/row':>8}{'peak':>8}{'survey':>8}  {'peer':<8}{'peak':>8}"
          f"{'rows':>8}{'book':>8}")
    for count in counts:
        for kind in rows.FORMATS:
            load_format(directory, kind, count)


def save_once(how, path, spare):
    """Into a copy, long enough ago for its times to tell what it is."""
    shutil.copy(path, spare)
    old = time.time() - 3600
    os.utime(spare, (old, old))
    time.sleep(2.1)
    return measure(os.path.join(BENCH, "save"), how, spare)


def bench_save(directory, counts):
    print(f"saving YAML, median of {ROUNDS} rounds in turn; ratios of processor and "
          "of wall time to the\nprocessor time of libyaml's events into its "
          "emitter, which writes nothing")
    print(f"{'rows':>8} {'changed':<9}{'wall ms':>9}{'cpu ms':>9}"
          f"{'longest step':>14}{'peak MiB':>10}{'emitter ms':>12}{'cpu':>8}{'wall':>8}")
    for count in counts:
        path = rows.write(directory, "yaml", count)
        spare = os.path.join(directory, "saved.yaml")
        taken = {"one": [], "all": [], "emitter": []}
        for _ in range(ROUNDS):
            for how in ("one", "all"):
                taken[how].append(save_once(how, path, spare))
            taken["emitter"].append(
                measure(os.path.join(BENCH, "peers"), "emitter", path))
        emitter = taken["emitter"]
        for how in ("one", "all"):
            mine = taken[how]
            times = [a["wall"] / b["seconds"] for a, b in zip(mine, emitter)]
            print(f"{count:>8} {how:<9}"
                  f"{middle([f['wall'] for f in mine]) * 1000:>9.1f}"
                  f"{middle([f['seconds'] for f in mine]) * 1000:>9.1f}"
                  f"{middle([f['step'] for f in mine]) * 1000:>14.1f}"
                  f"{middle([f['peak'] for f in mine]) / 1024:>10.1f}"
                  f"{middle([f['seconds'] for f in emitter]) * 1000:>12.1f}"
                  f"{ratio(mine, emitter):>8}{middle(times):>8.2f}",
                  flush=True)
        os.remove(spare)
        drop(directory, "yaml", count)


def try_start(argv, directory):
    try:
        return bench.start_once(argv, directory)
    except RuntimeError:
        return None


def bench_start(directory, counts):
    print(f"start of the desk to its first row, 120x40, ms, median of {ROUNDS} "
          "rounds in turn")
    print(f"{'format':<8}" + "".join(
        f"{count:>10}{'less':>7}" for count in counts)
        + "   most rows / fewest")
    for kind in rows.FORMATS:
        programs = {}
        for count in counts:
            programs["belay", count] = [
                bench.BELAY, rows.write(directory, kind, count)]
            programs["less", count] = [
                "less", "-S", rows.write(directory, "tsv", count)]
        taken = {name: [] for name in programs}
        for _ in range(ROUNDS):
            for name, argv in programs.items():
                taken[name].append(try_start(argv, directory))
        drop(directory, kind, counts[-1])
        line = f"{kind:<8}"
        if None in taken["belay", counts[0]]:
            print(line + "  not read")
            continue
        for count in counts:
            mine, other = taken["belay", count], taken["less", count]
            times = middle([a / b for a, b in zip(mine, other)])
            line += f"{middle(mine):>10.1f}{times:>6.1f}x"
        growth = middle([a / b for a, b in zip(
            taken["belay", counts[-1]], taken["belay", counts[0]])])
        print(line + f"   {growth:.2f}")


def bench_big(directory, _counts):
    count = 4000000
    path = rows.write(directory, "csv", count)
    print(f"a CSV of {os.path.getsize(path) / 1e9:.2f} GB, {count} rows")
    for command in ("check", "plan"):
        start = time.monotonic()
        child = subprocess.Popen(
            [bench.BELAY, command, path], stdout=subprocess.DEVNULL,
            env={**os.environ, **bench.environment(directory)})
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        print(f"belay {command:<8}{time.monotonic() - start:>8.1f} s"
              f"{usage.ru_utime + usage.ru_stime:>8.1f} s of processor"
              f"{usage.ru_maxrss / 1024:>8.1f} MiB"
              f"   exit status {child.returncode}", flush=True)
    os.remove(path)


def main():
    benches = {"load": bench_load, "save": bench_save, "start": bench_start,
               "big": bench_big}
    words = sys.argv[1:]
    quick = "--quick" in words
    wanted = [word for word in words if word != "--quick"] or (
        ["load", "save", "start"] if quick else list(benches))
    counts = (1000, 100000) if quick else (1000, 100000, 1000000)
    keep = os.environ.get("BENCH_DATA")
    directory = keep or tempfile.mkdtemp(prefix="belay-formats-")
    os.makedirs(directory, exist_ok=True)
    try:
        for word in wanted:
            benches[word](directory, counts)
            print(flush=True)
    except (OSError, KeyError) as problem:
        sys.exit(f"formats: {problem}")
    finally:
        if not keep:
            shutil.rmtree(directory)


if __name__ == "__main__":
    main()
