# SPDX-License-Identifier: MIT
"""Drugs, pharmacies and providers on the command line: what a plan says of
them, that v1 does not take them, and what a contact says that was not saved
whole."""

import http.client
import json
import os
import shutil

import browser
import canaries
from story import BELAY, check, equal, json_lines, main

PERSON = """\
- external_id: crm-1
  first_name: Ada
  last_name: Sample
  birth_date: 1950-01-15
  medicare_number: 1EG4-TE5-MK73
"""
LISTS = """\
  drugs:
    - {name: Aspirin, frequency: 2}
    - {name: Lisinopril, ndc: 00093-7150-01}
  providers: []
"""
KNOWN = "  healthsherpa_id: 7f3c0a52-9d1e-4b7a-8c55-0e6f1d2a3b4c\n"
V2 = """\
service:
  version: v2
  environment: staging
  oauth: {client_id: x, client_secret: {env: BELAY_API_KEY}}
"""


def planned(place, *options, command="plan"):
    done = place.belay(command, "people.yaml", "--json", *options,
                       "--config", "v2.yaml", status=0)
    return json_lines(done.stdout)[0]


def story_a_plan_says_which_lists_would_go(place):
    place.write("v2.yaml", V2)
    place.write("people.yaml", PERSON + LISTS)
    new = planned(place)
    equal(new["verb"], "create", "verb")
    check("drugs" in new["changed"], "a creation takes the drugs along")
    check("providers" not in new["changed"], "an empty list is none")
    check('"frequency":2' in new["fields"]["drugs"], new["fields"]["drugs"])
    check('"ndc":"00093-7150-01"' in new["fields"]["drugs"],
          new["fields"]["drugs"])
    place.write("people.yaml", PERSON + KNOWN + LISTS)
    known = planned(place)
    equal(known["verb"], "update", "verb")
    check("drugs" not in known["changed"], "an update does not by itself")
    for how in ("merge", "replace"):
        known = planned(place, "--lists", how)
        check("drugs" in known["changed"], how)
        dry = planned(place, "--dry-run", f"--lists={how}", command="sync")
        equal(dry["changed"], known["changed"], "a dry run")
    place.write("v2.yaml", V2 + "sync: {lists: merge}\n")
    check("drugs" in planned(place)["changed"], "the config says so")


def story_lists_takes_two_words(place):
    place.write("v2.yaml", V2)
    place.write("people.yaml", PERSON + LISTS)
    for word in ("all", "create", "MERGE", ""):
        done = place.belay("plan", "people.yaml", f"--lists={word}",
                           "--config", "v2.yaml", status=64)
        check("--lists takes merge or replace" in done.stderr, done.stderr)
    place.write("v2.yaml", V2 + "sync: {lists: always}\n")
    done = place.belay("plan", "people.yaml", "--config", "v2.yaml", status=78)
    check("create, merge or replace" in done.stderr, done.stderr)


def story_v1_does_not_take_lists(place):
    place.serve()
    place.config(mapping="")
    place.write("people.yaml", PERSON + LISTS)
    done = place.belay("check", "people.yaml", status=0)
    equal(done.stderr.count("v1"), 1, "said once")
    check("drugs" in done.stderr, done.stderr)
    done = place.belay("sync", "people.yaml", "--lists=merge", status=64)
    check("service.version v2" in done.stderr, done.stderr)
    place.belay("sync", "people.yaml", status=0)
    create = [request for request in place.requests()
              if request["route"] == "create"]
    equal(len(create), 1, "creations")
    check("drugs" not in str(create[0]["body"]), create[0]["body"])
    # a list that changed changes nothing
    text = place.read("people.yaml").decode().replace("Aspirin", "Plavix")
    place.write("people.yaml", text)
    done = place.belay("status", "people.yaml", "--json", status=0)
    line = json_lines(done.stdout)[0]
    equal(line["status"], "synced", "status")
    equal(line["reason"], None, "nothing to say")


def story_what_was_not_saved_whole_needs_somebody(place):
    place.serve(script="create 1 partial\n")
    place.config(mapping="")
    place.write("people.yaml", PERSON)
    done = place.belay("sync", "people.yaml", "--json", status=1)
    row, last = json_lines(done.stdout)
    equal(row["status"], "partial", "status")
    equal(row["code"], "partial", "code")
    check(row["message"], "says what")
    equal(last["summary"]["partial"], 1, "summary")
    equal(last["summary"]["created"], 1, "summary")
    for command in ("status", "show"):
        done = place.belay(command, "people.yaml", "--id", "crm-1", "--json",
                           status=None)
        line = json_lines(done.stdout)[0]
        equal(line["status"], "partial", command)
        equal(line["reason"], row["message"], command)
    # it is saved whole by the next update
    text = place.read("people.yaml").decode().replace("Sample", "Specimen")
    place.write("people.yaml", text)
    place.belay("sync", "people.yaml", status=0)
    done = place.belay("status", "people.yaml", "--json", status=0)
    equal(json_lines(done.stdout)[0]["status"], "synced", "status")


def story_a_list_that_is_none_is_left_out(place):
    place.write("v2.yaml", V2)
    for lists, code in (("  drugs: Aspirin\n", "LIST-SHAPE"),
                        ("  drugs: [Aspirin]\n", "LIST-SHAPE"),
                        ("  drugs: [" + "{n: 1}, " * 51 + "]\n",
                         "LIST-LENGTH")):
        place.write("people.yaml", PERSON + lists)
        done = place.belay("check", "people.yaml", "--json", "--config",
                           "v2.yaml", status=0)
        codes = [line.get("code") for line in json_lines(done.stdout)]
        check(code in codes, codes)
        plan = planned(place)
        equal(plan["verb"], "create", "goes without it")
        check("drugs" not in plan["changed"], plan["changed"])
        done = place.belay("explain", code, status=0)
        check("left out whole" in " ".join(done.stdout.split()), done.stdout)


# ---- with a login, at the server ---------------------------------------------

def begin(place, *switches, sync="", script=None):
    place.serve(*switches, script=script)
    browser.config_v2(place, mapping="", sync=sync)
    browser.log_in(place)


def sync(place, *options, status=0):
    done = place.belay("sync", "people.yaml", "--json", *options,
                       status=status, BELAY_CLIENT_SECRET="practice-secret")
    return json_lines(done.stdout)


def theirs(place):
    """The one contact as the server has it."""
    with open(place.store, encoding="utf-8") as file:
        return json.loads(file.read().splitlines()[-1])


def drugs(place):
    lists = theirs(place)
    return [drug["name"] for drug in
            (lists.get("lists") or lists)["drugs"]]


def at_healthsherpa(place, names):
    """Somebody changes the list there."""
    kept = json.loads(place.read(token_path(place)))
    contact = theirs(place)
    connection = http.client.HTTPConnection(
        place.url.split("/")[2], timeout=30)
    connection.request(
        "PATCH", f"/v2/contacts/{contact['id']}",
        json.dumps({"contact": {"drugs": [{"name": name} for name in names]}}),
        {"Authorization": "Bearer " + kept["access_token"],
         "Content-Type": "application/json"})
    equal(connection.getresponse().status, 200, "the change there")
    connection.close()


def token_path(place):
    directory = place.path(".local/state/belay/tokens")
    return os.path.join(directory, [
        name for name in os.listdir(directory) if name.endswith(".json")][0])


def story_lists_go_to_the_server_when_asked(place):
    begin(place)
    place.write("people.yaml", PERSON + LISTS)
    sync(place)
    equal(drugs(place), ["Aspirin", "Lisinopril"], "created with both")
    at_healthsherpa(place, ["Aspirin", "Lisinopril", "Metformin"])
    text = place.read("people.yaml").decode().replace(
        "Aspirin", "Plavix").replace("Sample", "Specimen")
    place.write("people.yaml", text)
    sync(place)
    equal(drugs(place), ["Aspirin", "Lisinopril", "Metformin"],
          "an update leaves the list alone")
    sync(place, "--lists=merge")
    equal(sorted(drugs(place)),
          ["Aspirin", "Lisinopril", "Metformin", "Plavix"], "merged")
    equal(sync(place, "--lists=merge")[-1]["summary"]["requests"], 0,
          "nothing is left to merge")
    place.write("people.yaml", text.replace("Plavix", "Eliquis"))
    sync(place, "--lists=replace")
    equal(drugs(place), ["Eliquis", "Lisinopril"], "replaced")


class WithSecret:
    """For canaries.Terminal: belay with this place's own config."""

    @staticmethod
    def argv(place, *words):
        return [BELAY, *words, "-c", place.path("config.yaml")]

    @staticmethod
    def environment(place):
        return place.environment(BELAY_CLIENT_SECRET="practice-secret")


def at_a_terminal(place, *options, answer=None):
    """What is said of a sync, and how it ends."""
    terminal = canaries.Terminal(place, WithSecret, "sync", "people.yaml",
                                 *options)
    if answer:
        terminal.wait_for(b"to send them: ")
        terminal.send(answer)
    return terminal.end(), " ".join(terminal.said.decode().split())


def story_at_a_terminal_a_replacement_is_asked_for(place):
    begin(place)
    place.write("people.yaml", PERSON + LISTS)
    sync(place)
    at_healthsherpa(place, ["Metformin"])
    place.write("people.yaml", place.read("people.yaml").decode().replace(
        "Aspirin", "Plavix"))
    status, said = at_a_terminal(place, "--lists=replace", answer=b"y\n")
    equal(status, 64, said)
    check("pharmacies and providers of 1 contact are replaced" in said, said)
    check("entered there is gone for good" in said, said)
    check("nothing was sent" in said, said)
    equal(drugs(place), ["Metformin"], "nothing was sent")
    status, said = at_a_terminal(place, "--lists=replace", answer=b"1\n")
    equal(status, 0, said)
    equal(drugs(place), ["Plavix", "Lisinopril"], "replaced")
    # by --yes it is not asked for, nor where nothing can be lost
    for options, name in ((("--lists=replace", "--yes"), "Zocor"),
                          (("--lists=merge",), "Advil")):
        place.write("people.yaml", PERSON + f"  drugs: [{{name: {name}}}]\n")
        status, said = at_a_terminal(place, *options)
        equal(status, 0, said)
        check("Type" not in said, said)
    equal(drugs(place), ["Zocor", "Advil"], "replaced, then merged")


def story_an_item_that_does_not_take_is_named(place):
    for partial in ("data", "top", "contact", "bare"):
        begin(place, f"partial={partial}")
        place.write("people.yaml", PERSON + LISTS.replace(
            "{name: Aspirin, frequency: 2}", "{ndc: 00093-7150-02}"))
        row, last = sync(place, status=1)
        equal(row["status"], "partial", partial)
        if partial != "bare":
            check("drug 1" in row["message"] or
                  "00093-7150-02" in row["message"], row["message"])
        equal(last["summary"]["partial"], 1, "summary")
        place.write("people.yaml", place.read("people.yaml").decode().replace(
            "{ndc: 00093-7150-02}", "{name: Aspirin}"))
        sync(place, "--lists=merge")
        equal(sorted(drugs(place)), ["Aspirin", "Lisinopril"], partial)
        place.stop_server()
        os.remove(place.store)
        shutil.rmtree(place.path(".local"))


if __name__ == "__main__":
    main(globals())
