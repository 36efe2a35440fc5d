# SPDX-License-Identifier: MIT
"""HTTP/2 over TLS in front of a server that speaks HTTP/1.1; it misbehaves by
the fault proxy's script, with what only HTTP/2 can do as further actions:

    rst-stream-before   the stream is reset, nothing was forwarded
    rst-stream-after    forwarded and carried out, then reset
    refused             reset with REFUSED_STREAM: "not processed, try again"
    goaway-before       GOAWAY that leaves this stream out, then closed
    goaway-after        forwarded, then GOAWAY that names this stream, closed

Of the fault proxy's own actions it knows ok, close-before, close-after and
reset-at N. It is a part of a test program, not a server for anybody else: one
request at a time a connection, no priorities, no padding.
"""

import socket
import ssl
import struct

import fault_proxy

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = (
    0, 1, 3, 4, 6, 7, 8)
END_STREAM, END_HEADERS, ACK, PADDED, PRIORITY = 1, 4, 1, 8, 32
INTERNAL_ERROR, REFUSED_STREAM = 2, 7
ACTIONS = frozenset({
    "ok", "close-before", "close-after", "rst-stream-before",
    "rst-stream-after", "refused", "goaway-before", "goaway-after"})
BEFORE = {"close-before", "rst-stream-before", "refused", "goaway-before"}

# RFC 7541, appendix A: names, and the values of those that have one
NAMES = (
    ":authority :method :method :path :path :scheme :scheme :status :status "
    ":status :status :status :status :status accept-charset accept-encoding "
    "accept-language accept-ranges accept access-control-allow-origin age "
    "allow authorization cache-control content-disposition content-encoding "
    "content-language content-length content-location content-range "
    "content-type cookie date etag expect expires from host if-match "
    "if-modified-since if-none-match if-range if-unmodified-since "
    "last-modified link location max-forwards proxy-authenticate "
    "proxy-authorization range referer refresh retry-after server set-cookie "
    "strict-transport-security transfer-encoding user-agent vary via "
    "www-authenticate").split()
VALUES = {2: "GET", 3: "POST", 4: "/", 5: "/index.html", 6: "http",
          7: "https", 16: "gzip, deflate"}

# RFC 7541, appendix B: the code is canonical, so the lengths of the printable
# characters up to 15 bits are all it takes to read a header.
LENGTHS = {
    5: "012aceiost", 6: " %-./3456789=A_bdfghlmnpru",
    7: ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz", 8: "&*,;XZ", 10: "!\"()?",
    11: "'+|", 12: "#>", 13: "\0$@[]~", 14: "^}", 15: "<`{"}


def canonical_code():
    code, table = 0, {}
    for length in range(5, 16):
        code <<= 1
        for character in sorted(LENGTHS.get(length, "")):
            table[length, code] = character
            code += 1
    return table


HUFFMAN = canonical_code()


class Gone(Exception):
    """The connection ends here."""


def unhuffman(data):
    text, code, length = [], 0, 0
    for byte in data:
        for bit in range(7, -1, -1):
            code, length = code << 1 | byte >> bit & 1, length + 1
            if (length, code) in HUFFMAN:
                text.append(HUFFMAN[length, code])
                code = length = 0
    return "".join(text)


class Headers:
    """Reads HPACK; nothing is evicted, as nobody refers to what was."""

    def __init__(self):
        self.dynamic = []

    @staticmethod
    def number(data, at, bits):
        value = data[at] & (1 << bits) - 1
        at += 1
        if value < (1 << bits) - 1:
            return value, at
        shift = 0
        while True:
            value += (data[at] & 127) << shift
            shift, at = shift + 7, at + 1
            if not data[at - 1] & 128:
                return value, at

    def text(self, data, at):
        packed = data[at] & 128
        length, at = self.number(data, at, 7)
        raw = data[at:at + length]
        return (unhuffman(raw) if packed else raw.decode("latin-1"),
                at + length)

    def entry(self, index):
        if index <= len(NAMES):
            return NAMES[index - 1], VALUES.get(index, "")
        return self.dynamic[index - len(NAMES) - 1]

    def read(self, data):
        found, at = [], 0
        while at < len(data):
            first = data[at]
            if first & 128:
                index, at = self.number(data, at, 7)
                found.append(self.entry(index))
                continue
            if first & 224 == 32:
                _, at = self.number(data, at, 5)
                continue
            index, at = self.number(data, at, 6 if first & 64 else 4)
            if index:
                name = self.entry(index)[0]
            else:
                name, at = self.text(data, at)
            value, at = self.text(data, at)
            found.append((name, value))
            if first & 64:
                self.dynamic.insert(0, (name, value))
        return found


class Connection:
    """One connection's frames."""

    def __init__(self, tls):
        self.tls, self.headers, self.streams = tls, Headers(), {}

    def receive(self, size):
        data = b""
        while len(data) < size:
            piece = self.tls.recv(size - len(data))
            if not piece:
                raise Gone
            data += piece
        return data

    def send(self, kind, flags, stream, payload=b""):
        self.tls.sendall(struct.pack(">I", len(payload))[1:] +
                         struct.pack(">BBI", kind, flags, stream) + payload)

    def open(self):
        if self.receive(len(PREFACE)) != PREFACE:
            raise Gone
        self.send(SETTINGS, 0, 0)

    def request(self):
        """The next whole request: stream, headers, body."""
        while True:
            head = self.receive(9)
            kind, flags, stream = struct.unpack(">BBI", head[3:])
            payload = self.receive(int.from_bytes(head[:3], "big"))
            if kind == SETTINGS and not flags & ACK:
                self.send(SETTINGS, ACK, 0)
            elif kind == PING and not flags & ACK:
                self.send(PING, ACK, 0, payload)
            elif kind == GOAWAY:
                raise Gone
            elif kind == HEADERS:
                if flags & PRIORITY:
                    payload = payload[5:]
                self.streams[stream] = (self.headers.read(payload), b"")
            elif kind == DATA:
                fields, body = self.streams[stream]
                self.streams[stream] = (fields, body + payload)
                if payload:
                    self.send(WINDOW_UPDATE, 0, 0,
                              struct.pack(">I", len(payload)))
            if kind in (HEADERS, DATA) and flags & END_STREAM:
                return stream, *self.streams.pop(stream)

    def answer(self, stream, status, body, cut=None):
        # name 8 is :status, name 31 content-type
        self.send(HEADERS, END_HEADERS, stream, b"\x08\x03%d" % status +
                  b"\x0f\x10\x10application/json")
        if cut is not None:
            self.send(DATA, 0, stream, body[:cut])
            fault_proxy.reset(self.tls)
            raise Gone
        self.send(DATA, END_STREAM, stream, body)

    def reset_stream(self, stream, code):
        self.send(RST_STREAM, 0, stream, struct.pack(">I", code))

    def goaway(self, last):
        self.send(GOAWAY, 0, 0, struct.pack(">II", last, 0))
        raise Gone


class Front(fault_proxy.Proxy):
    """Listens like the fault proxy; options need a certificate."""

    def __init__(self, options, script):
        super().__init__(options, script)
        self.tls.set_alpn_protocols(["h2"])

    @staticmethod
    def as_message(fields, body):
        pseudo = {name: value for name, value in fields if name[0] == ":"}
        lines = [f"{pseudo[':method']} {pseudo[':path']} HTTP/1.1",
                 f"Host: {pseudo.get(':authority', '')}"]
        lines += [f"{name}: {value}" for name, value in fields
                  if name[0] != ":" and name != "content-length"]
        lines.append(f"Content-Length: {len(body)}")
        return fault_proxy.Message("\r\n".join(lines).encode("latin-1"), body)

    def handle_stream(self, connection, request, number, on_connection):
        stream, fields, body = request
        message = self.as_message(fields, body)
        method, path = message.head.split(b"\r\n")[0].decode(
            "latin-1").split(" ")[:2]
        route = fault_proxy.route_of(method, path)
        external_id = fault_proxy.external_id_of(body)
        with self.lock:
            self.requests += 1
            index = self.requests
        action, value = self.script.next(route, external_id)
        answer = None
        if action not in BEFORE:
            answer = self.forward(message)
        self.log(index=index, route=route, method=method, path=path,
                 external_id=external_id, connection=number,
                 on_connection=on_connection, fault=action,
                 forwarded=answer is not None,
                 status=self.status(answer) if answer else None)
        if action in ("close-before", "close-after"):
            raise Gone
        if action in ("rst-stream-before", "rst-stream-after"):
            connection.reset_stream(stream, INTERNAL_ERROR)
        elif action == "refused":
            connection.reset_stream(stream, REFUSED_STREAM)
        elif action == "goaway-before":
            connection.goaway(max(stream - 2, 0))
        elif action == "goaway-after":
            connection.goaway(stream)
        else:
            connection.answer(stream, self.status(answer), answer.body,
                              value if action == "reset-at" else None)

    def serve_connection(self, connection, number):
        on_connection = 0
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = self.tls.wrap_socket(connection, server_side=True)
            frames = Connection(connection)
            frames.open()
            while True:
                request = frames.request()
                on_connection += 1
                self.handle_stream(frames, request, number, on_connection)
        except (Gone, OSError, ssl.SSLError):
            pass
        finally:
            connection.close()
