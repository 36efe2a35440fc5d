#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The desk on every kind of terminal, through a pseudo-terminal: what it draws,
which bytes it writes, what the keys of each send; sizes, the mouse, a slow
line, and a run in a storm of sizes, paused, hung up and picked up again.

Terminals: those of TERMS that terminfo knows here. Windows Terminal and mosh
call themselves xterm-256color, PuTTY calls itself xterm (or putty)."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "bench"))
import terminal  # noqa: E402

from story import BELAY, check, csv_text, equal, main, person, wait_until

TERMS = ("xterm", "xterm-256color", "tmux-256color", "screen", "rxvt-unicode",
         "putty", "linux", "vt100")
FEW_SIGNS = ("linux", "vt100", "putty")
COUNT = 60
PAGE = 17  # contacts that 24 lines show
CURSOR = "▸>"


def known(name):
    return subprocess.run(["infocmp", name], check=False,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


class Desk(terminal.Terminal):
    """belay on a book of COUNT contacts in a terminal of that kind."""

    def __init__(self, place, term="xterm-256color", rows=24, columns=80,
                 config="", count=COUNT, argv=(), **more):
        place.write("book.csv", csv_text(count)) if not os.path.exists(
            place.path("book.csv")) else None
        place.config(rest=config)
        super().__init__(
            [BELAY, "-c", place.path("config.yaml"), *argv,
             place.path("book.csv")], rows, columns,
            place.environment(TERM=term, ESCDELAY="100", **more))

    def line(self, words):
        return next((line for line in self.screen_now() if words in line),
                    None)

    def until(self, true, what, limit=60.0):
        """Reads until the screen is so."""
        end = time.monotonic() + limit
        while not true():
            left = end - time.monotonic()
            if left <= 0 or (not self.read(min(left, 1)) and self.ended()):
                raise AssertionError(f"never seen: {what}\n" + "\n".join(
                    self.screen.display))

    def at(self):
        """The row under the cursor."""
        return next((line for line in self.screen_now()
                     if line[:1] and line[0] in CURSOR), "")

    def cursor_on(self, name):
        self.until(lambda: name in self.at(), f"the cursor on {name}")

    def resize(self, rows, columns):
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def leave(self):
        self.press(b"q")
        self.close()

    def status(self, limit=60.0):
        """Reads to the end; the exit status, -N of a signal."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.read(0.1)
                self.pid = 0
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
            self.read(0.02)
        raise AssertionError("it did not end")


def name(number):
    """As it stands in the list, however narrow that is."""
    return person(number)[2] + ","


# ---- what is drawn, with which bytes ----------------------------------------


def begin(place, term, count=COUNT, **more):
    desk = Desk(place, term, count=count, **more)
    desk.see(name(0))
    desk.see(f"{count} new")
    desk.quiet(0.1)
    return desk


ASCII = "desk: {glyphs: ascii}\n"


def like(desk, screens, key, what):
    """Waits until the screen is as that of the first who came here was, when
    nothing more was painted."""
    if key in screens:
        desk.until(lambda: list(desk.screen_now()) == screens[key], what)
        return
    desk.quiet(1)
    screens[key] = list(desk.screen_now())


def paint_anew(desk):
    """^L, and waits for what a whole screen takes."""
    before = len(desk.output)
    desk.press(b"\x0c")
    desk.until(lambda: len(desk.output) > before + 1000, "all of it anew")


def story_every_terminal_shows_the_same_list(place):
    screens = {}
    for term in sorted(TERMS, key=lambda term: term != "xterm-256color"):
        if not known(term):
            print(f"# {term} is not known here")
            continue
        for config in ("", ASCII):
            signs = ASCII if term in FEW_SIGNS else config
            desk = begin(place, term, config=config)
            like(desk, screens, ("list", signs), term)
            desk.press(b"jjjjjjjjjjjjjjjjjjjjjjjjjjjjkkkk")
            desk.cursor_on(name(24))
            like(desk, screens, ("scrolled", signs), f"{term}: scrolled")
            paint_anew(desk)
            like(desk, screens, ("scrolled", signs), f"{term}: anew")
            desk.leave()


def shapes(text):
    """Control sequences without their numbers: ("[", "?", "h")."""
    found = re.findall(
        rb"\x1b(?:(\[)([?>=]?)[0-9;]*([@-~])|([\]P_^])|([()])(.)|([0-Z\\^-~]))",
        text)
    return {tuple(part.decode() for part in parts) for parts in found}


def known_shapes(term):
    """Those that terminfo has, conditions and parameters taken out."""
    out = subprocess.run(["infocmp", "-1", "-x", term], check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    text = re.sub(r"%(\?|;|t|e|[pPg][0-9a-zA-Z]|\{\d+\}|'.'|[-+*/m&|^=<>AO!~il]"
                  r"|:?[-+# ]*\d*(\.\d+)?[dcsxXo])", "", out)
    text = re.sub(r"\$<[^>]*>", "", text)
    return shapes(text.replace("\\E", "\x1b").replace("^[", "\x1b").encode())


def story_no_bytes_that_the_terminal_does_not_know(place):
    for term in TERMS:
        if not known(term):
            continue
        desk = begin(place, term, config="desk: {mouse: true}\n")
        desk.press(b"\r")
        desk.see("Esc back")
        desk.press(b"\x1b")
        desk.see(f"{COUNT} new")
        desk.press(b"?")
        desk.see("Help")
        desk.press(b"\x1bjjjjjjjjjjjjjjjjjjjjjjjjjjjj")
        desk.cursor_on(name(28))
        desk.press(b"q")
        desk.close()
        strange = shapes(desk.output) - known_shapes(term)
        if term not in ("linux", "vt100", "putty"):
            # paste, mouse; title; title pushed and popped
            strange -= {("[", "?", "h", "", "", "", ""),
                        ("[", "?", "l", "", "", "", ""),
                        ("", "", "", "]", "", "", ""),
                        ("", "", "", "", "", "", "\\"),
                        ("[", "", "t", "", "", "", "")}
        equal(strange, set(), f"{term}: what terminfo has not")
        colored = re.search(rb"\x1b\[[0-9;]*(3[0-7]|38)[;m]", desk.output)
        equal(bool(colored), term != "vt100", f"{term}: colours")


def story_dumb_or_none_is_refused_with_a_way_out(place):
    for term in ("dumb", ""):
        desk = Desk(place, term, ASAN_OPTIONS="detect_leaks=0")
        equal(desk.status(), 64)
        check(b"set TERM to what you use" in b" ".join(desk.output.split()),
              desk.output)
        check(b"\x1b" not in desk.output, "nothing but text")


def story_without_utf8_everything_is_ascii(place):
    for locale in ("C", "POSIX"):
        desk = Desk(place, "xterm", LC_ALL=locale)
        desk.see(f"{COUNT} new")
        desk.see("Abalos")
        desk.press(b"\r")
        desk.see("Esc back")
        desk.press(b"\x1b")
        desk.see(f"{COUNT} new")
        desk.leave()
        equal([byte for byte in desk.output if byte >= 0x80], [], locale)


# ---- keys -------------------------------------------------------------------

DOWN = (b"\x1b[B", b"\x1bOB", b"j")
UP = (b"\x1b[A", b"\x1bOA", b"k")
HOME = (b"\x1b[H", b"\x1bOH", b"\x1b[1~", b"\x1b[7~", b"g")
END = (b"\x1b[F", b"\x1bOF", b"\x1b[4~", b"\x1b[8~", b"G")
HELP = (b"\x1bOP", b"\x1b[11~", b"\x1b[[A", b"?")


def capability(term, word):
    done = subprocess.run(["tput", "-T", term, word], check=False,
                          stdout=subprocess.PIPE)
    return (done.stdout,) if done.returncode == 0 and done.stdout else ()


def press_all(desk, keys, row, back):
    for key in keys:
        desk.press(key)
        desk.cursor_on(name(row))
        desk.press(back)
        desk.cursor_on(name(0))


def story_keys_as_each_terminal_sends_them(place):
    for term in TERMS:
        if not known(term):
            continue
        desk = begin(place, term)
        press_all(desk, DOWN + capability(term, "kcud1"), 1, b"k")
        for key in UP + capability(term, "kcuu1"):
            desk.press(b"j")
            desk.cursor_on(name(1))
            desk.press(key)
            desk.cursor_on(name(0))
        press_all(desk, END + capability(term, "kend"), COUNT - 1, b"g")
        for key in HOME + capability(term, "khome"):
            desk.press(b"G")
            desk.cursor_on(name(COUNT - 1))
            desk.press(key)
            desk.cursor_on(name(0))
        for key in (b"\x06", b"\x1b[6~", *capability(term, "knp")):
            desk.press(key)
            desk.cursor_on(name(PAGE))
            desk.press(b"\x1b[5~")
            desk.cursor_on(name(0))
        for key in HELP + capability(term, "kf1"):
            desk.press(key)
            desk.see("Help")
            desk.press(b"\x1b")  # alone
            desk.until(lambda: desk.line(f"{COUNT} new"), "Esc")
        # Alt that nobody knows is Esc and the key
        desk.press(b"\r")
        desk.see("Esc back")
        desk.press(b"\x1bj")
        desk.cursor_on(name(1))
        # and what no key sends is nothing
        desk.press(b"\x1b[999;9Xk")
        desk.cursor_on(name(0))
        desk.leave()


# ---- sizes ------------------------------------------------------------------

SENTENCE = "This window is too small"


def story_from_small_to_huge_and_back(place):
    desk = begin(place, "xterm-256color")
    for rows, columns in ((10, 40), (40, 132), (100, 300), (24, 80)):
        desk.resize(rows, columns)
        desk.until(lambda: "belay" in desk.screen_now()[0] and "help" in
                   desk.screen.display[-1], f"the list at {columns}x{rows}")
        desk.cursor_on(name(0))
    before = list(desk.screen_now())
    for rows, columns in ((24, 39), (5, 80), (1, 1), (3, 10)):
        desk.resize(rows, columns)
        # in one line of 300 columns it would be whole
        desk.until(lambda: "".join(
            line.rstrip() for line in desk.screen_now()).replace(
                " ", "").startswith(SENTENCE.replace(" ", "")[:rows * columns]
                                    [:8 if columns > 8 else 1]),
            f"the sentence at {columns}x{rows}")
        # Not seen, not done. Not at the last one: the window may be big again
        # before they are read.
        if columns != 10:
            desk.press(b"jjG")
    desk.resize(24, 80)
    desk.until(lambda: list(desk.screen_now()) == before, "all as before")
    desk.resize(5, 20)
    desk.until(lambda: "This window" in desk.screen_now()[0], "the sentence")
    desk.press(b"q")
    equal(desk.status(), 0, "q leaves")


# ---- the mouse --------------------------------------------------------------


def click(desk, row, column):
    report = f"\x1b[<0;{column + 1};{row + 1}"
    desk.press((report + "M" + report + "m").encode())


def place_of(desk, words):
    for row, line in enumerate(desk.screen_now()):
        if words in line:
            return row, line.index(words)
    raise AssertionError(words)


def story_the_mouse_when_it_is_wanted(place):
    desk = begin(place, "xterm-256color", config="desk: {mouse: true}\n")
    check(b"\x1b[?1000h" in desk.output, "asked for")
    click(desk, *place_of(desk, name(5)))
    desk.cursor_on(name(5))
    click(desk, *place_of(desk, name(5)))
    desk.see("Esc back")
    click(desk, *place_of(desk, "Esc back"))
    desk.until(lambda: desk.line(f"{COUNT} new"), "a hint is its key")
    desk.press(b"\x1b[<65;5;5M" * 2)
    desk.cursor_on(name(11))
    desk.press(b"\x1b[<64;5;5M")
    desk.cursor_on(name(8))
    click(desk, *place_of(desk, "BORN"))
    desk.until(lambda: desk.line("BORN▲") or desk.line("BORN ▲"), "sorted")
    click(desk, *place_of(desk, "BORN"))
    desk.until(lambda: desk.line("BORN▼") or desk.line("BORN ▼"), "reversed")
    desk.press(b"q")
    desk.close()
    check(desk.output.rindex(b"\x1b[?1000l") > desk.output.rindex(
        b"\x1b[?1000h"), "and given back")


def story_the_mouse_is_left_alone_else(place):
    desk = begin(place, "xterm-256color")
    click(desk, *place_of(desk, name(5)))
    desk.press(b"j")
    desk.cursor_on(name(1))
    desk.leave()
    check(b"\x1b[?1000h" not in desk.output, "not asked for")


def story_a_crash_gives_the_mouse_back(place):
    desk = begin(place, "xterm-256color", config="desk: {mouse: true}\n",
                 ASAN_OPTIONS="handle_segv=0")
    os.kill(desk.pid, signal.SIGSEGV)
    equal(desk.status(), -signal.SIGSEGV)
    check(desk.output.rindex(b"\x1b[?1000l") > desk.output.rindex(
        b"\x1b[?1000h"), "given back")


# ---- a slow line ------------------------------------------------------------


class SlowLine:
    """Reads so many bytes a second of what a desk writes; the rest waits."""

    def __init__(self, desk, rate):
        self.desk, self.rate = desk, rate
        self.taken, self.began = 0, time.monotonic()

    def flow(self, until):
        while (now := time.monotonic()) < until:
            room = int((now - self.began) * self.rate) - self.taken
            ready, _, _ = select.select([self.desk.fd], [], [], 0.01)
            if room > 0 and ready:
                data = os.read(self.desk.fd, room)
                self.desk.output += data
                self.desk.unseen += data
                self.taken += len(data)


def story_a_slow_line_is_followed(place):
    for baud in (9600, 38400):
        desk = begin(place, "xterm-256color", rows=40, columns=120)
        desk.press(b"G")
        desk.cursor_on(name(COUNT - 1))
        desk.press(b"g")
        desk.cursor_on(name(0))
        desk.quiet(0.1)
        before = len(desk.output)
        line = SlowLine(desk, baud / 10)
        for _ in range(45):  # 30 a second
            desk.press(b"j")
            line.flow(time.monotonic() + 1 / 30)
        desk.cursor_on(name(45))  # all of them were handled
        desk.quiet(0.2)
        each = (len(desk.output) - before) / 45
        print(f"# {baud} baud: {each:.0f} bytes a key")
        check(each <= 350, f"{each} bytes a key")
        desk.leave()


def story_keys_that_came_together_are_painted_once(place):
    desk = begin(place, "xterm-256color", rows=40, columns=120)
    before = len(desk.output)
    os.kill(desk.pid, signal.SIGSTOP)
    desk.press(b"j" * 50)
    os.kill(desk.pid, signal.SIGCONT)
    desk.cursor_on(name(50))
    desk.quiet(0.2)
    # a screen is about 4,000 bytes; SIGCONT paints one
    check(len(desk.output) - before < 15000, len(desk.output) - before)
    desk.leave()


# ---- a run ------------------------------------------------------------------


def created(place):
    return sum(place.people().values())


def send_all(desk):
    """Answers with the number that is asked for; returns it."""
    desk.press(b"S")
    desk.see("Nothing has been sent")
    desk.press(b"S")
    desk.see(" type ")
    number = re.search(r"type (\d+)", desk.line(" type ")).group(1)
    desk.press(f"{number}\r".encode())
    return int(number)


def story_a_run_in_a_storm_paused_hung_up_and_picked_up(place):
    count = 200  # takes longer than the storm does
    place.serve("latency=300ms")
    desk = begin(place, "xterm-256color", count=count)
    equal(send_all(desk), count)
    wait_until(lambda: created(place) >= 3, "the first ones")
    for number in range(200):
        desk.resize(10 + number % 40, 40 + number * 7 % 200)
        desk.read(0)
    desk.resize(24, 80)
    desk.press(b"x")
    desk.until(lambda: desk.line("p pause") or desk.line("p pauses"),
               "the question")
    desk.press(b"p")
    desk.until(lambda: desk.line("paused"), "paused")
    check(3 <= created(place) < count, f"{created(place)} created")
    os.kill(desk.pid, signal.SIGHUP)
    equal(desk.status(), 129, "hung up")
    desk = Desk(place)
    desk.until(lambda: desk.line("was stopped") or desk.line("was cut off") or
               desk.line("still to be sent"), "the rest is offered")
    sent = len(place.requests())
    desk.press(b"\x1b")
    desk.until(lambda: desk.line("what would be sent"), "the list")
    equal(len(place.requests()), sent, "nothing is sent unasked")
    send_all(desk)
    desk.until(lambda: desk.line(f"{count} synced"), "all of them")
    os.kill(desk.pid, signal.SIGTERM)
    equal(desk.status(), 143)
    equal(set(place.people().values()), {1}, "each of them once")
    equal(len(place.people()), count)


if __name__ == "__main__":
    if not terminal.pyte:
        print("1..0 # SKIP pyte is missing (package python3-pyte)")
        sys.exit(0)
    main(globals())
