# SPDX-License-Identifier: MIT
"""From a CRM's export to synced contacts: `belay init`, then as it says."""

import os
import shutil
import stat

from story import check, csv_text, equal, json_lines, main

EXPORTS = os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "data", "exports")


def export(place, name):
    return shutil.copyfile(os.path.join(EXPORTS, name), place.path(name))


def to_practice(place, name):
    """The written config, with what its comments say a sync still needs."""
    text = place.read(name).decode()
    check("  environment: staging\n" in text, "staging is where it begins")
    text = text.replace(
        "  environment: staging\n",
        "  environment: practice\n"
        "  agent_email: agent@example.com\n"
        "  api_key: {env: BELAY_API_KEY}\n"
        f"  urls: {{api: \"{place.url}/v1\"}}\n")
    place.write(name, text + "\nsync: {rate: none, settle: 300ms}\n")


def first_hour(place, name, config):
    source = export(place, name)
    done = place.belay("init", source, f"--output={config}", "--json",
                       config=None, status=0)
    proposed = json_lines(done.stdout)[-1]["summary"]
    equal(stat.S_IMODE(os.stat(place.path(config)).st_mode), 0o600, "mode")
    check(f"contacts: {source}\n" in place.read(config).decode(), "contacts")
    done = place.belay("check", "--json", config=config, status=0)
    summary = json_lines(done.stdout)[-1]["summary"]
    equal((summary["contacts"], summary["blocked"]),
          (proposed["rows"], proposed["blocked"]), f"{name}: totals")
    equal(summary["blocked"], 0, f"{name}: blocked")
    equal(len(json_lines(place.belay(
        "status", "--json", config=config, status=0).stdout)),
        summary["contacts"], f"{name}: rows of status")
    place.belay("plan", config=config, status=0)
    before = sum(place.people().values())
    to_practice(place, config)
    done = place.belay("sync", "--json", config=config, status=0)
    equal(json_lines(done.stdout)[-1]["summary"]["created"],
          summary["contacts"], f"{name}: created")
    people = place.people()
    equal(sum(people.values()) - before, summary["contacts"],
          f"{name}: people at the service")
    equal(set(people.values()), {1}, f"{name}: nobody twice")
    # a second time there is nothing to do
    done = place.belay("sync", "--json", config=config, status=0)
    equal(json_lines(done.stdout)[-1]["summary"]["created"], 0, "again")


def story_every_export_goes_from_init_to_sync(place):
    for number, name in enumerate(sorted(os.listdir(EXPORTS))):
        place.store = place.path(f"store{number}.jsonl")
        place.serve()
        first_hour(place, name, f"config{number}.yaml")
        place.stop_server()


def story_without_options_it_is_the_usual_config(place):
    source = export(place, "hubspot.csv")
    done = place.belay("init", source, config=None, status=0)
    path = place.path(".config/belay/config.yaml")
    check(path in done.stdout and "belay check\n" in done.stdout, "the steps")
    check("Record ID" in done.stdout and "HubSpot" in done.stdout, "a table")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode of the file")
    equal(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700,
          "mode of the directory")
    place.belay("check", config=None, status=0)
    place.belay("status", config=None, status=0)


def story_a_config_that_is_there_stays(place):
    source = export(place, "hubspot.csv")
    place.write("mine.yaml", "# mine\n")
    done = place.belay("init", source, "--output=mine.yaml", config=None,
                       status=73)
    check("mine.yaml" in done.stderr and "--output" in done.stderr,
          "says what to do")
    equal(place.read("mine.yaml"), b"# mine\n", "the file")
    os.symlink("nowhere.yaml", place.path("link.yaml"))
    place.belay("init", source, "--output=link.yaml", config=None, status=73)
    check(not os.path.exists(place.path("nowhere.yaml")), "no file")


def story_standard_output_and_input(place):
    source = export(place, "outlook.csv")
    done = place.belay("init", source, "--output=-", config=None, status=0)
    check("mapping:\n" in done.stdout, "the config")
    check("Outlook" in done.stderr, "the rest beside it")
    with open(source, encoding="windows-1252", newline="") as file:
        piped = place.belay("init", "-", "--output=-", config=None, status=0,
                            input=file.read())
    check("\ncontacts:" not in piped.stdout, "no path of a pipe")
    equal(piped.stdout.split("mapping:")[1], done.stdout.split("mapping:")[1],
          "the mapping")
    place.belay("init", source, "--output=-", "--json", config=None,
                status=64)


def story_nothing_of_other_columns_is_shown(place):
    source = export(place, "hubspot-all.csv")
    done = place.belay("init", source, "--output=a.yaml", config=None,
                       status=0)
    lines = place.belay("init", source, "--output=b.yaml", "--json",
                        config=None, status=0)
    shown = done.stdout + lines.stdout + place.read("a.yaml").decode()
    for text in ("swordfish", "000-12-34", "1EG4-TE5", "3/14/1951"):
        check(text not in shown, f"{text} is shown")
    check("Portal Password (6)" in shown, "its name and count are")
    objects = json_lines(lines.stdout)
    field = next(o for o in objects if o.get("field") == "medicare_number"
                 and "rule" in o)
    equal((field["rule"], field["certainty"], field["filled"]),
          ("Medicare Number (MBI)", "sure", 6), "a field")
    column = next(o for o in objects
                  if o.get("column") == "Social Security Number")
    equal((column["field"], column["secret"]), (None, True), "a column")
    equal(objects[-1]["summary"]["crm"], "hubspot", "the summary")


def story_what_cannot_be_is_said(place):
    source = export(place, "hubspot.csv")
    done = place.belay("init", source, "--crm=zoh", config=None, status=64)
    check("did you mean 'zoho'" in done.stderr, "the nearest")
    check(not os.path.exists(place.path(".config/belay/config.yaml")),
          "no config")
    place.belay("init", "none.csv", config=None, status=66)
    place.write("book.xlsx", "PK\3\4 and so on")
    done = place.belay("init", "book.xlsx", config=None, status=65)
    check("Excel" in done.stderr, "how to get a CSV")
    place.write("empty.csv", "")
    place.belay("init", "empty.csv", config=None, status=65)
    place.belay("init", source, "--output=none/config.yaml", config=None,
                status=73)
    place.belay("init", config=None, status=64)


def story_a_file_without_a_header_shows_nothing_of_its_first_row(place):
    place.write("bare.csv", "51,Ruth,Bell,219-09-9999\n52,Ann,Ames,\n")
    done = place.belay("init", "bare.csv", "--output=c.yaml", config=None,
                       status=65)
    check("header line" in done.stderr, done.stderr)
    check("219" not in done.stdout + done.stderr, "the number")
    check(not os.path.exists(place.path("c.yaml")), "no config")


def story_v2_is_there_to_be_uncommented(place):
    place.write("people.csv", csv_text(1))
    place.belay("init", "people.csv", "--output=c.yaml", config=None, status=0)
    text = place.read("c.yaml").decode()
    start = text.index("  # oauth:\n")
    block = text[start:text.index("\n\n", start) + 1]
    equal([line.split(":")[0].strip() for line in
           block.replace("#", "").splitlines()],
          ["oauth", "client_id", "client_secret", "redirect_uri"], "its keys")
    text = text.replace(block, block.replace("  # ", "  "))
    place.write("c.yaml", text.replace("version: v1", "version: v2"))
    place.belay("check", config="c.yaml", status=0)


def story_an_id_that_is_not_read_is_told(place):
    """In a file of keys, contacts without external_id get IDs of belay's."""
    place.config(mapping="")
    place.write("people.yaml", "- {id: 7, first_name: Ruth, last_name: Bell}\n")
    done = place.belay("check", "people.yaml", status=0)
    check('"id" is not read as the contacts\' ID' in done.stderr, done.stderr)
    check("name it external_id" in done.stderr, done.stderr)
    place.write("people.yaml",
                "- {external_id: 7, id: 1, first_name: Ruth, last_name: B}\n")
    done = place.belay("check", "people.yaml", status=0)
    check("is not read" not in done.stderr, done.stderr)


def story_keys_named_like_fields_need_no_mapping(place):
    place.serve()
    place.write("people.yaml",
                "- {external_id: a1, first_name: Ruth, last_name: Bell}\n"
                "- {external_id: a2, first_name: Walter, last_name: Ames}\n")
    done = place.belay("init", "people.yaml", "--output=c.yaml", config=None,
                       status=0)
    check("No mapping is needed" in done.stdout, "says so")
    check("\nmapping" not in place.read("c.yaml").decode(), "none is there")
    place.belay("check", config="c.yaml", status=0)
    to_practice(place, "c.yaml")
    place.belay("sync", config="c.yaml", status=0)
    equal(place.people(), {"a1": 1, "a2": 1}, "people")


if __name__ == "__main__":
    main(globals())
