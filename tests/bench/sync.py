# SPDX-License-Identifier: MIT
"""Figures of a sync beside xargs curl, curl -Z and h2load in the same run.

    sync.py [--quick] [throughput] [connections] [commits] [keys]

    throughput   requests a second against C/L for 8 to 64 calls in flight and
                 50 to 300 ms of latency, HTTP/1.1 and HTTP/2, over TLS;
                 processor time and memory a request
    connections  64 TLS connections, beside libcurl's defaults (curl -Z)
    commits      commits a result, and what 5 ms more for each of them cost
    keys         key to painted in the desk while 64 calls are in flight

The server is `belay practice` with a latency; HTTP/2 is spoken by nghttpx in
front of it. What belay sends is recorded, and xargs and curl send the same;
h2load can repeat one body only. All take turns, ROUNDS times (5); a ratio is
the median of those within a round. Efficiency is requests a second times
latency divided by calls in flight, from the arrival of the first request at
the server to the last answer, so that starting a program does not count.
--quick: one round, fewer cells, shorter runs. What is missing is said and left
out. BELAY names the program, SLOW_DISK the preloaded library. Prints tables;
never passes or fails by time."""

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
import service
import terminal
from service import Cost, Desk, Service, environment

SLOW_DISK = os.environ.get("SLOW_DISK", "tests/bench/slow_disk.so")
QUICK = "--quick" in sys.argv
ROUNDS = int(os.environ.get("ROUNDS", "1" if QUICK else "5"))
SECONDS = 1.5 if QUICK else 4.0  # of each run, at full efficiency
PARALLEL = (8, 64) if QUICK else (8, 16, 32, 64)
LATENCIES = (50,) if QUICK else (50, 100, 300)
# a curl of its own takes 30 ms of a processor for each request
XARGS_MOST = 25
PROGRAMS = ("belay", "curl -Z", "h2load", "xargs")


def middle(values):
    return statistics.median(values) if values else float("nan")


def say_missing(problems):
    for problem in problems:
        print(f"!! {problem}", flush=True)


class Lab:
    """A directory with a certificate, a book of each size, request files."""

    def __init__(self, directory):
        self.directory = directory
        self.certificate = service.make_certificate(directory)
        self.protocols = ["1.1"] + ["2"] * bool(service.PROXY)
        self.missing = []
        if not service.PROXY:
            self.missing.append("no nghttpx (package nghttp2-proxy): nothing "
                                "of HTTP/2")
        self.programs = ["belay"]
        for name, program, package in (
                ("curl -Z", "curl", "curl"),
                ("h2load", "h2load", "nghttp2-client"),
                ("xargs", "xargs", "findutils")):
            if shutil.which(program):
                self.programs.append(name)
            else:
                self.missing.append(f"no {program} (package {package}): "
                                    f"nothing of {name}")

    def path(self, name):
        return os.path.join(self.directory, name)

    def serve(self, latency, protocol, duplicate="existing"):
        return Service(self.directory, self.certificate, latency,
                       protocol == "2", duplicate)

    def book(self, count):
        return rows.write(self.directory, "csv", count)


# ---- the same requests by other programs -----------------------------------


def write_requests(lab, server, requests):
    """A curl config for each request, and one for all of them."""
    shutil.rmtree(lab.path("requests"), ignore_errors=True)
    os.mkdir(lab.path("requests"))
    whole = []
    for number, (path, body) in enumerate(requests):
        data = lab.path(f"requests/{number}.json")
        with open(data, "w", encoding="utf-8") as file:
            file.write(body)
        lines = [f'url = "{server.url}{path}"', f'data-binary = "@{data}"',
                 'output = "/dev/null"', "silent", f'cacert = "{server.bundle}"']
        lines += [f'header = "{name}: {value}"'
                  for name, value in service.HEADERS.items()]
        text = "\n".join(lines) + "\n"
        with open(lab.path(f"requests/{number}.curl"), "w",
                  encoding="utf-8") as file:
            file.write(text)
        whole.append(text)
    with open(lab.path("requests/all.curl"), "w", encoding="utf-8") as file:
        file.write("next\n".join(whole))
    with open(lab.path("requests/names"), "w", encoding="utf-8") as file:
        file.write("".join(lab.path(f"requests/{number}.curl\n")
                           for number in range(len(requests))))


def plain_environment(lab):
    """Without SSL_CERT_FILE and its like, which change curl."""
    return environment(lab.directory)


def curl_version(protocol):
    return "--http1.1" if protocol == "1.1" else "--http2"


def run_curl(lab, server, requests, parallel, protocol):
    write_requests(lab, server, requests)
    argv = ["curl", "-q", "-Z", "--parallel-max", str(parallel),
            curl_version(protocol), "-K", lab.path("requests/all.curl")]
    if protocol == "1.1":
        argv.insert(3, "--parallel-immediate")
    return Cost(argv, plain_environment(lab))


def run_xargs(lab, server, requests, parallel, protocol):
    write_requests(lab, server, requests)
    with open(lab.path("requests/names"), "rb") as names:
        return Cost(["xargs", "-P", str(parallel), "-n", "1", "curl", "-q",
                     curl_version(protocol), "-K"],
                    plain_environment(lab), stdin=names)


def run_h2load(lab, server, requests, parallel, protocol):
    """A search and a create in turn, with one body that serves both."""
    with open(lab.path("body"), "w", encoding="utf-8") as file:
        file.write(requests[-1][1][:-1] + ', "params": {"medicare_number": '
                   '"1S00A00AA00"}}')
    argv = ["h2load", "-n", str(len(requests)), "-d", lab.path("body")]
    argv += ["--h1", "-c", str(parallel)] if protocol == "1.1" else \
        ["-c", "1", "-m", str(parallel)]
    for name, value in service.HEADERS.items():
        argv += ["-H", f"{name}: {value}"]
    return Cost(argv + [server.url + "/v1/contacts/search",
                        server.url + "/v1/contacts"],
                plain_environment(lab))


def run_belay(lab, server, count, parallel):
    """A sync, and one more with nothing to do: what a request costs is the
    difference."""
    desk = Desk(lab.directory, lab.book(count), server, parallel)
    whole = desk.sync()
    idle = desk.sync()
    whole.net = whole.cpu - idle.cpu
    return whole


# ---- throughput ------------------------------------------------------------


class Cell:
    """One protocol, latency and number of calls in flight."""

    def __init__(self, lab, protocol, latency, parallel):
        self.lab, self.protocol = lab, protocol
        self.latency, self.parallel = latency, parallel
        self.rates = {name: [] for name in PROGRAMS}
        self.cpu = {name: [] for name in PROGRAMS}
        self.peak = {name: [] for name in PROGRAMS}
        ideal = parallel * 1000 / latency
        # a whole number of turns of all that are in flight
        turns = max(round(SECONDS * ideal / parallel / 2), 3)
        self.contacts = turns * parallel
        self.requests = []

    def once(self, name):
        server = self.lab.serve(self.latency, self.protocol)
        try:
            if name == "belay":
                cost = run_belay(self.lab, server, self.contacts,
                                 self.parallel)
                self.requests = server.bodies()
            else:
                run = {"curl -Z": run_curl, "h2load": run_h2load,
                       "xargs": run_xargs}[name]
                most = int(XARGS_MOST * SECONDS) if name == "xargs" else None
                cost = run(self.lab, server, self.requests[:most],
                           self.parallel, self.protocol)
        finally:
            moments = server.stop()
        span = moments[-1] - moments[0] + self.latency / 1000
        self.rates[name].append(len(moments) / span)
        self.cpu[name].append(
            getattr(cost, "net", cost.cpu) * 1000 / len(moments))
        self.peak[name].append(cost.peak)

    def efficiency(self, name):
        return [rate * self.latency / 1000 / self.parallel
                for rate in self.rates[name]]

    def ratio(self, name):
        pairs = list(zip(self.rates["belay"], self.rates[name]))
        return f"{middle([a / b for a, b in pairs]):>8.2f}" if pairs \
            else f"{'-':>8}"

    def show(self, ceiling):
        ideal = self.parallel * 1000 / self.latency
        line = (f"{self.protocol:>4}{self.latency:>6}{self.parallel:>5}"
                f"{ideal:>8.0f}{'*' if ideal > 0.7 * ceiling else ' '}"
                f"{middle(self.rates['belay']):>8.0f}")
        for name in PROGRAMS:
            values = self.efficiency(name)
            line += f"{middle(values) * 100:>8.1f}" if values else \
                f"{'-':>8}"
        line += "".join(self.ratio(name) for name in PROGRAMS[1:])
        for name in PROGRAMS:
            line += f"{middle(self.cpu[name]):>8.3f}" if self.cpu[name] \
                else f"{'-':>8}"
        print(line + f"{middle(self.peak['belay']):>7.1f}", flush=True)


def ceiling(lab, protocol):
    """What the server can do at most: requests a second, and what one request
    takes when 50 ms are asked for."""
    server = lab.serve(50, protocol)
    one = server.answer_ms()
    server.stop()
    if "h2load" not in lab.programs:
        return float("inf"), one
    server = lab.serve(0, protocol)
    body = ("/v1/contacts", '{"agent_email": "agent@example.com"}')
    run_h2load(lab, server, [body] * (2000 if QUICK else 10000), 64, protocol)
    moments = server.stop()
    return len(moments) / (moments[-1] - moments[0]), one


def bench_throughput(lab):
    print(f"\nrequests a second against C/L, over TLS, {ROUNDS} rounds in "
          "turn; ratio: belay's rate to theirs, median of the rounds")
    tops = {}
    for protocol in lab.protocols:
        tops[protocol], one = ceiling(lab, protocol)
        print(f"HTTP/{protocol}: the server takes at most "
              f"{tops[protocol]:.0f} requests a second (h2load, no latency, 64"
              f" in flight); 50 ms of latency are {one:.1f} ms")
    print("* = the ideal is more than 0.7 of that; cpu: ms a request, belay's "
          "without reading the file; peak: MiB of belay")
    print(f"{'HTTP':>4}{'L ms':>6}{'C':>5}{'C/L':>8} {'belay/s':>8}"
          + "".join(f"{name + ' %':>8}"[:9].rjust(8) for name in
                    ("belay", "-Z", "h2load", "xargs"))
          + f"{'to -Z':>8}{'h2load':>8}{'xargs':>8}"
          + f"{'cpu':>8}{'-Z':>8}{'h2load':>8}{'xargs':>8}{'peak':>7}")
    for protocol in lab.protocols:
        for latency in LATENCIES:
            for parallel in PARALLEL:
                cell = Cell(lab, protocol, latency, parallel)
                for _ in range(ROUNDS):
                    for name in lab.programs:
                        cell.once(name)
                cell.show(tops[protocol])


# ---- connections -----------------------------------------------------------


def connect(lab, name, count):
    """(seconds to the first request, to the last, peak) of so many requests
    that all wait for their answer at the same time."""
    server = lab.serve(1000, "1.1")
    try:
        if name == "belay":
            desk = Desk(lab.directory, lab.book(count), server, count)
            cost = desk.sync()
        else:
            one = ("/v1/contacts/search", '{"agent_email": "agent@example.com"'
                   ', "params": {"medicare_number": "1S00A00AA00"}}')
            cost = run_curl(lab, server, [one] * count, count, "1.1")
    finally:
        moments = server.stop()
    moments = moments[:count]
    return moments[0] - cost.begun, moments[-1] - cost.begun, cost.peak


def bench_connections(lab):
    print("\n64 TLS connections at once, HTTP/1.1, system's authorities and "
          f"one more; median of {ROUNDS} rounds in turn")
    print(f"{'program':<12}{'first ms':>10}{'64th ms':>10}{'between':>10}"
          f"{'MiB for 1':>11}{'for 64':>9}{'more':>7}")
    names = [name for name in ("belay", "curl -Z") if name in lab.programs]
    taken = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            taken[name].append(connect(lab, name, 1)[2:]
                               + connect(lab, name, 64))
    for name, values in taken.items():
        small, first, last, peak = (middle(column)
                                    for column in zip(*values))
        print(f"{name:<12}{first * 1000:>10.0f}{last * 1000:>10.0f}"
              f"{(last - first) * 1000:>10.0f}{small:>11.1f}{peak:>9.1f}"
              f"{peak - small:>7.1f}", flush=True)


# ---- commits ---------------------------------------------------------------


def slow_disk(lab, ms):
    counts = lab.path("counts")
    if os.path.exists(counts):
        os.remove(counts)
    return {"LD_PRELOAD": os.path.abspath(SLOW_DISK),
            "SLOW_DISK_MS": str(ms), "SLOW_DISK_COUNTS": counts}


def synced(lab):
    """Commits, other calls, ms in all of them, the most calls and ms in a
    row."""
    try:
        with open(lab.path("counts"), encoding="ascii") as file:
            return [float(word) for word in file.read().split()]
    except FileNotFoundError:
        return [float("nan")] * 5


def bench_commits(lab):
    print(f"\ncommits with 64 calls in flight, HTTP/1.1, median of {ROUNDS} "
          "rounds in turn;\nslower: ms more for each fsync and fdatasync; "
          "results: contacts created; others: calls\non other files than the "
          "log; in a row: such calls, and ms in them, while\nno key is heard")
    print(f"{'L ms':>5}{'slower':>8}{'results':>9}{'commits':>9}"
          f"{'results each':>14}{'others':>8}{'in them %':>11}{'in a row':>9}{'ms':>9}"
          f"{'requests/s':>12}{'of C/L %':>10}{'to 0 ms':>9}")
    for latency in LATENCIES[:2]:
        cell = Cell(lab, "1.1", latency, 64)
        taken = {ms: [] for ms in (0, 5)}
        for _ in range(ROUNDS):
            for ms in taken:
                taken[ms].append(commit_once(lab, cell, ms))
        for ms, values in taken.items():
            commits, others, share, calls, longest, rate = (
                middle(column) for column in zip(*values))
            ratio = middle([a[-1] / b[-1]
                            for a, b in zip(values, taken[0])])
            print(f"{latency:>5}{ms:>8}{cell.contacts:>9}{commits:>9.0f}"
                  f"{cell.contacts / commits:>14.1f}{others:>8.0f}"
                  f"{share * 100:>11.1f}{calls:>9.0f}{longest:>9.1f}"
                  f"{rate:>12.0f}"
                  f"{rate * latency / 640:>10.1f}{ratio:>9.2f}", flush=True)


def commit_once(lab, cell, ms):
    server = lab.serve(cell.latency, "1.1")
    try:
        desk = Desk(lab.directory, lab.book(cell.contacts), server, 64)
        desk.begin()
        before = server.arrivals.count()
        cost = desk.sync(**slow_disk(lab, ms))
    finally:
        moments = server.stop()
    moments = moments[before:]
    commits, others, spent, calls, longest = synced(lab)
    span = moments[-1] - moments[0] + cell.latency / 1000
    return (commits, others, spent / 1000 / cost.seconds,
            calls, longest, len(moments) / span)


# ---- keys ------------------------------------------------------------------


def name_of(number):
    return rows.contact(number)[2].encode()


def one_key(desk, key, number):
    """Milliseconds from the key to the row that the cursor is on then."""
    name = name_of(number)
    begun = time.monotonic()
    desk.output = b""
    desk.press(key)
    while name not in desk.output:
        if time.monotonic() - begun > 10 or (
                not desk.read(1) and desk.ended()):
            raise RuntimeError(f"never painted {name!r}")
    return (time.monotonic() - begun) * 1000


def press_keys(desk, dice, count, at, seconds):
    """j and k at random moments; where the cursor is at the end."""
    times = []
    end = time.monotonic() + seconds
    while len(times) < count and time.monotonic() < end:
        pause = time.monotonic() + dice.random() * 0.03
        while (left := pause - time.monotonic()) > 0:
            desk.read(left)
        down = at < 2 or (at < 30 and dice.random() < 0.5)
        at += 1 if down else -1
        times.append(one_key(desk, b"j" if down else b"k", at))
    return times, at


def show_keys(name, times, note=""):
    times = sorted(times)
    at = [times[min(int(len(times) * share), len(times) - 1)]
          for share in (0.5, 0.99, 1)]
    over = sum(one > 16 for one in times)
    print(f"{name:<34}{len(times):>6}{at[0]:>8.2f}{at[1]:>8.2f}"
          f"{at[2]:>8.2f}{over:>12}{note}", flush=True)


def start_sync(desk, count):
    desk.press(b"S")
    desk.see("Nothing has been sent")
    desk.press(b"S")
    desk.see(f"type {count} to create")
    desk.press(f"{count}\r".encode())


def keys_once(lab, latency, ms, keys):
    """Times before the sync, during it, requests a second meanwhile, the most
    commits and saves in a row while no key was heard, and ms in them."""
    # more than can be sent while the keys are pressed
    count = max(64 * 1000 // latency * 12, 2000)
    server = lab.serve(latency, "1.1")
    dice = random.Random(1)
    home = Desk(lab.directory, lab.book(count), server, 64)
    more = slow_disk(lab, ms) if os.path.exists(SLOW_DISK) else {}
    home.begin()
    screen = terminal.Terminal(home.argv(), environment=environment(
        lab.directory, **more))
    try:
        screen.see(f" {count - 1} new")
        before, at = press_keys(screen, dice, keys // 2, 0, 60)
        start_sync(screen, count - 1)
        while server.arrivals.count() < 128:
            screen.read(0.01)
        sent, begun = server.arrivals.count(), time.monotonic()
        during, _ = press_keys(screen, dice, keys, at, 60)
        rate = (server.arrivals.count() - sent) / (
            time.monotonic() - begun)
    finally:
        screen.stop()
        server.stop()
    return before, during, rate, synced(lab)[3:]


def bench_keys(lab):
    print("\nkey to painted in the desk, 120x40, keys at random moments, 64 "
          "calls in flight, ms; in a row: commits and saves while no key is "
          "heard, and ms in them")
    print(f"{'meanwhile':<34}{'keys':>6}{'p50':>8}{'p99':>8}{'max':>8}"
          f"{'over 16 ms':>12}{'in a row':>9}{'ms':>9}{'requests/s':>12}{'C/L':>7}")
    keys = 100 if QUICK else 400
    for latency in LATENCIES[:2]:
        for ms in (0, 5) if os.path.exists(SLOW_DISK) else (0,):
            before, during, rate, longest = keys_once(lab, latency, ms, keys)
            if latency == LATENCIES[0] and ms == 0:
                show_keys("nothing", before)
            show_keys(f"a sync at {latency} ms, commits +{ms} ms", during,
                      f"{longest[0]:>9.0f}{longest[1]:>9.1f}{rate:>12.0f}"
                      f"{64000 / latency:>7.0f}")


def main():
    benches = {"throughput": bench_throughput,
               "connections": bench_connections,
               "commits": bench_commits, "keys": bench_keys}
    words = [word for word in sys.argv[1:] if word != "--quick"]
    if not shutil.which("openssl") or not os.path.exists(service.SYSTEM_CA):
        sys.exit("sync.py: needs openssl and " + service.SYSTEM_CA)
    keep = os.environ.get("BENCH_DATA")
    directory = keep or tempfile.mkdtemp(prefix="belay-bench-")
    os.makedirs(directory, exist_ok=True)
    try:
        lab = Lab(directory)
        say_missing(lab.missing)
        for word in words or list(benches):
            if word == "commits" and not os.path.exists(SLOW_DISK):
                say_missing([f"no {SLOW_DISK}: nothing of commits"])
                continue
            if word == "keys" and not terminal.pyte:
                say_missing(["no pyte (package python3-pyte): nothing of "
                             "keys"])
                continue
            benches[word](lab)
    except (OSError, RuntimeError, subprocess.SubprocessError) as problem:
        sys.exit(f"sync.py: {problem}")
    finally:
        if not keep:
            shutil.rmtree(directory)


if __name__ == "__main__":
    main()
