# SPDX-License-Identifier: MIT
"""Several rows in flight, and commits that serve all of them.

Changes are staged in memory; a commit puts all of them on disk at once, and
may fail, as on a full disk. Rows are alike, so a state keeps them sorted.

Invariants: I1, I3, I4 and I6 as in contact.py, for each row, and
    I2  what was shown as created is linked on disk
    W   a crash leaves no more rows in doubt than twice the window and the
        results that were not committed
"""

import collections

NEW, INTENT, LINKED, REVIEW = "NEW", "INTENT", "LINKED", "REVIEW"
QUEUED, STAGED, SEND, AWAIT, DOUBT, DONE = (
    "queued", "staged", "send", "await", "doubt", "done")

RULES = {
    "committed": True,  # what is staged does not leave before its commit
    "shown": True,      # ... nor is it shown
    "halts": True,      # after a commit that failed nothing leaves any more
    "settle": True,
    "bounded": True,    # no more rows than twice the window are begun
}

# staged: what the next commit puts on disk; landed, seen: creates that took
# effect, and those that the search finds
Row = collections.namedtuple(
    "Row", "disk staged step attempt landed flying seen shown")
State = collections.namedtuple("State", "rows halted crashes failures")
BEGIN = Row(NEW, "", QUEUED, 0, 0, 0, 0, False)


class GroupModel:
    def __init__(self, rows=2, window=1, crashes=1, failures=1, attempts=2,
                 **rules):
        """`window`: how many creates are in flight at once."""
        self.rules = dict(RULES, **rules)
        if len(self.rules) > len(RULES):
            raise KeyError(f"no such switch: {rules}")
        self.count, self.window, self.attempts = rows, window, attempts
        self.bad = crashes, failures

    def first(self):
        return State((BEGIN,) * self.count, False, *self.bad)

    @staticmethod
    def is_end(state):
        return all(row.step == DONE for row in state.rows)

    def broken(self, state):
        found = []
        if any(row.landed > 1 for row in state.rows):
            found.append("I1")
        if any(row.shown and row.disk != LINKED for row in state.rows):
            found.append("I2")
        results = sum(row.staged in (LINKED, REVIEW) for row in state.rows)
        doubts = sum(row.disk == INTENT and bool(
            row.staged or row.step in (SEND, AWAIT)) for row in state.rows)
        if doubts > 2 * self.window + results:
            found.append("W")
        return found

    @staticmethod
    def put(state, at, row, **others):
        rows = list(state.rows)
        rows[at] = row
        return state._replace(rows=tuple(sorted(rows)), **others)

    def moves(self, state):
        for at, row in enumerate(state.rows):
            if at and row == state.rows[at - 1]:
                continue
            if not state.halted or not self.rules["halts"]:
                for name, after, *broken in self.row_moves(state, at, row):
                    yield name, after, True, broken
            for name, after in self.network_moves(state, at, row):
                yield name, after, True, ()
        if any(row.staged for row in state.rows) and not state.halted:
            yield "commit", self.commit(state), True, ()
            if state.failures:
                yield "commit fails", self.fail(state), False, ()
        if state.halted:
            yield "the run ends, another begins", self.restart(state), True, ()
        if state.crashes:
            yield ("kill", self.restart(state)._replace(
                crashes=state.crashes - 1), False, ())

    # ---- a row -------------------------------------------------------------

    def stage(self, row, what, then=STAGED, **others):
        shown = row.shown or (what == LINKED and not self.rules["shown"])
        return row._replace(staged=what, step=then, shown=shown, **others)

    def intent(self, row):
        then = STAGED if self.rules["committed"] else SEND
        return self.stage(row, INTENT, then, attempt=row.attempt + 1)

    def row_moves(self, state, at, row):
        flying = sum(r.step == AWAIT for r in state.rows)
        busy = flying + sum(r.step == SEND or r.staged == INTENT
                            for r in state.rows)
        room = not self.rules["bounded"] or busy < 2 * self.window
        if row.step == QUEUED and room:
            after = self.intent(row) if row.disk == NEW else row._replace(
                step=DOUBT if row.disk == INTENT else DONE)
            yield "begins a row", self.put(state, at, after)
        elif row.step == SEND and flying < self.window:
            broken = []
            if row.disk != INTENT:
                broken.append("I4" if row.disk in (LINKED, REVIEW) else "I3")
            yield ("sends", self.put(state, at, row._replace(
                step=AWAIT, flying=row.flying + 1)), *broken)
        elif row.step == AWAIT:
            yield "no answer", self.put(state, at, row._replace(step=DOUBT))
        elif row.step == DOUBT and room and (
                not self.rules["settle"] or
                (not row.flying and row.seen == row.landed)):
            if row.seen:
                after = self.stage(row, LINKED)
            elif row.attempt >= self.attempts:
                after = self.stage(row, REVIEW)
            else:
                after = self.intent(row)
            yield "searches", self.put(state, at, after)

    def network_moves(self, state, at, row):
        if row.flying:
            gone = row._replace(flying=row.flying - 1)
            landed = gone._replace(landed=row.landed + 1)
            yield "a create is lost", self.put(state, at, gone)
            yield "a create lands", self.put(state, at, landed)
            if row.step == AWAIT:
                yield ("is told that it landed",
                       self.put(state, at, self.stage(landed, LINKED)))
        if row.seen < row.landed:
            yield "the search sees it", self.put(
                state, at, row._replace(seen=row.seen + 1))

    # ---- commits and crashes -----------------------------------------------

    @staticmethod
    def after_commit(row, written):
        if not row.staged:
            return row
        what = row.staged
        step = row.step
        if step == STAGED:
            step = SEND if what == INTENT else DONE
        return row._replace(disk=what if written else row.disk, staged="",
                            step=step, shown=row.shown or what == LINKED)

    def commit(self, state):
        return state._replace(rows=tuple(sorted(
            self.after_commit(row, True) for row in state.rows)))

    def fail(self, state):
        """Nothing is on disk. Who does not halt goes on as if it were."""
        rows = state.rows
        if not self.rules["halts"]:
            rows = tuple(sorted(
                self.after_commit(row, False) for row in rows))
        return state._replace(rows=rows, halted=self.rules["halts"],
                              failures=state.failures - 1)

    @staticmethod
    def restart(state):
        """What is in memory is gone; what flies, flies on."""
        return state._replace(halted=False, rows=tuple(sorted(
            row._replace(staged="", attempt=min(row.attempt, 1), step=DONE
                         if row.disk in (LINKED, REVIEW) else QUEUED)
            for row in state.rows)))
