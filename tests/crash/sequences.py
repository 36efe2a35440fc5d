# SPDX-License-Identifier: MIT
"""F7: a week of an agent, at random: edits, new exports, rows in another
order, syncs that are killed, a server that changes its ways, two windows at
once, a lost ledger. Whatever came before, at the end everybody has one
contact, and the file its ID."""

import random

from misbehaviours import ALL
from world import (COLUMNS, HELD, LIMIT, Failure, World, ended, kill,
                   people, tell)

STEPS = 6
EDITABLE = {"phone": lambda chance: f"91655501{chance.randrange(100):02}",
            "email": lambda chance: f"new{chance.randrange(10000)}"
            "@example.com",
            "zip": lambda chance: chance.choice(["95811", "95814", "94203"])}


class Week:
    def __init__(self, world, chance):
        self.world, self.chance = world, chance
        self.story = []

    def sync(self):
        self.world.run()

    def killed_sync(self):
        process = self.world.start()
        if not ended(process, self.chance.uniform(0.01, 0.3)):
            kill(process)

    def stopped_sync(self):
        self.world.run(
            BELAY_DEBUG_STOP_AT=str(self.chance.randrange(1, 50)))

    def table(self):
        """The file's rows by their ID."""
        table = self.world.read_book()
        return table[0], {row[0]: row for row in table[1:]}

    def write(self, header, rows):
        self.world.write_book([header, *rows])
        self.world.rows = [row[:len(COLUMNS)] for row in rows]

    def edit(self):
        header, rows = self.table()
        row = rows[self.chance.choice(sorted(rows))]
        name = self.chance.choice(sorted(EDITABLE))
        row[COLUMNS.index(name)] = EDITABLE[name](self.chance)
        self.write(header, rows.values())

    def reorder(self):
        header, rows = self.table()
        rows = list(rows.values())
        self.chance.shuffle(rows)
        self.write(header, rows)

    def export_again(self):
        """The CRM knows no column of ours, and one contact more."""
        _, rows = self.table()
        rows = [row[:len(COLUMNS)] for row in rows.values()]
        rows.append(people(len(rows) + 1)[-1])
        self.write(COLUMNS, rows)

    def another_server(self):
        which = self.chance.choice(
            [each for each in ALL if not each.front and not each.switches])
        self.world.new_script(which.script)
        self.story.append(which.name)

    def two_at_once(self):
        runs = [self.world.start(), self.world.start()]
        for process in runs:
            if not ended(process, LIMIT):
                kill(process)
                raise Failure("stuck", "one of two did not end")
        if runs[0].returncode == runs[1].returncode == HELD:
            raise Failure("other", "both were turned away")

    def lose_ledger(self):
        """The database; or all that belay keeps, which it cannot notice, so
        nothing may be on its way then."""
        if self.chance.random() < 0.5:
            self.world.lose_database()
        else:
            self.world.await_late()
            self.world.lose_ledger()

    def __call__(self, world):
        steps = [self.sync, self.killed_sync, self.stopped_sync, self.edit,
                 self.reorder, self.export_again, self.another_server,
                 self.two_at_once, self.lose_ledger]
        try:
            for _ in range(STEPS):
                step = self.chance.choice(steps)
                self.story.append(step.__name__)
                step()
                world.check_server()
            world.new_script("")
            self.settle()
        except Failure as failure:
            raise Failure(failure.kind, f"{' '.join(self.story)}: "
                          f"{failure}") from None
        return {"sequences": 1, "reviews": world.reviews}

    def settle(self):
        """As World.finish(), but the file's rows are where they are now."""
        self.world.finish(person=True)


def one_week(seed):
    chance = random.Random(seed)
    world = World(4)
    return tell(world, Week(world, chance))


def week_cases(seed):
    number = seed * 1_000_000
    while True:
        number += 1
        yield "weeks", lambda n=number: one_week(n)


