# SPDX-License-Identifier: MIT
"""`belay check` and `belay explain`: all that is wrong, in one go."""

import re

from story import check, equal, json_lines, main

EXPORT = """Id,First,Last,Mail,Phone,Born,State,ZIP,MBI,Part A
1,RUTH,Adams,ruth@gmial.com,916-234-0123,3/4/1955,CA,958l1,1EGOTE5MK73,42490
2,Ann,Baker,"ann@gmail,com",916-555-0123,1/15/1955,Texass,9581,,42521
3,,Cole,,,,,,,42551
"""

MAPPING = """mapping:
  external_id: Id
  first_name: First
  last_name: Last
  email: Mail
  phone: Phone
  birth_date: {column: Born%s}
  state: State
  zip: ZIP
  medicare_number: MBI
  medicare_part_a_effective_date: {column: Part A%s}
"""


def prepare(place, born="", part=""):
    place.write("export.csv", EXPORT)
    place.write("config.yaml",
                f"contacts: {place.path('export.csv')}\n"
                + MAPPING % (born, part))


def findings(place, *options):
    lines = json_lines(place.belay("check", "--json", *options,
                                   status=1).stdout)
    return lines[:-1], lines[-1]["summary"]


def story_everything_at_once(place):
    prepare(place)
    done = place.belay("check", status=1)
    for text in ("3 contacts: 2 could be sent, 1 blocked",
                 "errors    REQUIRED 1\n",
                 "warnings  DATE-SYSTEM 3, ",
                 "notes     NAME-CASE 1, PHONE-FICTIONAL 1\n",
                 "'belay explain CODE'",
                 'perhaps "ruth@gmail.com"?', 'perhaps "95811"?',
                 "birth date (Born): 1/2/1950 is read with the month first: "
                 "1 value says so, none the other way; date: m/d/y in the "
                 "mapping pins it\n",
                 "date: excel1904 or date: excel in the mapping settles it\n"):
        check(text in done.stdout, f"{text!r} is not in\n{done.stdout}")
    # a likely Medicare number is one too
    check("1EG0" not in done.stdout and "NAME-CASE  " not in done.stdout,
          done.stdout)
    done = place.belay("check", "--reveal", "-v", status=1)
    check('perhaps "1EG0TE5MK73"?' in done.stdout, done.stdout)
    check('perhaps "Ruth"?' in done.stdout, done.stdout)


def story_json_lines(place):
    prepare(place)
    lines, summary = findings(place)
    keys = {"external_id", "row", "field", "column", "code", "severity",
            "message", "suggestion"}
    counted = {}
    for line in lines:
        equal(set(line), keys, "keys")
        counted[line["code"]] = counted.get(line["code"], 0) + 1
    equal(summary["codes"], counted, "codes")
    equal(summary["errors"] + summary["warnings"] + summary["infos"],
          len(lines), "findings")
    suggested = {line["code"]: line["suggestion"] for line in lines}
    equal(suggested["EMAIL-DOMAIN"], "ruth@gmail.com", "e-mail")
    check(suggested["MBI-SHAPE"].endswith("MK73")
          and "1EG" not in suggested["MBI-SHAPE"], "masked")
    equal(suggested["REQUIRED"], None, "nothing to suggest")
    columns = summary["columns"]
    equal([(c["field"], c["column"], c["read_as"], c["for"], c["against"],
            c["open"], c["pinned"]) for c in columns],
          [("birth_date", "Born", "m/d/y", 1, 0, 1, False),
           ("medicare_part_a_effective_date", "Part A", "excel", 0, 3, 0,
            False)], "columns")


def story_what_is_pinned(place):
    prepare(place, ", date: d/m/y", ", date: excel1904")
    lines, summary = findings(place)
    equal([(c["read_as"], c["for"], c["against"], c["open"], c["pinned"])
           for c in summary["columns"]],
          [("d/m/y", 0, 1, 1, True), ("excel1904", 3, 0, 0, True)], "columns")
    check(not any(line["code"] == "DATE-SYSTEM" for line in lines), "1904")
    equal([line["suggestion"] for line in lines
           if line["code"] == "DATE-SHAPE"],
          ["1955"], "the other way, masked")


def story_all_problems_of_the_config(place):
    place.write("export.csv", EXPORT)
    place.write("config.yaml",
                f"contact: {place.path('export.csv')}\n"
                "mapping: {external_id: Id, frist_name: First, "
                "birth_date: {column: Born, date: excel1905}}\n"
                "sync: {rate: fast}\n")
    done = place.belay("check", status=78)
    for text in ("config.yaml:1:1: contact: not known here; did you mean "
                 "contacts?", "config.yaml:2:28: mapping.frist_name: not "
                 "known here; did you mean first_name?",
                 "config.yaml:2:80: mapping.birth_date.date: must be ",
                 "config.yaml:3:14: sync.rate: 'fast' is not a rate",
                 "has 4 problems"):
        check(text in done.stderr, f"{text!r} is not in\n{done.stderr}")


def story_what_is_no_status(place):
    """A filter that could never fit anybody is a mistake, wherever it is."""
    prepare(place)
    for command in (["status"], ["plan"], ["sync", "--dry-run"]):
        done = place.belay(*command, "--filter", "status:nonsense", status=64)
        check("status is new, changed, synced, " in done.stderr
              and 'or review, not "nonsense"' in done.stderr, done.stderr)
    place.belay("status", "--filter", "status:block", status=1)
    config = place.read("config.yaml").decode()
    place.write("config.yaml", config + "desk:\n  filters:\n"
                                        "    mine: status=faild\n")
    done = place.belay("check")
    check('desk.filters.mine: status is new' in done.stdout + done.stderr,
          done.stdout + done.stderr)


def story_every_code_is_explained(place):
    all_of_them = place.belay("explain", config=None, status=0).stdout
    codes = re.findall(r"^([A-Za-z_-]+) \((\w+)\)$", all_of_them, re.M)
    kinds = [kind for _, kind in codes]
    equal(set(kinds), {"error", "warning", "info", "review", "failed"},
          "kinds")
    check(len(codes) > 60, f"{len(codes)} codes")
    equal([(line["code"], line["severity"]) for line in json_lines(
        place.belay("explain", "--json", config=None, status=0).stdout)],
        codes, "the same as JSON lines")
    for code, kind in codes:
        done = place.belay("explain", code.lower(), config=None, status=0)
        check(f"{code} ({kind})\n" in done.stdout, done.stdout)
    done = place.belay("explain", "ZIP-LENGHT", config=None, status=64)
    check("did you mean ZIP-LENGTH?" in done.stderr, done.stderr)
    done = place.belay("explain", "recognized", config=None, status=64)
    check("did you mean recognised?" in done.stderr, done.stderr)


if __name__ == "__main__":
    main(globals())
