#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every reading of what the service's documentation leaves open, in pairs: one
whole day of a book under each combination of the practice server's switches
and of belay's settings that belong to them.

What must come out is a function of the reading and stands in EXPECTED, with
its reason. Whatever the reading: nobody is created twice where belay could
know, every contact's state is explained, the file keeps its bytes.

`readings.py --three` takes every three values together and plays the stories
of other files under a few readings, too; words choose combinations by their
names (v1, v2, several-matches=other ...)."""

import concurrent.futures
import csv
import io
import json
import os
import re
import subprocess
import sys
import time
import traceback
import urllib.parse
import urllib.request

from browser import AGENT, Login, config_v2, decide, request
from pairwise import Table
from story import LIMIT, Place, check, equal, json_lines

# ---- the readings -------------------------------------------------------------

COMMON = {
    "create-status": ["201", "200"],
    "update-status": ["200", "204", "204-unchanged"],
    "envelope": ["data", "bare"],
    "error-shape": ["object", "string", "errors", "message"],
    "birth-date-key": ["birth_date", "date_of_birth", "both"],
    "birth-date-form": ["iso", "any"],
    "duplicate": ["422", "second", "existing"],
    "same-person": ["second", "422"],
    "several-matches": ["newest", "oldest", "other"],
    "search-scope": ["all", "app"],
    "search-lag": ["0s", "100ms"],
    "notes": ["append", "replace"],
    "nulls": ["clear", "ignore", "400"],
    "partial": ["data", "top", "contact", "bare"],
    "dates": ["sent", "iso"],
    "validation": ["strict", "lenient"],
    "unknown-fields": ["ignore", "400"],
    "search-envelope": ["params", "flat", "both"],
    # of belay's config
    "config search_envelope": ["params", "flat"],
    "config birth_date_key": ["birth_date", "date_of_birth"],
    "config adopt": ["ask", "exact"],
}
FACTORS = {
    "v1": {**COMMON,
           "no-match": ["404", "422", "nulls", "empty"],
           "external-id-change": ["422", "ignored"]},
    "v2": {**COMMON,
           "v2-no-match": ["nulls", "empty", "404", "422"],
           "v2-body": ["wrapped", "flat", "both"],
           "config v2_body": ["wrapped", "flat"],
           "refresh": ["rotate", "on-use", "same", "none", "never"],
           "pkce": ["verify", "ignore"],
           "state": ["echo", "drop"],
           "expires-in": ["7200s", "1s", "absent"]},
}
# Switches that are no readings, or another version's.
NOT_READ = {"latency", "rate", "retry-after"}

# Pairs that are left out, and why.
IMPOSSIBLE = [
    ("search-envelope", "params", "config search_envelope", "flat",
     "a setting that contradicts the service is a mistake of the config"),
    ("search-envelope", "flat", "config search_envelope", "params",
     "a setting that contradicts the service is a mistake of the config"),
    ("v2-body", "wrapped", "config v2_body", "flat",
     "a setting that contradicts the service is a mistake of the config"),
    ("v2-body", "flat", "config v2_body", "wrapped",
     "a setting that contradicts the service is a mistake of the config"),
    ("refresh", "never", "expires-in", "1s",
     "a login that lasts a second and cannot be renewed is of no use"),
]

# ---- the book -------------------------------------------------------------------

HEADER = ["ID", "First", "Last", "Email", "Phone", "Born", "MBI", "Town",
          "State", "Note", "Drug 1", "Dose 1", "Drug 2", "Dose 2"]
MAPPING = """\
mapping:
  external_id: ID
  first_name: First
  last_name: Last
  email: Email
  phone: Phone
  birth_date: {column: Born, date: m/d/y}
  medicare_number: MBI
  city: Town
  state: {column: State, invalid: send}
  notes: Note
"""
LISTS = '  drugs: {list: {name: "Drug *", dose: "Dose *"}}\n'  # of v2
ROWS = ["plain", "lost", "noted", "hand", "lead", "never", "app", "bare",
        "twin", "two", "taken", "conflict", "partial", "lostkin", "refused",
        "idtaken", "cleared", "gone", "listed", "unnamed"]
SCRIPT = """\
create @lost:1 commit-then-drop
create @lostkin:1 commit-then-drop
create @never:1 drop
create @twin:1 commit-then-twin
create @taken:1 twin
create @partial:1 partial
update @gone:1 404
"""


def row(name):
    number = ROWS.index(name)
    values = {"ID": name, "First": "Ruth", "Last": f"Sample-{name}",
              "Email": f"{name}@example.com",
              "Phone": f"916-555-01{number:02}",
              "Born": f"{number % 12 + 1}/{number + 1}/1950",
              "MBI": f"1S00E00HA{number:02}", "Town": f"Town of {name}",
              "State": "CA", "Note": ""}
    if name in ("lead", "bare", "app"):
        values["MBI"] = ""
    if name in ("lead", "bare"):
        values["Born"] = values["Phone"] = ""
    if name == "bare":
        values["Email"] = ""
    if name == "noted":
        values["Note"] = "first note"
    if name == "refused":
        values["State"] = "XX"
    if name in ("listed", "unnamed"):
        values.update({"Drug 1": "Metformin", "Drug 2": "Zocor",
                       "Dose 1": "500 mg", "Dose 2": "20 mg"})
    if name == "unnamed":
        values["Drug 2"] = ""
    return values


def at_service(number, name, app=True, **more):
    """Somebody who is at the service before belay comes; dates as typed."""
    ours = row(name)
    month, day, year = ours["Born"].split("/")
    values = {"first_name": ours["First"], "last_name": ours["Last"],
              "birth_date": f"{int(month):02}/{int(day):02}/{year}",
              "medicare_number": ours["MBI"], "city": ours["Town"], **more}
    return {"id": f"11111111-1111-4111-8111-1111111111{number:02}",
            "agent": AGENT, "app": app,
            "values": {key: value for key, value in values.items() if value}}


SEEDS = [
    at_service(1, "hand", app=False),
    at_service(2, "app"),
    at_service(3, "two"),
    at_service(4, "two"),
    at_service(5, "conflict", external_id="of-another-crm"),
    at_service(6, "lostkin", first_name="Walter", birth_date="01/31/1948",
               medicare_number="1S00E00HA77", city="Town of the husband"),
    at_service(7, "idtaken", first_name="Denise", last_name="Elsewhere",
               birth_date="02/28/1947", medicare_number="1S00E00HA78",
               external_id="idtaken", city="Town of a stranger"),
]


def hidden(reading):
    """Whether search does not see what was typed in by hand."""
    return reading["search-scope"] == "app"


def adopted(reading):
    return "synced" if reading["config adopt"] == "exact" else "review"


def of_hand(reading):
    if not hidden(reading):
        return adopted(reading), 1
    return ("review", 1) if reading["same-person"] == "422" else ("synced", 2)


def of_idtaken(reading):
    # contacts of the row's own town, not of the stranger's
    return {"422": ("review", 0), "second": ("synced", 1),
            "existing": ("review", 0)}[reading["duplicate"]]


def of_unnamed(reading):
    # v1 takes no lists
    partial = "v2-body" in reading and reading["validation"] == "strict"
    return "partial" if partial else "synced", 1


def pageless(reading, linked):
    """A contact that a person linked has its page from the answer to the
    update that follows: from a 204 it has none. "lostkin" is there as she was
    sent, so that nothing is altered."""
    return {"200": set(), "204": set(linked),
            "204-unchanged": {"lostkin"} & set(linked)}[
                reading["update-status"]]


# Of each row: its status after the first sync, and how many contacts of its
# town are at the service then.
EXPECTED = {
    "plain": lambda reading: ("synced", 1),
    "noted": lambda reading: ("synced", 1),
    "lead": lambda reading: ("synced", 1),
    # nothing to look for it by
    "bare": lambda reading: ("synced", 1),
    # the lost answer: looked up, found
    "lost": lambda reading: ("synced", 1),
    # ... unless the husband comes back in her place, each time: then nothing
    # is proven, and a person decides
    "lostkin": lambda reading: (
        "review" if reading["several-matches"] == "other" else "synced", 1),
    # lost on the way there: looked up, not found, sent again
    "never": lambda reading: ("synced", 1),
    # "taken", and it is: found by the look-up
    "twin": lambda reading: ("synced", 1),
    # "taken", and nobody is found: never created anew by itself
    "taken": lambda reading: ("review", 0),
    "partial": lambda reading: ("partial", 1),
    # a state that there is not, sent because the mapping says so
    "refused": lambda reading: (
        ("failed", 0) if reading["validation"] == "strict"
        else ("synced", 1)),
    # typed in by hand; a search that does not see it lets a second one be
    # made, unless the service itself knows the Medicare number
    "hand": of_hand,
    # made by the app of another CRM, without an external_id
    "app": lambda reading: (adopted(reading), 1),
    # there twice: the one that the search gives
    "two": lambda reading: (adopted(reading), 2),
    # the same Medicare number under another CRM's ID
    "conflict": lambda reading: ("review", 1),
    # the ID is a stranger's there, and no selector finds her: "second" lets
    # both have it; "existing" answers with her contact, which is ours by the
    # ID, which goes before all else
    "idtaken": of_idtaken,
    "cleared": lambda reading: ("synced", 1),
    "gone": lambda reading: ("synced", 1),
    "listed": lambda reading: ("synced", 1),
    # an item without a name is refused by a service that looks
    "unnamed": of_unnamed,
}


def candidate_of_two(reading):
    """Of two equal ones; "other" takes the newest for meant, and the other of
    the same last name is the older one."""
    return SEEDS[3 if reading["several-matches"] == "newest" else 2]["id"]


# ---- one day -----------------------------------------------------------------------

class Day:
    """A book under one reading, with the requests that it took."""

    def __init__(self, version, reading):
        self.version = version
        self.reading = reading
        self.place = Place()
        self.rows = {name: row(name) for name in ROWS}
        self.pageless = set()
        self.secret = {"BELAY_CLIENT_SECRET": "practice-secret"}

    # -- the world --

    def begin(self):
        reading = self.reading
        self.place.write("store.jsonl", "".join(
            json.dumps(seed) + "\n" for seed in SEEDS))
        self.place.serve(*(f"{name}={value}" for name, value in reading.items()
                           if not name.startswith("config ")),
                         script=SCRIPT, options=["--api-key=practice"])
        keys = ["search_envelope", "birth_date_key"]
        if self.version == "v2":
            keys.append("v2_body")
        dialect = "  dialect: {" + ", ".join(
            f"{key}: {reading['config ' + key]}" for key in keys) + "}\n"
        sync = f"  adopt: {reading['config adopt']}\n"
        if self.version == "v2":
            config_v2(self.place, mapping=MAPPING + LISTS, sync=sync,
                      service=dialect)
            self.log_in()
        else:
            path = self.place.config(mapping=MAPPING, sync=sync)
            with open(path, encoding="utf-8") as file:
                text = file.read().replace("sync:\n", dialect + "sync:\n", 1)
            self.place.write("config.yaml", text)
        self.write_book()

    def log_in(self):
        """By the address; where it carries no state, by the code alone."""
        login = Login(self.place, "--paste", "--print-url")
        location = decide(login.url)
        if self.reading["state"] == "drop":
            query = urllib.parse.urlsplit(location).query
            code = urllib.parse.parse_qs(query)["code"][0]
            said = login.end(0, location + "\n" + code + "\n")
            check("code without its address" in said, said)
        else:
            login.end(0, location + "\n")

    def write_book(self, ids=None):
        """The CSV as the CRM would write it, with belay's column if there."""
        text = io.StringIO()
        header = HEADER + (["HealthSherpa ID"] if ids else [])
        writer = csv.DictWriter(text, header, lineterminator="\r\n")
        writer.writeheader()
        for name in ROWS:
            more = {"HealthSherpa ID": ids[name]} if ids else {}
            writer.writerow({**self.rows[name], **more})
        self.place.write("book.csv", text.getvalue())

    def ids_in_file(self):
        """And nothing else in it has changed."""
        text = self.place.read("book.csv").decode()
        lines = list(csv.DictReader(io.StringIO(text, newline="")))
        ids = {line["ID"]: line["HealthSherpa ID"] for line in lines}
        before = self.place.read("book.csv")
        self.write_book(ids)
        equal(before, self.place.read("book.csv"), "the bytes of the file")
        return ids

    # -- belay --

    def sync(self, status, *options, **variables):
        """Rows by ID, and the summary."""
        done = self.place.belay("sync", "book.csv", "--yes", "--json", *options,
                                status=status, **{**self.secret, **variables})
        *rows, last = json_lines(done.stdout) or [{"summary": None}]
        return {line["external_id"]: line for line in rows}, last["summary"]

    def statuses(self):
        done = self.place.belay("status", "book.csv", "--json", **self.secret)
        return {line["external_id"]: line for line in json_lines(done.stdout)}

    def review(self, name, *choice):
        self.place.belay("review", "book.csv", "--id", name, *choice, status=0,
                         **self.secret)

    # -- the service --

    def contacts(self):
        latest = {}
        with open(self.place.store, encoding="utf-8") as file:
            for line in file:
                contact = json.loads(line)
                latest[contact["id"]] = contact
        return list(latest.values())

    def of_town(self, name):
        return [contact for contact in self.contacts()
                if contact["values"].get("city") == f"Town of {name}"]

    def requests(self, route, name=None):
        """But those that met an access that had ended: they are repeated."""
        return [line for line in self.place.requests()
                if line["route"] == route and line["status"] != 401
                and (name is None or line["external_id"] == name)]

    def came_late(self, name):
        """Whether its access had ended when the script's step met its first
        create: then that step was used up and nothing was done."""
        first = next(line for line in self.place.requests()
                     if line["route"] == "create"
                     and line["external_id"] == name)
        check(first["committed"] or self.reading.get("expires-in") == "1s",
              f"the first create of {name} was not carried out")
        return not first["committed"]

    def done(self, route, name):
        """How many of them took effect."""
        return sum(line["committed"] for line in self.requests(route, name))

    def calls(self):
        return len(self.requests("create") + self.requests("update")
                   + self.requests("search"))

    def sent(self, line):
        body = line["body"]
        return body["contact"] if "contact" in body else {
            key: value for key, value in body.items() if key != "agent_email"}

    def set_by_another_app(self, id, **values):
        http = urllib.request.Request(
            f"{self.place.url}/v1/contacts/{id}", method="PATCH",
            data=json.dumps({"agent_email": AGENT, "contact": values}).encode(),
            headers={"Content-Type": "application/json",
                     "X-API-Key": "practice"})
        urllib.request.urlopen(http, timeout=LIMIT).close()

    # -- what must hold --

    def check_towns(self, expected):
        is_ = {name: len(self.of_town(name)) for name in ROWS}
        equal({name: is_[name] for name in ROWS
               if is_[name] != expected[name]}, {}, "contacts of a town")

    def explained(self):
        """No row is in a state that says nothing of why."""
        for name, line in self.statuses().items():
            check(line["status"] in ("synced", "review", "failed", "partial",
                                     "blocked"), f"{name}: {line['status']}")
            check(line["status"] == "synced" or line["reason"],
                  f"{name}: {line['status']} without a reason")
            if line["status"] in ("synced", "partial"):
                check(line["healthsherpa_id"], f"{name} has no ID")
                equal(bool(line["quote_url"]), name not in self.pageless,
                      f"whether {name} has a quote page")

    # -- the day --

    def first_sync(self):
        rows, _ = self.sync(1)
        expected = {name: EXPECTED[name](self.reading) for name in ROWS}
        for name in ("twin", "lostkin", "partial"):
            if self.came_late(name):
                expected[name] = EXPECTED[
                    "taken" if name == "twin" else "plain"](self.reading)
        equal({name: rows[name]["status"] for name in ROWS
               if rows[name]["status"] != expected[name][0]}, {},
              "statuses that should be others")
        self.towns = {name: expected[name][1] for name in ROWS}
        self.check_towns(self.towns)
        equal(self.done("create", "lost"), 1, "creates of lost")
        equal(self.done("create", "never"), 1, "creates of never")
        equal(len(self.requests("create", "never")), 2, "all of never")
        equal(len(self.requests("create", "taken")), 1, "creates of taken")
        self.explained()
        self.ids = self.ids_in_file()
        for name in ROWS:
            if expected[name][0] in ("synced", "partial") and \
                    expected[name][1]:
                check(self.ids[name] in [
                    contact["id"] for contact in self.of_town(name)],
                    f"{name} has another's ID in the file")
            if rows[name]["status"] in ("review", "failed"):
                equal(self.ids[name], "", f"the ID of {name}")
        for name in ("app", "two"):
            if expected[name][0] == "synced":
                check(name in [contact["values"].get("external_id")
                               for contact in self.of_town(name)],
                      f"{name} was linked but not claimed")
        if adopted(self.reading) == "synced":
            equal(self.ids["two"], candidate_of_two(self.reading), "of two")

    def second_sync(self):
        if self.version == "v2":
            request(self.place.url + "/practice/revoke", "POST",
                    {"what": "access"})
        self.rows["plain"]["Phone"] = "916-555-0150"
        self.rows["noted"]["Note"] = "second note"
        self.rows["gone"]["Phone"] = "916-555-0151"
        self.rows["cleared"]["Email"] = ""
        self.write_book(self.ids)
        before = len(self.requests("update"))
        if self.version == "v2" and self.reading["refresh"] == "never":
            self.sync(77)
            check(not any(line["committed"]
                          for line in self.requests("update")[before:]),
                  "updated without a login")
            self.log_in()
        rows, _ = self.sync(1)
        lines = self.requests("update")[before:]
        sent = {line["external_id"]: self.sent(line) for line in lines}
        equal(sorted(line["external_id"] for line in lines),
              ["gone", "noted", "plain"], "what is updated")
        equal(sent["plain"], {"phone": "9165550150"}, "of plain")
        equal(sent["noted"], {"notes": ["second note"]}, "of noted")
        equal(rows["gone"]["status"], "review", "gone")
        # what is emptied here stays there, whatever null would do
        equal(self.of_town("cleared")[0]["values"]["email"],
              "cleared@example.com", "the value that was emptied")
        equal(self.of_town("noted")[0]["notes"],
              ["second note"] if self.reading["notes"] == "replace"
              else ["first note", "second note"], "notes at the service")
        self.check_towns(self.towns)
        self.explained()

    def nothing_to_do(self, status):
        before = self.calls()
        _, summary = self.sync(status)
        equal(self.calls(), before, "requests of a sync with nothing to send")
        equal(summary["requests"], 0, "requests, as belay counts them")

    def drugs(self, name):
        return [(drug.get("name"), drug["dose"])
                for drug in self.of_town(name)[0].get("drugs", [])]

    def updated_with(self, *options):
        """What a sync sends to whom."""
        self.write_book(self.ids)
        before = len(self.requests("update"))
        rows, _ = self.sync(1, *options)
        for name in ("listed", "unnamed"):
            equal(rows.get(name, {}).get("status", "synced"), "synced", name)
        return {line["external_id"]: self.sent(line)
                for line in self.requests("update")[before:]}

    def lists(self):
        """Merged, nothing is lost; what the file has no more stays there, and
        is nothing new when it comes back."""
        if self.version == "v1":
            return
        blank = [] if self.reading["validation"] == "strict" \
            else [(None, "20 mg")]
        first = [("Metformin", "500 mg")]
        equal(self.drugs("listed"), first + [("Zocor", "20 mg")], "created")
        equal(self.drugs("unnamed"), first + blank, "created")
        # of the same name another dose is another drug
        self.rows["listed"].update({"Dose 1": "850 mg", "Drug 2": "zocor"})
        self.rows["unnamed"]["Drug 2"] = "Plavix"
        sent = self.updated_with("--lists=merge")
        equal(sorted(sent), ["listed", "unnamed"], "whose lists are merged")
        merged = first + [("zocor", "20 mg"), ("Metformin", "850 mg")]
        equal(self.drugs("listed"), merged, "merged")
        equal(self.drugs("unnamed"), first + blank + [("Plavix", "20 mg")],
              "merged")
        equal(self.updated_with("--lists=merge"), {}, "merged once more")
        kept = dict(self.rows["listed"])
        self.rows["listed"].update({"Phone": "916-555-0153", "Drug 1": "",
                                    "Dose 1": "", "Drug 2": "", "Dose 2": ""})
        equal(self.updated_with("--lists=replace"),
              {"listed": {"phone": "9165550153"}}, "without its list")
        self.rows["listed"] = {**kept, "Phone": "916-555-0153"}
        equal(self.updated_with("--lists=replace"), {}, "with it again")
        equal(self.drugs("listed"), merged, "what is there at the end")

    def decide(self):
        """What a person says of those in doubt is done, and nothing else."""
        waiting = {name for name, line in self.statuses().items()
                   if line["status"] == "review"}
        self.review("conflict", "--never")
        self.review("taken", "--create")
        self.towns["taken"] = 1
        linked = []
        for name in ("app", "two", "hand", "lostkin"):
            if name in waiting:
                found = self.of_town(name)[0]["id"]
                if name == "two":
                    found = candidate_of_two(self.reading)
                self.review(name, "--link", found)
                linked.append((name, found))
        self.pageless = pageless(self.reading, [name for name, _ in linked])
        foreign = "two" in waiting
        if foreign:
            self.set_by_another_app(candidate_of_two(self.reading),
                                    external_id="foreign")
        rows, _ = self.sync(1)
        equal(rows["taken"]["status"], "synced", "taken")
        for name, found in linked:
            contact = next(contact for contact in self.contacts()
                           if contact["id"] == found)
            if name == "two" and foreign:
                ignored = self.reading.get("external-id-change") == "ignored"
                equal(rows[name]["status"],
                      "synced" if ignored else "failed", "claimed by two")
                equal(contact["values"]["external_id"], "foreign", "whose")
            else:
                equal(rows[name]["status"], "synced", f"{name}, linked")
                if name != "hand" or not hidden(self.reading):
                    equal(contact["values"].get("external_id"), name, "whose")
        self.check_towns(self.towns)
        self.explained()
        self.ids = self.ids_in_file()

    def wrong_key(self):
        self.rows["plain"]["Phone"] = "916-555-0152"
        self.write_book(self.ids)
        writes = len(self.requests("update"))
        if self.version == "v2":
            request(self.place.url + "/practice/revoke", "POST",
                    {"what": "grants"})
            self.sync(77)
            equal(self.statuses()["plain"]["status"], "changed", "plain")
            self.log_in()
        else:
            self.sync(77, BELAY_API_KEY="another")
            equal(self.statuses()["plain"]["status"], "changed", "plain")
        rows, _ = self.sync(1)
        equal(rows["plain"]["status"], "synced", "with the right one")
        done = [line for line in self.requests("update")[writes:]
                if line["committed"]]
        equal([self.sent(line) for line in done],
              [{"phone": "9165550152"}], "what was sent then")

    def play(self):
        try:
            self.begin()
            self.first_sync()
            self.second_sync()
            self.nothing_to_do(1)
            self.lists()
            self.nothing_to_do(1)
            self.decide()
            self.nothing_to_do(1)
            self.wrong_key()
            self.nothing_to_do(1)
            self.check_towns(self.towns)
            self.ids_in_file()
            return self.calls()
        finally:
            self.place.close()


# ---- all of them -----------------------------------------------------------------

def tables(strength):
    impossible = [((a, x), (b, y)) for a, x, b, y, _ in IMPOSSIBLE]
    return {version: Table(factors, impossible, strength)
            for version, factors in FACTORS.items()}


def name_of(version, reading):
    """What is not the first of its values."""
    return " ".join([version] + [
        f"{name}={value}" for name, value in reading.items()
        if value != FACTORS[version][name][0]])


def switches_of_practice():
    place = Place()
    try:
        out = place.belay("practice", "--set", "list", config=None,
                          status=0).stdout
    finally:
        place.close()
    return set(re.findall(r"^ *([a-z0-9-]+)=", out, re.M))


# What contradicts what, and the setting that the contacts are told of.
CONTRADICTIONS = [
    ("v2", {"v2-body": "flat"}, "service.dialect.v2_body"),
    ("v2", {"config v2_body": "flat"}, "service.dialect.v2_body"),
    ("v1", {"search-envelope": "flat"}, "service.dialect.search_envelope"),
    ("v1", {"config search_envelope": "flat"},
     "service.dialect.search_envelope"),
    ("v2", {"config search_envelope": "flat"},
     "service.dialect.search_envelope"),
]


def contradict(version, changed, setting):
    """Nobody is created but who cannot be looked for, and the setting is
    named."""
    day = Day(version, {**{name: values[0] for name, values
                           in FACTORS[version].items()}, **changed})
    try:
        day.begin()
        rows, _ = day.sync(1)
        check(setting in rows["plain"]["message"], rows["plain"]["message"])
        made = {name for name in ROWS if rows[name]["status"] == "synced"}
        check(made <= {"bare"}, f"{made} created")
        seeded = {name: sum(seed["values"]["city"] == f"Town of {name}"
                            for seed in SEEDS) for name in ROWS}
        day.check_towns({name: seeded[name] + (name in made)
                         for name in ROWS})
    finally:
        day.place.close()


def play(version, reading):
    try:
        return Day(version, reading).play(), None
    except Exception:
        return 0, traceback.format_exc()


# Under readings in which they have no other outcome: not where a search sees
# less or later, or a question is asked twice.
STORIES = ["sync.py", "recovery.py", "same_person.py"]
STORY_READINGS = [
    "envelope=bare error-shape=errors no-match=422 create-status=200 "
    "update-status=204-unchanged dates=iso several-matches=oldest "
    "unknown-fields=400 validation=lenient",
    "duplicate=second no-match=nulls error-shape=message "
    "several-matches=other search-envelope=both birth-date-key=both",
    "error-shape=string no-match=empty update-status=204 duplicate=existing "
    "same-person=422 nulls=400 notes=replace birth-date-form=any",
]


def stories():
    """Of each file and reading: what it is, and its output when it failed."""
    directory = os.path.dirname(os.path.abspath(__file__))
    for reading in STORY_READINGS:
        for name in STORIES:
            done = subprocess.run(
                [sys.executable, os.path.join(directory, name)],
                env={**os.environ, "BELAY_READING": reading},
                capture_output=True, text=True, check=False)
            yield f"{name} under {reading}", "" if done.returncode == 0 \
                else done.stdout + done.stderr


def main():
    words = [word for word in sys.argv[1:] if word != "--three"]
    strength = 3 if "--three" in sys.argv else 2
    started = time.monotonic()
    made = tables(strength)
    failed = number = 0
    for a, x, b, y, why in IMPOSSIBLE:
        print(f"# left out: {a}={x} with {b}={y}: {why}")

    def tell(good, what):
        nonlocal failed, number
        number += 1
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {what}", flush=True)

    for version, table in made.items():
        tell(table.covers_all(),
             f"{version}: {len(table.rows)} combinations cover all "
             f"{len(table.wanted)} {'pairs' if strength == 2 else 'triples'}"
             f" of {len(table.factors)} factors")
    known = {name for factors in FACTORS.values() for name in factors
             if not name.startswith("config ")}
    tell(switches_of_practice() - NOT_READ == known,
         "each switch of the practice server is read")
    for version, changed, setting in [] if words else CONTRADICTIONS:
        try:
            contradict(version, changed, setting)
            problem = ""
        except Exception:
            problem = traceback.format_exc()
        for line in problem.splitlines():
            print(f"# {line}")
        name, value = next(iter(changed.items()))
        tell(not problem, f"{version}: against the rest, {name}={value}")
    days = [(version, reading) for version, table in made.items()
            for reading in table.rows
            if all(word in name_of(version, reading).split()
                   for word in words)]
    calls = 0
    with concurrent.futures.ThreadPoolExecutor(
            max(2, os.cpu_count() or 2)) as pool:
        for (version, reading), (count, problem) in zip(
                days, pool.map(lambda day: play(*day), days)):
            for line in (problem or "").splitlines():
                print(f"# {line}")
            tell(not problem, name_of(version, reading))
            calls += count
    for name, problem in stories() if strength == 3 and not words else []:
        for line in problem.splitlines():
            print(f"# {line}")
        tell(not problem, name)
    print(f"# {len(days)} combinations, {calls} requests, "
          f"{time.monotonic() - started:.0f} s")
    print(f"1..{number}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
