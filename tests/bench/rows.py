# SPDX-License-Identifier: MIT
"""The same made-up contacts in every format, the same each time."""

import json
import os

COLUMNS = ["external_id", "first_name", "last_name", "email", "phone",
           "birth_date", "sex", "address_1", "address_2", "city", "state",
           "zip", "type", "medicare_number",
           "medicare_part_a_effective_date",
           "medicare_part_b_effective_date", "medicaid_number",
           "medicaid_eligible", "extra_help", "Owner", "Lead Status",
           "Create Date"]
FORMATS = ("csv", "tsv", "yaml", "json", "jsonl", "vcf")
FIRST = ["Ruth", "Walter", "Denise", "Luis", "Anne", "Harold", "Grace", "Omar"]
LAST = ["Abernathy", "Baker", "Cole", "Diaz", "Evans", "Foster", "Gomez",
        "Hughes"]
PLACES = [("Sacramento", "CA", "95811"), ("Miami", "FL", "33101"),
          ("Houston", "TX", "77002"), ("Newark", "NJ", "07101")]
STREETS = ["Martin Luther King Boulevard", "North Main Street",
           "Old Orchard Road", "Washington Avenue"]
AREAS = (212, 305, 713, 916)
LETTERS = "ACDEFGHJKMNPQRTUVWXY"


def medicare_number(number):
    """Different for each of 36 million; S in second place: made up."""
    number, tail = divmod(number, 100)
    number, first = divmod(number, len(LETTERS))
    number, second = divmod(number, len(LETTERS))
    number, digit = divmod(number, 10)
    return (f"{number % 9 + 1}S{digit}0{LETTERS[first]}00"
            f"{LETTERS[second]}A{tail:02}")


def contact(number):
    """The same row for the same number, always: 22 values, about 255 B."""
    dice = number * 2654435761 % 2 ** 32
    city, state, zip_code = PLACES[dice % 4]
    first, last = FIRST[dice // 4 % 8], LAST[dice // 32 % 8]
    return [f"crm-{number}", first, f"{last}{number}",
            f"{first}.{last}{number}@example.com".lower(),
            f"{AREAS[dice // 256 % 4]}55501{dice // 1024 % 100:02}",
            f"19{30 + dice // 4096 % 30}-{dice // 8192 % 12 + 1:02}"
            f"-{dice // 65536 % 28 + 1:02}",
            ("male", "female")[dice // 131072 % 2],
            f"{dice // 262144 % 999 + 1} {STREETS[dice // 512 % 4]}",
            f"Apartment {dice // 1048576 % 99 + 1}", city, state, zip_code,
            "client", medicare_number(number), "2024-01-01", "2024-01-01", "",
            "false", "", "A. Gent of the Sacramento office",
            "open: attempted to contact", "2026-01-05"]


def csv_row(values):
    return ",".join(values) + "\n"


def tsv_row(values):
    return "\t".join(values) + "\n"


def yaml_row(values):
    lines = [f'  {name}: "{value}"\n' for name, value in zip(COLUMNS, values)]
    return "- " + "".join(lines)[2:]


def json_row(values):
    return json.dumps(dict(zip(COLUMNS, values)))


def jsonl_row(values):
    return json_row(values) + "\n"


def vcf_row(values):
    row = dict(zip(COLUMNS, values))
    rest = "".join(f"X-{name.upper().replace('_', '-').replace(' ', '-')}:"
                   f"{row[name]}\n" for name in COLUMNS[12:])
    return ("BEGIN:VCARD\nVERSION:3.0\n"
            f"UID:{row['external_id']}\n"
            f"N:{row['last_name']};{row['first_name']};;;\n"
            f"FN:{row['first_name']} {row['last_name']}\n"
            f"EMAIL;TYPE=HOME:{row['email']}\n"
            f"TEL;TYPE=CELL:{row['phone']}\n"
            f"BDAY:{row['birth_date']}\n"
            f"GENDER:{row['sex'][0].upper()}\n"
            f"ADR;TYPE=HOME:;{row['address_2']};{row['address_1']};"
            f"{row['city']};{row['state']};{row['zip']};USA\n"
            f"{rest}END:VCARD\n")


def write(directory, kind, count):
    """The path of `count` contacts in a format; made when it is not there."""
    path = os.path.join(directory, f"{count}.{kind}")
    if os.path.exists(path):
        return path
    one = {"csv": csv_row, "tsv": tsv_row, "yaml": yaml_row,
           "json": json_row, "jsonl": jsonl_row, "vcf": vcf_row}[kind]
    with open(path, "w", encoding="utf-8") as file:
        if kind in ("csv", "tsv"):
            file.write(one(COLUMNS))
        if kind == "json":
            file.write("[\n")
        for number in range(count):
            text = one(contact(number))
            if kind == "json":
                text += ",\n" if number + 1 < count else "\n]\n"
            file.write(text)
    return path
