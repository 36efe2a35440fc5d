# SPDX-License-Identifier: MIT
"""F9: a run that has to renew its login is killed at each of its system calls.

Where HealthSherpa lets an old refresh token go on until the new access token is
used (`refresh=on-use`), or for good (`same`), no kill may cost the agent a
login: the next run goes on by itself. Where the old one is dead at once
(`rotate`), the answer may be lost with the process; then the run must say so,
and after a login all is as it should be. In every case the token file is whole
and each person is there once.
"""

import os
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
# pylint: disable=wrong-import-position
import browser  # noqa: E402
from story import BELAY, Place, csv_text  # noqa: E402
from stops import killing, read_counts  # noqa: E402
from world import LIMIT, Failure  # noqa: E402

READINGS = ("on-use", "same", "rotate")
PEOPLE = 3
NOT_LOGGED_IN = 77
SECRET = {"BELAY_CLIENT_SECRET": "practice-secret"}


class Login:
    """A place where somebody is logged in, whose access has just ended."""

    def __init__(self, reading):
        self.place = Place()
        self.place.serve(f"refresh={reading}")
        self.place.write("contacts.csv", csv_text(PEOPLE))
        self.log_in()
        browser.request(self.place.url + "/practice/revoke", "POST",
                        {"what": "access"})

    def log_in(self, tries=3):
        """Another world may take the port between choosing and using it."""
        while True:
            browser.config_v2(self.place, port=browser.free_port())
            try:
                return browser.log_in(self.place)
            except AssertionError as problem:
                tries -= 1
                if not tries or "is taken" not in str(problem):
                    raise

    def run(self, wrap=()):
        done = subprocess.run(
            [*wrap, BELAY, "sync", "-c", self.place.path("config.yaml"),
             "contacts.csv", "--yes"], env=self.place.environment(**SECRET),
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=LIMIT, cwd=self.place.directory, check=False)
        return done.returncode, done.stderr

    def check(self):
        people = self.place.people()
        twice = [key for key, count in people.items() if count > 1]
        if twice:
            raise Failure("duplicates", f"there twice: {twice}")
        if len(people) != PEOPLE:
            raise Failure("lost", f"only {len(people)} are there")

    def close(self):
        self.place.close()


def go_on(login, reading):
    """What comes after the kill; whether it took a login."""
    status, said = login.run()
    if status == 0:
        return False
    if status != NOT_LOGGED_IN or reading != "rotate":
        raise Failure("lost", f"the next run ends with {status}: {said}")
    if "log in again" not in said:
        raise Failure("other", f"it does not say what to do: {said}")
    login.log_in()
    status, said = login.run()
    if status != 0:
        raise Failure("stuck", f"after a login it ends with {status}: {said}")
    return True


def one_kill(reading, name, number):
    login = Login(reading)
    try:
        status, _ = login.run(killing(name, number))
        again = go_on(login, reading)
        login.check()
        return {"kills": status in (-signal.SIGKILL, 128 + signal.SIGKILL),
                "new logins": again}
    except Failure as failure:
        raise Failure(failure.kind, f"refresh={reading}, {name} {number}: "
                      f"{failure}") from None
    finally:
        login.close()


def count_calls(reading):
    login = Login(reading)
    try:
        counts = login.place.path("counts")
        login.run(["strace", "-f", "-c", "-o", counts])
        return read_counts(counts)
    finally:
        login.close()


def cases(chance):
    """Each call of a run under each reading, in an order by chance."""
    every = [(reading, name, number)
             for reading, calls in ((each, count_calls(each))
                                    for each in READINGS)
             for name, count in calls.items()
             for number in range(1, count + 1)]
    chance.shuffle(every)
    for reading, name, number in every:
        yield f"renewal, {reading}", lambda r=reading, n=name, c=number: \
            one_kill(r, n, c)
