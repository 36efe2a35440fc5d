#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pictures of the main screens for the README, from a run of `belay demo` in a
pseudo-terminal: SVG with text as text and a background of its own, so that it
can be read on light and dark pages.

    pictures.py DIRECTORY    `make pictures` writes man/pictures

The same on the same day: the contacts' ages follow the calendar, what a run
took is set to one figure. BELAY names the program."""

import os
import re
import sys
import tempfile
import time
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "bench"))
import terminal  # noqa: E402

BELAY = os.path.abspath(os.environ.get("BELAY", "src/belay"))
ROWS, COLUMNS = 24, 80
WIDTH, HEIGHT, EDGE = 8, 17, 10  # of a cell; around all of them
GROUND, TEXT = "#16181d", "#d8dbe2"
COLORS = {"default": TEXT, "black": "#000000", "red": "#ff8f8f",
          "green": "#8fd08f", "brown": "#e6c25c", "yellow": "#e6c25c",
          "blue": "#8fb4ff", "magenta": "#e0a0e0", "cyan": "#7fd4e0",
          "white": "#ffffff"}


def color(name, usual):
    if name == "default":
        return usual
    return COLORS.get(name, "#" + name if re.fullmatch("[0-9a-f]{6}", name)
                      else usual)


def runs(line):
    """(column, columns, text, look) of cells next to each other that look the
    same; a wide character is a run of its own, since fonts disagree on it."""
    found, column = [], 0
    while column < COLUMNS:
        cell = line[column]
        wide = column + 1 < COLUMNS and line[column + 1].data == ""
        front = color(cell.fg, TEXT)
        back = color(cell.bg, GROUND)
        if cell.reverse:
            front, back = back, front
        look = (front, back, cell.bold)
        last = found[-1] if found else None
        if last and not wide and not last[4] and last[3] == look:
            last[1] += 1
            last[2] += cell.data
        else:
            found.append([column, 1 + wide, cell.data, look, wide])
        column += 1 + wide
    return found


def svg(screen, title):
    width = COLUMNS * WIDTH + 2 * EDGE
    height = ROWS * HEIGHT + 2 * EDGE
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} '
           f'{height}" role="img" aria-label="{escape(title)}">',
           f"<title>{escape(title)}</title>",
           f'<rect width="{width}" height="{height}" rx="6" fill="{GROUND}"/>',
           f'<g font-family="ui-monospace,Menlo,Consolas,\'DejaVu Sans Mono\','
           f'monospace" font-size="13" fill="{TEXT}">']
    for row in range(ROWS):
        for column, columns, text, look, _ in runs(screen.buffer[row]):
            front, back, bold = look
            x, y = EDGE + column * WIDTH, EDGE + row * HEIGHT
            if back != GROUND:
                out.append(f'<rect x="{x}" y="{y}" width="{columns * WIDTH}" '
                           f'height="{HEIGHT}" fill="{back}"/>')
            fill = "" if front == TEXT else f' fill="{front}"'
            weight = ' font-weight="bold"' if bold else ""
            # apart by more than one blank: browsers draw one of them
            for part in re.finditer(r"\S+(?: \S+)*", text):
                length = columns if len(text) == 1 else len(part.group())
                out.append(
                    f'<text x="{x + part.start() * WIDTH}" y="{y + 13}" '
                    f'textLength="{length * WIDTH}"{fill}{weight}>'
                    f"{escape(part.group())}</text>")
    return "\n".join(out + ["</g>", "</svg>", ""])


class Demo(terminal.Terminal):
    def until(self, true, what, limit=60):
        end = time.monotonic() + limit
        while not true(self.screen_now()):
            if time.monotonic() > end or (not self.read(1) and self.ended()):
                sys.exit(f"pictures: never seen: {what}\n"
                         + "\n".join(self.screen.display))

    def shows(self, *words):
        """Waits until some line has one of the words, and it is quiet."""
        self.until(lambda lines: any(word in line for line in lines
                                     for word in words), words)
        self.quiet(0.4)
        self.screen_now()


def steady(text):
    """Without what differs from run to run."""
    text = re.sub(r"\d+\.\d s\b", "0.2 s", text)
    text = re.sub(r"\d+\.\d/s", "7.9/s", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f…-]+",
                  lambda id_: "58eeb798-0c08-4cb4-90f0-b52f0cfd0897"[
                      :len(id_.group()) - id_.group().endswith("…")]
                  + "…" * id_.group().endswith("…"), text)
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8080", text)


def take(demo, directory, name, title):
    path = os.path.join(directory, name + ".svg")
    with open(path, "w", encoding="utf-8") as file:
        file.write(steady(svg(demo.screen, title)))


def walk(demo, directory):
    demo.shows("Tour 1")
    demo.press(b"T")
    demo.shows("the tour has ended")
    demo.press(b"j")
    demo.shows("Ábalos, José María:")
    take(demo, directory, "list", "The list of contacts")
    demo.press(b"/Adams\r")
    demo.shows("Adams, Walter:")
    demo.press(b"\r")
    demo.shows("Esc back")
    demo.press(b"n")
    demo.shows("ZIP-LENGTH")
    take(demo, directory, "contact", "One contact, with what was found in it")
    demo.press(b"\x1b")
    demo.shows("S sync all")
    demo.press(b"S")
    demo.shows("Nothing has been sent")
    take(demo, directory, "plan", "What would be sent")
    demo.press(b"S")
    demo.shows(" type ")
    number = re.search(r"type (\d+)", "\n".join(demo.screen.display)).group(1)
    demo.press(number.encode() + b"\r")
    demo.shows(" left", "synced")
    demo.press(b"R")
    demo.shows("for you to decide")
    take(demo, directory, "run", "A run, and what needs somebody")
    demo.press(b"j")
    demo.shows("D decide")
    demo.press(b"D")
    demo.shows("same person?")
    demo.quiet(1)
    demo.screen_now()
    take(demo, directory, "review", "A question about one contact")
    demo.press(b"\x1b")
    demo.shows("The last run")
    demo.press(b"\x1b")
    demo.shows("S sync all", "m mapping", "/ search")
    demo.press(b"m")
    demo.shows("Mapping")
    demo.quiet(1)
    demo.screen_now()
    take(demo, directory, "mapping", "Which column gives which field")


def main(directory):
    os.makedirs(directory, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="belay-pictures-") as home:
        demo = Demo([BELAY, "demo"], ROWS, COLUMNS, {
            "HOME": home, "TMPDIR": home, "TZ": "UTC", "ESCDELAY": "25",
            "TERM": "tmux-256color"})
        try:
            walk(demo, directory)
        finally:
            demo.stop()


if __name__ == "__main__":
    if not terminal.pyte:
        sys.exit("pictures: pyte is missing (package python3-pyte)")
    main(sys.argv[1])
