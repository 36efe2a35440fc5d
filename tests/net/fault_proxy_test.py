#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fault proxy itself: what each action does to a client and a server."""

import gzip
import http.server
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROXY = os.path.join(HERE, "fault_proxy.py")
LIMIT = 20
REPLY = b'{"data":{"contact":{"id":"x"}}}'


class Upstream(http.server.BaseHTTPRequestHandler):
    """Remembers every request and answers all alike."""

    protocol_version = "HTTP/1.1"
    received = []

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        self.received.append(self.rfile.read(length))
        self.send_response(201)
        self.send_header("Content-Length", str(len(REPLY)))
        self.end_headers()
        self.wfile.write(REPLY)

    do_POST = do_PATCH = do_GET = answer

    def log_message(self, *_):
        pass


class Rig:
    """An upstream and a proxy with a script; ended by leaving the block."""

    def __init__(self, script):
        self.script = script

    def __enter__(self):
        Upstream.received = []
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), Upstream)
        threading.Thread(target=self.server.serve_forever, args=(0.02,),
                         daemon=True).start()
        self.directory = tempfile.TemporaryDirectory()
        name = os.path.join(self.directory.name, "script")
        self.log_name = os.path.join(self.directory.name, "log")
        with open(name, "w", encoding="utf-8") as file:
            file.write(self.script)
        self.proxy = subprocess.Popen(
            [sys.executable, PROXY, "--script", name, "--log", self.log_name,
             "--upstream", f"127.0.0.1:{self.server.server_port}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.proxy.stdout.readline().rpartition(":")[2])
        return self

    def __exit__(self, *_):
        self.proxy.stdin.close()
        self.proxy.wait(LIMIT)
        self.proxy.stdout.close()
        self.server.shutdown()
        self.server.server_close()
        self.directory.cleanup()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), LIMIT)

    def log(self):
        with open(self.log_name, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def wait_received(self, count):
        end = time.monotonic() + LIMIT
        while len(Upstream.received) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(Upstream.received)} received, "
                                     f"not {count}")
            time.sleep(0.005)


def send(connection, external_id="1", path="/v1/contacts"):
    body = json.dumps({"contact": {"external_id": external_id}}).encode()
    connection.sendall(
        b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" %
        (path.encode(), len(body)) + body)


def receive(connection):
    """All until the end; an exception's name when it was reset."""
    data = b""
    try:
        while True:
            piece = connection.recv(65536)
            if not piece:
                return data
            data += piece
            if data.endswith(REPLY) and b"HTTP/1.1 201" in data:
                return data
    except ConnectionResetError:
        return data + b"(reset)"


def once(rig, **options):
    with rig.connect() as connection:
        send(connection, **options)
        return receive(connection)


def test_ok_keeps_the_connection():
    with Rig("") as rig, rig.connect() as connection:
        for _ in range(3):
            send(connection)
            assert receive(connection).endswith(REPLY)
        assert [line["on_connection"] for line in rig.log()] == [1, 2, 3]
        assert {line["connection"] for line in rig.log()} == {1}


def test_before_does_not_forward():
    for action in ("close-before", "reset-before", "garbage"):
        with Rig(f"create 1 {action}") as rig:
            answer = once(rig)
            assert b"201" not in answer, answer
            assert (action == "reset-before") == (answer == b"(reset)")
            assert Upstream.received == []
            assert rig.log()[0]["forwarded"] is False
            assert once(rig).endswith(REPLY)


def test_after_forwards_once():
    for action in ("close-after", "reset-after"):
        with Rig(f"create 1 {action}") as rig:
            answer = once(rig)
            assert answer == (b"(reset)" if action == "reset-after" else b"")
            assert len(Upstream.received) == 1
            assert rig.log()[0]["forwarded"] is True


def test_stall_sends_nothing():
    for action, count in (("stall-before", 0), ("stall-after", 1)):
        with Rig(f"create 1 {action}") as rig, rig.connect() as connection:
            send(connection)
            rig.wait_received(count)
            connection.settimeout(0.2)
            try:
                assert connection.recv(1) is None
            except TimeoutError:
                pass
            assert len(Upstream.received) == count


def test_late_takes_effect_after_the_close():
    with Rig("create 1 late 200ms") as rig:
        assert once(rig) == b""
        assert Upstream.received == []
        rig.wait_received(1)


def test_truncate_and_reset_at():
    with Rig("create 1 truncate 30\ncreate 2 reset-at 30") as rig:
        assert len(once(rig)) == 30
        assert len(once(rig)) <= 30 + len(b"(reset)")
        assert len(Upstream.received) == 2


def test_slow_and_delay_arrive_whole():
    with Rig("create 1 slow 1ms\ncreate 2 delay 100ms") as rig:
        assert once(rig).endswith(REPLY)
        began = time.monotonic()
        assert once(rig).endswith(REPLY)
        assert time.monotonic() - began >= 0.1


def test_hostile_answers():
    script = "create 1 gzip-bomb\ncreate 2 headers 100000\ncreate 3 endless"
    with Rig(script) as rig:
        body = once(rig).partition(b"\r\n\r\n")[2]
        assert len(body) < 1 << 20
        assert len(gzip.decompress(body)) == 64 << 20
        assert len(once(rig)) > 100000
        with rig.connect() as connection:
            send(connection)
            got = 0
            while got < 1 << 20:
                got += len(connection.recv(65536))
        assert Upstream.received == []


def test_when_selects():
    with Rig("search all close-before\ncreate @7:2 close-before\n"
             "update 2+ close-before\n") as rig:
        assert once(rig, path="/v1/contacts/search") == b""
        assert once(rig, external_id="7") != b""
        assert once(rig, external_id="8") != b""
        assert once(rig, external_id="7") == b""
        assert once(rig, external_id="7") != b""


def test_bad_scripts_are_refused():
    for script in ("create", "create x close-before", "make 1 ok",
                   "create 1 explode", "create 1 delay soon",
                   "create 1 truncate"):
        result = subprocess.run(
            [sys.executable, PROXY, "--upstream", "127.0.0.1:1", "--script",
             "/dev/stdin"], input="# one\n" + script, text=True,
            capture_output=True, timeout=LIMIT, check=False)
        assert result.returncode == 1, script
        assert ":2: " in result.stderr, result.stderr


def main():
    tests = [(name, function) for name, function in sorted(globals().items())
             if name.startswith("test_")]
    print(f"1..{len(tests)}")
    for number, (name, function) in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:  # a test's failure is its line
            print(f"# {type(error).__name__}: {error}")
            print(f"not ok {number} - {name}", flush=True)


if __name__ == "__main__":
    main()
