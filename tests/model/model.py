#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Explicit-state model check of the create protocol.

    model.py [--long] [WORD]...     the variants whose name has one of the words

Every reachable state of each variant is visited. A variant is safe, and then
no invariant may break anywhere and a way to an end must lead from every state;
or it names the invariants that must break, because a defence is missing: so
each defence is shown to be needed, with the shortest failure. The models and
their invariants: contact.py, group.py, saving.py. The short form is part of
`make check`; --long has more crashes, attempts, edits and rows.
"""

import sys
import time

from contact import NAME, NUMBER, ContactModel
from contact import RULES as CONTACT_RULES
from explore import explore
from group import RULES as GROUP_RULES
from group import GroupModel
from saving import RULES as SAVING_RULES
from saving import SavingModel

SAFE = ""

# Two instances, five crashes: more than a bad day has.
WIDE = {"clients": 2, "crashes": 2, "attempts": 3}
WIDER = {"clients": 2, "crashes": 5, "attempts": 6}
TWIN = {"selectors": (NAME,), "others": (NAME,)}
SPOUSE = {"others": (NAME,)}
LOST = {"losses": 1}
DONE_422 = {"unique": True, "refused_done": True}
TAKEN_422 = {"unique": True, "taken_done": True}


def contact(name, expect, **short):
    return name, expect, ContactModel, short, {}


def wide(name, expect, **short):
    """A variant that is looked at more widely in the long form."""
    return name, expect, ContactModel, {**WIDE, **short}, WIDER


def group(name, expect, longer=None, **short):
    return name, expect, GroupModel, short, longer or {}


def saving(name, expect, longer=None, **short):
    return name, expect, SavingModel, short, longer or {}


NO_JOURNAL = {"journal": False, "probe": False}
BARE = {"probe": False, "crashes": 2, "attempts": 3}

SECTIONS = {
    "the create, step by step": [
        contact("no journal, retry on timeout", "I1 I3", ask=False,
                **NO_JOURNAL),
        contact("journal, blind second create", "I1", ask=False, **BARE),
        contact("search on timeout, no journal", "I1 I3", **NO_JOURNAL),
        contact("journal and search, no wait", "I1", settle=False, **BARE),
        contact("journal, wait and search, the library sends again", "I1",
                once=False, **BARE),
        contact("the same, not sent again", SAFE, **BARE),
        contact("two instances, no lock", "I1 I4", clients=2, lock=False,
                **BARE),
        contact("two instances, lock", SAFE, clients=2, **BARE),
        contact("five crashes, six attempts", SAFE, clients=2, probe=False,
                crashes=5, attempts=6),
        contact("intent not synced, power cut", "I1 I3", synced=False,
                power=True, **BARE),
        contact("the same, search before create, no wait", "I1",
                synced=False, power=True),
        contact("the same, wait and search before create", "I3",
                synced=False, power=True, patient=True),
        wide("lock, search before the first create (as built)", SAFE),
    ],
    "each defence taken away": [
        contact("the deadline does not count from the sending", "I1",
                stamp=False, **BARE),
        contact("the deadline is believed after another boot", "I1",
                boot=False, power=True, **BARE),
        contact("the ID made up for a row is not on disk", "I1",
                minted=False, **BARE),
        contact("the same, another ID of that person is nobody's", "I1",
                minted=False, conflict=False),
        contact("one selector is asked and not every one", "I1",
                every=False, as_sent=False, edits=1, **BARE),
        contact("a stranger in the search counts as nobody", "I1",
                strangers=False, **TWIN, **BARE),
        contact("'nobody' counts for values edited since", "I1",
                as_sent=False, selectors=(NUMBER,), edits=1, **BARE),
        contact("no search before the first create, typed in on the web",
                "I1", web="before", probe=False),
        contact("an unclaimed contact is taken after a doubt", "I1",
                cautious=False, web="later"),
        contact("a 422 is taken for a refusal", "I2", refusal_asked=False,
                **DONE_422),
        contact("rows refused or in review are sent", "I1 I4", decided=False,
                **TWIN, **BARE, clients=2),
        contact("an ID counts as saved before it is in the file", "I2",
                unsaved=False, clients=2),
    ],
    "other people": [
        wide("a spouse: the phone is shared, the number is not", SAFE,
             **SPOUSE),
        wide("twins: all that the search takes is shared", SAFE, **TWIN),
        wide("somebody has the number too, and the phone", SAFE,
             others=(NUMBER, NAME)),
        wide("no selector at all", SAFE, selectors=()),
        wide("typed in on the web: taken", SAFE, web="before"),
        wide("typed in on the web: asked", SAFE, web="before", adopt="ask",
             review=True),
        wide("typed in on the web while it is created", SAFE, web="later"),
        wide("typed in on the web, beside a spouse", SAFE, web="before",
             **SPOUSE),
        contact("typed in on the web, hidden by a twin (a limit)", "I1",
                web="before", **TWIN),
    ],
    "what the service refuses": [
        wide("creates are refused at times", SAFE, refused=True),
        wide("refused, then edited", SAFE, refused=True, edits=1),
        wide("an ID that is taken is refused", SAFE, unique=True),
        contact("a create that is done is answered 422, and the search lags "
                "(a limit)", "I2", **DONE_422),
        wide("the same, but it says that it is taken (as built)", SAFE,
             **TAKEN_422),
        wide("the same, beside a twin", SAFE, **TAKEN_422, **TWIN),
        wide("the same, the row edited meanwhile", SAFE, edits=1, **TAKEN_422),
        contact("the same, looked up at once, believed where nobody is found",
                "I2", refusal_settle=False, refusal_strangers=False,
                **TAKEN_422),
        contact("the same, looked up after the wait, a twin is believed", "I2",
                refusal_strangers=False, **TAKEN_422, **TWIN),
        wide("any 422 is looked up after the wait, beside a twin", SAFE,
             refusal_settle="always", **DONE_422, **TWIN),
        wide("any 422 is looked up after the wait, the row edited", SAFE,
             refusal_settle="always", edits=1, **DONE_422),
    ],
    "a person decides": [
        wide("the three exits", SAFE, review=True, **TWIN),
        wide("the three exits, the row edited", SAFE, review=True, edits=1,
             **TWIN),
        wide("the three exits, a spouse", SAFE, review=True, edits=1,
             **SPOUSE),
    ],
    "the row is edited between attempts": [
        wide("once", SAFE, edits=1),
        wide("twice", SAFE, edits=2),
        wide("twice, beside a spouse", SAFE, edits=2, **SPOUSE),
        wide("its only selector", SAFE, selectors=(NUMBER,), edits=2),
    ],
    "the ledger is lost, or an old copy is put back": [
        wide("lost: waited, then searched", SAFE, **LOST),
        contact("lost: searched without the wait", "I1", lost_settle=False,
                **LOST),
        contact("lost: not searched, as the settings say", "I1",
                lost_probe=False, probe=False, **LOST),
        wide("lost: searched against the settings", SAFE, probe=False,
             **LOST),
        contact("lost, one search: the row edited", "I1", edits=1,
                lost_lookup=False, **LOST),
        contact("lost, one search: beside a twin", "I1", lost_lookup=False,
                **LOST, **TWIN),
        wide("lost, every selector: the row edited", SAFE, edits=1, **LOST),
        wide("lost, every selector: beside a twin", SAFE, **LOST, **TWIN),
        contact("lost, and all of it edited (a limit)", "I1", edits=2,
                **LOST),
        wide("lost, not waited for, but IDs that are taken are refused", SAFE,
             lost_settle=False, unique=True, **LOST),
        contact("the same, looked up at once, believed where nobody is found",
                "I2", lost_settle=False, unique=True, refusal_settle=False,
                refusal_strangers=False, **LOST),
        wide("an old copy, when all has settled", SAFE, backup="settled",
             **LOST),
        contact("the same, no search before a create", "I1",
                backup="settled", probe=False, **LOST),
        contact("an old copy at any time (a limit)", "I1", backup="any",
                **LOST),
    ],
    "all of it at once": [
        wide("refusals, edits, power cuts, a spouse, a person decides", SAFE,
             refused=True, power=True, edits=1, review=True, crashes=1,
             attempts=2, **SPOUSE),
        wide("the same, and the ledger is lost", SAFE,
             refused=True, edits=1, review=True, crashes=1, attempts=2,
             **LOST, **SPOUSE),
    ],
    "several rows in flight, one commit": [
        group("two rows", SAFE, {"crashes": 2, "failures": 2}),
        group("three rows, one after the other", SAFE, {"rows": 4},
              rows=3, failures=0),
        group("three rows, two at once", SAFE, {"failures": 1}, rows=3,
              window=2, failures=0),
        group("sent before the commit", "I1 I3", committed=False),
        group("shown before the commit", "I2", shown=False),
        group("going on after a commit that failed", "I1 I2 I3",
              halts=False),
        group("no wait after a doubt", "I1", settle=False),
        group("no end to what is begun", "W", rows=3, bounded=False),
    ],
    "the ID goes into the user's file": [
        saving("as built", SAFE, {"edits": 4, "crashes": 4}),
        saving("not read again", "I6", again=False),
        saving("not looked at again before it is replaced", "I5",
               looked=False),
        saving("written in place", "I5", aside=False),
        saving("rows found by their number", "I5", by_key=False),
        saving("the next run does not look", "I6", looks=False),
        saving("the last look and the rename apart (a limit)", "I5",
               atomic=False),
    ],
}


def never_removed():
    """Defences that no variant which must break goes without."""
    left = []
    for model, rules in ((ContactModel, CONTACT_RULES),
                         (GroupModel, GROUP_RULES),
                         (SavingModel, SAVING_RULES)):
        broken = [switches for variants in SECTIONS.values()
                  for _, expect, of, switches, _ in variants
                  if expect and of is model]
        left += [name for name, built in rules.items() if built is True
                 and not any(switches.get(name) is False
                             for switches in broken)]
    return left


def judge(expect, result):
    """Whether it is as it must be, and what to say of it."""
    wanted = expect.split()
    failures = dict(result.failures)
    if result.stuck:
        failures["I6"] = f"{result.stuck} states have no way to an end"
    if wanted:
        good = all(name in failures for name in wanted)
        shown = wanted
    else:
        good, shown = not failures, sorted(failures)
    return good, [f"{name}: {failures.get(name, 'holds')}" for name in shown]


def check(number, variant, long):
    name, expect, model, short, longer = variant
    switches = {**short, **(longer if long else {})}
    wanted = [] if expect == "I6" else expect.split()
    begun = time.monotonic()
    result = explore(model(**switches), wanted)
    good, words = judge(expect, result)
    print(f"{'ok' if good else 'not ok'} {number} - {name}: "
          f"{'breaks ' + expect if expect else 'safe'}")
    print(f"#   {result.states} states, {time.monotonic() - begun:.1f} s")
    for word in words:
        print(f"#   {word}")
    sys.stdout.flush()
    return good, result.states


def main():
    words = [word for word in sys.argv[1:] if word != "--long"]
    number = states = bad = 0
    begun = time.monotonic()
    for section, variants in SECTIONS.items():
        print(f"# ---- {section}")
        for variant in variants:
            if words and not any(word in variant[0] for word in words):
                continue
            number += 1
            good, seen = check(number, variant, "--long" in sys.argv)
            states += seen
            bad += not good
    left = never_removed()
    number += 1
    bad += bool(left)
    print(f"{'not ok' if left else 'ok'} {number} - each defence is taken "
          "away by some variant")
    print("".join(f"#   never: {name}\n" for name in left), end="")
    print(f"# {states} states in all, {time.monotonic() - begun:.0f} s")
    print(f"1..{number}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
