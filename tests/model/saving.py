# SPDX-License-Identifier: MIT
"""The ID goes into the user's file while the user edits it.

The file is: how often the user has changed it, where our row stands, which
row has the ID, and whether it is whole. The user inserts a row above ours, or
saves what an editor read before: that takes the ID out again.

Invariants:
    I5  the file is what the user last made of it, but for the ID of our row
    I6  there is always a way to the ID in the file
"""

import collections

READ, WRITE, REPLACE, TORN, NOTE, DONE = (
    "read", "write", "replace", "torn", "note", "done")

RULES = {
    "again": True,   # the file is read again when it is saved
    "looked": True,  # ... and looked at once more before it is replaced
    "atomic": True,  # ... in one step (what microseconds there are in between
                     #     no program can close)
    "aside": True,   # the new one is made beside it, then takes its place
    "by_key": True,  # rows are found by their key, not by their number
    "looks": True,   # the next run looks whether the ID is still there
}

File = collections.namedtuple("File", "version row id whole")
# copy: what was read; looked: the last look found the file as it was read
State = collections.namedtuple(
    "State", "file copy step looked noted editor edits crashes")


class SavingModel:
    def __init__(self, edits=2, crashes=2, **rules):
        self.rules = dict(RULES, **rules)
        if len(self.rules) > len(RULES):
            raise KeyError(f"no such switch: {rules}")
        self.edits, self.crashes = edits, crashes

    def first(self):
        file = File(0, 0, None, True)
        return State(file, file, READ, False, False, None, self.edits,
                     self.crashes)

    @staticmethod
    def is_end(state):
        return state.step == DONE and state.file.id == state.file.row

    @staticmethod
    def broken(state):
        file = state.file
        wrong = file.id is not None and file.id != file.row
        torn = not file.whole and state.step != TORN
        return ["I5"] if wrong or torn else []

    def moves(self, state):
        for name, after, *broken in self.client_moves(state):
            yield name, after, True, broken
        for name, after in self.user_moves(state):
            yield name, after, False, ()
        if state.crashes and state.step != DONE:
            yield ("kill", state._replace(
                step=READ, copy=state.file, looked=False,
                crashes=state.crashes - 1), False, ())

    def client_moves(self, state):
        rules, step = self.rules, state.step
        if step == READ:
            copy = state.file if rules["again"] else state.copy
            yield "reads the file", state._replace(
                copy=copy, step=REPLACE if rules["aside"] else WRITE)
        elif step == WRITE:
            yield "begins to write into it", state._replace(
                file=state.file._replace(whole=False), step=TORN)
        elif step == TORN:
            yield from self.put_in(state)
        elif step == REPLACE:
            yield from self.replace(state)
        elif step == NOTE:
            yield "notes that it is in", state._replace(step=DONE, noted=True)
        elif state.file.id is None and (rules["looks"] or not state.noted):
            yield "another run begins", state._replace(
                step=READ, copy=state.file, looked=False)

    def replace(self, state):
        same = state.copy == state.file
        if self.rules["looked"] and not state.looked:
            if not same:
                yield "sees that it was edited", state._replace(step=READ)
            elif self.rules["atomic"]:
                yield from self.put_in(state)
            else:
                yield "looks once more", state._replace(looked=True)
        else:
            yield from self.put_in(state)

    def put_in(self, state):
        """The file becomes what was read, with the ID in one row."""
        row = state.copy.row if self.rules["by_key"] else 0
        broken = ["I5"] if state.copy.version != state.file.version else []
        yield ("the file has the ID", state._replace(
            file=state.copy._replace(id=row, whole=True), step=NOTE,
            looked=False), *broken)

    @staticmethod
    def user_moves(state):
        file = state.file
        if state.editor is None and file.whole and state.edits:
            yield "the user opens it", state._replace(editor=file)
        if state.editor is not None and state.edits:
            for row in {state.editor.row, 1}:
                edited = state.editor._replace(
                    version=state.editor.version + 1, row=row,
                    id=None if state.editor.id is None else row)
                yield ("the user saves it"
                       + (", with a row above" if row else ""),
                       state._replace(file=edited, editor=None,
                                      edits=state.edits - 1))
