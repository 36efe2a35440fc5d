# SPDX-License-Identifier: MIT
"""A small HTTP/2 server over TLS that takes a request and then misbehaves.

    http2_server.py CERT KEY MODE N

Prints "port P", then one line "request" for each complete request. Answers
200 {} to all but the Nth, which it takes and then: closes the connection
(close), says goodbye and closes (goaway), resets the stream (reset), or says
that it was not processed (refused). For tests of what the client sends again.
"""
import socket
import ssl
import struct
import sys

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_STREAM, END_HEADERS, ACK = 1, 4, 1
INTERNAL_ERROR, REFUSED_STREAM = 2, 7


class Gone(Exception):
    pass


def read(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise Gone
        data += piece
    return data


def send(connection, kind, flags, stream, payload=b""):
    head = struct.pack(">I", len(payload))[1:]
    head += struct.pack(">BBI", kind, flags, stream)
    connection.sendall(head + payload)


def misbehave(connection, mode, stream):
    if mode == "close":
        raise Gone
    if mode == "goaway":
        send(connection, GOAWAY, 0, 0, struct.pack(">II", stream, 0))
        raise Gone
    code = REFUSED_STREAM if mode == "refused" else INTERNAL_ERROR
    send(connection, RST_STREAM, 0, stream, struct.pack(">I", code))


def serve(connection, mode, bad, count):
    """Until the connection ends; returns the number of requests so far."""
    try:
        if read(connection, len(PREFACE)) != PREFACE:
            return count
        send(connection, SETTINGS, 0, 0)
        while True:
            head = read(connection, 9)
            size = int.from_bytes(head[:3], "big")
            kind, flags, stream = struct.unpack(">BBI", head[3:])
            payload = read(connection, size)
            if kind == SETTINGS and not flags & ACK:
                send(connection, SETTINGS, ACK, 0)
            elif kind == PING and not flags & ACK:
                send(connection, PING, ACK, 0, payload)
            elif kind in (HEADERS, DATA) and flags & END_STREAM:
                count += 1
                print("request", flush=True)
                if count == bad:
                    misbehave(connection, mode, stream)
                    continue
                # 0x88 is ":status: 200" in HPACK's static table
                send(connection, HEADERS, END_HEADERS, stream, b"\x88")
                send(connection, DATA, END_STREAM, stream, b"{}")
    except (Gone, OSError):
        return count


def main():
    cert, key, mode, bad = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.set_alpn_protocols(["h2"])
    listener = socket.create_server(("127.0.0.1", 0))
    print("port", listener.getsockname()[1], flush=True)
    count = 0
    while True:
        plain, _ = listener.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as connection:
                count = serve(connection, mode, int(bad), count)
        except OSError:
            pass


if __name__ == "__main__":
    main()
