#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
A proxy that makes the transport misbehave between belay and a server.

    fault_proxy.py --upstream 127.0.0.1:PORT [--script FILE] [--log FILE]
                   [--cert PEM --key PEM] [--port N] [--seed N]

It prints "listening on http://127.0.0.1:PORT" (https with --cert) and serves
until its standard input ends or it is told to terminate. The practice server
misbehaves above HTTP (faults.h); this proxy does what only a transport can.

The script has the practice server's grammar, one step a line, '#' comments,
the first step that fits counts:

    ROUTE WHEN ACTION...

    ROUTE   create, update, search, or * for every request
    WHEN    all; 3, 2-5, 7+ (counted from 1 over the step's ROUTE);
            5% (at random, the same for one seed);
            @ID, @ID:2 (the body names this external_id)
    ACTION  ok              as if no step had fitted
            close-before    closed, nothing was forwarded
            close-after     forwarded and carried out, then closed
            reset-before, reset-after      the same with a TCP reset
            stall-before, stall-after      the same, but nothing ever comes
            truncate N      N bytes of the answer, then closed
            reset-at N      N bytes of the answer, then reset
            slow D          the answer a byte at a time, D apart
            delay D         the answer comes D later
            late D          closed at once, forwarded D later
            garbage         bytes that are no HTTP; nothing is forwarded
            gzip-bomb       64 MiB of blanks as a small gzip body
            headers N       an answer whose head has N bytes
            endless         a body that does not end

The log has a JSON line for each request when its fate is known: index, route,
method, path, external_id, connection, on_connection (1 is the first request of
a connection, so above 1 it was reused), fault, forwarded, status.
"""

import argparse
import functools
import json
import os
import random
import re
import select
import signal
import socket
import ssl
import struct
import sys
import threading
import time
import zlib

CONTACTS = re.compile(r"^/v[12]/contacts(/[^/]+)?$")
HEAD_LIMIT = 64 * 1024
DURATION = re.compile(r"^(\d+)(ms|s|m|h)$")
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
PLAIN = {
    "ok", "close-before", "close-after", "reset-before", "reset-after",
    "stall-before", "stall-after", "garbage", "gzip-bomb", "endless",
}
COUNTED = {"truncate", "reset-at", "headers"}
TIMED = {"slow", "delay", "late"}
NOT_FORWARDED = {
    "close-before", "reset-before", "stall-before", "garbage", "gzip-bomb",
    "headers", "endless",
}


class ScriptError(Exception):
    """A step that cannot be understood, with its place."""


def duration(text):
    """Seconds of 500ms, 2s, 5m, 1h."""
    match = DURATION.match(text)
    if not match:
        raise ValueError(f"'{text}' is no duration, such as 2s")
    return int(match.group(1)) * UNITS[match.group(2)]


class Step:
    """One line of the script and its own count of fitting requests."""

    def __init__(self, words, plain=frozenset(PLAIN)):
        self.plain = plain
        if len(words) < 3:
            raise ValueError("a step is ROUTE WHEN ACTION...")
        self.route, when, self.action = words[0], words[1], words[2]
        if self.route not in ("create", "update", "search", "*"):
            raise ValueError(f"'{self.route}' is no route")
        self.seen = 0
        self.value = None
        self.parse_when(when)
        self.parse_action(words[3:])

    def parse_range(self, text):
        match = re.match(r"^([1-9]\d*)(?:(\+)|-(\d+))?$", text)
        if not match:
            raise ValueError(f"'{text}' does not say when")
        self.first = int(match.group(1))
        self.last = self.first
        if match.group(2):
            self.last = None
        elif match.group(3):
            self.last = int(match.group(3))

    def parse_when(self, text):
        self.percent = self.external_id = self.last = None
        self.first = 1
        if text == "all":
            return
        if text.startswith("@"):
            self.external_id, colon, count = text[1:].partition(":")
            if colon:
                self.parse_range(count)
        elif text.endswith("%"):
            self.percent = int(text[:-1])
        else:
            self.parse_range(text)

    def parse_action(self, values):
        if self.action in self.plain and not values:
            return
        if self.action in COUNTED and len(values) == 1:
            self.value = int(values[0])
        elif self.action in TIMED and len(values) == 1:
            self.value = duration(values[0])
        else:
            raise ValueError(f"'{' '.join([self.action] + values)}' "
                             "is no action")

    def fits(self, route, external_id, dice):
        if self.route not in ("*", route):
            return False
        if self.external_id not in (None, external_id):
            return False
        self.seen += 1
        if self.percent is not None:
            return dice.randrange(100) < self.percent
        return self.seen >= self.first and (
            self.last is None or self.seen <= self.last)


class Script:
    """All steps; asked once a request."""

    def __init__(self, name, text, seed, plain=frozenset(PLAIN)):
        self.steps = []
        self.dice = random.Random(seed)
        self.lock = threading.Lock()
        for number, line in enumerate(text.splitlines(), 1):
            words = line.partition("#")[0].split()
            if not words:
                continue
            try:
                self.steps.append(Step(words, plain))
            except ValueError as error:
                raise ScriptError(f"{name}:{number}: {error}") from None

    def next(self, route, external_id):
        """The action and its value; ("ok", None) when no step fits."""
        with self.lock:
            fitting = [step for step in self.steps
                       if step.fits(route, external_id, self.dice)]
        if fitting:
            return fitting[0].action, fitting[0].value
        return "ok", None


def route_of(method, path):
    match = CONTACTS.match(path.partition("?")[0])
    if not match:
        return "other"
    if method == "POST":
        return {None: "create", "/search": "search"}.get(match.group(1),
                                                          "other")
    return "update" if method == "PATCH" and match.group(1) else "other"


def external_id_of(body):
    try:
        return json.loads(body)["contact"]["external_id"]
    except (ValueError, KeyError, TypeError):
        return None


class Message:
    """The head and body of one HTTP message as bytes."""

    def __init__(self, head, body):
        self.head, self.body = head, body

    def without_connection(self, value):
        """The message's bytes with another Connection header, or none."""
        lines = [line for line in self.head.split(b"\r\n")
                 if not line.lower().startswith(b"connection:")]
        if value:
            lines.append(b"Connection: " + value)
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


def read_message(connection, buffered=b""):
    """The next message and what came after it; None at the end."""
    data = buffered
    while b"\r\n\r\n" not in data:
        if len(data) > HEAD_LIMIT:
            return None, b""
        piece = connection.recv(65536)
        if not piece:
            return None, b""
        data += piece
        if b"\r\n\r\n" in data:
            break
    head, _, rest = data.partition(b"\r\n\r\n")
    if re.search(rb"(?i)^expect: *100-continue", head, re.M):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    match = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    length = int(match.group(1)) if match else 0
    while len(rest) < length:
        piece = connection.recv(65536)
        if not piece:
            return None, b""
        rest += piece
    return Message(head, rest[:length]), rest[length:]


def reset(connection):
    """Closes with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))


@functools.lru_cache
def gzip_bomb():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    blanks = b" " * (1 << 20)
    body = b"".join(packer.compress(blanks) for _ in range(64))
    body += packer.flush()
    return (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Content-Encoding: gzip\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)) + body


def long_head(size):
    line = b"X-Padding: " + b"x" * 1000 + b"\r\n"
    return (b"HTTP/1.1 200 OK\r\n" + line * (size // len(line) + 1) +
            b"Content-Length: 2\r\n\r\n{}")


class Proxy:
    """Listens, and keeps a thread for each connection."""

    def __init__(self, options, script):
        self.options, self.script = options, script
        self.lock = threading.Lock()
        self.requests = self.connections = 0
        self.log_file = open(options.log, "a", encoding="utf-8") \
            if options.log else None
        self.tls = None
        if options.cert:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(options.cert, options.key)
        self.listener = socket.create_server(
            ("127.0.0.1", options.port), backlog=128)

    def url(self):
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self.listener.getsockname()[1]}"

    def log(self, **fields):
        if not self.log_file:
            return
        with self.lock:
            self.log_file.write(json.dumps(fields) + "\n")
            self.log_file.flush()

    def forward(self, message):
        """The whole answer of the server as a Message."""
        with socket.create_connection(self.options.upstream) as server:
            server.sendall(message.without_connection(b"close"))
            data = b""
            while True:
                piece = server.recv(65536)
                if not piece:
                    break
                data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        return Message(head, body)

    def forward_late(self, message, fields, wait):
        time.sleep(wait)
        self.log(**fields, forwarded=True,
                 status=self.status(self.forward(message)))

    @staticmethod
    def status(answer):
        match = re.match(rb"HTTP/1\.1 (\d+)", answer.head)
        return int(match.group(1)) if match else None

    def wait_for_end(self, connection):
        """Until the client gives up; nothing is sent."""
        connection.settimeout(None)
        try:
            while connection.recv(4096):
                pass
        except OSError:
            pass

    def invent(self, connection, action, value):
        """Answers that no server gave. False: the connection ends."""
        if action == "garbage":
            connection.sendall(b"\x00\x01\x02 this is not HTTP\r\n\r\n")
        elif action == "gzip-bomb":
            connection.sendall(gzip_bomb())
        elif action == "headers":
            connection.sendall(long_head(value))
        elif action == "endless":
            connection.sendall(b"HTTP/1.1 200 OK\r\n"
                               b"Content-Type: application/json\r\n\r\n{")
            while True:
                connection.sendall(b" " * 65536)
        elif action == "stall-before":
            self.wait_for_end(connection)
        elif action == "reset-before":
            reset(connection)

    def reply(self, connection, action, value, data):
        """Sends the server's answer in its way. True: keep the connection."""
        if action == "truncate" or action == "reset-at":
            connection.sendall(data[:value])
        elif action == "slow":
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(value)
        elif action == "stall-after":
            self.wait_for_end(connection)
        elif action in ("ok", "delay"):
            if action == "delay":
                time.sleep(value)
            connection.sendall(data)
            return True
        if action in ("reset-at", "reset-after"):
            reset(connection)
        return action == "slow"

    def handle(self, connection, message, number, on_connection):
        """One request. True: the connection may carry another."""
        method, path = message.head.split(b"\r\n")[0].decode(
            "latin-1").split(" ")[:2]
        route = route_of(method, path)
        external_id = external_id_of(message.body)
        with self.lock:
            self.requests += 1
            index = self.requests
        action, value = self.script.next(route, external_id)
        fields = {
            "index": index, "route": route, "method": method, "path": path,
            "external_id": external_id, "connection": number,
            "on_connection": on_connection, "fault": action,
        }
        if action == "late":
            threading.Thread(target=self.forward_late, daemon=True,
                             args=(message, fields, value)).start()
            return False
        if action in NOT_FORWARDED:
            self.log(**fields, forwarded=False, status=None)
            self.invent(connection, action, value)
            return False
        answer = self.forward(message)
        self.log(**fields, forwarded=True, status=self.status(answer))
        return self.reply(connection, action, value,
                          answer.without_connection(None))

    def serve_connection(self, connection, number):
        buffered, on_connection = b"", 0
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection,
                                                  server_side=True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                message, buffered = read_message(connection, buffered)
                if not message:
                    break
                on_connection += 1
                if not self.handle(connection, message, number,
                                   on_connection):
                    break
        except OSError:
            pass
        finally:
            connection.close()

    def serve(self, end):
        """Until the descriptor `end` has ended."""
        while True:
            ready, _, _ = select.select([self.listener, end], [], [])
            if end in ready and not os.read(end, 4096):
                self.listener.close()
                return
            if self.listener not in ready:
                continue
            connection, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.serve_connection, daemon=True,
                             args=(connection, self.connections)).start()


def address(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("--upstream", type=address, required=True)
    parser.add_argument("--script")
    parser.add_argument("--log")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    text = ""
    if options.script:
        with open(options.script, encoding="utf-8") as file:
            text = file.read()
    try:
        script = Script(options.script, text, options.seed)
    except ScriptError as error:
        sys.exit(f"fault_proxy: {error}")
    proxy = Proxy(options, script)
    print(f"listening on {proxy.url()}", flush=True)
    proxy.serve(sys.stdin.fileno())


if __name__ == "__main__":
    main()
