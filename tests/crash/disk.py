# SPDX-License-Identifier: MIT
"""What a disk may hold after a power cut, from a record of what was written.

The rules are those that POSIX leaves: what is written to a file is there for
sure after an fsync of that file, a name after an fsync of its directory; of
the rest any part may be there, in any order, and a write may be torn at a
sector. So a renamed file may be empty, and a file may be there without the
directory that was made for it.
"""

import os
import re
import shutil

SECTOR = 512
WITH_BYTES = ("write", "send", "recv")
DIRECTORY = "directory"


def read_trace(path):
    """(line, words, bytes) of each record of the shim's log."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        end = data.index(b"\n", at)
        line = data[at:end].decode()
        words = line.split(" ")
        at = end + 1
        size = int(words[-1]) if words[0] in WITH_BYTES else 0
        yield line, words, data[at:at + size]
        at += size


class Inode:
    """A file's bytes as they were, and what was done to them since."""

    def __init__(self, base=b""):
        self.base, self.changes = base, []
        self.syncs, self.syncing = [], []  # (begun, ended), and begun


class Directory:
    """The same of names: changes are (when, {name: inode or None})."""

    def __init__(self):
        self.base, self.changes = {}, []
        self.syncs, self.syncing = [], []


class Recorder:
    """Follows a trace; afterwards knows every state in between."""

    def __init__(self, root, files):
        """`files`: path -> bytes that were there, durable, at the start."""
        self.root = root.rstrip("/")
        self.directories = {self.root: Directory()}
        self.live, self.open = {}, {}
        for path, data in files.items():
            inode = Inode(data)
            self.live[path] = inode
            where, name = os.path.split(path)
            self.directories[where].base[name] = inode
        self.events = 0
        self.sent = []  # (when it was whole, external_id, bytes)
        self.known = {}  # external_id -> when the server said that it is there
        self.streams = {}

    def rename(self, changes):
        by_directory = {}
        for path, inode in changes.items():
            where, name = os.path.split(path)
            by_directory.setdefault(where, {})[name] = inode
            if inode is None:
                self.live.pop(path, None)
            elif inode is not DIRECTORY:
                self.live[path] = inode
        for where, names in by_directory.items():
            if where in self.directories:
                self.directories[where].changes.append((self.events, names))

    def follow(self, line, words, data):
        """One record; `line` is all of it, for paths with blanks."""
        self.events += 1
        getattr(self, "on_" + words[0])(line, words, data)

    def on_open(self, line, words, _):
        path = line.split(" ", 4)[4].rstrip("/")
        descriptor = int(words[1])
        if path in self.directories:
            self.open[descriptor] = self.directories[path]
            return
        if words[2] == "1":
            self.rename({path: Inode()})
        inode = self.live.get(path)
        if inode is None:
            return
        self.open[descriptor] = inode
        if words[3] == "1":
            inode.changes.append((self.events, "truncate", 0, b""))

    def on_close(self, _, words, __):
        self.open.pop(int(words[1]), None)

    def on_write(self, _, words, data):
        inode = self.open.get(int(words[1]))
        if isinstance(inode, Inode):
            inode.changes.append((self.events, "write", int(words[2]), data))

    def on_truncate(self, _, words, __):
        inode = self.open.get(int(words[1]))
        if isinstance(inode, Inode):
            inode.changes.append(
                (self.events, "truncate", int(words[2]), b""))

    def on_syncing(self, _, words, __):
        what = self.open.get(int(words[1]))
        if what is not None:
            what.syncing.append(self.events)

    def on_sync(self, _, words, __):
        what = self.open.get(int(words[1]))
        if what is not None:
            # with two at once the later beginning: that much is sure
            what.syncs.append((what.syncing.pop(0), self.events))

    def on_rename(self, line, *_):
        old, new = line.split(" ", 1)[1].split("\t")
        self.rename({old: None, new: self.live.get(old)})

    def on_link(self, line, *_):
        old, new = line.split(" ", 1)[1].split("\t")
        self.rename({new: self.live.get(old)})

    def on_unlink(self, line, *_):
        self.rename({line.split(" ", 1)[1]: None})

    def on_mkdir(self, line, *_):
        path = line.split(" ", 1)[1].rstrip("/")
        self.directories[path] = Directory()
        self.rename({path: DIRECTORY})

    def on_send(self, _, words, data):
        stream = int(words[1])
        if re.match(rb"(POST|PATCH) ", data):
            self.streams[stream] = b""
        text = self.streams.get(stream, b"") + data
        self.streams[stream] = text
        head, found, body = text.partition(b"\r\n\r\n")
        size = re.search(rb"(?i)content-length: (\d+)", head)
        if not found or not size or len(body) < int(size.group(1)):
            return
        if head.startswith(b"POST /v1/contacts HTTP"):
            key = re.search(rb'"external_id": ?"([^"]+)"', body).group(1)
            self.sent.append((self.events, key.decode(), text))

    def on_recv(self, _, __, data):
        for key in re.findall(rb'"external_id": ?"([^"]+)"', data):
            self.known.setdefault(key.decode(), self.events)

    # ---- states ----------------------------------------------------------

    def files_at(self, cut, policy, chance):
        """path -> bytes, and the directories, of one state that is legal when
        the power goes after `cut` records."""
        files, directories = {}, [self.root]
        for path in sorted(self.directories):
            directory = self.directories[path]
            if path not in directories:
                continue
            names = dict(directory.base)
            for when, changes in directory.changes:
                if when <= cut and (
                        is_durable(when, directory.syncs, cut) or
                        keeps(policy, "names", chance)):
                    names.update(changes)
            for name, inode in names.items():
                if inode is DIRECTORY:
                    directories.append(os.path.join(path, name))
                elif inode is not None:
                    files[os.path.join(path, name)] = bytes_at(
                        inode, cut, policy, chance)
        return files, directories


def is_durable(when, syncs, cut):
    return any(when < begun and ended <= cut for begun, ended in syncs)


def keeps(policy, what, chance):
    if policy == "random":
        return chance.random() < 0.5
    return policy in ("all", what)


def bytes_at(inode, cut, policy, chance):
    data = bytearray(inode.base)
    for when, what, offset, more in inode.changes:
        if when > cut:
            break
        sure = is_durable(when, inode.syncs, cut)
        if not sure and not keeps(policy, "data", chance):
            continue
        if what == "truncate":
            del data[offset:]
            data.extend(bytes(offset - len(data)))
            continue
        if not sure and policy == "random" and chance.random() < 0.3:
            # the end of the write, from a sector on, did not get there
            more = more[:chance.randrange(0, len(more) + 1, SECTOR)]
        data.extend(bytes(max(0, offset - len(data))))
        data[offset:offset + len(more)] = more
    return bytes(data)


def rebuild(root, files, directories):
    """Puts the state where it was recorded, and nothing else of it."""
    shutil.rmtree(os.path.join(root, "state"), ignore_errors=True)
    for name in os.listdir(root):
        if "people.csv" in name:
            os.unlink(os.path.join(root, name))
    for path in directories:
        os.makedirs(path, mode=0o700, exist_ok=True)
    for path, data in files.items():
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, 0o600)
