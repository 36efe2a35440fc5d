# SPDX-License-Identifier: MIT
"""Figures of each CRM's export: what `belay init` proposes right, what reading
it takes at each size, and what a sync changes in the file beside our column.

    exports.py [--quick] [NAME]...    all of tests/data/exports, or those

Each is repeated to 1,000, 100,000 and, without --quick, 1,000,000 rows, with
names, IDs, Medicare numbers and e-mail addresses of their own. The first row
of each is the same person, so what must come out of it is known. Prints a
table; never passes or fails."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import time

import rows

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import story  # noqa: E402

EXPORTS = os.path.join(HERE, "..", "data", "exports")
SYNCED = 60  # rows of the write-back
PERSON = {
    "first_name": ("Ruth", r"\bruth\b"),
    "last_name": ("Abernathy", r"\babernathy\b"),
    "email": ("ruth.0101@example.com", r"ruth\.0101@example\.com"),
    "phone": ("9165550101", r"916\D{0,3}555\D{0,1}0101"),
    "birth_date": ("1951-03-14",
                   r"\b0?3/14/1951|1951-03-14|\b14/0?3/1951"),
    "sex": ("female", r"(?<![^,;\t\"])f(emale)?(?![^,;\t\"])"),
    "address_1": ("12 Elm St", r"12 elm st|12\W+elm st"),
    "address_2": ("Apt 4", r"apt 4"),
    "city": ("Sacramento", r"sacramento"),
    "state": ("CA", r"(?<![a-z])ca(lifornia)?(?![a-z])"),
    "zip": ("95811", r"95811"),
    "medicare_number": ("1EG4TE5MK73", r"1eg4-?te5-?mk73"),
}
MBI = re.compile(r"\b[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d\b")
MAIL = re.compile(r"\.(\d{4})@example\.com")
NAMES = re.compile("Abernathy|Ábalos|O'Neil|van der Berg|Moreno|Adams", re.I)


def records(text):
    """The records with their line ends; quotes may hold more lines."""
    found, open_record = [], ""
    for line in text.splitlines(keepends=True):
        open_record += line
        if open_record.count('"') % 2 == 0:
            found.append(open_record)
            open_record = ""
    return found + [open_record] * bool(open_record)


class Export:
    """One export: its header, its rows, what stands below them."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)
        with open(path, "rb") as file:
            text = file.read()
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:  # repeated in UTF-8 all the same
            text = text.decode("cp1252")
        self.header, *rest = records(text)
        # what stands below may have commas as well
        self.rows = [one for one in rest if len(fields(one)) == len(
            fields(self.header))]
        self.rest = rest[len(self.rows):]

    def id_values(self, config):
        """What the mapping's ID column holds in each row; [] without one."""
        rule = re.search(r"^  external_id: (.+)$", config, re.M)
        found = rule and re.search(
            r"column: \"?([^\",}]+)|^\"?([^\"{}]+)\"?$", rule.group(1))
        if not found:
            return []
        wanted = (found.group(1) or found.group(2)).strip()
        return [fields(one)[fields(self.header).index(wanted)]
                for one in self.rows]

    def repeated(self, path, count, ids):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(self.header)
            for number in range(count):
                at = number % len(self.rows)
                record = self.rows[at]
                if ids:
                    # A whole cell: an ID may be as short as "1".
                    record = re.sub(
                        r'(?<![^,"\ufeff])' + re.escape(ids[at])
                        + r'(?![^,"\r\n])', new_id(ids[0], number), record,
                        count=1)
                file.write(another(record, number))
            file.write("".join(self.rest))
        return path


def fields(record):
    text = record.lstrip("\ufeff").rstrip("\r\n")
    cells = re.findall(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)', text)
    return [cell[1:-1].replace('""', '"') if cell[:1] == '"' else cell
            for cell in cells]


def new_id(value, number):
    """Another of the same shape and length, where there is room."""
    if value.isdigit():
        return str(int(value) + number)
    digits = re.search(r"\d{4,}", value)
    word = base36(number)
    if digits:
        width = len(digits.group())
        return value[:digits.start()] + word.rjust(width, "0")[-width:] \
            + value[digits.end():]
    return word.rjust(6, "0") + value[6:]


def base36(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    word = ""
    while number or not word:
        number, last = divmod(number, 36)
        word = digits[last] + word
    return word


def another(record, number):
    """The row as that of another person."""
    mbi = rows.medicare_number(number)
    record = MBI.sub(
        lambda old: f"{mbi[:4]}-{mbi[4:7]}-{mbi[7:]}"
        if "-" in old.group() else mbi, record)
    record = MAIL.sub(f".{number}@example.com", record)
    return NAMES.sub(lambda old: old.group() + " " + story.letters(number),
                     record)


def run(*argv, **more):
    return subprocess.run([story.BELAY, *argv], capture_output=True,
                          text=True, check=False, **more)


def proposed(place, export, config):
    """How many of the fields that the file has come out right; which not."""
    done = place.belay("plan", export.path, "--json", "--reveal", "--id",
                       "row:1", config=config)
    if not done.stdout:
        return done.stderr.strip()[:60]
    sent = json.loads(done.stdout.splitlines()[0])["fields"]
    there = {field: value for field, (value, pattern) in PERSON.items()
             if re.search(pattern, export.rows[0], re.I)}
    wrong = [field for field, value in there.items()
             if str(sent.get(field) or "").casefold().replace("-", "")
             != value.casefold().replace("-", "")]
    return (f"{len(there) - len(wrong)}/{len(there)}"
            + (" not " + ", ".join(wrong) if wrong else ""))


def check_cost(place, path, config):
    """Seconds and MiB that `belay check` takes."""
    start = time.monotonic()
    child = subprocess.Popen(
        [story.BELAY, "check", path, "-c", place.path(config)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=place.environment())
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - start, usage.ru_maxrss / 1024


def written_back(place, export, ids, mapping):
    """Rows that got an ID, and bytes changed beside our column."""
    path = export.repeated(place.path("sync-" + export.name), SYNCED, ids)
    before = records(place.read(path).decode())
    place.config(mapping=mapping, name="sync.yaml")
    place.belay("sync", path, "--yes", config="sync.yaml")
    after = records(place.read(path).decode())
    filled, changed = 0, abs(len(after) - len(before))
    for old, new in zip(before, after):
        text = old.rstrip("\r\n")
        added = new[len(text):len(new) - (len(old) - len(text))]
        if not new.startswith(text) or not new.endswith(old[len(text):]) \
                or not re.fullmatch(r'(,"?[^",]*"?)?', added):
            changed += max(len(old), len(new))
        filled += len(added) > 3
    return max(filled - 1, 0), changed


def show(export, counts):
    place = story.Place()
    try:
        place.serve()
        done = run("init", export.path, "--output", place.path("init.yaml"),
                   env=place.environment())
        if done.returncode:
            print(f"{export.name:<32} {done.stderr.strip()[:80]}")
            return
        config = place.read("init.yaml").decode()
        mapping = re.search(r"^mapping:\n(?:[ #].*\n|\n)*", config, re.M)
        ids = export.id_values(config)
        filled, changed = written_back(
            place, export, ids, mapping.group() if mapping else "")
        line = f"{export.name:<32}{filled:>4}/{SYNCED}{changed:>8}"
        for count in counts:
            path = export.repeated(place.path("big.csv"), count, ids)
            seconds, peak = check_cost(place, path, "init.yaml")
            line += f"{seconds * 1000:>9.0f}{peak:>7.0f}"
        print(line + "  " + proposed(place, export, "init.yaml"), flush=True)
    finally:
        place.stop_server()
        shutil.rmtree(place.directory)


def main():
    words = [word for word in sys.argv[1:] if word != "--quick"]
    counts = (1000, 100000) if "--quick" in sys.argv else (
        1000, 100000, 1000000)
    paths = sorted(glob.glob(os.path.join(EXPORTS, "*.csv")))
    print("each CRM's export: rows that got an ID, bytes changed beside it; "
          "`belay check`, ms and peak MiB; fields proposed right")
    print(f"{'export':<32}{'IDs':>7}{'changed':>8}" + "".join(
        f"{count:>9}{'MiB':>7}" for count in counts) + "  right")
    for path in paths:
        if not words or any(word in path for word in words):
            show(Export(path), counts)


if __name__ == "__main__":
    main()
