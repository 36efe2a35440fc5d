# SPDX-License-Identifier: MIT
"""The 26 ways to misbehave, and doing nothing wrong.

Each is a script of the practice server (faults.h) or of what stands before it
(tests/net/fault_proxy.py and http2_front.py). `person`: a row may end in
review, since nothing that the search says proves anything; somebody decides.
"""

from typing import NamedTuple


class Misbehaviour(NamedTuple):
    number: int
    name: str
    script: str = ""
    switches: tuple = ()
    front: str = ""
    front_script: str = ""
    person: bool = False


ALL = [
    Misbehaviour(0, "nothing"),
    Misbehaviour(1, "commit-then-drop", "create 2-3 commit-then-drop\n"),
    Misbehaviour(2, "commit-then-stall", "create 2 commit-then-stall\n"),
    Misbehaviour(3, "commit-then-500", "create 2-3 commit-then-500\n"),
    Misbehaviour(4, "commit-then-502", "create 2-3 commit-then-502\n"),
    Misbehaviour(5, "commit-then-503", "create 2-3 commit-then-503\n"),
    Misbehaviour(6, "commit-then-504", "create 2-3 commit-then-504\n"),
    Misbehaviour(7, "drop-before-commit", "create 2-3 drop\n"),
    Misbehaviour(8, "late", "create 2-3 late 100ms\n"),
    Misbehaviour(9, "truncated", "create 2-3 truncate\n"),
    Misbehaviour(10, "no-id", "create 2-3 no-id\n"),
    Misbehaviour(11, "partial", "create 2-3 partial\n"),
    Misbehaviour(12, "twin", "create 2-3 commit-then-twin\n"),
    Misbehaviour(13, "429", "create 2-3 429\nsearch 2 429\n",
                 ("retry-after=none",)),
    Misbehaviour(14, "429-seconds", "create 2 429 retry-after 1\n"),
    Misbehaviour(14, "429-date", "create 2 429\n", ("retry-after=date",)),
    Misbehaviour(14, "429-absurd", "create 2 429\n",
                 ("retry-after=absurd",)),
    Misbehaviour(15, "401", "create 2 401\n"),
    Misbehaviour(16, "search-lag", "create 2-3 commit-then-drop lag 100ms\n"),
    Misbehaviour(17, "search-other", "create 2 commit-then-drop\n"
                 "search 2 other\nsearch 8 other\n", person=True),
    Misbehaviour(18, "search-500",
                 "create 2 commit-then-drop\nsearch 3-4 500\n"),
    Misbehaviour(19, "search-null", "create 2 commit-then-drop lag 100ms\n"
                 "search 2 null\n"),
    Misbehaviour(20, "tls-reset", front="tls",
                 front_script="create 2-3 reset-at 120\n"),
    Misbehaviour(21, "1-byte-a-second", front="plain",
                 front_script="create 2 slow 1s\n"),
    Misbehaviour(22, "rst-stream", front="h2",
                 front_script="create 2 rst-stream-after\n"
                 "create 1 rst-stream-before\n"),
    Misbehaviour(23, "goaway", front="h2",
                 front_script="create 2 goaway-after\n"
                 "create 3 goaway-before\n"),
    Misbehaviour(24, "redirect",
                 "create 2 commit-then-redirect https://example.com/\n"),
    Misbehaviour(25, "gzip-bomb", front="plain",
                 front_script="create 2-3 gzip-bomb\n"),
    Misbehaviour(26, "10-mb-of-headers", front="plain",
                 front_script="create 2-3 headers 10000000\n"),
]
# beyond the 26
MORE = [
    Misbehaviour(27, "huge", "create 2 huge\n"),
    Misbehaviour(28, "junk", "create 2 junk\n"),
]
BY_NAME = {each.name: each for each in ALL + MORE}
