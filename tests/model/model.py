#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Explicit-state model check of the create protocol.

One contact, one or two clients, a network that may apply, drop or delay what
was sent, a search that lags, and kills at any step. Every reachable state is
visited breadth-first; a state with two contacts is a failure, and so is a
state from which no crash-free way leads to the end.

Each defence can be switched off. The variants below show that every defence
is needed: without it the search finds the duplicate, and prints the shortest
way to it.
"""

import collections
import sys

NEW, INTENT, LINKED, UNDECIDED = "NEW", "INTENT", "LINKED", "REVIEW"

# What a client can be doing.
IDLE, PROBE, WRITE, SEND, AWAIT, DOUBT, SEARCH, LINK, DONE, REVIEW = (
    "idle", "probe", "write", "send", "await", "doubt", "search", "link",
    "done", "review")

Variant = collections.namedtuple(
    "Variant", "name journal after_unknown wait resend clients lock synced "
    "power probe crashes attempts expect")


def variant(name, expect, journal=True, after_unknown="search", wait=True,
            resend=False, clients=1, lock=True, synced=True, power=False,
            probe=False, crashes=2, attempts=3):
    """A protocol with its defences on unless said otherwise."""
    return Variant(name, journal, after_unknown, wait, resend, clients, lock,
                   synced, power, probe, crashes, attempts, expect)


VARIANTS = [
    variant("no journal, retry on timeout", True, journal=False,
            after_unknown="retry"),
    variant("journal, blind second create", True, after_unknown="retry"),
    variant("search on timeout, no journal", True, journal=False),
    variant("journal and search, no wait", True, wait=False),
    variant("journal, wait and search, library sends again", True,
            resend=True),
    variant("the same, not sent again", False),
    variant("two instances, no lock", True, clients=2, lock=False),
    variant("two instances, lock", False, clients=2),
    variant("five crashes, six attempts", False, clients=2, crashes=5,
            attempts=6),
    variant("intent not synced, power cut", True, synced=False, power=True),
    variant("the same, search before create, no wait", True, synced=False,
            power=True, probe=True, wait=False),
    variant("the same, wait and search before create", False, synced=False,
            power=True, probe=True),
    variant("lock, search before the first create (as built)", False,
            clients=2, probe=True),
]

# durable: what is on disk; volatile: what a kill leaves, a power cut does not
# contacts: made at the server; flying: creates under way; visible: contacts
# that the search finds; clients: (step, attempts, sent again); holder of the
# lock; crashes left
State = collections.namedtuple(
    "State", "durable volatile contacts flying visible clients holder crashes")


def settled(state):
    """The end of the settle time: nothing is under way, all is visible."""
    return state.flying == 0 and state.visible == state.contacts


def change(state, who, step, attempts=None, again=None, **others):
    clients = list(state.clients)
    old = clients[who]
    clients[who] = (step, old[1] if attempts is None else attempts,
                    old[2] if again is None else again)
    return state._replace(clients=tuple(clients), **others)


def begin(v, state, who):
    """A client takes the row up: by what the disk says."""
    seen = state.volatile
    holder = who if v.lock else None
    if seen in (LINKED, UNDECIDED):
        return change(state, who, DONE)
    if seen == INTENT and v.journal:
        step = DOUBT if v.after_unknown == "search" else SEND
        return change(state, who, step, holder=holder)
    return change(state, who, PROBE if v.probe else WRITE, holder=holder)


def write_intent(v, state, who, attempts):
    if not v.journal:
        return change(state, who, SEND, attempts=attempts)
    return change(state, who, SEND, attempts=attempts, volatile=INTENT,
                  durable=INTENT if v.synced else state.durable)


def finish(state, who, step, disk):
    """The row is at an end: on disk, and the lock is let go."""
    holder = None if state.holder == who else state.holder
    return change(state, who, step, volatile=disk, durable=disk, holder=holder)


def after_search(v, state, who):
    attempts = state.clients[who][1]
    if state.visible > 0:
        return change(state, who, LINK)
    if attempts >= v.attempts:
        return finish(state, who, REVIEW, UNDECIDED)
    return write_intent(v, state, who, attempts + 1)


def client_moves(v, state, who):
    """What the client itself does next: (name, state)."""
    step, attempts, _ = state.clients[who]
    if step == IDLE and (not v.lock or state.holder in (None, who)):
        yield "begins", begin(v, state, who)
    elif step == PROBE:
        # absence may only be trusted once earlier creates have settled:
        # with `wait` a lost ledger makes the whole settle time pass first
        if state.visible > 0:
            yield "probe finds it", change(state, who, LINK)
        elif not v.power or not v.wait or settled(state):
            yield "probe finds nobody", change(state, who, WRITE)
    elif step == WRITE:
        yield "writes its intent", write_intent(v, state, who, attempts + 1)
    elif step == SEND:
        yield "sends", change(state, who, AWAIT, flying=state.flying + 1)
    elif step == AWAIT:
        if v.after_unknown == "retry":
            if attempts < v.attempts:
                yield "times out, sends again", write_intent(
                    v, state, who, attempts + 1)
            else:
                yield "gives up", finish(state, who, REVIEW, UNDECIDED)
        else:
            yield "times out", change(state, who, DOUBT)
    elif step == DOUBT:
        if not v.wait or settled(state):
            yield "searches", change(state, who, SEARCH)
    elif step == SEARCH:
        yield "search answers", after_search(v, state, who)
    elif step == LINK:
        yield "links", finish(state, who, DONE, LINKED)


def world_moves(v, state):
    """What the network, the server and bad luck may do at any time."""
    if state.flying > 0:
        landed = state._replace(
            flying=state.flying - 1, contacts=state.contacts + 1)
        yield "a create lands", landed
        yield "a create is lost", state._replace(flying=state.flying - 1)
        for who, (step, _, _) in enumerate(state.clients):
            if step == AWAIT:
                yield (f"client {who} is told it landed",
                       change(landed, who, LINK))
    if state.visible < state.contacts:
        yield "the search sees it", state._replace(visible=state.visible + 1)
    for who, (step, _, again) in enumerate(state.clients):
        if v.resend and step == AWAIT and not again:
            yield (f"the library of client {who} sends again",
                   change(state, who, AWAIT, again=True,
                          flying=state.flying + 1))


def crash_moves(v, state):
    if not state.crashes:
        return
    for who, (step, _, _) in enumerate(state.clients):
        if step in (IDLE, DONE, REVIEW):
            continue
        holder = None if state.holder == who else state.holder
        dead = change(state, who, IDLE, attempts=0, again=False,
                      holder=holder, crashes=state.crashes - 1)
        yield f"client {who} is killed", dead
        if v.power:
            yield "the power is cut", dead._replace(volatile=state.durable)


def moves(v, state):
    for who in range(v.clients):
        for name, after in client_moves(v, state, who):
            yield f"client {who} {name}", after
    yield from world_moves(v, state)


def is_end(state):
    return all(step in (DONE, REVIEW) for step, _, _ in state.clients)


def explore(v):
    """All states: (parents, failing state or None, edges without crashes)."""
    first = State(NEW, NEW, 0, 0, 0, ((IDLE, 0, False),) * v.clients, None,
                  v.crashes)
    parents = {first: None}
    back = collections.defaultdict(list)
    todo = collections.deque([first])
    while todo:
        state = todo.popleft()
        if state.contacts > 1:
            return parents, state, back
        steps = [(name, after, True) for name, after in moves(v, state)]
        steps += [(name, after, False) for name, after in crash_moves(v, state)]
        for name, after, calm in steps:
            if calm:
                back[after].append(state)
            if after not in parents:
                parents[after] = (state, name)
                todo.append(after)
    return parents, None, back


def stuck(parents, back):
    """States from which no crash-free way leads to the end."""
    good = {state for state in parents if is_end(state)}
    todo = list(good)
    while todo:
        for before in back[todo.pop()]:
            if before not in good:
                good.add(before)
                todo.append(before)
    return len(parents) - len(good)


def path_to(parents, state):
    names = []
    while parents[state]:
        state, name = parents[state]
        names.append(name)
    return "; ".join(reversed(names))


def main():
    print(f"1..{len(VARIANTS)}")
    bad = 0
    for number, v in enumerate(VARIANTS):
        parents, failure, back = explore(v)
        wrong = (failure is not None) != v.expect
        note = f"{len(parents)} states"
        if failure is not None:
            note = f"duplicate: {path_to(parents, failure)}"
        else:
            left = stuck(parents, back)
            wrong = wrong or left > 0
            note += f", {left} stuck"
        print(f"# {number} {v.name}: {note}")
        word = "must show a duplicate" if v.expect else "must be safe"
        print(f"{'not ok' if wrong else 'ok'} {number + 1} - {v.name}: {word}")
        bad += wrong
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
