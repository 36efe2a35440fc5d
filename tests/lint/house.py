#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules of the house that a compiler does not hold, as TAP.

Every rule is a function from the files (path -> text) to the problems found.
Each is first shown, on snippets, to find what it must and to let pass what is
good; then it reads the real tree. Reports never fail: they only tell.
"""

import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.environ.get("BELAY_TESTS") or os.path.dirname(
    os.path.dirname(os.path.abspath(__file__))))

# Which folders a folder may include; the map at the top of main.c says why.
MAY_INCLUDE = {
    "base": {"base"},
    "source": {"source", "base"},
    "book": {"book", "source", "base"},
    "partner": {"partner", "book", "base"},
    "practice": {"practice", "book", "base"},
    "sync": {"sync", "partner", "book", "base"},
    "tui": {"tui", "base"},
    "desk": {"desk", "tui", "sync", "book", "base"},
    "command": {"command", "desk", "tui", "sync", "practice", "partner",
                "book", "source", "base"},
}

# A library's headers and the only files that may include them.
LIBRARIES = [
    (r"(n?cursesw?/)?n?curses\w*\.h|term\.h|panel\.h|menu\.h|form\.h",
     {"src/tui/term.c"}),
    (r"curl/.*", {"src/partner/http.c", "src/base/url.c"}),
    (r"yaml\.h", {"src/source/yaml.c"}),
    (r"(cjson/)?cJSON.*\.h", {"src/base/json.c"}),
    (r"sqlite3.*\.h", {"src/sync/database.c"}),
    (r"microhttpd.*\.h", {"src/base/httpd.c"}),
    (r"sodium(/.*|\.h)", {"src/base/crypto.c"}),
    (r"utf8proc\.h", {"src/base/text.c"}),
]

BANNED = ("strcpy strcat sprintf vsprintf strtok gets atoi atol system popen "
          "strptime").split()

LINES_MAX = 800
FUNCTION_LINES = 60

C_TOKEN = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def without_comments(text):
    return C_TOKEN.sub(
        lambda m: blank(m) if m.group()[0] == "/" else m.group(), text)


def without_comments_and_strings(text):
    return C_TOKEN.sub(blank, text)


def is_c(path):
    return path.endswith((".c", ".h"))


def in_src(path):
    return path.startswith("src/") and is_c(path)


def includes(text):
    """(line, "quote or bracket", path) of every #include."""
    pattern = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]',
                         re.M)
    code = without_comments(text)
    for match in pattern.finditer(code):
        yield code.count("\n", 0, match.start()) + 1, *match.groups()


# ---- the rules ---------------------------------------------------------------

def include_direction(files):
    for path, text in files.items():
        if not in_src(path):
            continue
        parts = path.split("/")
        folder = parts[1] if len(parts) > 2 else None
        if folder and folder not in MAY_INCLUDE:
            yield f"{path}: folder '{folder}' is not in the house"
            continue
        for line, kind, name in includes(text):
            if kind == "<" or name == "config.h":
                continue
            target = name.split("/")[0]
            if "src/" + name not in files:
                yield f"{path}:{line}: no such header: \"{name}\""
            elif folder and target not in MAY_INCLUDE[folder]:
                yield f"{path}:{line}: {folder} may not include \"{name}\""


def own_header_first(files):
    for path, text in files.items():
        own = path[:-2] + ".h"
        if not in_src(path) or own not in files or path == own:
            continue
        first = next(includes(text), (1, "", "nothing"))
        if "src/" + first[2] != own:
            yield f"{path}:{first[0]}: \"{own[4:]}\" must be included first"


def one_library_one_file(files):
    for path, text in files.items():
        if not in_src(path):
            continue
        for line, _, name in includes(text):
            for pattern, homes in LIBRARIES:
                if re.fullmatch(pattern, name) and path not in homes:
                    yield (f"{path}:{line}: <{name}> belongs to "
                           + " and ".join(sorted(homes)))


def banned_functions(files):
    pattern = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
    for path, text in files.items():
        if not is_c(path):
            continue
        code = without_comments_and_strings(text)
        for match in pattern.finditer(code):
            line = code.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: {match.group(1)}() is banned"


def map_of_the_house(files):
    main = files.get("src/main.c", "")
    top = main[:main.find("#include")]
    listed = set(re.findall(r"(?<![\w/])(?:src/)?(\w+/\w+\.c|main\.c)(?!\w)",
                            top))
    here = {path[4:] for path in files
            if in_src(path) and path.endswith(".c")}
    for path in sorted(here - listed - {"main.c"}):
        yield f"src/main.c: the map does not name {path}"
    for path in sorted(listed - here):
        yield f"src/main.c: the map names {path}, which does not exist"


def header_guards(files):
    for path, text in files.items():
        if not in_src(path) or not path.endswith(".h"):
            continue
        guard = re.sub(r"\W", "_", path[4:]).upper()
        code = [line for line in without_comments(text).split("\n")
                if line.strip()]
        if code[:2] != [f"#ifndef {guard}", f"#define {guard}"] or \
                code[-1] != "#endif":
            yield f"{path}: must be wrapped in #ifndef {guard}"


def licence_lines(files):
    for path, text in files.items():
        lines = text.split("\n")
        script = lines[0].startswith("#!")
        if is_c(path):
            good = lines[0] == "/* SPDX-License-Identifier: MIT */"
        elif script or path.endswith((".py", ".sh")) or \
                path in ("Makefile.am", "configure.ac"):
            good = "# SPDX-License-Identifier: MIT" in lines[script:script + 1]
        else:
            continue
        if not good:
            yield f"{path}:1: the SPDX line of MIT must come first"


def file_sizes(files):
    for path, text in files.items():
        count = text.count("\n")
        if path.startswith("src/") and count > LINES_MAX:
            yield f"{path}: {count} lines, more than {LINES_MAX}"


def private_places(files):
    # written in two parts so that this file does not find itself
    pattern = re.compile(r"(?<!\w)(?:shared" + "/|/work" + "/)")
    for path, text in files.items():
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: names a place outside the project"


def listed_in_the_makefile(files):
    makefile = files.get("Makefile.am", "")
    listed = set(re.findall(r"(?<![\w/])(?:src|tests)/[\w./-]+", makefile))
    for path in sorted(files):
        if is_c(path) and path not in listed:
            yield f"Makefile.am: {path} is not built, tested or distributed"


RULES = {
    include_direction: (
        [{"src/base/a.c": '#include "book/b.h"\n', "src/book/b.h": ""},
         {"src/desk/a.c": '#  include "partner/b.h"\n',
          "src/partner/b.h": ""},
         {"src/partner/a.h": '#include "practice/b.h"\n',
          "src/practice/b.h": ""},
         {"src/base/a.c": '#include "a.h"\n', "src/base/a.h": ""},
         {"src/helpers/a.c": ""}],
        [{"src/book/a.c": '#include "config.h"\n#include <stdio.h>\n'
                          '#include "source/b.h"\n/*\n'
                          '#include "desk/c.h"\n*/\n',
          "src/source/b.h": ""},
         {"src/main.c": '#include "command/b.h"\n', "src/command/b.h": ""}]),
    own_header_first: (
        [{"src/base/a.c": '#include <stdio.h>\n#include "base/a.h"\n',
          "src/base/a.h": ""},
         {"src/base/a.c": "int a;\n", "src/base/a.h": ""}],
        [{"src/base/a.c": '/* x */\n#include "base/a.h"\n#include <a.h>\n',
          "src/base/a.h": "#include <stdio.h>\n"},
         {"src/main.c": "#include <stdio.h>\n"}]),
    one_library_one_file: (
        [{"src/desk/desk.c": "#include <ncurses.h>\n"},
         {"src/sync/engine.c": "#include <curl/curl.h>\n"},
         {"src/book/a.h": '#include "sqlite3.h"\n'},
         {"src/base/secret.c": "#include <sodium/utils.h>\n"},
         {"src/partner/reply.c": "#include <cjson/cJSON.h>\n"},
         {"src/main.c": "#include <yaml.h>\n"},
         {"src/practice/a.c": "#include <microhttpd.h>\n"},
         {"src/tui/canvas.c": "#include <utf8proc.h>\n"}],
        [{"src/tui/term.c": "#include <curses.h>\n#include <term.h>\n",
          "src/base/url.c": "#include <curl/curl.h>\n",
          "src/tui/canvas.c": '#include "tui/term.h"\n'
                              "// #include <curses.h>\n"}]),
    banned_functions: (
        [{"src/a.c": f"x = {name} (y);\n"} for name in BANNED] +
        [{"tests/a.c": '/* " */ system("ls"); /* " */\n'}],
        [{"src/a.c": "/* system() */ snprintf(a); my_system(b); \n"
                     'puts("atoi(x)"); a.gets(b); a->popen(b); fgets(c);\n',
          "src/a.md": "popen()\n"}]),
    map_of_the_house: (
        [{"src/main.c": "/* base/a.c */\n#include <a.h>\n",
          "src/base/a.c": "", "src/base/b.c": ""},
         {"src/main.c": "/* base/a.c base/b.c */\n#include <a.h>\n",
          "src/base/a.c": ""},
         {"src/main.c": "/* xbase/a.c */\n#include <a.h>\n",
          "src/base/a.c": ""},
         {"src/main.c": "#include <a.h>\n/* base/a.c */\n",
          "src/base/a.c": ""}],
        [{"src/main.c": "/*\n * base/a.c  x\n * src/base/b.c\n */\n"
                        "#include <a.h>\n",
          "src/base/a.c": "", "src/base/b.c": "", "src/base/b.h": ""}]),
    header_guards: (
        [{"src/base/a.h": "int a;\n"},
         {"src/base/a.h": "#ifndef A_H\n#define A_H\n#endif\n"},
         {"src/base/a.h": "#ifndef BASE_A_H\n#define BASE_B_H\n#endif\n"},
         {"src/base/a.h": "#ifndef BASE_A_H\n#define BASE_A_H\n#endif\n"
                          "int a;\n"}],
        [{"src/base/a_b.h": "/* x\n */\n#ifndef BASE_A_B_H\n"
                            "#define BASE_A_B_H\nint a;\n#endif\n",
          "tests/check.h": ""}]),
    licence_lines: (
        [{"src/a.c": "int a;\n"}, {"src/a.h": ""},
         {"tests/a.sh": "#!/bin/sh\necho\n"}, {"tests/a.py": "import os\n"},
         {"bootstrap": "#!/bin/sh\n\n# SPDX-License-Identifier: MIT\n"},
         {"src/a.c": "/* SPDX-License-Identifier: GPL-2.0-only */\n"}],
        [{"src/a.c": "/* SPDX-License-Identifier: MIT */\nint a;\n",
          "tests/a.sh": "#!/bin/sh\n# SPDX-License-Identifier: MIT\n",
          "Makefile.am": "# SPDX-License-Identifier: MIT\n",
          "README.md": "# belay\n"}]),
    file_sizes: (
        [{"src/base/a.c": "\n" * (LINES_MAX + 1)}],
        [{"src/base/a.c": "\n" * LINES_MAX,
          "tests/a.c": "\n" * (LINES_MAX + 1)}]),
    private_places: (
        [{"README.md": "see ../shared" + "/design.md\n"},
         {"src/a.c": "/* in /work" + "/x */\n"}],
        [{"src/a.c": "a shared / b; network/work.c unshared" + "/x\n"}]),
    listed_in_the_makefile: (
        [{"Makefile.am": "src/base/a.c\n", "src/base/b.c": ""},
         {"Makefile.am": "src/base/a.c\n", "src/base/a.h": ""},
         {"Makefile.am": "", "tests/unit/base/a.c": ""}],
        [{"Makefile.am": "\tsrc/base/a.c \\\n\ttests/unit/base/a.c\n",
          "src/base/a.c": "", "tests/unit/base/a.c": "", "a.md": ""}]),
}


# ---- reports: they tell, and fail nothing ------------------------------------

def format_report(files):
    paths = sorted(path for path in files if is_c(path))
    program = os.environ.get("CLANG_FORMAT") or shutil.which("clang-format")
    if not program:
        return f"clang-format # SKIP not installed, {len(paths)} files unread"
    differ = []
    for path in paths:
        done = subprocess.run(
            [program, "--style=file", f"--assume-filename={path}"], cwd=TOP,
            input=files[path].encode(), stdout=subprocess.PIPE, check=False)
        if done.returncode != 0:
            return "clang-format # SKIP it does not take our .clang-format"
        if done.stdout != files[path].encode():
            differ.append(path)
    for path in differ:
        print(f"# not as clang-format writes it: {path}")
    return (f"clang-format would change {len(differ)} of {len(paths)} files "
            "(a report)")


def long_functions_report(files):
    count = 0
    for path, text in sorted(files.items()):
        if not in_src(path):
            continue
        start, name = 0, ""
        for number, line in enumerate(text.split("\n"), 1):
            match = re.match(r"(\w+)\(", line)
            if match:
                name = match.group(1)
            if line == "{":
                start = number
            if line == "}" and number - start - 1 > FUNCTION_LINES and start:
                print(f"# {path}:{start}: {name}() has {number - start - 1} "
                      "lines")
                count += 1
            if line == "}":
                start = 0
    return f"{count} functions over {FUNCTION_LINES} lines (a report)"


# ---- the tree ----------------------------------------------------------------

def paths_of_the_tree():
    """What git knows; in an unpacked release, what lies there."""
    if os.path.exists(os.path.join(TOP, ".git")) and shutil.which("git"):
        done = subprocess.run(["git", "ls-files", "-z"], cwd=TOP,
                              stdout=subprocess.PIPE, check=False)
        if done.returncode == 0:
            yield from filter(None, done.stdout.decode().split("\0"))
            return
    for name in os.listdir(TOP):
        if os.path.isfile(os.path.join(TOP, name)) and \
                name in ("Makefile.am", "configure.ac", "bootstrap",
                         "README.md", "config.example.yaml"):
            yield name
    for folder in ("src", "tests", "man"):
        for where, _, names in os.walk(os.path.join(TOP, folder)):
            for name in names:
                if name.endswith((".c", ".h", ".py", ".sh", ".md")):
                    yield os.path.relpath(os.path.join(where, name), TOP)


def read_tree():
    files = {}
    for path in paths_of_the_tree():
        try:
            with open(os.path.join(TOP, path), encoding="utf-8") as file:
                files[path] = file.read()
        except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
            continue  # removed but not committed, a link, or test data
    return files


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def line(self, good, text):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {text}",
              flush=True)


def main():
    tap = Tap()
    files = read_tree()
    tap.line("src/main.c" in files and len(files) > 20,
             f"{len(files)} files found")
    for rule, (bad, good) in RULES.items():
        name = rule.__name__.replace("_", " ")
        missed = [snippet for snippet in bad if not list(rule(snippet))]
        wrong = [text for snippet in good for text in rule(snippet)]
        for snippet in missed:
            print(f"# not found in {snippet}")
        for text in wrong:
            print(f"# found in a good snippet: {text}")
        tap.line(not missed and not wrong, f"{name}: the lint can fail")
        problems = list(rule(files))
        for text in problems:
            print(f"# {text}")
        tap.line(not problems, name)
    tap.line(True, format_report(files))
    tap.line(True, long_functions_report(files))
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
