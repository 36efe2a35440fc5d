# SPDX-License-Identifier: MIT
"""A program in a pseudo-terminal of given size, its output without escape
sequences, and the moments at which things happened.

Nothing here waits for a fixed time: every wait ends with an event or fails
at its limit. Only `quiet` measures silence, because the end of a paint has no
other mark."""

import fcntl
import os
import re
import select
import signal
import struct
import termios
import time

try:
    import pyte
except ImportError:  # then see() is not there
    pyte = None

ESCAPES = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    rb"|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f]"
)

if pyte:
    class Screen(pyte.Screen):
        """With what terminfo says that these terminals can, and pyte lacks."""

        def scroll_up(self, count=1):
            self.scroll(count, self.index, bottom=True)

        def scroll_down(self, count=1):
            self.scroll(count, self.reverse_index, bottom=False)

        def scroll(self, count, once, bottom):
            margins = self.margins or pyte.screens.Margins(0, self.lines - 1)
            row = self.cursor.y
            self.cursor.y = margins.bottom if bottom else margins.top
            for _ in range(count or 1):
                once()
            self.cursor.y = row

    class Stream(pyte.ByteStream):
        csi = {**pyte.ByteStream.csi, "S": "scroll_up", "T": "scroll_down"}
        events = pyte.ByteStream.events | {"scroll_up", "scroll_down"}


class Terminal:
    def __init__(self, argv, rows=40, columns=120, environment=None):
        self.output = b""
        self.unseen = b""  # by see()
        self.screen = pyte and Screen(columns, rows)
        self.stream = pyte and Stream(self.screen)
        self.started = time.monotonic()
        self.pid, self.fd = os.forkpty()
        if self.pid == 0:
            # The size is there before the program asks for it.
            fcntl.ioctl(0, termios.TIOCSWINSZ,
                        struct.pack("HHHH", rows, columns, 0, 0))
            variables = {"PATH": os.environ["PATH"], "TERM": "xterm-256color",
                         "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
            variables.update(environment or {})
            os.execvpe(argv[0], argv, variables)

    def read(self, limit):
        """What comes within `limit` seconds; b'' when nothing does."""
        ready, _, _ = select.select([self.fd], [], [], limit)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return b""
        self.output += data
        self.unseen += data
        return data

    def text(self):
        return ESCAPES.sub(b"", self.output)

    def wait_for(self, word, limit=60.0):
        """Seconds from the start until `word` has been painted."""
        end = time.monotonic() + limit
        while word not in self.text():
            left = end - time.monotonic()
            if left <= 0 or (not self.read(left) and self.ended()):
                raise RuntimeError(
                    f"never painted {word!r}: {self.text()[-400:]!r}")
        return time.monotonic() - self.started

    def screen_now(self):
        """The lines of the screen after all that was read."""
        self.stream.feed(self.unseen)
        self.unseen = b""
        return self.screen.display

    def see(self, words, limit=60.0):
        """Waits until the screen has these words in a line."""
        end = time.monotonic() + limit
        while True:
            if any(words in line for line in self.screen_now()):
                return
            left = end - time.monotonic()
            if left <= 0 or (not self.read(left) and self.ended()):
                raise RuntimeError(f"never on the screen: {words!r}: "
                                   + "\n".join(self.screen.display))

    def when_seen(self, *wanted, silence=0.3, limit=60.0):
        """When those bytes came that made each of these words be on the
        screen; they are drawn afterwards, since drawing here takes longer than
        what is measured."""
        came, moments = [], {}
        end = time.monotonic() + limit
        while time.monotonic() < end:
            data = self.read(silence)
            if data:
                came.append((time.monotonic(), data))
                continue
            for moment, data in came:
                self.stream.feed(data)
                for words in wanted:
                    if words not in moments and any(
                            words in line for line in self.screen.display):
                        moments[words] = moment
            came, self.unseen = [], b""
            if len(moments) == len(set(wanted)):
                return [moments[words] for words in wanted]
        raise RuntimeError(f"never on the screen: {wanted!r}: "
                           + "\n".join(self.screen.display))

    def quiet(self, silence=0.03, limit=60.0):
        """Reads until nothing comes for `silence` seconds; the time of the
        last byte, and how many bytes came."""
        end = time.monotonic() + limit
        last, count = time.monotonic(), 0
        while time.monotonic() < end:
            data = self.read(silence)
            if not data:
                break
            last, count = time.monotonic(), count + len(data)
        return last, count

    def press(self, keys):
        os.write(self.fd, keys)

    def ended(self):
        done, _ = os.waitpid(self.pid, os.WNOHANG)
        if done:
            self.pid = 0
        return bool(done)

    def stop(self):
        """Asks it to end, whatever it is doing."""
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
        self.close()

    def kill(self):
        """Ends it without asking: it has nothing to keep."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
        os.close(self.fd)

    def close(self, limit=60.0):
        """Waits for the end; kills what does not end."""
        end = time.monotonic() + limit
        while self.pid and time.monotonic() < end:
            if self.ended():
                break
            self.read(0.05)
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
        os.close(self.fd)
