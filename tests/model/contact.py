# SPDX-License-Identifier: MIT
"""One row, one or two clients, and everything that may go wrong meanwhile.

A network that applies, drops or delays what was sent; a search that lags and
gives one contact only; kills and power cuts at any step; a user who edits the
row; a ledger that is lost or put back from an old copy; other people with the
same name or phone.

Invariants (I5 is in saving.py):
    I1  at most one contact of this person, and one more for each time that a
        person said "create anyway"; what somebody types in on the web behind
        our back counts once it has our ID
    I2  what exists is not forgotten: nothing ends as refused or without its
        ID in the file while the contact is there
    I3  no create leaves before its INTENT is on disk
    I4  nothing leaves for a row that is linked, refused or in review
    I6  there is always a way to an end (counted by the search)
"""

import collections

NEW, INTENT, LINKED, REJECTED, REVIEW = (
    "NEW", "INTENT", "LINKED", "REJECTED", "REVIEW")

# What a client can be doing.
IDLE, SETTLE, PROBE, WRITE, SEND, AWAIT, DOUBT, LOOKUP, LINK, CLAIM, SAVE, \
    SAVED, DONE = ("idle", "settle", "probe", "write", "send", "await",
                   "doubt", "look-up", "link", "claim", "save", "saved",
                   "done")

# The row's values: its Medicare number, its name with birth date or phone.
# A version each, which an edit raises.
NUMBER, NAME = 0, 1

# The defences, as built. Each can be taken away.
RULES = {
    "journal": True,         # an INTENT before the create
    "synced": True,          # ... that is on disk and not only written
    "minted": True,          # ... with the ID that we made up for the row
    "stamp": True,           # its deadline counts from the sending
    "boot": True,            # ... and is not believed after another boot
    "ask": True,             # after an unknown outcome the search is asked
    "settle": True,          # ... when the settle time is over
    "every": True,           # ... by every selector
    "strangers": True,       # ... and somebody else proves nothing
    "as_sent": True,         # ... nor does "nobody" for values edited since
    "once": True,            # the library does not send again by itself
    "lock": True,            # one writer
    "probe": True,           # a search before the first create
    "patient": False,        # ... that waits for the settle time each time
    "lost_settle": True,     # after a lost ledger: when the time is over
    "lost_probe": True,      # ... also where the probe is turned off
    "lost_lookup": True,     # ... by every selector, as after a doubt
    "conflict": True,        # the same person under another ID: a person asks
    "cautious": True,        # an unclaimed contact after a doubt: the same
    "refusal_asked": True,   # a 422 is looked up before it is a refusal
    "refusal_settle": True,  # ... when the settle time is over, where it says
                             # that it is taken or an answer was lost before;
                             # "always": whatever it says
    "refusal_strangers": True,  # ... and then somebody else proves nothing,
                                # nor, where it says so, does nobody
    "decided": True,         # refused and in review: not sent
    "unsaved": True,         # an ID counts as saved once it is in the file
    "adopt": "exact",        # an unclaimed contact of that person is taken
}

# What is around. Numbers are how often it may happen.
WORLD = {
    "clients": 1,
    "crashes": 1,
    "attempts": 2,
    "power": False,          # power cuts beside kills
    "selectors": (NUMBER, NAME),
    "strangers": (),         # selectors that somebody else has as well
    "web": None,             # typed in on the web without an ID: "before",
                             # or "later"
    "unique": False,         # a second create of an ID is refused (422)
    "refused": False,        # creates may be refused
    "refused_done": False,   # a create that is done may be answered 422
    "taken_done": False,     # ... that says that its ID is taken
    "edits": 0,
    "losses": 0,             # of the ledger
    "backup": None,          # an old copy is put back: "settled", "any" time
    "review": False,         # a person decides about what is in review
}

Rules = collections.namedtuple("Rules", RULES)
World = collections.namedtuple("World", WORLD)

# attempt, lost: creates sent, and whether the last answer was lost; covers:
# the deadline is no earlier than the settle time after the last sending; sent:
# the values of the last create; claim: our ID is to be put in there; saved:
# the ID is in the file; anyway: the user said to create; fresh: a ledger in
# place of a lost one
Disk = collections.namedtuple(
    "Disk", "state attempt lost covers sent claim saved anyway fresh never")
# values; whose ID it has: 0 nobody's; seen: the search finds it; typed: in on
# the web, behind our back
Contact = collections.namedtuple("Contact", "values owner seen typed")
Client = collections.namedtuple(
    "Client", "step row asking other careful proof refused early again found")
# platter: what a power cut leaves; owner: the ID that the row has now
State = collections.namedtuple(
    "State", "disk platter copy file row contacts flying clients holder owner "
    "crashes edits losses typing consents")

BLANK = Disk(NEW, 0, False, True, (0, 0), False, False, False, False, False)
NOBODY = Client(IDLE, (0, 0), 0, False, False, False, False, False, False,
                None)


class ContactModel:
    def __init__(self, **changes):
        self.rules = Rules(**{name: changes.get(name, value)
                              for name, value in RULES.items()})
        # "strangers" is a defence and a situation
        around = dict(changes, strangers=changes.get("others", ()))
        self.world = World(**{name: around.get(name, value)
                              for name, value in WORLD.items()})
        unknown = set(changes) - set(RULES) - set(WORLD) - {"others"}
        if unknown:
            raise KeyError(f"no such switch: {unknown}")

    # ---- what the search needs ---------------------------------------------

    def first(self):
        world = self.world
        contacts = (Contact((0, 0), 0, True, False),) \
            if world.web == "before" else ()
        return State(BLANK, BLANK, None, False, (0, 0), contacts, (),
                     (NOBODY,) * world.clients, None, 1, world.crashes,
                     world.edits, world.losses, world.web == "later", 0)

    def is_end(self, state):
        return all(client.step == DONE for client in state.clients)

    def broken(self, state):
        found = []
        if sum(not c.typed or c.owner > 0 for c in state.contacts) \
                > 1 + state.consents:
            found.append("I1")
        if self.is_end(state):
            disk = state.disk
            ours = any(contact.owner for contact in state.contacts)
            # after "create anyway" it is the second one that was refused
            if disk.state == REJECTED and ours and not disk.never \
                    and not state.consents:
                found.append("I2")
            if disk.state == LINKED and (not state.file or disk.claim):
                found.append("I2")
        return found

    def moves(self, state):
        for who, client in enumerate(state.clients):
            for name, after, *broken in self.client_moves(state, who, client):
                yield f"client {who} {name}", after, True, broken
        for name, after in self.network_moves(state):
            yield name, after, True, ()
        for name, after, calm in self.people_moves(state):
            yield name, after, calm, ()
        for name, after in self.bad_luck(state):
            yield name, after, False, ()

    # ---- small words -------------------------------------------------------

    @staticmethod
    def put(state, who, client, **others):
        clients = list(state.clients)
        clients[who] = client
        return state._replace(clients=tuple(clients), **others)

    def go(self, state, who, step, **others):
        return self.put(
            state, who, state.clients[who]._replace(step=step), **others)

    def stored(self, state, disk):
        """What a commit leaves: on the platter too, if it is synced."""
        return {"disk": disk,
                "platter": disk if self.rules.synced else state.platter}

    def finish(self, state, who, disk):
        holder = None if state.holder == who else state.holder
        return self.put(state, who, NOBODY._replace(step=DONE), disk=disk,
                        platter=disk, holder=holder)

    def review(self, state, who):
        return self.finish(state, who, state.disk._replace(state=REVIEW))

    @staticmethod
    def settled(state):
        """The end of the settle time: nothing is under way, all is seen."""
        return not state.flying and all(c.seen for c in state.contacts)

    # ---- the client --------------------------------------------------------

    def client_moves(self, state, who, client):
        step = client.step
        if step == IDLE:
            if not self.rules.lock or state.holder is None:
                yield "begins", self.begin(state, who)
        elif step == SETTLE:
            if self.settled(state):
                yield "has waited", self.go(state, who, PROBE)
        elif step in (PROBE, LOOKUP):
            yield from self.search(state, who, client)
        elif step == WRITE:
            yield "writes its intent", *self.write(state, who, client)
        elif step == SEND:
            yield from self.send(state, who, client)
        elif step == AWAIT:
            yield "gets no answer", self.no_answer(state, who, client)
        elif step == DOUBT:
            if not self.rules.settle or client.early or self.settled(state):
                yield "looks it up", self.look_up(state, who, state.row)
        elif step == LINK:
            yield "writes that it is linked", self.link(state, who, client)
        elif step == CLAIM:
            yield from self.claim(state, who)
        elif step in (SAVE, SAVED):
            yield from self.save(state, who, step)

    def begin(self, state, who):
        """A client takes the row up: by what the disk says."""
        rules, disk = self.rules, state.disk
        holder = who if rules.lock else None
        client = NOBODY._replace(row=state.row)
        if disk.state == LINKED:
            step = CLAIM if disk.claim else SAVE if not disk.saved else None
            if not step:
                return self.put(state, who, NOBODY._replace(step=DONE))
        elif disk.state == INTENT:
            step = DOUBT if rules.ask else SEND
            client = client._replace(early=not disk.covers)
        elif disk.state != NEW and rules.decided:
            return self.put(state, who, NOBODY._replace(step=DONE))
        elif state.file and disk.state == NEW and not disk.anyway:
            step = LINK  # the file has an ID that the ledger lacks
        else:
            step = self.first_step(disk)
            client = client._replace(careful=disk.fresh and rules.lost_lookup)
        return self.put(state, who, client._replace(step=step), holder=holder)

    def first_step(self, disk):
        rules = self.rules
        probe = rules.probe or (disk.fresh and rules.lost_probe)
        if not probe or disk.anyway or not self.world.selectors:
            return WRITE
        wait = rules.patient or (disk.fresh and rules.lost_settle)
        return SETTLE if wait else PROBE

    def write(self, state, who, client):
        disk = state.disk
        if not self.rules.journal:
            return (self.go(state, who, SEND),)
        broken = ["I4"] if disk.state in (LINKED, REJECTED, REVIEW) else []
        more = disk.state != INTENT or disk.lost
        disk = disk._replace(state=INTENT, attempt=disk.attempt + more,
                             lost=False, covers=True, sent=client.row)
        return (self.go(state, who, SEND, **self.stored(state, disk)), *broken)

    def send(self, state, who, client):
        rules, disk = self.rules, state.disk
        if not disk.covers and rules.stamp and rules.journal:
            yield "puts its deadline off", state._replace(
                **self.stored(state, disk._replace(covers=True)))
            return
        broken = []
        if state.platter.state != INTENT:
            broken.append("I3")
        if disk.state in (LINKED, REJECTED, REVIEW):
            broken.append("I4")
        flying = tuple(sorted(state.flying + ((client.row, state.owner),)))
        yield ("sends", self.go(state, who, AWAIT, flying=flying), *broken)
        if disk.covers and rules.journal:
            # a slow service, a pause: the mark on disk gets old
            yield "has to wait long before it sends", state._replace(
                **self.stored(state, disk._replace(covers=False)))
        if rules.ask and rules.journal:
            yield "is stopped before it sends", self.finish(
                state, who, disk._replace(state=NEW, attempt=0, lost=False,
                                          covers=True))

    def no_answer(self, state, who, client):
        disk = state.disk._replace(lost=True)
        if self.rules.ask:
            return self.put(
                state, who, client._replace(step=DOUBT, early=False,
                                            again=False),
                **self.stored(state, disk))
        if disk.attempt >= self.world.attempts or len(state.flying) > 2:
            return self.review(state, who)
        return self.go(state, who, WRITE, **self.stored(state, disk))

    # ---- the search --------------------------------------------------------

    def look_up(self, state, who, row):
        if not self.world.selectors:
            return self.review(state, who)
        client = state.clients[who]._replace(
            step=LOOKUP, row=row, asking=0, other=False, proof=False)
        return self.put(state, who, client)

    def answers(self, state, client):
        """Whom the search may give: one of those whom it finds."""
        selector = self.world.selectors[client.asking]
        found = set()
        for contact in state.contacts:
            if not contact.seen or \
                    contact.values[selector] != client.row[selector]:
                continue
            if contact.owner == state.owner:
                found.add("ours")
            elif contact.values[NUMBER] != client.row[NUMBER]:
                found.add("somebody else")  # another Medicare number
            else:
                found.add("another ID" if contact.owner else "no ID")
        if selector in self.world.strangers:
            found.add("somebody else")
        return sorted(found) or ["nobody"]

    def search(self, state, who, client):
        for answer in self.answers(state, client):
            take = self.probed if client.step == PROBE else self.looked_up
            yield f"searches: {answer}", take(state, who, client, answer)

    def found(self, state, who, client, what):
        return self.put(state, who, client._replace(step=LINK, found=what))

    def probed(self, state, who, client, answer):
        rules = self.rules
        if answer == "ours":
            return self.found(state, who, client, "ours")
        if answer == "no ID":
            if rules.adopt == "exact":
                return self.found(state, who, client, "web")
            return self.review(state, who)
        if answer == "another ID" and rules.conflict:
            return self.review(state, who)
        client = client._replace(other=client.other or (
            client.careful and answer != "nobody"))
        if (answer != "nobody" or client.careful) and \
                client.asking + 1 < len(self.world.selectors):
            return self.put(
                state, who, client._replace(asking=client.asking + 1))
        if client.other:
            return self.review(state, who)
        return self.put(state, who, client._replace(
            step=WRITE, asking=0, careful=False))

    def looked_up(self, state, who, client, answer):
        rules = self.rules
        if answer == "ours":
            return self.found(state, who, client, "ours")
        if answer == "no ID":
            if rules.adopt == "exact" and (
                    client.refused or not rules.cautious):
                return self.found(state, who, client, "web")
            return self.review(state, who)
        if answer == "another ID" and rules.conflict:
            return self.review(state, who)
        selector = self.world.selectors[client.asking]
        if answer == "nobody":
            same = client.row[selector] == state.disk.sent[selector]
            client = client._replace(
                proof=client.proof or same or not rules.as_sent)
        elif rules.strangers:
            client = client._replace(other=True)
        else:
            client = client._replace(proof=True)
        if rules.every and client.asking + 1 < len(self.world.selectors):
            return self.put(
                state, who, client._replace(asking=client.asking + 1))
        return self.lookup_ends(state, who, client)

    def waits_for(self, disk, refused):
        """Whether what was refused is looked up after the wait."""
        if not refused or not self.rules.refusal_settle:
            return False
        return (refused == "taken" or disk.attempt > 1
                or self.rules.refusal_settle == "always")

    def lookup_ends(self, state, who, client):
        disk = state.disk
        if self.rules.refusal_strangers and (
                client.refused == "taken" or client.other and
                self.waits_for(disk, client.refused)):
            return self.review(state, who)
        if client.refused:
            return self.finish(state, who, disk._replace(
                state=REJECTED, attempt=0, lost=False))
        if client.other or not client.proof:
            return self.review(state, who)
        if disk.attempt >= self.world.attempts and (
                disk.lost or not self.rules.journal):
            return self.review(state, who)
        return self.put(state, who, client._replace(
            step=WRITE, asking=0, other=False, proof=False, early=False))

    # ---- linked ------------------------------------------------------------

    def link(self, state, who, client):
        disk = state.disk._replace(
            state=LINKED, lost=False, anyway=False, covers=True,
            claim=client.found == "web", saved=state.file)
        after = self.put(state, who, NOBODY._replace(
            step=CLAIM if disk.claim else SAVED if state.file else SAVE),
            **self.stored(state, disk))
        return after if not state.file or disk.claim else self.finish(
            after, who, disk)

    def claim(self, state, who):
        """An update that puts our ID in; it may be repeated."""
        contacts = tuple(sorted(
            contact if contact.owner else contact._replace(owner=state.owner)
            for contact in state.contacts))
        yield "claims it, hears nothing", state._replace(contacts=contacts)
        yield "claims it", self.go(
            state, who, SAVE, contacts=contacts,
            **self.stored(state, state.disk._replace(claim=False)))

    def save(self, state, who, step):
        saved = state.disk._replace(saved=True)
        if not self.rules.unsaved:
            if step == SAVE:
                yield "notes its ID as saved", self.go(
                    state, who, SAVED, **self.stored(state, saved))
            else:
                yield "saves its ID", self.finish(
                    state, who, saved)._replace(file=True)
        elif step == SAVE:
            yield "saves its ID", self.go(state, who, SAVED, file=True)
        else:
            yield "notes its ID as saved", self.finish(state, who, saved)

    # ---- the network and the service ---------------------------------------

    def network_moves(self, state):
        for at, one in enumerate(state.flying):
            if at and one == state.flying[at - 1]:
                continue
            rest = state.flying[:at] + state.flying[at + 1:]
            gone = state._replace(flying=rest)
            yield "a create is lost", gone
            taken = any(c.owner == one[1] for c in state.contacts)
            if taken and self.world.unique:
                yield "a create is refused, as its ID is taken", gone
                yield from self.told_refused(gone, "taken")
                continue
            landed = gone._replace(contacts=tuple(sorted(
                state.contacts + (Contact(one[0], one[1], False, False),))))
            yield "a create lands", landed
            yield from self.told(state, gone, landed)
        for at, contact in enumerate(state.contacts):
            if not contact.seen:
                yield "the search sees it", state._replace(
                    contacts=tuple(sorted(
                        state.contacts[:at] + state.contacts[at + 1:]
                        + (contact._replace(seen=True),))))

    def told(self, state, gone, landed):
        """The answers to a create that reach a client."""
        for who, client in enumerate(state.clients):
            if client.step != AWAIT:
                continue
            yield (f"client {who} is told that it landed",
                   self.put(landed, who, client._replace(
                       step=LINK, found="ours", again=False)))
            if not client.again:
                yield (f"client {who} knows that nothing was sent",
                       self.go(gone, who, SEND))
            if not self.rules.once and not client.again:
                yield (f"the library of client {who} sends again",
                       self.put(state, who, client._replace(again=True),
                                flying=tuple(sorted(
                                    state.flying
                                    + ((client.row, state.owner),)))))
            if self.world.refused:
                yield (f"client {who} is told that it is refused",
                       self.finish(gone, who, state.disk._replace(
                           state=REJECTED, attempt=0, lost=False)))
        if self.world.refused_done:
            yield from self.told_refused(landed, "refused (it is not)")
        if self.world.taken_done:
            yield from self.told_refused(landed, "taken")

    def told_refused(self, state, why):
        for who, client in enumerate(state.clients):
            if client.step != AWAIT:
                continue
            client = client._replace(refused=why, again=False)
            if not self.rules.refusal_asked:
                after = self.finish(state, who, state.disk._replace(
                    state=REJECTED, attempt=0, lost=False))
            elif self.waits_for(state.disk, why):
                after = self.put(state, who, client._replace(
                    step=DOUBT, early=False))
            else:
                after = self.look_up(self.put(state, who, client), who,
                                     client.row)
            yield f"client {who} is told: 422, {why}", after

    # ---- people ------------------------------------------------------------

    def at_rest(self, state):
        return all(c.step in (IDLE, DONE) for c in state.clients)

    def again(self, state, disk, **others):
        """Another run will look at the row."""
        return state._replace(
            disk=disk, platter=disk, clients=(NOBODY,) * self.world.clients,
            **others)

    def people_moves(self, state):
        disk = state.disk
        if state.edits:
            for value, name in ((NUMBER, "number"), (NAME, "name")):
                row = list(state.row)
                row[value] += 1
                after = state._replace(row=tuple(row), edits=state.edits - 1)
                if disk.state == REJECTED and not disk.never and \
                        self.at_rest(state):
                    after = self.again(after, disk._replace(
                        state=NEW, attempt=0))
                yield f"the user changes the {name}", after, False
        if state.typing:
            yield "somebody types it in on the web", state._replace(
                typing=False, contacts=tuple(sorted(
                    state.contacts + (Contact((0, 0), 0, True, True),)))), \
                False
        if self.world.review and disk.state == REVIEW and \
                self.at_rest(state):
            yield from self.decisions(state, disk)

    def decisions(self, state, disk):
        for contact in state.contacts:
            if contact.seen:
                yield ("the user links it", self.again(state, disk._replace(
                    state=LINKED, claim=not contact.owner, saved=False)),
                    True)
        if not state.consents:
            yield ("the user says: create anyway", self.again(
                state, disk._replace(state=NEW, attempt=0, lost=False,
                                     anyway=True),
                consents=1), True)
        yield ("the user says: never", self.again(
            state, disk._replace(state=REJECTED, never=True)), True)

    # ---- bad luck ----------------------------------------------------------

    def bad_luck(self, state):
        if state.crashes:
            yield from self.crashes(state)
        if state.losses and self.at_rest(state):
            if self.world.backup:
                yield from self.old_copy(state)
            else:
                yield "the ledger is lost", self.again(
                    state, BLANK._replace(fresh=True),
                    losses=state.losses - 1, holder=None)

    def crashes(self, state):
        for who, client in enumerate(state.clients):
            if client.step in (IDLE, DONE):
                continue
            holder = None if state.holder == who else state.holder
            dead = self.put(state, who, NOBODY, holder=holder,
                            crashes=state.crashes - 1)
            if not self.rules.minted and state.disk.state == INTENT:
                # nobody knows the ID any more: the row gets another one
                dead = dead._replace(disk=BLANK, platter=BLANK,
                                     owner=state.owner + 1)
            yield f"client {who} is killed", dead
            if self.world.power:
                disk = dead.platter
                if not self.rules.boot:
                    disk = disk._replace(covers=False)
                yield "the power is cut", dead._replace(
                    disk=disk, platter=disk,
                    clients=tuple(NOBODY if c.step != DONE else c
                                  for c in dead.clients), holder=None)

    def old_copy(self, state):
        if state.copy is None:
            yield "somebody copies the ledger", state._replace(
                copy=state.disk)
        elif self.world.backup == "any" or self.settled(state):
            # its deadline, if it has one, is long past
            yield "the old copy is put back", self.again(
                state, state.copy._replace(covers=False),
                losses=state.losses - 1, copy=None, holder=None)
