# SPDX-License-Identifier: MIT
"""F4 and F6: the n-th call for a file fails, the n-th write is cut short, the
n-th allocation fails; once, and from there on.

What must hold: the run ends by itself and tells the truth. Status 0 means that
everything is in the file; anything else has a sentence, the file is whole, and
the next runs, without the fault, end as if nothing had been.
"""

import errno

from misbehaviours import BY_NAME
from power import preload
from world import Failure, World, tell

# EINTR passes, so it cannot be there for ever
ERRORS = [("EIO", True), ("ENOSPC", True), ("EDQUOT", True), ("EINTR", False)]
NO_MEMORY = 71


def world_of(name):
    return World(5, BY_NAME[name].script)


def count(name):
    """Allocations and calls for files of a whole run."""
    def story(world):
        world.run(**preload(world, SHIM_COUNT=world.path("count")))
        with open(world.path("count"), encoding="utf-8") as file:
            return tuple(map(int, file.read().split()))
    return tell(world_of(name), story)


def one_fault(name, what, **variables):
    def story(world):
        status = world.run(**preload(world, **variables))
        said = world.said()
        try:
            if status < 0:
                raise Failure("other", f"ended by signal {-status}")
            if status and not said.strip() and status != 1:
                raise Failure("other", f"ended with {status} and no word")
            world.check_whole()
            if status == 0:
                world.check_file(world.check_server())
            world.finish(person=True)
        except Failure as failure:
            raise Failure(failure.kind,
                          f"{what}: {failure}; it said {said[-300:]!r}"
                          ) from None
        return {"faults": 1, "reviews": world.reviews}

    return tell(world_of(name), story)


def file_cases(chance, name="commit-then-drop"):
    """F4, in an order by chance."""
    calls = count(name)[1]
    cases = []
    for number in range(1, calls + 1):
        for error, lasts in ERRORS:
            for more in ("", "+") if lasts else ("",):
                cases.append((f"{error} at call {number}{more}", dict(
                    SHIM_FAIL=f"{number}{more}",
                    SHIM_ERROR=str(getattr(errno, error)))))
        cases.append((f"short write {number}",
                      dict(SHIM_SHORT=str(number))))
        cases.append((f"short writes from {number}",
                      dict(SHIM_SHORT=f"{number}+")))
    chance.shuffle(cases)
    for what, variables in cases:
        yield "files", lambda w=what, v=variables: one_fault(name, w, **v)


def memory_cases(chance, name="commit-then-drop"):
    """F6, in an order by chance."""
    numbers = [f"{number}{more}" for number in range(1, count(name)[0] + 1)
               for more in ("", "+")]
    chance.shuffle(numbers)
    for number in numbers:
        yield "memory", lambda n=number: one_fault(
            name, f"allocation {n}", SHIM_ALLOC=n)
