# SPDX-License-Identifier: MIT
"""Few combinations in which every pair of values (or every three) of
different factors stands together at least once.

Greedy, and the same each time: a row begins with what is still to be covered
and takes, factor by factor, the value that covers most of it."""

import itertools


class Table:
    """`factors`: name to its values. `impossible`: pairs of (name, value) that
    cannot stand together. `strength`: 2 for pairs. The rows are dicts."""

    def __init__(self, factors, impossible=(), strength=2):
        self.factors = factors
        self.impossible = {frozenset(pair) for pair in impossible}
        self.strength = strength
        everything = itertools.chain.from_iterable(
            itertools.product(*([(name, value) for value in factors[name]]
                                for name in names))
            for names in itertools.combinations(factors, strength))
        # a dict, for its order
        self.wanted = {tuple(group): True for group in everything
                       if self.possible(group)}
        self.rows = []
        left = dict(self.wanted)
        while left:
            row = self.next_row(left)
            for group in self.groups_of(row):
                left.pop(group, None)
            self.rows.append(row)

    def possible(self, group):
        return not any(frozenset(pair) in self.impossible
                       for pair in itertools.combinations(group, 2))

    def groups_of(self, row):
        return itertools.combinations(
            [(name, row[name]) for name in self.factors], self.strength)

    def gain(self, row, name, value, left):
        """How much of what is left the row covers by this value."""
        order = list(self.factors)
        others = [(other, row[other]) for other in order if other in row]
        return sum(
            tuple(sorted((*group, (name, value)),
                         key=lambda pair: order.index(pair[0]))) in left
            for group in itertools.combinations(others, self.strength - 1))

    def next_row(self, left):
        row = dict(next(iter(left)))
        for name in self.factors:
            if name in row:
                continue
            values = [value for value in self.factors[name]
                      if self.possible([*row.items(), (name, value)])]
            used = {value: sum(done[name] == value for done in self.rows)
                    for value in values}
            row[name] = max(values, key=lambda value: (
                self.gain(row, name, value, left), -used[value]))
        return row

    def covers_all(self):
        covered = {group for row in self.rows for group in self.groups_of(row)}
        return covered >= set(self.wanted) and all(
            self.possible(list(row.items())) for row in self.rows)
