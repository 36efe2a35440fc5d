# SPDX-License-Identifier: MIT
"""Explicit-state search: every reachable state of a model, breadth-first.

A model has
    first()         the state to begin with
    moves(state)    (name, next state, calm, broken): calm is False for bad
                    luck, without which things must come to an end; broken
                    names the invariants that this move breaks
    broken(state)   the invariants that this state breaks
    is_end(state)   whether everything is done

States are compared and hashed, so they are tuples. The way to a failure is a
shortest one, as the search goes by the number of moves.
"""

import collections

# All states, a shortest way to each broken invariant, and how many states
# have no calm way to an end.
Result = collections.namedtuple("Result", "states failures stuck")


def explore(model, wanted=(), most=5_000_000):
    """Looks at every state; or, for a protocol that is known to be bad, until
    all the invariants of `wanted` have been broken."""
    first = model.first()
    parents = {first: None}
    before = collections.defaultdict(list)
    todo = collections.deque([first])
    failures = {}
    while todo:
        state = todo.popleft()
        for name in model.broken(state):
            failures.setdefault(name, _way(parents, state))
        if wanted and set(wanted) <= set(failures):
            return Result(len(parents), failures, None)
        if "I1" in failures and not wanted:
            break  # not safe: what follows tells nothing more
        for name, after, calm, broken in model.moves(state):
            for rule in broken:
                failures.setdefault(rule, _way(parents, state, name))
            if calm:
                before[after].append(state)
            if after not in parents:
                parents[after] = (state, name)
                todo.append(after)
        if len(parents) > most:
            raise RuntimeError("more states than this machine has room for")
    return Result(len(parents), failures, _stuck(model, parents, before))


def _stuck(model, parents, before):
    good = {state for state in parents if model.is_end(state)}
    todo = list(good)
    while todo:
        for state in before[todo.pop()]:
            if state not in good:
                good.add(state)
                todo.append(state)
    return len(parents) - len(good)


def _way(parents, state, last=None):
    names = [last] if last else []
    while parents[state]:
        state, name = parents[state]
        names.append(name)
    return "; ".join(reversed(names))
