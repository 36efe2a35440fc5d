#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Made-up contacts, N of them, the same each time: every one is valid, and no
two share a record id, a Medicare number or an e-mail address.

    contacts.py --count N --format csv|yaml [--first N] [--ending lf|crlf]
                [--linked K]

csv: the columns of a HubSpot export (mapping.yaml beside this file reads it).
yaml: a list of maps whose keys are HealthSherpa's fields, with comments of
every kind between, above and behind them, to see them survive.
--linked gives the first K a HealthSherpa ID.
"""

import argparse
import csv
import sys

FIRST = ("Alice Benjamin Carmen Dorothy Edward Frances Gloria Henry Isabel "
         "James Katherine Leonard Margaret Norman Olivia Zoë José 민준 花子"
         ).split()
LAST = ("Anderson Brooks Castillo Dawson Ellis Fischer García Hughes Ingram "
        "Jackson Keller Lambert Morales Novák Owens Parker Ramírez Sullivan "
        "Turner Vargas Wallace Young Zimmerman").split()
PLACES = [
    ("Sacramento", "CA", "95811", 916), ("Miami", "FL", "33101", 305),
    ("Houston", "TX", "77002", 713), ("Chicago", "IL", "60601", 312),
    ("Phoenix", "AZ", "85001", 602), ("Seattle", "WA", "98101", 206),
    ("Boston", "MA", "02108", 617), ("Atlanta", "GA", "30301", 404),
    ("Denver", "CO", "80202", 303), ("Newark", "NJ", "07102", 973),
]
LETTERS = "ACDEFGHJKMNPQRTUVWXY"
MIXED = "0123456789" + LETTERS

CSV_COLUMNS = [
    "Record ID", "First Name", "Last Name", "Email", "Phone Number",
    "Mobile Phone Number", "Date of birth", "Gender", "Street Address", "City",
    "State/Region", "Postal Code", "MBI", "Part A Effective Date",
    "Part B Effective Date", "Lead Status", "HealthSherpa ID",
]


def medicare_number(number):
    """Different for each; S in second place marks it as made up."""
    number, tail = divmod(number, 100)
    number, letter = divmod(number, len(LETTERS))
    number, digit = divmod(number, 10)
    number, mixed = divmod(number, len(MIXED))
    return (f"{number % 9 + 1}S{MIXED[mixed]}{digit}{LETTERS[letter]}D4"
            f"QR{tail:02}")


def contact(number):
    """One contact with the values as they stand in an export."""
    city, state, area_zip, area = PLACES[number % len(PLACES)]
    year = 1936 + number // 336 % 24
    month, day = 1 + number // 28 % 12, 1 + number % 28
    mbi = medicare_number(number)
    return {
        "id": str(20000 + number),
        "first": FIRST[number % len(FIRST)],
        "last": LAST[number // len(FIRST) % len(LAST)],
        "email": f"person{number}@example.com",
        "phone": f"({area}) 555-01{number // 10 % 100:02}",
        "birth": (year, month, day),
        "sex": ("Female", "Male")[number % 2],
        "street": f"{100 + number} Main Street",
        "city": city, "state": state, "zip": area_zip,
        "mbi": f"{mbi[:4]}-{mbi[4:7]}-{mbi[7:]}",
        "part": (year + 65, month, 1),
        "status": ("Open", "New", "Connected; VIP")[number % 3],
    }


def healthsherpa_id(number):
    return f"0be1a900-0000-4000-8000-{number:012}"


def us_date(date):
    year, month, day = date
    return f"{month:02}/{day:02}/{year}"


def iso_date(date):
    return "%04d-%02d-%02d" % date


def write_csv(out, numbers, linked, ending):
    writer = csv.writer(out, lineterminator=ending)
    writer.writerow(CSV_COLUMNS)
    for number in numbers:
        one = contact(number)
        mobile = one["phone"] if number % 4 == 0 else ""
        writer.writerow([
            one["id"], one["first"], one["last"], one["email"],
            "" if mobile else one["phone"], mobile, us_date(one["birth"]),
            one["sex"], one["street"], one["city"], one["state"], one["zip"],
            one["mbi"], us_date(one["part"]), us_date(one["part"]),
            one["status"],
            healthsherpa_id(number) if number < linked else "",
        ])


def yaml_lines(number, linked):
    """One item; plain, quoted and commented in turn."""
    one = contact(number)
    style = number % 4
    if style == 1:
        yield f"  # met at the fair, row {number}: 'quotes', \"more\", {{x}}"
    yield f"  - external_id: \"{one['id']}\""
    yield f"    first_name: {one['first']}   # given name"
    yield f"    last_name: '{one['last']}'"
    if style == 2:
        yield ""
        yield "    # how to reach them"
    yield f"    email: {one['email']}"
    yield f"    phone: \"{one['phone']}\"  # day - time"
    yield f"    birth_date: {iso_date(one['birth'])}"
    yield f"    sex: {one['sex'].lower()}"
    yield f"    address_1: {one['street']}"
    yield f"    city: {one['city']}"
    yield f"    state: {one['state']}"
    yield f"    zip: \"{one['zip']}\""
    yield f"    medicare_number: {one['mbi']}"
    if number < linked:
        yield f"    healthsherpa_id: {healthsherpa_id(number)}"
    if style == 3:
        yield "    # - not: a contact"
        yield "# left of everything"


def write_yaml(out, numbers, linked, ending):
    lines = ["# Clients of the agency.", "#", "---", "owner: North office",
             "contacts:"]
    for number in numbers:
        lines.extend(yaml_lines(number, linked))
    lines.extend(["# end of the list", "checked: 2026-01-05"])
    out.write(ending.join(lines) + ending)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--format", choices=("csv", "yaml"), required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--linked", type=int, default=0)
    parser.add_argument("--ending", choices=("lf", "crlf"), default="lf")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    write = write_csv if options.format == "csv" else write_yaml
    write(sys.stdout, range(options.first, options.first + options.count),
          options.linked, "\n" if options.ending == "lf" else "\r\n")


if __name__ == "__main__":
    main()
