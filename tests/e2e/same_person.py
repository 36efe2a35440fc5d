#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who is who when the IDs say nothing, or lie: leads without Medicare number
and birth date, IDs from another column, a lost ledger, another CRM's export
with the same numbers. Nobody is created twice, nobody is written over."""

import csv
import glob
import io
import json
import os
import random

from story import Place, check, equal, json_lines, letters, main

HEADER = ["Old ID", "New ID", "First", "Last", "Email", "Phone"]
FIRST = ["Ruth", "José", "Walter", "Denise"]


def mapping(external_id):
    return (f"mapping:\n  external_id: {external_id}\n  first_name: First\n"
            "  last_name: Last\n  email: Email\n  phone: Phone\n")


def lead(number, **more):
    """A lead: a name, an e-mail address, a phone, two IDs."""
    return {"Old ID": f"a{number}", "New ID": f"b{number}",
            "First": FIRST[number % len(FIRST)],
            "Last": f"Sample {letters(number)}",
            "Email": f"lead{number}@example.com",
            "Phone": f"916-555-01{number:02}", **more}


def export(place, rows, name="leads.csv"):
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return place.write(name, text.getvalue())


def sync(place, *arguments, name="leads.csv", status=0):
    done = place.belay("sync", name, "--json", "--yes", *arguments,
                       status=status)
    return json_lines(done.stdout)[-1]["summary"]


def reasons(place, *arguments):
    done = place.belay("status", "leads.csv", "--json", *arguments)
    return {row["reason"] or "" for row in json_lines(done.stdout)}


def names(place):
    latest = {}
    with open(place.store, encoding="utf-8") as file:
        for line in file:
            contact = json.loads(line)
            latest[contact["id"]] = contact["values"]
    return sorted(values["first_name"] + " " + values["last_name"]
                  for values in latest.values())


def names_of(rows):
    return sorted(row["First"] + " " + row["Last"] for row in rows)


def synced(place, external_id, count=4, *arguments):
    """Leads that were synced, and the export as it was before that."""
    place.serve()
    place.config(mapping=mapping(external_id))
    rows = [lead(number) for number in range(count)]
    export(place, rows)
    equal(sync(place, *arguments)["created"], count, "created")
    export(place, rows)
    return rows


def all_in_review(place, rows, *arguments):
    done = sync(place, *arguments, status=1)
    equal((done["created"], done["updated"], done["review"]),
          (0, 0, len(rows)), "created, updated, review")
    equal(names(place), names_of(rows), "at the service")


def story_the_id_comes_from_another_column(place):
    rows = synced(place, "Old ID")
    place.config(mapping=mapping("New ID"))
    all_in_review(place, rows)
    check(all("under another ID of yours" in reason
              for reason in reasons(place)), reasons(place))
    # the same person: linked, and nothing to be sent
    place.belay("review", "leads.csv", "--id", "b1", "--link", status=0)
    # somebody else of that name, on that phone
    place.belay("review", "leads.csv", "--id", "b2", "--create", status=0)
    done = sync(place, status=1)
    equal((done["created"], done["updated"]), (1, 1), "created, updated")
    equal(names(place), sorted(names_of(rows) + names_of([rows[2]])),
          "at the service")


def by_hand(place, *people):
    """Typed in at HealthSherpa: under nobody's ID."""
    place.write("store.jsonl", "".join(json.dumps({
        "id": f"11111111-1111-4111-8111-11111111111{number}",
        "agent": "agent@example.com", "app": False, "values": {
            "first_name": person["First"], "last_name": person["Last"],
            "phone": "9165550100", "birth_date": "1955-01-15"}}) + "\n"
        for number, person in enumerate(people)))


def story_all_that_look_the_same_are_linked_at_once(place):
    rows = [lead(number) for number in range(3)]
    by_hand(place, *rows)
    place.serve()
    born = "  birth_date: {value: 1955-01-15}\n"
    place.config(mapping=mapping("Old ID") + born)
    export(place, rows)
    equal(sync(place, status=1)["review"], 3, "review")
    # with `never` each is decided alone
    place.config(mapping=mapping("Old ID") + born, sync="  adopt: never\n")
    done = place.belay("review", "leads.csv", "--link-similar", status=0)
    check(done.stdout.startswith("0 contacts linked"), done.stdout)
    place.config(mapping=mapping("Old ID") + born)
    place.belay("review", "leads.csv", "--link-similar", "--never", status=64)
    done = place.belay("review", "leads.csv", "--link-similar", status=0)
    check(done.stdout.startswith("3 contacts linked"), done.stdout)
    equal(sync(place)["updated"], 3, "updated")
    equal(place.people(), {"a0": 1, "a1": 1, "a2": 1}, "at the service")


def story_belays_own_ids_after_a_crms(place):
    rows = synced(place, "Old ID")
    place.config(mapping=mapping("{minted: true}"))
    all_in_review(place, rows)


def story_belays_own_ids_before_and_after_a_crms(place):
    rows = synced(place, "{minted: true}")
    place.config(mapping=mapping("Old ID"))
    all_in_review(place, rows)
    place.belay("review", "leads.csv", "--confirm-recognised", status=0)
    equal(sync(place)["unchanged"], 4, "unchanged")
    export(place, rows)
    place.config(mapping=mapping("{minted: true}"))
    all_in_review(place, rows)


def story_leads_and_a_lost_ledger(place):
    rows = synced(place, "{minted: true}", 4, "--state-dir", "one")
    all_in_review(place, rows, "--state-dir", "two")


def story_leads_and_a_lost_key(place):
    rows = synced(place, "{minted: true}", 4, "--state-dir", "state")
    for key in glob.glob(place.path("state/books/*/key")):
        os.remove(key)
    all_in_review(place, rows, "--state-dir", "state")


def story_a_copy_under_another_name(place):
    rows = synced(place, "{minted: true}")
    export(place, rows, "copy.csv")
    done = sync(place, name="copy.csv", status=1)
    equal((done["created"], done["review"]), (0, 4), "created, review")
    equal(names(place), names_of(rows), "at the service")


def story_a_couple_with_one_address(place):
    """Another first name is another person, whatever they share."""
    place.serve()
    place.config(mapping=mapping("Old ID"))
    rows = [lead(0), lead(0, **{"First": "Anna", "Old ID": "a1"})]
    export(place, rows)
    equal(sync(place)["created"], 2, "created")
    equal(names(place), names_of(rows), "at the service")


def story_a_name_and_what_was_added_to_it(place):
    """Nothing but the name is on both sides: asked, not created again."""
    place.serve()
    place.config(mapping=mapping("{minted: true}"))
    before = [lead(0, Email="", Phone=""), lead(1, Email="")]
    export(place, before)
    equal(sync(place)["created"], 2, "created")
    rows = [lead(0), lead(1, Phone=""), lead(2)]
    export(place, rows)
    done = sync(place, status=1)
    equal((done["created"], done["review"]), (1, 2), "created, review")
    check(any("by the name alone" in reason for reason in reasons(place)),
          reasons(place))
    # too little to be confirmed unseen
    done = place.belay("review", "leads.csv", "--confirm-recognised",
                       status=0)
    equal(done.stdout, "0 contacts confirmed\n", "confirmed")
    for row in ("row:1", "row:2"):
        place.belay("review", "leads.csv", "--id", row, "--link", status=0)
    equal(sync(place)["updated"], 2, "updated")
    equal(names(place), names_of(rows), "at the service")


def story_another_crms_export_with_the_same_ids(place):
    rows = synced(place, "Old ID")
    strangers = [lead(number + 10, **{"Old ID": f"a{number}"})
                 for number in range(4)]
    export(place, strangers + [lead(5)])
    done = sync(place, status=1)
    equal((done["created"], done["updated"], done["review"]), (1, 0, 4),
          "created, updated, review")
    equal(names(place), names_of(rows + [lead(5)]), "at the service")
    check(any("another CRM's" in reason for reason in reasons(place)),
          reasons(place))


def story_columns_sorted_apart(place):
    """A spreadsheet in which the IDs were sorted without their rows."""
    rows = synced(place, "Old ID")
    mixed = [dict(row, **{"Old ID": other["Old ID"]})
             for row, other in zip(rows, rows[::-1])]
    export(place, mixed)
    all_in_review(place, rows)
    # corrected: as if nothing had been
    export(place, rows)
    equal(sync(place)["unchanged"], 4, "unchanged")


def story_the_same_person_all_the_same(place):
    """Name, e-mail and phone corrected at once: linked by a person."""
    rows = synced(place, "Old ID")
    rows[0] = lead(20, **{"Old ID": "a0"})
    export(place, rows)
    equal(sync(place, status=1)["review"], 1, "review")
    shown = json_lines(place.belay(
        "show", "leads.csv", "--id", "a0", "--json", status=1).stdout)[0]
    equal(shown["status"], "review", "status")
    place.belay("review", "leads.csv", "--id", "a0", "--link", status=0)
    equal(sync(place)["updated"], 1, "updated")
    equal(names(place), names_of(rows), "at the service")
    equal(sync(place)["unchanged"], 4, "unchanged")


# ---- families, export after export ----------------------------------------

FAMILY = ["First", "Last", "Email", "Phone", "Born", "MBI", "City"]
FAMILY_MAPPING = """\
mapping:
  external_id: {minted: true}
  first_name: First
  last_name: Last
  email: Email
  phone: Phone
  birth_date: {column: Born, date: y-m-d}
  medicare_number: MBI
  city: City
"""


class Families:
    """People who share what families share. The city says who is who, and is
    nothing that belay recognises by."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.people = []
        self.count = self.numbers = 0
        for _ in range(4):
            self.add()

    def born(self):
        pick = self.random.randint
        return f"19{pick(30, 58)}-0{pick(1, 9)}-1{pick(0, 9)}"

    def number(self):
        self.numbers += 1
        return f"1S00E{self.numbers // 100}0HA{self.numbers % 100:02}"

    def phone(self):
        return f"916-555-01{self.random.randint(0, 99):02}"

    def add(self):
        chance = self.random.random
        last = f"Sample {letters(self.count)}"
        email = f"family{self.count}@example.com" if chance() < .8 else ""
        phone = self.phone() if chance() < .8 else ""
        firsts = self.random.sample(FIRST, self.random.choice([1, 1, 2, 3]))
        if len(firsts) > 1 and chance() < .2:
            firsts[1] = firsts[0]  # father and son
        twins = self.born()
        for first in firsts:
            self.count += 1
            born = twins if chance() < .3 else self.born()
            self.people.append({
                "First": first, "Last": last, "Email": email, "Phone": phone,
                "Born": born if chance() < .6 else "",
                "MBI": self.number() if chance() < .4 else "",
                "City": f"Town {letters(self.count)}"})

    def change(self):
        person = self.random.choice(self.people)
        what = self.random.choice(FAMILY[2:6] + ["gone", "new", "empty"])
        if what == "gone" and len(self.people) > 2:
            self.people.remove(person)
        elif what == "new":
            self.add()
        elif what == "empty":
            person[self.random.choice(FAMILY[2:6])] = ""
        elif what == "Email":
            person[what] = f"new{self.random.randint(0, 999)}@example.com"
        elif what in FAMILY:
            person[what] = {"Phone": self.phone, "Born": self.born,
                            "MBI": self.number}[what]()

    def text(self):
        self.random.shuffle(self.people)
        text = io.StringIO()
        writer = csv.DictWriter(text, FAMILY, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.people)
        return text.getvalue()


def cities(place):
    """Of each contact there, by its ID."""
    latest = {}
    if os.path.exists(place.store):
        with open(place.store, encoding="utf-8") as file:
            for line in file:
                contact = json.loads(line)
                latest[contact["id"]] = contact["values"]["city"]
    return latest


def story_families_export_after_export(place):
    """Reordered, edited, come and gone, and nobody answers a question: no
    contact becomes another person, and nobody is there twice."""
    del place
    for seed in range(8):
        own = Place()
        try:
            own.serve()
            own.config(mapping=FAMILY_MAPPING)
            families, before = Families(seed), {}
            for turn in range(5):
                own.write("leads.csv", families.text())
                done = own.belay("sync", "leads.csv", "--yes")
                check(done.returncode in (0, 1), done.stderr)
                now = cities(own)
                where = f"seed {seed}, turn {turn}"
                equal({id: now[id] for id in before}, before,
                      f"who they are, {where}")
                equal(len(set(now.values())), len(now), f"once each, {where}")
                before = now
                for _ in range(families.random.randint(1, 5)):
                    families.change()
        finally:
            own.close()


if __name__ == "__main__":
    main(globals())
