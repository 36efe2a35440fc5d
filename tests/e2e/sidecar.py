# SPDX-License-Identifier: MIT
"""Files that take no results: belay works with them, keeps the results itself,
says so and why, and puts them in as soon as the file takes them."""

import os
import shutil
import subprocess

from story import (BELAY, LIMIT, check, csv_text, equal, json_lines, main,
                   person, wait_until)

NOBODY = 65534
IS_ROOT = os.geteuid() == 0


def program(place):
    """belay where another user may run it."""
    if not IS_ROOT:
        return BELAY
    copy = place.path("belay")
    if not os.path.exists(copy):
        shutil.copy(BELAY, copy)
        os.chmod(copy, 0o755)
    return copy


def run(place, *arguments, root=False):
    """As somebody whom rights concern; root may write everything."""
    def drop():
        if IS_ROOT and not root:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    return subprocess.run(
        [program(place), arguments[0], "-c", place.path("config.yaml"),
         *arguments[1:]], env=place.environment(), cwd=place.directory,
        capture_output=True, text=True, timeout=LIMIT, preexec_fn=drop,
        check=False)


def give(place, name=""):
    """The file, or all there is, is that somebody's."""
    if not IS_ROOT:
        return
    for top, _, names in os.walk(place.path(name)):
        for path in [top] + [os.path.join(top, file) for file in names]:
            os.chown(path, NOBODY, NOBODY)


def prepare(place, folder="crm"):
    place.serve()
    place.config()
    os.mkdir(place.path(folder))
    path = os.path.join(folder, "export.csv")
    place.write(path, csv_text(3))
    give(place)
    return path


def kept(place, path, why, root=False):
    """Synced, kept, said; nothing is sent again, nothing is edited."""
    before = place.read(path)
    for wanted in (6, 0):
        sent = len(place.requests())
        done = run(place, "sync", path, root=root)
        equal(done.returncode, 0, done.stderr)
        for words in (why, "belay keeps the results itself",
                      "'belay writeback'"):
            check(words in done.stderr, f"{words!r}: {done.stderr!r}")
        equal(done.stderr.count("keeps the results"), 1, done.stderr)
        equal(len(place.requests()) - sent, wanted, "requests")
    rows = json_lines(run(place, "status", path, "--json", root=root).stdout)
    equal([row["status"] for row in rows], ["synced"] * 3, "statuses")
    check(all(row["healthsherpa_id"] for row in rows), "the IDs are known")
    done = run(place, "set", path, "--id", person(0)[0], "State=FL",
               root=root)
    equal(done.returncode, 73, done.stderr)
    check(why in done.stderr, done.stderr)
    equal(place.read(path), before, "the file")


def taken(place, path, root=False):
    """Now it takes them."""
    sent = len(place.requests())
    done = run(place, "sync", path, root=root)
    equal((done.returncode, done.stderr), (0, ""), "a sync as any other")
    equal(len(place.requests()), sent, "requests")
    lines = place.read(path).decode().splitlines()
    check(lines[0].endswith("HealthSherpa ID"), lines[0])
    check(all(not line.endswith(",") for line in lines), "all IDs are in it")
    equal(place.people(), {person(n)[0]: 1 for n in range(3)}, "contacts")


def story_a_file_with_several_names(place):
    path = prepare(place)
    os.link(place.path(path), place.path("second.csv"))
    kept(place, path, "several names (hard links)")
    os.unlink(place.path("second.csv"))
    taken(place, path)


def story_a_directory_that_may_not_be_written(place):
    path = prepare(place)
    os.chmod(place.path("crm"), 0o555)
    kept(place, path, "you may not write in its directory")
    os.chmod(place.path("crm"), 0o755)
    taken(place, path)


def story_a_file_that_may_not_be_written(place):
    path = prepare(place)
    os.chmod(place.path(path), 0o444)
    kept(place, path, "you may not write it")
    os.chmod(place.path(path), 0o644)
    taken(place, path)


def story_a_file_of_another_user(place):
    if not IS_ROOT:
        return  # nobody else's file can be made here
    path = prepare(place)
    os.chown(place.path(path), 0, 0)
    os.chmod(place.path(path), 0o666)
    kept(place, path, "it belongs to another user")
    give(place)
    taken(place, path)


def story_a_disk_that_is_read_only(place):
    path = prepare(place)
    disk = place.path("crm")

    def mount(*arguments):
        return IS_ROOT and subprocess.run(
            ["mount", *arguments], capture_output=True,
            check=False).returncode == 0

    if not mount("--bind", disk, disk):
        return  # nobody may mount here
    try:
        check(mount("-o", "remount,bind,ro", disk), "remounted")
        kept(place, path, "file system is read-only")
        check(mount("-o", "remount,bind,rw", disk), "remounted")
        taken(place, path)
    finally:
        subprocess.run(["umount", disk], check=True)


def story_rights_that_are_lost_during_the_run(place):
    """Said once, when it turns out; the IDs go in with the next sync."""
    path = prepare(place)
    place.stop_server()
    place.serve("latency=300ms")
    place.config()
    with subprocess.Popen(
            [BELAY, "sync", "-c", place.path("config.yaml"), path],
            env=place.environment(), cwd=place.directory,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True) as first:
        wait_until(place.requests, "the first request")
        os.link(place.path(path), place.path("second.csv"))
        said = first.communicate(timeout=LIMIT)[1]
        equal(first.returncode, 0, said)
    equal(said.count("keeps the results"), 1, said)
    check(b"HealthSherpa ID" not in place.read(path), "the file")
    os.unlink(place.path("second.csv"))
    taken(place, path, root=True)


def story_results_that_nobody_wants_in_the_file(place):
    place.serve()
    place.config(rest="result_columns: {healthsherpa_id: null}\n")
    place.write("export.csv", csv_text(3))
    os.link(place.path("export.csv"), place.path("second.csv"))
    done = place.belay("sync", "export.csv", status=0)
    equal(done.stderr, "", "nothing to say")


if __name__ == "__main__":
    main(globals())
