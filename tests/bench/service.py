# SPDX-License-Identifier: MIT
"""What the benches of a sync share: the practice server over TLS, in front of
it an HTTP/2 proxy, and what arrives there and when.

The certificate is made for the run; whoever connects gets the system's
authorities and that one."""

import http.client
import json
import os
import select
import shutil
import signal
import ssl
import subprocess
import threading
import time

BELAY = os.path.abspath(os.environ.get("BELAY", "src/belay"))
PROXY = shutil.which("nghttpx") or shutil.which(
    "nghttpx", path="/usr/sbin:/usr/local/sbin")
SYSTEM_CA = "/etc/ssl/certs/ca-certificates.crt"
KEY = "practice"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json",
           "X-API-Key": KEY}
LIMIT = 60


def quiet(*argv):
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def make_certificate(directory):
    """Paths of the certificate, its key, and all authorities in one file."""
    cert, key, bundle = (os.path.join(directory, name) for name in (
        "cert.pem", "key.pem", "bundle.pem"))
    quiet("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
          "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
          cert, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
          "subjectAltName=IP:127.0.0.1")
    with open(bundle, "wb") as file:
        for path in (SYSTEM_CA, cert):
            with open(path, "rb") as part:
                file.write(part.read())
    return cert, key, bundle


def environment(directory, **more):
    return {"PATH": os.environ["PATH"], "HOME": directory,
            "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8",
            "TERM": "xterm-256color", "TZ": "UTC", "BELAY_API_KEY": KEY,
            **more}


class Arrivals(threading.Thread):
    """When the lines of the request log came: looked at every 2 ms."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.moments, self.ending = path, [], threading.Event()
        open(path, "wb").close()
        self.file = open(path, "rb")

    def look(self):
        now = time.monotonic()
        lines = self.file.read().count(b"\n")
        if lines:
            self.moments += [now] * lines

    def count(self):
        return len(self.moments)

    def run(self):
        while not self.ending.wait(0.002):
            self.look()

    def stop(self):
        self.ending.set()
        self.join()
        self.look()
        self.file.close()
        return self.moments


class Service:
    """A practice server of its own for one run; with `http2` behind a proxy
    that speaks it. `url` is where to connect."""

    def __init__(self, directory, certificate, latency_ms, http2=False,
                 duplicate="existing"):
        cert, key, self.bundle = certificate
        self.directory, self.cert = directory, cert
        self.processes = []
        log = os.path.join(directory, "requests.jsonl")
        argv = [BELAY, "practice", "--port", "0", "--api-key", KEY, "--set",
                f"latency={latency_ms}ms", "--set", f"duplicate={duplicate}",
                "--request-log", log, "--seed", "1"]
        if not http2:
            argv += ["--cert", cert, "--key", key]
        self.arrivals = Arrivals(log)
        self.log = log
        self.url = self.started(argv)
        if http2:
            self.url = self.in_front(cert, key)
        self.arrivals.start()

    def started(self, argv):
        server = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True,
                                  env=environment(self.directory))
        self.processes.append(server)
        line = server.stdout.readline() if select.select(
            [server.stdout], [], [], LIMIT)[0] else ""
        if not line.startswith("listening on "):
            raise RuntimeError(f"the practice server said {line!r}")
        return line.split()[-1]

    def in_front(self, cert, key):
        behind = self.url.rsplit(":", 1)[1]
        port = free_port()
        self.processes.append(subprocess.Popen(
            [PROXY, "--conf=/dev/null", f"--frontend=127.0.0.1,{port}",
             f"--backend=127.0.0.1,{behind}", "--workers=1",
             "--accesslog-file=/dev/null", "--errorlog-file=/dev/null",
             "--frontend-http2-max-concurrent-streams=128", key, cert],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        wait_for_port(port)
        return f"https://127.0.0.1:{port}"

    def bodies(self):
        """(path, body) of all that was received."""
        with open(self.log, encoding="utf-8") as file:
            return [(one["path"], json.dumps(one["body"])) for one in
                    map(json.loads, file)]

    def stop(self):
        """The moments of all arrivals; the server is gone."""
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            process.wait(LIMIT)
            if process.stdout:
                process.stdout.close()
        return self.arrivals.stop()

    def answer_ms(self, count=10):
        """What one request takes when there is no other: a connection that is
        there already, the middle of some."""
        host = self.url.split("//")[1]
        context = ssl.create_default_context(cafile=self.cert)
        connection = http.client.HTTPSConnection(host, context=context)
        times = []
        for _ in range(count + 1):
            begun = time.monotonic()
            connection.request("POST", "/v1/contacts/search", json.dumps(
                {"agent_email": "agent@example.com",
                 "params": {"medicare_number": "1S00A00AA00"}}), HEADERS)
            connection.getresponse().read()
            times.append((time.monotonic() - begun) * 1000)
        connection.close()
        return sorted(times[1:])[count // 2]


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for_port(port):
    import socket
    end = time.monotonic() + LIMIT
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            select.select([], [], [], 0.005)


class Cost:
    """A process to its end: seconds, processor seconds with all that it
    waited for, largest resident size in MiB."""

    def __init__(self, argv, env, stdin=subprocess.DEVNULL, expect=(0,)):
        begun = time.monotonic()
        with open(env["HOME"] + "/errors", "wb") as errors:
            child = subprocess.Popen(argv, env=env, stdin=stdin,
                                     stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.begun, self.seconds = begun, time.monotonic() - begun
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss / 1024
        if child.returncode not in expect:
            with open(env["HOME"] + "/errors", errors="replace") as errors:
                raise RuntimeError(f"{argv[0]} ended with {child.returncode}: "
                                   + errors.read()[-300:])


class Desk:
    """belay's home in a directory of its own: a book, a config, a ledger."""

    def __init__(self, directory, book, service, concurrency, sync=""):
        self.directory = directory
        self.book = os.path.join(directory, "book.csv")
        shutil.copy(book, self.book)
        # old enough for its times to tell that it is the same
        os.utime(self.book, (time.time() - 3600,) * 2)
        shutil.rmtree(self.path("state"), ignore_errors=True)
        with open(self.path("config.yaml"), "w", encoding="utf-8") as file:
            file.write(f"""contacts: {self.book}
service:
  environment: practice
  agent_email: agent@example.com
  ca_file: {service.cert}
  api_key: {{env: BELAY_API_KEY}}
  urls: {{api: '{service.url}/v1'}}
sync: {{rate: none, concurrency: {concurrency}{sync}}}
""")

    def path(self, name):
        return os.path.join(self.directory, name)

    def argv(self, *words):
        return [BELAY, *words, "-c", self.path("config.yaml"), "--state-dir",
                self.path("state")]

    def sync(self, *words, **more):
        return Cost(self.argv("sync", "--yes", *words),
                    environment(self.directory, **more))

    def begin(self):
        """One contact: now the ledger is there, which is made once."""
        self.sync("--limit", "1")
