# SPDX-License-Identifier: MIT
"""F5: the power goes. A run is recorded once; then, for every moment of it and
every state that the disk and the server may be in at that moment, the state is
put where it was and belay goes on from there, on a machine that was started
anew.

Of a create without an answer the server has got nothing, or all of it, or gets
it only after the power is back.
"""

import hashlib
import json
import os
import random
import socket
import threading

from disk import Recorder, is_durable, read_trace, rebuild
from world import BELAY, Failure, World

SHIM = os.environ.get("CRASH_SHIM", os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(BELAY))),
    "tests", "crash", "shim.so"))
POLICIES = ["none", "all", "names", "data", "random", "random", "random"]
FATES = ["never", "arrived", "late"]
LATE = 0.08


def preload(world, **variables):
    return dict(LD_PRELOAD=SHIM, SHIM_ROOT=world.directory + "/", **variables)


class Recording:
    """A run that went its way, and its world, which is used again."""

    def __init__(self, script="", sync="concurrency: 4", program=None):
        self.world = World(5, script, sync=sync, program=program)
        self.before = self.world.bytes_of_book()
        # the one that is killed is the one that ends: also a run cut off
        self.world.run(**preload(self.world, SHIM_LOG=self.world.path(
            "trace")))
        self.recorder = Recorder(self.world.directory,
                                 {self.world.book: self.before})
        for line, words, data in read_trace(self.world.path("trace")):
            self.recorder.follow(line, words, data)
        with open(self.world.store, encoding="utf-8") as file:
            self.contacts = [json.loads(line) for line in file]
        with open(self.world.path("boot"), "w", encoding="utf-8") as file:
            file.write("11111111-2222-4333-8444-555555555555\n")
        self.world.stop_server()
        self.seen = set()

    def check_names(self):
        """Before the first create leaves, every directory and every file of
        the ledger is in its place for sure."""
        first = self.recorder.sent[0][0]
        for path, directory in self.recorder.directories.items():
            for when, names in directory.changes:
                if when < first and not is_durable(
                        when, directory.syncs, first) and any(names.values()):
                    raise Failure("lost", f"not on disk when the first create "
                                  f"leaves: {sorted(names)} in {path}")

    def fates(self, cut, chance):
        """external_id -> what became of its create, of those sent."""
        fates, late = {}, {}
        for when, key, data in self.recorder.sent:
            if when > cut:
                continue
            known = self.recorder.known.get(key, cut + 1) <= cut
            fates[key] = "arrived" if known else chance.choice(FATES)
            late[key] = data
        return fates, {key: data for key, data in late.items()
                       if fates[key] == "late"}

    def states(self, chance):
        """Distinct ones, in the order of time, once through it."""
        for cut in range(self.recorder.events + 1):
            for policy in POLICIES:
                files, directories = self.recorder.files_at(
                    cut, policy, chance)
                fates, late = self.fates(cut, chance)
                digest = hashlib.sha256(repr(
                    (sorted(files.items()), sorted(directories),
                     sorted(fates.items()))).encode()).digest()
                if digest not in self.seen:
                    self.seen.add(digest)
                    yield (f"after {cut} of {self.recorder.events} records, "
                           f"{policy}, {fates}", files, directories, fates,
                           late)

    def recover(self, state):
        label, files, directories, fates, late = state
        world = self.world
        rebuild(world.directory, files, directories)
        there = {key for key, fate in fates.items() if fate == "arrived"}
        with open(world.store, "w", encoding="utf-8") as file:
            for contact in self.contacts:
                if contact["values"]["external_id"] in there:
                    file.write(json.dumps(contact) + "\n")
        for name in ("log", "errors"):
            if os.path.exists(world.path(name)):
                os.unlink(world.path(name))
        world.start_server()
        world.write_config()
        timer = threading.Timer(LATE, self.arrive, (late,))
        try:
            world.check_whole()
            timer.start()
            world.run(**preload(world, SHIM_BOOT=world.path("boot")))
            timer.join()
            world.finish(person=True)
        except Failure as failure:
            raise Failure(failure.kind, f"{label}: {failure}") from None
        finally:
            timer.cancel()
            world.stop_server()

    def arrive(self, late):
        """What was on its way when the power went."""
        port = int(self.world.url.rsplit(":", 1)[1])
        for data in late.values():
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(data)
                connection.recv(4096)

    def close(self):
        self.world.close()


SCRIPTS = ["", "create 2-3 commit-then-drop\n", "create 2-3 drop\n",
           "create 2 late 100ms\n", "create 2-3 partial\n"]
SYNCS = ["concurrency: 4", "concurrency: 2, search_before_create: false",
         "concurrency: 4, search_before_create: false", "concurrency: 1"]


def one_recording(seed, most):
    """A run, and recoveries from some of its states, chosen by chance."""
    chance = random.Random(seed)
    recording = Recording(SCRIPTS[seed % len(SCRIPTS)],
                          chance.choice(SYNCS))
    try:
        recording.check_names()
        states = list(recording.states(chance))
        for state in chance.sample(states, min(most, len(states))):
            recording.recover(state)
        return {"cuts": min(most, len(states))}
    finally:
        recording.close()
