#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several agents in one agency: profiles, and an agent by contact."""

import json
import os

import canaries
from story import (HEADER, MAPPING, check, csv_text, equal, json_lines, main,
                   person)

PROFILES = """\
profiles:
  maria:
    contacts: maria.csv
    agent_email: maria@example.com
  jose:
    contacts: jose.csv
    agent_email: jose@example.com
"""


def prepare(place, *switches):
    place.serve(*switches)
    place.config(rest=PROFILES)
    place.write("maria.csv", csv_text(2))
    place.write("jose.csv", strangers(2))


def strangers(count):
    """Other people than those of csv_text()."""
    rows = [",".join(HEADER)]
    rows += [",".join(person(100 + number)) for number in range(count)]
    return "\r\n".join(rows) + "\r\n"


def agents(place):
    return [json.loads(request["body"])["agent_email"]
            if isinstance(request["body"], str)
            else request["body"]["agent_email"]
            for request in place.requests()]


def story_the_file_chooses_the_agent(place):
    prepare(place)
    place.belay("sync", "maria.csv", status=0)
    equal(set(agents(place)), {"maria@example.com"}, "maria's")
    place.belay("sync", "jose.csv", status=0)
    equal(set(agents(place)[4:]), {"jose@example.com"}, "jose's")
    place.write("other.csv", csv_text(50).splitlines()[0] + "\r\n"
                + csv_text(50).splitlines()[50] + "\r\n")
    place.belay("sync", "other.csv", status=0)
    equal(set(agents(place)[8:]), {"agent@example.com"}, "nobody's")


def story_one_agents_list_is_no_newer_export_of_anothers(place):
    """Though both have the same people, under the same IDs: each agent has a
    contact of their own at HealthSherpa."""
    prepare(place)
    place.write("jose.csv", csv_text(2))
    place.belay("sync", "maria.csv", status=0)
    done = place.belay("sync", "jose.csv", "--yes", status=0)
    check("newer export" not in done.stderr, done.stderr)
    check("2 created" in done.stdout, done.stdout)


def story_of_ones_own_it_is(place):
    prepare(place)
    place.belay("sync", "maria.csv", status=0)
    place.belay("sync", "jose.csv", status=0)
    place.write("maria-new.csv", csv_text(2))
    done = place.belay("sync", "maria-new.csv", "-P", "maria", status=64)
    check("newer export of maria.csv" in done.stderr, done.stderr)


def story_a_new_name_with_the_wrong_profile_is_asked_about(place):
    """Else all of Maria's clients would become contacts of José's."""
    prepare(place)
    place.belay("sync", "maria.csv", status=0)
    place.write("maria-new.csv", csv_text(2))
    for more in ((), ("--yes",)):
        done = place.belay("sync", "maria-new.csv", "-P", "jose", *more,
                           status=64)
        check("the list of another profile" in done.stderr, done.stderr)
    done = place.belay("status", "maria-new.csv", "-P", "jose", status=0)
    check("shown as a list of its own" in done.stderr, done.stderr)
    equal(set(agents(place)), {"maria@example.com"}, "nothing as jose")
    place.belay("sync", "maria-new.csv", "-P", "jose", "--separate", status=0)
    check("jose@example.com" in agents(place), "when it is said")


def story_a_profile_is_chosen_by_name(place):
    prepare(place)
    place.belay("sync", "--profile", "jose", status=0)
    equal(set(agents(place)), {"jose@example.com"}, "jose's")
    done = place.belay("sync", "--profile=jsoe", status=64)
    check("did you mean 'jose'?" in done.stderr, done.stderr)
    done = place.belay("sync", "maria.csv", "-P", "jose", status=64)
    check("is the file of profile maria, not of jose" in done.stderr,
          done.stderr)
    done = place.belay("sync", status=64)
    check("one of the profiles with --profile" in done.stderr, done.stderr)
    done = place.belay("doctor", "-P", "maria")
    check("profile maria, practice, agent maria@example.com" in done.stdout,
          done.stdout)
    equal(len(agents(place)), 5, "four calls and the doctor's")


def owned(*owners):
    rows = [",".join(HEADER + ["Owner Email"])]
    rows += [",".join(person(number) + [owner])
             for number, owner in enumerate(owners)]
    return "\r\n".join(rows) + "\r\n"


def by_contact(place, default=True):
    place.serve()
    place.config(mapping=MAPPING + "  agent_email: Owner Email\n")
    if not default:
        text = place.read("config.yaml").decode()
        place.write("config.yaml", text.replace(
            "  agent_email: agent@example.com\n", ""))


def story_a_contact_brings_its_agent(place):
    by_contact(place)
    place.write("export.csv", owned("maria@example.com", "", "Jose"))
    lines = json_lines(place.belay("plan", "export.csv", "--json",
                                   status=1).stdout)
    equal([line["agent_email"] for line in lines if "verb" in line],
          ["maria@example.com", "agent@example.com", "agent@example.com"],
          "the plan")
    place.belay("sync", "export.csv", status=1)
    equal(sorted(agents(place)), ["agent@example.com"] * 2
          + ["maria@example.com"] * 2, "search and create")
    place.write("export.csv", owned("maria@example.com", "", "").replace(
        "95811", "95812", 1))
    place.belay("sync", "export.csv", status=0)
    equal(agents(place)[4], "maria@example.com", "the update")
    contacts = [request["body"] for request in place.requests()]
    check(all("agent_email" not in str(body.get("contact", {}))
              for body in map(body_of, contacts)), "beside the contact")
    line = json_lines(place.belay("show", "export.csv", "--id", "1000",
                                  "--json", status=0).stdout)[0]
    equal(line["agent_email"], "maria@example.com", "show")


def body_of(body):
    return json.loads(body) if isinstance(body, str) else body


def story_nobody_has_to_be_named_for_all(place):
    by_contact(place, default=False)
    place.write("export.csv", owned("maria@example.com", ""))
    done = place.belay("sync", "export.csv", status=1)
    check("no agent is named" in done.stdout, done.stdout)
    equal(set(agents(place)), {"maria@example.com"}, "the one that has one")


def story_another_agent_of_a_linked_contact(place):
    by_contact(place)
    place.write("export.csv", owned("maria@example.com", ""))
    place.belay("sync", "export.csv", status=0)
    text = place.read("export.csv").decode()
    place.write("export.csv", text.replace("maria@", "jose@"))
    done = place.belay("sync", "export.csv", status=0)
    check("2 up to date" in done.stdout, done.stdout)
    place.write("export.csv", text.replace("maria@", "jose@").replace(
        "95811", "95812", 1))
    done = place.belay("sync", "export.csv", status=1)
    check("another agent" in done.stdout, done.stdout)
    equal(sum(place.people().values()), 2, "nobody twice")


def story_production_is_asked_about_however_few_they_are(place):
    place.serve()
    for name in ("tmp", "bin"):
        os.mkdir(place.path(name))
    place.config()
    text = place.read("config.yaml").decode()
    practice = canaries.Source("ask", "{env: KEY}", variable="KEY")
    real = canaries.Source("real", "{env: KEY}", variable="KEY")
    practice.prepare(place)
    before, urls = text.split("  urls: ")
    place.write("real.yaml", before.replace("practice", "production")
                + urls[urls.index("\n") + 1:])
    place.write("export.csv", csv_text(1))
    terminal = canaries.Terminal(place, real, "sync", "export.csv")
    terminal.wait_for(b"at production (agent@example.com)")
    terminal.wait_for(b"Type 1 to send them: ")
    terminal.send(b"y\n")
    equal(terminal.end(), 64, terminal.said)
    check(b"nothing was sent" in terminal.said, terminal.said)
    terminal = canaries.Terminal(place, practice, "sync", "export.csv")
    equal(terminal.end(), 0, terminal.said)
    check(b"Type" not in terminal.said, terminal.said)


if __name__ == "__main__":
    main(globals())
