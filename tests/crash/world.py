# SPDX-License-Identifier: MIT
"""A book, a practice server and what may stand between them; runs of the real
program there, and what must be true after them.

The server makes a second contact when it is asked to (`duplicate=second`), so
that nothing hides one.
"""

import collections
import csv
import io
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "net"))
# pylint: disable=wrong-import-position
import fault_proxy  # noqa: E402
import http2_front  # noqa: E402

BELAY = os.environ.get("BELAY", "src/belay")
LIMIT = 120
TURNS = 8
KEY = "practice"
COLUMNS = ["external_id", "first_name", "last_name", "birth_date", "phone",
           "email", "zip", "medicare_number", "notes"]
RESULT = "HealthSherpa ID"
STOP_STATUS = 99  # src/sync/stop.h
HELD = 75
# Of a create that nobody answers, and of the doubt about it: far above what a
# script calls late, as this machine may be busy.
TIMEOUT, SETTLE = "1s", "400ms"


class Failure(Exception):
    """What was left is not what must be left. `kind` names the figure it
    counts in: duplicates, lost, stuck, again, or other."""

    def __init__(self, kind, text):
        super().__init__(text)
        self.kind = kind


def people(count):
    """Made-up people who differ in everything."""
    rows = []
    for i in range(count):
        letters = chr(97 + i % 26) + chr(97 + i // 26 % 26) + \
            chr(97 + i // 676 % 26)
        rows.append([
            f"crm-{i}", f"Ada{letters}", f"Sample{letters}",
            f"19{30 + i % 28:02}-03-{1 + i // 28 % 28:02}",
            f"91655501{i % 100:02}", f"ada{i}@example.com", "95811",
            f"1S{i % 10}{i // 10 % 10}TE5MK{i // 100 % 100:02}",
            f"note {i}" if i % 3 == 0 else ""])
    return rows


def table_text(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def ended(process, seconds):
    """Waits for it as long; whether it has ended. Without the steps of
    subprocess's own wait, which are up to 50 ms."""
    if process.poll() is not None:
        return True
    descriptor = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        ready = poll.poll(max(seconds, 0) * 1000)
    finally:
        os.close(descriptor)
    if ready:
        process.wait()
    return bool(ready)


def kill(process):
    process.kill()
    process.wait()


class Certificate:
    """Made once; its directory goes with it."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="belay-crash-")
        self.cert = os.path.join(self.directory.name, "cert.pem")
        self.key = os.path.join(self.directory.name, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
             "/CN=belay test", "-addext", "subjectAltName=IP:127.0.0.1",
             "-keyout", self.key, "-out", self.cert],
            check=True, capture_output=True)


_certificate = []
_certificate_lock = threading.Lock()


def certificate():
    with _certificate_lock:
        if not _certificate:
            _certificate.append(Certificate())
        return _certificate[0]


class Front:
    """A proxy of tests/net in this process; its kind is plain, tls or h2."""

    def __init__(self, kind, script, address, log):
        pair = certificate() if kind != "plain" else None
        options = types.SimpleNamespace(
            upstream=address, port=0, log=log,
            cert=pair.cert if pair else None, key=pair.key if pair else None)
        if kind == "h2":
            script = fault_proxy.Script(
                "script", script, 1,
                http2_front.ACTIONS)
            self.proxy = http2_front.Front(options, script)
        else:
            script = fault_proxy.Script("script", script, 1)
            self.proxy = fault_proxy.Proxy(options, script)
        self.url = self.proxy.url()
        self.ca_file = pair.cert if pair else None
        self.end, self.other_end = socket.socketpair()
        self.thread = threading.Thread(
            target=self.proxy.serve, args=(self.end.fileno(),), daemon=True)
        self.thread.start()

    def close(self):
        self.other_end.close()
        self.thread.join()
        self.end.close()
        if self.proxy.log_file:
            self.proxy.log_file.close()


class World:
    """All of it, in a directory of its own."""

    def __init__(self, rows=6, script="", switches=(), front=None,
                 front_script="", sync="concurrency: 4", program=None,
                 settle=SETTLE):
        self.directory = tempfile.mkdtemp(prefix="belay-crash-")
        self.rows = people(rows) if isinstance(rows, int) else rows
        self.program = program or BELAY
        self.switches = ["duplicate=second", *switches]
        self.sync, self.settle = sync, settle
        self.reviews = 0
        self.server = self.front = None
        self.book = self.path("people.csv")
        self.store = self.path("store")
        self.write_book([COLUMNS, *self.rows])
        self.start_server(script)
        if front:
            port = int(self.url.rsplit(":", 1)[1])
            self.front = Front(front, front_script, ("127.0.0.1", port),
                               self.path("front-log"))
        self.write_config()

    def path(self, name):
        return os.path.join(self.directory, name)

    def write_book(self, table):
        with open(self.book, "w", newline="", encoding="utf-8") as file:
            file.write(table_text(table))

    def read_book(self):
        with open(self.book, newline="", encoding="utf-8") as file:
            return list(csv.reader(file))

    # ---- the server ------------------------------------------------------

    def start_server(self, script="", port=0):
        with open(self.path("script"), "w", encoding="utf-8") as file:
            file.write(script)
        command = [BELAY, "practice", f"--port={port}", "--api-key", KEY,
                   "--store", self.store, "--request-log", self.path("log"),
                   "--script", self.path("script"), "--seed", "1"]
        for switch in self.switches:
            command += ["--set", switch]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE,
                                       text=True)
        line = self.server.stdout.readline()
        if not line.startswith("listening on "):
            raise Failure("other", f"the practice server said {line!r}")
        self.url = line.split()[-1]

    def stop_server(self):
        if self.server:
            self.server.terminate()
            self.server.wait()
            self.server.stdout.close()
            self.server = None

    def new_script(self, script):
        """The same server, with its contacts and its port, begins anew."""
        port = int(self.url.rsplit(":", 1)[1])
        self.await_late()
        self.stop_server()
        self.start_server(script, port)

    def requests(self, end=None):
        """Of the server's log; `end` selects, else what was not a request of
        ours, a late effect, is left out."""
        try:
            with open(self.path("log"), encoding="utf-8") as file:
                lines = [json.loads(line) for line in file]
        except FileNotFoundError:
            return []
        if end:
            return [line for line in lines if line["end"] == end]
        return [line for line in lines if line["end"] != "late-commit"]

    def await_late(self):
        """What the server carries out late is carried out."""
        until = time.monotonic() + LIMIT
        while len(self.requests("late")) > len(self.requests("late-commit")):
            if time.monotonic() > until:
                raise Failure("other", "a late request has no effect")
            time.sleep(0.01)

    def contacts(self):
        """Contacts by HealthSherpa ID, and the IDs by external_id."""
        by_id, found = {}, collections.defaultdict(list)
        try:
            with open(self.store, encoding="utf-8") as file:
                for line in file:
                    contact = json.loads(line)
                    by_id[contact["id"]] = contact
        except FileNotFoundError:
            pass
        for key, contact in by_id.items():
            found[contact["values"]["external_id"]].append(key)
        return by_id, found

    # ---- runs ------------------------------------------------------------

    def write_config(self):
        url = self.front.url if self.front else self.url
        ca_file = ""
        if self.front and self.front.ca_file:
            ca_file = f"  ca_file: {self.front.ca_file}\n"
        with open(self.path("config.yaml"), "w", encoding="utf-8") as file:
            file.write(f"""contacts: {self.book}
service:
  environment: practice
  agent_email: agent@example.com
  timeout: {TIMEOUT}
{ca_file}  api_key: {{env: CRASH_KEY}}
  urls: {{api: '{url}/v1'}}
sync: {{rate: none, settle: {self.settle}, {self.sync}}}
""")

    def command(self, *words):
        return [self.program, *words, "-c", self.path("config.yaml"),
                "--state-dir", self.path("state")]

    def start(self, *words, wrap=(), stdin=subprocess.DEVNULL, **variables):
        """Any command, `sync` without words; `wrap` stands before it."""
        env = dict(os.environ, CRASH_KEY=KEY)
        env.pop("BELAY_DEBUG_STOP_AT", None)
        env.update(variables)
        command = self.command(*(words or ("sync", "--yes", "--json")))
        with open(self.path("errors"), "ab") as errors:
            return subprocess.Popen(
                [*wrap, *command], env=env, stdin=stdin,
                stdout=subprocess.DEVNULL, stderr=errors)

    def run(self, *words, **options):
        """Exit status, negative when killed."""
        process = self.start(*words, **options)
        if not ended(process, LIMIT):
            kill(process)
            raise Failure("stuck", "a run did not end")
        return process.returncode

    def said(self):
        try:
            with open(self.path("errors"), encoding="utf-8",
                      errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def lose_ledger(self):
        shutil.rmtree(self.path("state"), ignore_errors=True)

    def lose_database(self):
        for where, _, names in os.walk(self.path("state")):
            for name in names:
                if ".sqlite" in name:
                    os.unlink(os.path.join(where, name))

    def output(self, *words):
        done = subprocess.run(
            self.command(*words), env=dict(os.environ, CRASH_KEY=KEY),
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=LIMIT, check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def decide(self):
        """What a careful person does: looks at HealthSherpa, then links the
        contact that has the row's ID, or has it created."""
        _, found = self.contacts()
        for row in self.output("review", "--json"):
            key = row["external_id"]
            self.reviews += 1
            choice = f"--link={found[key][0]}" if found.get(key) else \
                "--create"
            self.run("review", "--id", key, choice)

    # ---- what must be true -----------------------------------------------

    def finish(self, person=False):
        """Runs until everybody is done, then checks. From the second turn on
        those that failed are tried again as well; `person`: and what is in
        review is decided."""
        for turn in range(TURNS):
            if self.run() == 0:
                break
            if turn > 0 and person:
                self.decide()
            if turn > 0:
                self.run("sync", "--yes", "--json", "--failed")
        else:
            self.check_server()
            raise Failure("stuck", f"not done after {TURNS} runs: " +
                          self.said()[-300:])
        self.check()

    def check_server(self):
        self.await_late()
        by_id, found = self.contacts()
        for row in self.rows:
            if len(found.get(row[0], [])) > 1:
                raise Failure("duplicates",
                              f"{row[0]} has {len(found[row[0]])} contacts")
        for contact in by_id.values():
            if len(contact.get("notes") or []) > 1:
                raise Failure("other", "a note was sent twice to "
                              + contact["values"]["external_id"])
        return found

    def check_file(self, found):
        table = self.read_book()
        if table[0] != COLUMNS + [RESULT]:
            raise Failure("lost", f"the header became {table[0]}")
        for row, now in zip(self.rows, table[1:]):
            ids = found.get(row[0], [])
            if len(ids) != 1:
                raise Failure("lost", f"{row[0]} has no contact")
            if now[-1] != ids[0]:
                raise Failure("lost", f"{row[0]}: the file says {now[-1]!r}, "
                              f"the server {ids[0]!r}")
        if [row[:-1] for row in table] != [COLUMNS, *self.rows] or \
                table_text(table).encode() != self.bytes_of_book():
            raise Failure("other", "other bytes of the file were changed")

    def bytes_of_book(self):
        with open(self.book, "rb") as file:
            return file.read()

    def check_silence(self):
        """One more run sends nothing at all."""
        before = len(self.requests())
        status = self.run()
        more = len(self.requests()) - before
        if more:
            raise Failure("again", f"one more run sent {more} requests")
        if status != 0:
            raise Failure("other", f"one more run ended with {status}")

    def check(self):
        found = self.check_server()
        strangers = set(found) - {row[0] for row in self.rows}
        if strangers:
            raise Failure("duplicates", f"nobody has the IDs {strangers}")
        self.check_file(found)
        self.check_silence()

    def check_whole(self):
        """The file is the old one, or the old one with results: never torn."""
        text = self.bytes_of_book().decode()
        table = list(csv.reader(io.StringIO(text, newline="")))
        plain = [row[:len(COLUMNS)] for row in table]
        if plain != [COLUMNS, *self.rows] or table_text(table) != text:
            raise Failure("other", "the file is torn")

    def close(self, keep=False):
        if self.front:
            self.front.close()
        self.stop_server()
        if keep:
            print(f"# left in {self.directory}", flush=True)
        else:
            shutil.rmtree(self.directory, ignore_errors=True)


def held_by(said):
    """Process and host that "another belay" names, in order."""
    return re.findall(r"another belay has this open \(process (\d+) on (\S+)",
                      said)


def tell(world, story, *arguments):
    """A story in a world, which is kept when it ends badly."""
    keep = True
    try:
        result = story(world, *arguments)
        keep = False
        return result
    except BaseException:
        keep = not isinstance(sys.exc_info()[1], Failure) or \
            "CRASH_KEEP" in os.environ
        raise
    finally:
        world.close(keep)
