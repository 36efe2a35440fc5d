# SPDX-License-Identifier: MIT
"""Rows 13 and 14 of what is promised: an outage, a storm of 429s, a key that
ends in mid-run. Nobody is lost, HealthSherpa is not flooded, its Retry-After is
never beaten, and the run that was going on ends by itself when it can.

The breaker rests for a quarter of the settle time, at most 30 s: the long form
has the settle time of the real settings.
"""

import datetime
import time

from world import LIMIT, Failure, World, ended, kill, tell

REFUSED_KEY = 77
# at once on their way when the first answer that says "wait" comes
IN_FLIGHT_S = 0.5
# how exactly clocks and timers are held to a Retry-After
EXACTLY_S = 0.05
RETRY_AFTER_S = 1
# each contact needs a search and a create
NEEDED = 2

OUTAGES = {
    "503": "503",
    "503 with Retry-After": f"503 retry-after {RETRY_AFTER_S}",
    "closed without a byte": "drop",
    "nobody listens": None,
}


def moment(line):
    return datetime.datetime.fromisoformat(
        line["time"].replace("Z", "+00:00")).timestamp()


def wait_for_requests(world, count):
    until = time.monotonic() + LIMIT
    while len(world.requests()) < count:
        if time.monotonic() > until:
            raise Failure("stuck", f"no {count} requests came")
        time.sleep(0.02)


def await_end(process, seconds, wanted):
    if not ended(process, seconds):
        kill(process)
        raise Failure("stuck", "the run does not end")
    if process.returncode != wanted:
        raise Failure("stuck",
                      f"the run ended with {process.returncode}, not {wanted}")


def check_floor(lines):
    """After a Retry-After nothing comes before its time is over."""
    told = [moment(line) for line in lines
            if "retry-after" in (line.get("fault") or "")]
    moments = sorted(moment(line) for line in lines)
    for since in told:
        for when in moments:
            if since + IN_FLIGHT_S < when < \
                    since + RETRY_AFTER_S - EXACTLY_S:
                raise Failure("other", "a request came "
                              f"{when - since:.2f} s after a Retry-After of "
                              f"{RETRY_AFTER_S} s")
    return len(told)


def outage(name, rows, seconds, settle):
    """It goes on for so long, and is over: the same run ends with all."""
    fault = OUTAGES[name]
    # from a request on, so that no slow machine is too late for it
    script = f"* {rows // 4}+ {fault}\n" if fault else ""

    def story(world):
        process = world.start()
        wait_for_requests(world, rows // 4)
        if not fault:
            port = int(world.url.rsplit(":", 1)[1])
            world.stop_server()
        before = len(world.requests())
        if ended(process, seconds):
            raise Failure("lost", "the run gave up with "
                          f"{process.returncode}: " + world.said()[-300:])
        during = len(world.requests()) - before
        check_floor(world.requests())
        if not fault:
            world.start_server("", port)
        else:
            world.new_script("")
        await_end(process, 4 * LIMIT, 0)
        extra = len(world.requests()) - NEEDED * rows
        if extra > 0.1 * rows + 100:
            raise Failure("other", f"{extra} requests more than needed")
        world.check()
        print(f"# {name}, {seconds} s, {rows} contacts: {during} requests "
              f"meanwhile, {extra} more than needed in all", flush=True)
        return {"storms": 1, "requests meanwhile": during}

    return tell(World(rows, script, sync="concurrency: 8", settle=settle),
                story)


def too_many(rows, share, settle):
    """A share of all requests is answered 429."""
    def story(world):
        process = world.start()
        await_end(process, 10 * LIMIT, 0)
        lines = world.requests()
        refused = sum(line["status"] == 429 for line in lines)
        if check_floor(lines) < rows / 10:
            raise Failure("other", f"only {refused} were told to slow down")
        world.check()
        print(f"# 429, {rows} contacts: {refused} of {len(lines)} requests "
              "refused", flush=True)
        return {"storms": 1, "429s": refused}

    script = f"* {share} 429 retry-after {RETRY_AFTER_S}\n"
    return tell(World(rows, script, sync="concurrency: 8", settle=settle),
                story)


def expired_key(rows, settle):
    """In mid-run the key is not taken any more: one sentence, and nothing is
    sent in vain; with a new key the next run goes on."""
    def story(world):
        process = world.start()
        await_end(process, LIMIT, REFUSED_KEY)
        refused = sum(line["status"] == 401 for line in world.requests())
        if not 0 < refused <= 8:
            raise Failure("other", f"{refused} requests with the old key")
        said = world.said().count("API key")
        if said != 1:
            raise Failure("other", f"it was said {said} times: "
                          + world.said()[-300:])
        world.new_script("")
        if world.run() != 0:
            raise Failure("stuck", "with a new key it does not go on: " +
                          world.said()[-300:])
        world.check()
        print(f"# expired key, {rows} contacts: {refused} requests refused",
              flush=True)
        return {"storms": 1, "401s": refused}

    return tell(World(rows, f"* {rows}+ 401\n", sync="concurrency: 8",
                      settle=settle), story)


def cases(long):
    """(group, case)."""
    rows, seconds, settle = (1000, 600, "120s") if long else (40, 5, "2s")
    for name in OUTAGES if long else list(OUTAGES)[1:3]:
        yield name, lambda n=name: outage(n, rows, seconds, settle)
    yield "429", lambda: too_many(
        *(1000, "10%") if long else (12, "33%"), settle)
    yield "401", lambda: expired_key(rows, settle)
