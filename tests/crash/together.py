# SPDX-License-Identifier: MIT
"""F8: several processes on one book. And the re-send test: a create whose
answer never comes is sent once, whatever carried it."""

import collections
import json
import os
import random
import socket

from world import (HELD, LIMIT, TURNS, Failure, World, ended, held_by, kill,
                   tell)


def start_together(world, count):
    """All wait for the end of one pipe, then become belay."""
    reader, writer = os.pipe()
    wrap = ["sh", "-c", 'read -r _; exec "$@" </dev/null', "sh"]
    try:
        return [world.start(wrap=wrap, stdin=reader) for _ in range(count)]
    finally:
        os.close(reader)
        os.close(writer)


def one_race(count=2, program=None, chance=random):
    """They start at once. One works; who is turned away names it."""
    def story(world):
        if program or chance.random() < 0.5:
            world.run(BELAY_DEBUG_STOP_AT="1")  # the ledger is there by then
        processes = start_together(world, count)
        if chance.random() < 0.2 and not ended(processes[0], 0.05):
            kill(processes[0])
        for process in processes:
            if not ended(process, LIMIT):
                kill(process)
                raise Failure("stuck", "a race did not end")
        ends = [process.returncode for process in processes]
        named = held_by(world.said())
        turned_away = ends.count(HELD)
        if program:  # which has no lock that anybody could be told of
            world.check_server()
            return {"races": 1}
        if any(end not in (0, 1, HELD, -9) for end in ends):
            raise Failure("other", f"they ended with {ends}: {world.said()}")
        holders = {str(each.pid) for each in processes
                   if each.returncode != HELD}
        for process, host in named:
            if process not in holders or host != socket.gethostname():
                raise Failure("other", f"process {process} on {host} holds "
                              f"nothing; it is one of {holders}")
        if world.said().count("another belay") != turned_away:
            raise Failure("other", f"{turned_away} were turned away: "
                          + world.said())
        if len(named) != turned_away:
            raise Failure("other", "the holder is not named: " + world.said())
        world.finish()
        return {"races": 1, "turned_away": turned_away}

    sync = "concurrency: 4, search_before_create: " + \
        ("false" if program or chance.random() < 0.5 else "true")
    return tell(World(4, "", ["latency=25ms"], sync=sync, program=program),
                story)


# ---- re-send -----------------------------------------------------------------

# What carries the create, and whether its connection was used before. With the
# search before it every second is: there are two searches, then two creates.
# Without it most are not: only the later look-ups leave connections behind.
CARRIERS = [(front, used) for front in ("plain", "h2")
            for used in (False, True)]


def creates_in(log):
    """How often each create came, and which was not the first request of its
    connection."""
    creates, later = collections.Counter(), 0
    with open(log, encoding="utf-8") as file:
        for line in file:
            request = json.loads(line)
            if request["route"] == "create":
                creates[request["external_id"]] += 1
                later += request["on_connection"] > 1
    return creates, later


def resend(front, used, count, program=None):
    """`count` creates that are carried out and never answered. A run stops
    when none of many is answered: then the next one goes on."""
    sync = "concurrency: 1, search_before_create: " + \
        ("true" if used else "false")

    def story(world):
        for _ in range(TURNS):
            world.run()
            creates, later = creates_in(world.path("front-log"))
            if len(creates) == rows:
                break
        fits = later if used else sum(creates.values()) - later
        twice = [key for key, times in creates.items() if times > 1]
        if twice:
            raise Failure("duplicates", f"{len(twice)} of {len(creates)} "
                          "creates were sent more than once")
        if len(creates) != rows or fits < count:
            raise Failure("other", f"{len(creates)} of {rows} were created, "
                          f"{fits} on such a connection")
        world.check_server()
        world.finish()
        return {"creates": fits}

    rows = 2 * count
    world = World(rows, "", (), front, "create all close-after\n", sync,
                  program)
    return tell(world, story)
