#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Secrets appear nowhere they should not: canary keys from every place where
belay finds one, then a search for them in whatever it left behind or showed.

`canaries.py --runs 500` is the long form (make canaries). A new place, or
another kind of secret, is one line in SOURCES."""

import binascii
import fcntl
import json
import os
import pty
import resource
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import browser
from story import BELAY, LIMIT, check, csv_text, equal, main, wait_until

RUNS = 40
PIECE = 12  # so much of a canary in a row is a leak
KEPT = ".local/state/belay/keys"
TOKENS = ".local/state/belay/tokens"
# What a command that belay starts can see, into a file that is searched.
TELL = ("#!/bin/sh\n{ env; cat /proc/$$/cmdline /proc/$PPID/cmdline; "
        "ls -l /proc/$$/fd; } >>'%s'\n")


class Source:
    """Where a canary is: a line of the config, and what has to be there."""

    def __init__(self, name, line=None, variable=None, file=None, script=None,
                 options=(), input=False, typed=False):
        self.name, self.line, self.variable = name, line, variable
        self.file, self.script, self.options = file, script, options
        self.input, self.typed = input, typed
        self.canary = "canary" + os.urandom(20).hex()

    def prepare(self, place):
        """The config, and the files that are meant to hold the canary."""
        text = place.read("config.yaml").decode()
        old = "  api_key: {env: BELAY_API_KEY}\n"
        place.write(f"{self.name}.yaml", text.replace(
            old, f"  api_key: {self.line}\n" if self.line else ""))
        os.makedirs(place.path("holds"), 0o700, exist_ok=True)
        if self.file:
            place.write(self.file, self.canary + "\n")
            os.chmod(place.path(self.file), 0o600)
        if self.script:
            place.write(self.script, TELL % place.path("told")
                        + f"printf '%s\\n' '{self.canary}'\n")
            os.chmod(place.path(self.script), 0o700)

    def environment(self, place):
        given = {self.variable: self.canary} if self.variable else {}
        given.setdefault("BELAY_API_KEY", "")
        return environment(place, **given)

    def argv(self, place, *words):
        argv = [BELAY, *words, "-c", place.path(f"{self.name}.yaml")]
        return argv + [word.replace("@", place.directory)
                       for word in self.options]


SOURCES = [
    Source("env", "{env: OTHER_KEY}", variable="OTHER_KEY"),
    Source("first", "{file: holds/none}", variable="BELAY_API_KEY"),
    Source("file", "{file: holds/key}", file="holds/key"),
    Source("command", "{command: [holds/pass]}", script="holds/pass"),
    Source("keyring", "{keyring: maria}", script="holds/secret-tool"),
    Source("option", file="holds/other", options=("--api-key-file",
                                                  "@/holds/other")),
    Source("stdin", options=("--api-key-stdin",), input=True),
    Source("ask", "ask", typed=True),
    Source("kept", typed=True),
]
QUIET = [source for source in SOURCES if not source.typed]


def environment(place, **more):
    path = place.path("holds") + ":" + place.path("bin") + ":" + \
        os.environ["PATH"]
    return place.environment(
        PATH=path, TMPDIR=place.path("tmp"), DISPLAY=":0", EDITOR="tell-edit",
        DBUS_SESSION_BUS_ADDRESS="unix:path=/none", **more)


def prepare(place, *switches, count=3):
    place.serve("latency=1ms", *switches)
    place.config()
    place.write("export.csv", csv_text(count))
    for name in ("tmp", "bin"):
        os.mkdir(place.path(name), 0o700)
    for name in ("xdg-open", "tell-edit"):
        place.write("bin/" + name, TELL % place.path("told"))
        os.chmod(place.path("bin/" + name), 0o700)
    for source in SOURCES:
        source.prepare(place)


def allow_cores():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


# ---- the search -------------------------------------------------------------

def forms(canary):
    """Pieces of it, as it stands, in hexadecimal and in base 64."""
    raw = canary.encode()
    for text in (raw, binascii.hexlify(raw),
                 binascii.b2a_base64(raw).rstrip(b"=\n")):
        yield from (text[at:at + PIECE]
                    for at in range(len(text) - PIECE + 1))


NEEDLES = [(source.name, form)
           for source in SOURCES for form in forms(source.canary[6:])]


def hits(data):
    return sorted({name for name, form in NEEDLES if form in data})


def is_kept(path):
    """A key that was typed, or set aside when it was refused; nobody else may
    look into it. Other files beside them are searched as all others are."""
    name = path[:-len(".refused")] if path.endswith(".refused") else path
    return name.endswith((".api-key", ".client-secret")) and \
        os.stat(path).st_mode & 0o777 == 0o600


def search_files(place):
    """Everything in the place but the files that are meant to hold one."""
    found = []
    for directory, names, files in os.walk(place.directory):
        if directory in (place.path("holds"), place.path(TOKENS)):
            names.clear()
            continue
        for name in files:
            path = os.path.join(directory, name)
            if directory == place.path(KEPT) and is_kept(path):
                continue
            with open(path, "rb") as file:
                found += [(path, hit) for hit in hits(
                    path.encode() + b"\n" + file.read())]
    return found


def search_process(pid):
    """What others could see of a process; no longer there is fine."""
    found = []
    for name in ("cmdline", "environ", "comm"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                found += [(f"/proc/PID/{name}", hit)
                          for hit in hits(file.read())]
        except OSError:
            continue
    return found


def nothing_found(place, said=b""):
    equal(search_files(place) + [("terminal", hit) for hit in hits(said)], [],
          "canaries found")


# ---- a terminal -------------------------------------------------------------

class Terminal:
    """belay on a terminal of its own; all that it writes is kept."""

    def __init__(self, place, source, *words):
        self.said, self.seen = b"", 0
        ready, tell = os.pipe()
        self.shell, self.master = pty.fork()
        if self.shell == 0:
            os.chdir(place.directory)
            allow_cores()
            self.be_a_shell(tell, source.argv(place, *words),
                            source.environment(place))
        os.close(tell)
        self.pid = int(os.read(ready, 20))
        os.close(ready)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, 100, 0, 0))

    @staticmethod
    def be_a_shell(tell, argv, variables):
        """belay is a job in the foreground, so that ^Z can stop it."""
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0)
            os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            os.write(tell, str(os.getpid()).encode())
            os.execve(BELAY, argv, variables)
        os.close(tell)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        _, status = os.waitpid(job, 0)
        code = os.waitstatus_to_exitcode(status)
        os._exit(code if code >= 0 else 128 - code)

    def read(self):
        ready, _, _ = select.select([self.master], [], [], 0.5)
        try:
            got = os.read(self.master, 65536) if ready else None
        except OSError:
            got = b""
        self.said += got or b""
        return got != b""

    def wait_for(self, text):
        """Until it is shown, behind what was waited for before."""
        end = time.monotonic() + LIMIT
        while text not in self.said[self.seen:]:
            if not self.read() or time.monotonic() > end:
                raise AssertionError(
                    f"never shown: {text}: {self.said[-2000:]}")
        self.seen = self.said.index(text, self.seen) + len(text)

    def send(self, text):
        os.write(self.master, text)

    def echoes(self):
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def end(self):
        end = time.monotonic() + LIMIT
        while self.read() and time.monotonic() < end:
            pass
        _, status = os.waitpid(self.shell, 0)
        os.close(self.master)
        return os.waitstatus_to_exitcode(status)


# ---- the stories ------------------------------------------------------------

def story_the_search_finds_what_is_there(place):
    """Else none of the others could fail."""
    prepare(place)
    nothing_found(place)
    for source in SOURCES:
        os.makedirs(place.path(".local/state/belay"), exist_ok=True)
        name = place.write(".local/state/belay/log",
                           "x" + source.canary[20:40] + "y")
        equal(search_files(place), [(name, source.name)], "a piece in a file")
        place.write(".local/state/belay/log",
                    binascii.hexlify(source.canary.encode()).decode())
        equal(search_files(place), [(name, source.name)], "in hexadecimal")
        os.unlink(name)
        place.write("x" + source.canary, "")
        equal(len(search_files(place)), 1, "in a file's name")
        os.unlink(place.path("x" + source.canary))
        with subprocess.Popen(
                ["cat", "-", source.canary], stdin=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ["PATH"], "A": source.canary}) as cat:
            wait_until(lambda: len(search_process(cat.pid)) == 2,
                       "argv and environment of another process")
            cat.stdin.close()
        equal(hits(b"\x1b[1m" + source.canary.encode()), [source.name], "")
    nothing_found(place)


def run(place, source, *words):
    """One command to its end; what it said."""
    takes = words[0] in ("sync", "doctor")
    argv = source.argv(place, *words)
    if not takes:
        argv = argv[:len(argv) - len(source.options)]
    done = subprocess.run(
        argv, env=source.environment(place), cwd=place.directory,
        input=source.canary.encode() + b"\n" if source.input and takes
        else b"", capture_output=True, timeout=LIMIT, check=False,
        preexec_fn=allow_cores)
    return done.returncode, done.stdout + done.stderr


COMMANDS = [
    ("sync", "export.csv", "--yes", "-v", "--log", "run.log"),
    ("doctor", "export.csv"),
    ("plan", "export.csv", "-v", "--json"),
    ("sync", "export.csv", "--json"),
    ("show", "export.csv", "--id", "1000"),
    ("open", "login"),
    ("history", "export.csv"),
    ("check", "export.csv"),
]


def story_runs_leave_nothing_behind(place):
    prepare(place)
    said = b""
    for number in range(RUNS):
        source = QUIET[number % len(QUIET)]
        words = COMMANDS[number // len(QUIET) % len(COMMANDS)]
        if number % 3 == 0:  # something new to send
            place.write("export.csv", csv_text(3 + number // 3))
        status, text = run(place, source, *words)
        # a file without an edit of the last place has nothing to sync
        check(status in (0, 1), [source.name, words, status, text])
        said += text
    nothing_found(place, said)
    check(place.requests(), "it was sent")


def story_wrong_keys_are_not_repeated(place):
    prepare(place)
    argv = [BELAY, "practice", "--port=0", "--api-key", "another"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE,
                          env=place.environment()) as server:
        url = server.stdout.readline().decode().split()[2]
        old, place.url = place.url, url
        place.config()
        for source in QUIET:
            source.prepare(place)
            status, said = run(place, source, "sync", "export.csv", "--yes")
            equal(status, 77, [source.name, said])
            nothing_found(place, said)
        server.send_signal(signal.SIGTERM)
        place.url = old


def story_keys_that_cannot_be_one_are_not_repeated(place):
    prepare(place)
    for source in QUIET:
        bad = Source(source.name, source.line, source.variable, source.file,
                     source.script, source.options, source.input)
        bad.canary = source.canary + "\tx"
        bad.prepare(place)
        status, said = run(place, bad, "sync", "export.csv", "--yes")
        equal(status, 77, [source.name, said])
        nothing_found(place, said)


def story_literal_keys_are_refused_unread(place):
    prepare(place)
    source = SOURCES[0]
    literal = "a secret must not stand in the config; say where it is"
    for line, words in (
            ("  api_key: %s\n", literal),
            ("  token: %s\n", literal),
            ("  oauth: {client_secret: %s}\n", literal),
            ("  password: \"%s\"\n", literal),
            ("profiles: {maria: {api_key: %s}}\n", literal),
            ("  api_key: [%s]\n", "must be one of {file: ...}"),
            ("  api_key: {value: %s}\n", "not known here"),
            ("  api_key: {env: '%s!'}\n", "must be a variable's name"),
            ("  api_key: {env: %s}\n", "must be a variable's name"),
            ("  api_key: {env: " + 50 * "A" + "%s}\n",
             "must be a variable's name"),
            ("  api_key: {file: %s}\n", "there is no such file"),
            ("  oauth: {client_secret: {file: %s}}\n",
             "there is no such file"),
            ("  api_key: {command: [%s]}\n", "there is no such program")):
        place.write("literal.yaml", "service:\n" + line % source.canary)
        done = place.belay("check", "export.csv", config="literal.yaml",
                           status=78)
        equal(hits(done.stdout.encode() + done.stderr.encode()), [], line)
        check("literal.yaml:" in done.stderr and words in done.stderr,
              [line, done.stderr])


def story_nothing_is_seen_of_a_running_one_and_no_core_is_left(place):
    prepare(place, "latency=300ms", count=20)
    for number, source in enumerate(QUIET):
        end = signal.SIGABRT if number % 2 else signal.SIGSEGV
        before = len(place.requests())
        place.write("export.csv", csv_text(20 + number * 20))
        with subprocess.Popen(
                source.argv(place, "sync", "export.csv", "--yes"),
                env=source.environment(place), cwd=place.directory,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, preexec_fn=allow_cores) as belay:
            if source.input:
                belay.stdin.write(source.canary.encode() + b"\n")
            belay.stdin.close()
            wait_until(lambda: len(place.requests()) > before
                       or belay.poll() is not None, "a request")
            equal(belay.poll(), None, source.name)
            equal(search_process(belay.pid), [], source.name)
            with open(f"/proc/{belay.pid}/limits", encoding="ascii") as file:
                (core,) = [line for line in file if "core file" in line]
            equal(core.split()[4:6], ["0", "0"], "may a core be written")
            belay.send_signal(end)
            said = belay.stdout.read()
            belay.wait(LIMIT)
        equal(belay.returncode, -end, said)
        equal([name for name in os.listdir(place.directory)
               if name.startswith("core")], [], "cores")
        nothing_found(place, said)


def state_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().split(")")[1].split()[0]


def typed(source):
    (found,) = [each for each in SOURCES if each.name == source]
    return found


def story_a_key_is_typed_each_time(place):
    prepare(place)
    source = typed("ask")
    terminal = Terminal(place, source, "sync", "export.csv", "--yes")
    terminal.wait_for(b"not shown): ")
    check(not terminal.echoes(), "the echo is off")
    check(b"medicare-integrations@healthsherpa.com" in terminal.said and
          b"not written down" in terminal.said, terminal.said)
    terminal.send(source.canary.encode() + b"\n")
    equal(terminal.end(), 0, terminal.said)
    nothing_found(place, terminal.said)
    check(not os.path.exists(place.path(KEPT)), "it is not kept")
    done = place.belay("sync", "export.csv", config="ask.yaml", status=0,
                       BELAY_API_KEY="")
    check("up to date" in done.stdout, "nothing to send asks for nothing")
    place.write("export.csv", csv_text(5))
    done = place.belay("sync", "export.csv", config="ask.yaml", status=77,
                       BELAY_API_KEY="")
    check("without a terminal (cron, a pipe)" in done.stderr, done.stderr)
    place.belay("sync", "export.csv", config="ask.yaml", status=0,
                BELAY_API_KEY=source.canary)


def story_signals_give_the_terminal_back(place):
    prepare(place)
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP,
                signal.SIGQUIT):
        terminal = Terminal(place, typed("ask"), "doctor", "export.csv")
        terminal.wait_for(b"not shown): ")
        if end == signal.SIGINT:
            terminal.send(b"\x03")
        else:
            os.kill(terminal.pid, end)
        wait_until(terminal.echoes, "the echo is back")
        equal(terminal.end(), 128 + end, terminal.said)
    terminal = Terminal(place, typed("ask"), "doctor", "export.csv")
    terminal.wait_for(b"not shown): ")
    terminal.send(b"\x1a")
    wait_until(lambda: state_of(terminal.pid) == "T", "it stops")
    check(terminal.echoes(), "the echo is back while it is stopped")
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.wait_for(b"not shown): ")
    check(not terminal.echoes(), "and off again")
    terminal.send(typed("ask").canary.encode() + b"\n")
    check(terminal.end() in (0, 1), terminal.said)
    nothing_found(place, terminal.said)


def story_a_key_that_was_typed_is_kept_for_its_config(place):
    prepare(place)
    source = typed("kept")
    terminal = Terminal(place, source, "sync", "export.csv", "--yes")
    terminal.wait_for(b"It will be kept in ")
    terminal.wait_for(b"not shown): ")
    terminal.send(b"\n")
    equal(terminal.end(), 64, terminal.said)
    equal(place.requests(), [], "nothing typed, nothing sent")
    terminal = Terminal(place, source, "sync", "export.csv", "--yes")
    terminal.wait_for(b"not shown): ")
    terminal.send(source.canary.encode() + b"\n")
    equal(terminal.end(), 0, terminal.said)
    (name,) = os.listdir(place.path(KEPT))
    path = place.path(f"{KEPT}/{name}")
    equal(os.stat(path).st_mode & 0o777, 0o600, "its mode")
    equal(place.read(f"{KEPT}/{name}"), source.canary.encode(), "the key")
    place.write("export.csv", csv_text(6))
    status, said = run(place, source, "sync", "export.csv", "--yes")
    equal(status, 0, said)
    nothing_found(place, terminal.said + said)
    status, said = run(place, source, "doctor", "export.csv")
    check(f"found: belay's own file {path}".encode() in said, said)
    # another config has another key, even if all else is the same
    place.write("other.yaml", place.read("kept.yaml").decode())
    place.write("export.csv", csv_text(7))
    place.belay("sync", "export.csv", config="other.yaml", status=77,
                BELAY_API_KEY="")
    os.chmod(path, 0o640)
    status, said = run(place, source, "sync", "export.csv", "--yes")
    check(status == 77 and f"chmod 600 '{path}'".encode() in said, said)
    os.chmod(path, 0o600)
    os.chmod(place.path(KEPT), 0o770)
    status, said = run(place, source, "sync", "export.csv", "--yes")
    check(status == 77 and b"chmod go-w" in said, said)


def story_a_typed_key_that_is_refused_is_set_aside(place):
    """Nothing of it is anywhere but in the file beside its place."""
    prepare(place)
    source = typed("kept")
    argv = [BELAY, "practice", "--port=0", "--api-key", "another"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE,
                          env=place.environment()) as server:
        old, place.url = place.url, server.stdout.readline().decode().split()[2]
        place.config()
        source.prepare(place)
        terminal = Terminal(place, source, "sync", "export.csv", "--yes")
        terminal.wait_for(b"not shown): ")
        terminal.send(source.canary.encode() + b"\n")
        equal(terminal.end(), 77, terminal.said)
        server.send_signal(signal.SIGTERM)
        place.url = old
    (name,) = os.listdir(place.path(KEPT))
    check(name.endswith(".api-key.refused"), name)
    equal(place.read(f"{KEPT}/{name}"), source.canary.encode(), "the key")
    equal(os.stat(place.path(f"{KEPT}/{name}")).st_mode & 0o777, 0o600,
          "its mode")
    nothing_found(place, terminal.said)
    # a copy of it under another name would be found
    copy = place.write(f"{KEPT}/{name}.old", source.canary)
    equal(search_files(place), [(copy, "kept")], "the copy")
    os.unlink(copy)
    os.chmod(place.path(f"{KEPT}/{name}"), 0o644)
    equal(len(search_files(place)), 1, "open to others it is a leak")


def creates(place):
    return sum(request["route"] == "create" for request in place.requests())


def story_the_desk_asks_for_the_key_at_the_first_sync(place):
    prepare(place)
    for source in (typed("kept"), typed("ask")):
        place.write("export.csv", csv_text(3 if source.line is None else 5))
        before = creates(place)
        terminal = Terminal(place, source, "export.csv")
        terminal.wait_for(b"new")
        terminal.send(b"G" if source.line else b"g")
        terminal.send(b"s")
        terminal.wait_for(b"Enter types it")
        terminal.send(b"\r")
        terminal.wait_for(b"not shown")
        terminal.send(source.canary.encode() + b"\r")
        wait_until(lambda: terminal.read() and creates(place) > before,
                   "a create")
        terminal.send(b"E")
        wait_until(lambda: terminal.read() and os.path.exists(
            place.path("told")), "the editor")
        terminal.send(b"L")
        terminal.read()
        terminal.send(b"\x1b\x1bq")
        terminal.read()
        os.kill(terminal.pid, signal.SIGTERM)
        terminal.end()
        os.unlink(place.path("told"))
        nothing_found(place, terminal.said)


def story_the_demo_does_not_take_a_real_key(place):
    prepare(place)
    (source,) = [each for each in SOURCES if each.name == "first"]
    done = subprocess.run(
        [BELAY, "demo", "--headless", "--keep", place.path("demo")],
        env=source.environment(place), capture_output=True, timeout=LIMIT,
        check=False)
    equal(done.returncode, 0, done.stderr)
    nothing_found(place, done.stdout + done.stderr)


def story_children_get_no_secret_and_no_descriptor(place):
    prepare(place)
    place.write("bin/xdg-open", TELL % place.path("told"))
    for source in QUIET:
        words = ("sync", "export.csv", "--yes") if source.script \
            else ("open", "login")
        status, said = run(place, source, *words)
        equal(status, 0, [source.name, said])
        wait_until(lambda: os.path.exists(place.path("told")) and
                   b"2 ->" in place.read("told"), "the child's words")
        told = place.read("told")
        check(b"PATH=" in told, told)
        check(b"BELAY_API_KEY" not in told and b"OTHER_KEY" not in told, told)
        # its own script and output, and nothing of ours
        lines = [line for line in told.decode().splitlines()
                 if f" -> {place.directory}" in line]
        check(all(line.endswith(("/told", "/xdg-open", "/pass",
                                 "/secret-tool")) for line in lines), lines)
        nothing_found(place, said)
        os.unlink(place.path("told"))


# ---- version 2 --------------------------------------------------------------

class Client(Source):
    """A client secret, typed for a login and for what comes after it."""

    def prepare(self, place):
        browser.config_v2(place, f"{self.name}.yaml")
        text = place.read(f"{self.name}.yaml").decode()
        place.write(f"{self.name}.yaml", text.replace(
            ", client_secret: {env: BELAY_CLIENT_SECRET}",
            f", client_secret: {self.line}" if self.line else ""))


CLIENT_SECRET = Source("client", "{env: BELAY_CLIENT_SECRET}",
                       variable="BELAY_CLIENT_SECRET")
NEEDLES += [("client secret", form)
            for form in forms(CLIENT_SECRET.canary[6:])]
CLIENTS = [Client("client-ask", "ask", typed=True),
           Client("client-kept", typed=True)]
NEEDLES += [(client.name, form)
            for client in CLIENTS for form in forms(client.canary[6:])]


SEEN = {"access_token": set(), "refresh_token": set()}


def learn_tokens(place):
    """From now on they are searched for: the kept ones, past and present."""
    for name in os.listdir(place.path(TOKENS)):
        if name.endswith(".json"):
            kept = json.loads(place.read(f"{TOKENS}/{name}"))
            for word, seen in SEEN.items():
                seen.add(kept[word])
                NEEDLES.extend(
                    (word, form) for form in forms(kept[word])
                    if (word, form) not in NEEDLES)


def log_in(place):
    login = subprocess.Popen(
        [BELAY, "login", "-c", place.path("v2.yaml"), "-v", "--log",
         "run.log"], env=CLIENT_SECRET.environment(place),
        cwd=place.directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    said = b""
    while not said.count(b"/oauth/authorize?"):
        said += login.stdout.readline()
    url = [word for word in said.decode().split() if "/authorize?" in word][0]
    equal(search_process(login.pid), [], "login")
    browser.request(browser.decide(url))
    said += login.communicate(timeout=LIMIT)[0]
    equal(login.returncode, 0, said)
    return said


def story_a_client_secret_is_typed(place):
    """For the login, then, unless it is kept, for each sync and look."""
    prepare(place)
    for client in CLIENTS:
        client.prepare(place)
        place.write("export.csv", csv_text(3 if client.line else 4))
        done = place.belay("sync", "export.csv", "--yes",
                           config=f"{client.name}.yaml", status=77)
        check("nobody is logged in" in done.stderr, done.stderr)
        done = place.belay("login", config=f"{client.name}.yaml", status=77)
        check("without a terminal (cron, a pipe)" in done.stderr
              and "BELAY_CLIENT_SECRET" in done.stderr, done.stderr)
        login = Terminal(place, client, "login", "--print-url")
        login.wait_for(b"The client secret of your agency's application")
        login.wait_for(b"not shown): ")
        check(not login.echoes(), "the echo is off")
        login.send(client.canary.encode() + b"\n")
        login.wait_for(b"Waiting (")
        url = [word for word in login.said.decode().split()
               if "/authorize?" in word][0]
        browser.request(browser.decide(url))
        equal(login.end(), 0, login.said)
        learn_tokens(place)
        said = login.said
        for words in (("sync", "export.csv", "--yes"),
                      ("doctor", "export.csv")):
            terminal = Terminal(place, client, *words)
            if client.line:
                terminal.wait_for(b"not shown): ")
                terminal.send(client.canary.encode() + b"\n")
            check(terminal.end() in (0, 1), terminal.said)
            equal(terminal.said.count(b"not shown): "),
                  1 if client.line else 0, words)
            said += terminal.said
        check(b"client secret found" in said, said)
        nothing_found(place, said)
        kept = os.listdir(place.path(KEPT)) if not client.line else []
        equal(len(kept), 0 if client.line else 1, "kept")
        for name in kept:
            equal(place.read(f"{KEPT}/{name}"), client.canary.encode(), name)
        done = place.belay("logout", config=f"{client.name}.yaml", status=0)
        equal("client secret" in done.stderr, not client.line, done.stderr)
    equal(os.listdir(place.path(KEPT)), [], "logging out forgets it")
    equal(creates(place), 4, "each person once")


def story_a_login_leaves_no_token_behind(place):
    """Renewed again and again, refused, cut off by a signal, ended."""
    before_all = {word: len(seen) for word, seen in SEEN.items()}
    prepare(place)
    browser.config_v2(place, "v2.yaml")
    said = log_in(place)
    learn_tokens(place)
    commands = [words for words in COMMANDS if words[0] != "open"]
    for number in range(RUNS // 2):
        words = commands[number % len(commands)]
        if number % 2 == 0:
            place.write("export.csv", csv_text(3 + number // 2))
            browser.request(place.url + "/practice/revoke", "POST",
                            {"what": "access"})
        done = subprocess.run(
            [BELAY, *words, "-c", place.path("v2.yaml")],
            env=CLIENT_SECRET.environment(place), cwd=place.directory,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
            check=False, preexec_fn=allow_cores)
        check(done.returncode in (0, 1), [words, done.stderr])
        said += done.stdout + done.stderr
        learn_tokens(place)
    place.stop_server()
    place.serve("latency=300ms", port=int(place.url.rsplit(":", 1)[1]))
    place.write("export.csv", csv_text(300))
    for end in (signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM):
        before = len(place.requests())
        with subprocess.Popen(
                [BELAY, "sync", "export.csv", "--yes", "-c",
                 place.path("v2.yaml")],
                env=CLIENT_SECRET.environment(place), cwd=place.directory,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, preexec_fn=allow_cores) as belay:
            wait_until(lambda: len(place.requests()) > before + 4, "requests")
            equal(search_process(belay.pid), [], "while it runs")
            belay.send_signal(end)
            said += belay.stdout.read()
            belay.wait(LIMIT)
    browser.request(place.url + "/practice/revoke", "POST",
                    {"what": "grants"})
    done = subprocess.run(
        [BELAY, "sync", "export.csv", "--yes", "-c", place.path("v2.yaml")],
        env=CLIENT_SECRET.environment(place), cwd=place.directory,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
        check=False)
    equal(done.returncode, 77, done.stderr)
    nothing_found(place, said + done.stdout + done.stderr)
    equal([name for name in os.listdir(place.directory)
           if name.startswith("core")], [], "cores")
    # one by the login, and one after each time that access was revoked
    for word, seen in SEEN.items():
        check(len(seen) - before_all[word] > RUNS // 8, [word, len(seen)])


if __name__ == "__main__":
    if "--runs" in sys.argv:
        at = sys.argv.index("--runs")
        RUNS = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    main(globals())
