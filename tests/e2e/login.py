#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logging in for version 2, on the command line: by the browser and by
pasting, hostile answers, tokens that end and are renewed, and a book that
changes from version 1 to version 2."""


import json
import os
import pty
import shutil
import signal
import subprocess
import urllib.parse

import story
from browser import (AGENT, Login, config_v2, decide, log_in,
                     request, token_requests)
from story import BELAY, LIMIT, MAPPING, check, csv_text, equal, json_lines, wait_until

SECRET = {"BELAY_CLIENT_SECRET": "practice-secret"}


def begin(place, *switches, people=3, script=None, **config):
    place.serve(*switches, script=script)
    place.write("contacts.csv", csv_text(people))
    config_v2(place, **config)


def sync(place, *options, status=0):
    return place.belay("sync", "contacts.csv", "--yes", "--json", *options,
                       status=status, **SECRET)


def summary(done):
    return json_lines(done.stdout)[-1]["summary"]


def token_file(place):
    directory = place.path(".local/state/belay/tokens")
    names = [name for name in os.listdir(directory) if name.endswith(".json")]
    equal(len(names), 1, "token files")
    return os.path.join(directory, names[0])


def story_log_in_with_the_browser_and_sync(place):
    begin(place)
    done = sync(place, status=77)
    check("belay login" in done.stderr, done.stderr)
    equal(token_requests(place), [], "nobody is logged in yet")
    said = log_in(place)
    check("Logged in" in said, said)
    path = token_file(place)
    equal(os.stat(path).st_mode & 0o777, 0o600, "mode of the token file")
    equal(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700, "directory")
    equal(summary(sync(place))["created"], 3, "created")
    equal(set(place.people().values()), {1}, "each person once")
    equal(summary(sync(place))["requests"], 0, "the second time")
    for line in place.requests():
        if line["path"].startswith("/v2/"):
            check("agent_email" not in line["body"], line)
    out = place.belay("doctor", "contacts.csv", **SECRET).stdout
    check("login" in out and "renews itself" in out
          and "partner_api_v2" in out, out)


def story_paste_the_address(place):
    begin(place)
    login = Login(place, "--paste", "--print-url")
    location = decide(login.url)
    login.end(0, "what now\n" + location + "\n")
    equal(summary(sync(place))["created"], 3, "created")


def story_paste_while_the_browser_is_waited_for(place):
    begin(place)
    login = Login(place)
    location = decide(login.url)
    login.end(0, location + "\n")
    equal(summary(sync(place))["created"], 3, "created")


def story_paste_nothing(place):
    begin(place)
    login = Login(place, "--paste")
    said = login.end(77, "\n")
    check("not finished" in said, said)


def story_consent_refused(place):
    begin(place)
    login = Login(place)
    status, _, text = request(decide(login.url, "deny"))
    equal(status, 200, "the page: the browser did nothing wrong")
    check("did not work" in text, text)
    said = login.end(77)
    check("refused on HealthSherpa's page" in said, said)
    sync(place, status=77)


def story_hostile_answers_are_refused(place):
    begin(place)
    login = Login(place)
    base = f"http://127.0.0.1:{place.port}"
    state = urllib.parse.parse_qs(
        urllib.parse.urlsplit(login.url).query)["state"][0]
    good = decide(login.url)
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(good).query)["code"][0]
    wrong = state[:-1] + ("A" if state[-1] != "A" else "B")
    hostile = [
        ("GET", f"/callback?code={code}&state={wrong}", 400),
        ("GET", f"/callback?code={code}", 400),
        ("GET", f"/callback?state={state}", 400),
        ("GET", "/callback", 400),
        ("GET", f"/callback?error=access_denied&state={wrong}", 400),
        ("GET", "/callback?error=access_denied", 400),
        ("GET", f"/?code={code}&state={state}", 404),
        ("GET", f"/callback/?code={code}&state={state}", 404),
        ("GET", "/favicon.ico", 404),
        ("POST", f"/callback?code={code}&state={state}", 405),
        ("PUT", f"/callback?code={code}&state={state}", 405),
        ("GET", "/callback?" + "x" * 8000, (400, 404, 413, 414, 431)),
        ("GET", "/callback?%00=%ff&state=%1b[31m", 400),
    ]
    for method, path, wanted in hostile:
        status, _, text = request(base + path, method)
        check(status in (wanted if isinstance(wanted, tuple) else (wanted,)),
              f"{method} {path[:60]}: {status}")
        check(code not in text and state not in text, f"{path} echoes")
    equal(token_requests(place), [], "no code was exchanged")
    equal(login.process.poll(), None, "the login goes on")
    status, headers, _ = request(good)
    equal(status, 200, "the right answer")
    equal(headers["Cache-Control"], "no-store", "the page is not kept")
    login.end(0)
    equal(len(token_requests(place)), 1, "token requests")


def story_a_second_answer_changes_nothing(place):
    # the token endpoint is slow, so that the second one comes meanwhile
    begin(place, script="token 1 delay 2s\n")
    login = Login(place)
    good = decide(login.url)
    parts = urllib.parse.urlsplit(good)
    first = subprocess.Popen(
        ["python3", "-c", "import sys, urllib.request as u; "
         "print(u.urlopen(sys.argv[1]).status)", good],
        stdout=subprocess.PIPE, text=True)
    # 400 while it waits, 409 once it has its answer
    wait_until(lambda: request(f"http://{parts.netloc}/callback?state=x")[0]
               == 409, "the first answer is taken")
    equal(request(good.replace("code=", "code=x"))[0], 409, "the second")
    equal(first.communicate(timeout=LIMIT)[0].strip(), "200", "the first")
    login.end(0)
    equal(len(token_requests(place)), 1, "token requests")


def story_the_port_is_taken(place):
    begin(place)
    first = Login(place)
    second = Login(place)
    said = second.end(69)
    check(f"port {place.port}" in said and "--paste" in said, said)
    first.process.send_signal(signal.SIGINT)
    first.end(130)


def story_access_that_ends_is_renewed(place):
    begin(place, "expires-in=1s", people=60, sync="  concurrency: 4\n",
          service="")
    log_in(place)
    place.stop_server()
    place.serve("expires-in=1s", "latency=100ms",
                port=int(place.url.rsplit(":", 1)[1]))
    equal(summary(sync(place))["created"], 60, "created")
    equal(set(place.people().values()), {1}, "each person once")
    # 120 requests at 4 in 100 ms take 3 s: about one renewal a second
    count = len(token_requests(place))
    check(3 <= count <= 12, f"{count} token requests")


def story_one_renewal_for_all_refusals(place):
    """Dozens of calls in flight in each of two processes, all refused at once:
    one token request brings both on."""
    begin(place, people=150, sync="  concurrency: 64\n  burst: 64\n")
    log_in(place)
    place.write("others.csv", csv_text(400).replace("\r\n10", "\r\n20")
                .replace("person", "other").replace("555-01", "555-02"))
    place.stop_server()
    place.serve("latency=600ms", port=int(place.url.rsplit(":", 1)[1]))
    running = [subprocess.Popen(
        [BELAY, "sync", "-c", place.path("config.yaml"), name, "--yes",
         "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=place.directory, env=place.environment(**SECRET))
        for name in ("contacts.csv", "others.csv")]
    wait_until(lambda: len(place.requests()) > 150, "both are under way")
    before = len(token_requests(place))
    status, _, text = request(place.url + "/practice/revoke", "POST",
                              {"what": "access"})
    equal(status, 200, text)
    for process in running:
        out, said = process.communicate(timeout=LIMIT)
        equal(process.returncode, 0, said)
        check(json_lines(out)[-1]["summary"]["failed"] == 0, out[-300:])
    refused = sum(line["status"] == 401 for line in place.requests())
    check(refused >= 20, f"only {refused} calls were refused")
    equal(len(token_requests(place)) - before, 1, "token requests")
    equal(set(place.people().values()), {1}, "each person once")


def story_a_login_that_ends_in_mid_run(place):
    begin(place, people=80, sync="  concurrency: 4\n")
    log_in(place)
    place.stop_server()
    place.serve("latency=50ms", port=int(place.url.rsplit(":", 1)[1]))
    process = subprocess.Popen(
        [BELAY, "sync", "-c", place.path("config.yaml"), "contacts.csv",
         "--yes", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=place.directory, env=place.environment(**SECRET))
    wait_until(lambda: len(place.requests()) > 30, "some are sent")
    request(place.url + "/practice/revoke", "POST", {"what": "grants"})
    out, said = process.communicate(timeout=LIMIT)
    equal(process.returncode, 77, said)
    equal(said.count("log in again"), 1, f"said once: {said}")
    lost = [line for line in json_lines(out)[:-1]
            if line["status"] == "failed"]
    equal(lost, [], "no contact is given up")
    done = place.belay("doctor", "contacts.csv", **SECRET)
    check("log in again" in done.stdout, done.stdout)
    asked = len(token_requests(place))
    done = sync(place, status=77)
    check("belay login" in done.stderr, done.stderr)
    equal(len(token_requests(place)), asked, "nobody asks in vain")
    log_in(place)
    sync(place)
    equal(len(place.people()), 80, "contacts")
    equal(set(place.people().values()), {1}, "each person once")


def story_a_lost_renewal_is_tried_again(place):
    begin(place, "refresh=same", people=4)
    log_in(place)
    request(place.url + "/practice/revoke", "POST", {"what": "access"})
    port = int(place.url.rsplit(":", 1)[1])
    for fault in ("drop", "500", "503", "junk", "commit-then-drop"):
        place.stop_server()
        place.serve("refresh=same", port=port, script=f"token 1 {fault}\n")
        place.write("contacts.csv", csv_text(4).replace(
            "(916) 555-01", f"(916) 555-{40 + len(fault)}"))
        sync(place)
        request(place.url + "/practice/revoke", "POST", {"what": "access"})
    equal(set(place.people().values()), {1}, "each person once")


def story_a_hiccup_in_the_morning_stops_no_run(place):
    """The access token has run out overnight, all calls wait for the renewal,
    and its first request fails: that is one failure, not one for each."""
    begin(place, "expires-in=1s", people=30)
    log_in(place)
    kept = json.loads(place.read(token_file(place)))
    port = int(place.url.rsplit(":", 1)[1])
    for number, fault in enumerate(("503", "500", "drop", "junk")):
        place.stop_server()
        place.serve("refresh=same", port=port, script=f"token 1 {fault}\n")
        # as it is in the morning
        kept = json.loads(place.read(token_file(place)))
        kept["obtained_ms"] -= 24 * 3600 * 1000
        with open(token_file(place), "w", encoding="utf-8") as file:
            json.dump(kept, file)
        asked = len(token_requests(place))
        place.write("contacts.csv", csv_text(30 * (number + 1)))
        equal(summary(sync(place))["created"], 30, fault)
        equal(len(token_requests(place)) - asked, 2, f"requests, {fault}")
    equal(set(place.people().values()), {1}, "each person once")


def story_a_login_that_cannot_be_renewed_now(place):
    """The run ends by itself, as when HealthSherpa is away, or at once when
    it is told to."""
    begin(place, people=30)
    log_in(place)
    place.stop_server()
    place.serve(port=int(place.url.rsplit(":", 1)[1]), script="token all 503\n")
    request(place.url + "/practice/revoke", "POST", {"what": "access"})
    asked = len(token_requests(place))
    running = start_sync(place)
    wait_until(lambda: len(token_requests(place)) > asked + 1, "two tries")
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=5)
    equal(running.returncode, 130, said)
    equal(place.people(), {}, "nothing was sent")


def start_sync(place):
    return subprocess.Popen(
        [BELAY, "sync", "-c", place.path("config.yaml"), "contacts.csv",
         "--yes", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=place.directory, env=place.environment(**SECRET))


def story_a_login_during_a_renewal_stays(place):
    """Whatever comes back, it does not take the place of the new login."""
    for fault in ("delay 1s", "400 delay 1s"):
        begin(place)
        port = int(place.url.rsplit(":", 1)[1])
        log_in(place)
        request(place.url + "/practice/revoke", "POST", {"what": "access"})
        place.stop_server()
        place.serve(port=port, script=f"token 1 {fault}\n")
        asked = len(place.requests())
        running = start_sync(place)
        wait_until(lambda: len(place.requests()) > asked, "it is refused")
        log_in(place, agent="other@example.com")
        kept = open(token_file(place), encoding="utf-8").read()
        out, said = running.communicate(timeout=LIMIT)
        equal(running.returncode, 0, said + out)
        equal(open(token_file(place), encoding="utf-8").read(), kept,
              "the login that is kept")
        equal({line["agent_email"] for line in place.requests()
               if line["route"] == "create"}, {"other@example.com"}, "agent")
        place.stop_server()
        os.remove(place.store)
        os.remove(place.log)
        shutil.rmtree(place.path(".local"))


def story_logout_during_a_renewal_stays(place):
    begin(place)
    port = int(place.url.rsplit(":", 1)[1])
    log_in(place)
    request(place.url + "/practice/revoke", "POST", {"what": "access"})
    place.stop_server()
    place.serve(port=port, script="token 1 delay 1s\n")
    asked = len(place.requests())
    running = start_sync(place)
    wait_until(lambda: len(place.requests()) > asked, "it is refused")
    place.belay("logout", status=0, **SECRET)
    out, said = running.communicate(timeout=LIMIT)
    equal(running.returncode, 77, said + out)
    check("logged out" in said, said)
    sync(place, status=77)


def story_doctor_in_the_morning(place):
    """An access token that has run out is nothing to worry about."""
    begin(place)
    log_in(place)
    request(place.url + "/practice/revoke", "POST", {"what": "access"})
    done = place.belay("doctor", "contacts.csv", **SECRET)
    lines = [line for line in done.stdout.splitlines()
             if line.split()[1:2] in (["service"], ["login"])]
    equal(len(lines), 2, done.stdout)
    check(all(line.split()[0] == "ok" for line in lines), done.stdout)


def story_no_refresh_token(place):
    begin(place, "refresh=never", people=2)
    said = log_in(place)
    check("repeated" in said, said)
    sync(place)
    request(place.url + "/practice/revoke", "POST", {"what": "access"})
    place.write("contacts.csv", csv_text(3))
    done = sync(place, status=77)
    check("log in again" in done.stderr, done.stderr)


def story_a_wrong_client_secret(place):
    begin(place)
    log_in(place)
    place.stop_server()
    port = int(place.url.rsplit(":", 1)[1])
    place.serve(port=port)
    request(place.url + "/practice/revoke", "POST", {"what": "access"})
    place.stop_server()
    place.serve(port=port, script="token all 401\n")
    done = sync(place, status=77)
    check("client_secret" in done.stderr, done.stderr)
    check("practice-secret" not in done.stderr + done.stdout, "it is told")
    place.stop_server()
    place.serve(port=port)
    equal(summary(sync(place))["created"], 3, "once it is right again")


def story_logout(place):
    begin(place)
    log_in(place)
    check("forgotten" in place.belay("logout", status=0, **SECRET).stderr, "")
    check("Nobody" in place.belay("logout", status=0, **SECRET).stderr, "")
    sync(place, status=77)


def story_from_version_1_to_version_2(place):
    """Links stay, and what HealthSherpa has is not sent again."""
    place.serve()
    place.write("contacts.csv", csv_text(12))
    place.config(name="v1.yaml")
    place.belay("sync", "contacts.csv", "--yes", config="v1.yaml", status=0)
    before = place.read("contacts.csv")
    ids = {key: 1 for key in place.people()}
    config_v2(place)
    log_in(place)
    sent = len(place.requests())
    for line in json_lines(place.belay(
            "plan", "contacts.csv", "--json", status=0, **SECRET).stdout):
        if "verb" in line:
            equal(line["verb"], "none", line["external_id"])
    equal(summary(sync(place))["requests"], 0, "requests by v2")
    equal(len(place.requests()), sent, "requests at the server")
    equal(place.read("contacts.csv"), before, "the file")
    # an edit goes to the same contact, by the new version
    place.write("contacts.csv", before.decode().replace(
        "(916) 555-0103", "(916) 555-0199"))
    equal(summary(sync(place))["updated"], 1, "updated")
    last = place.requests()[-1]
    equal(last["method"], "PATCH", "the update")
    check(last["path"].startswith("/v2/contacts/"), last["path"])
    equal(place.people(), ids, "nobody is there twice")
    # and back
    place.belay("sync", "contacts.csv", "--yes", config="v1.yaml", status=0)
    equal(place.requests()[-1]["path"], last["path"], "nothing by v1")


def story_profiles_have_logins_of_their_own(place):
    """What is said leads to the login that is missing, and to no other."""
    begin(place, mapping=MAPPING + "profiles:\n  maria: {contacts: "
          "maria.csv}\n  jose: {contacts: jose.csv}\n")
    place.write("maria.csv", csv_text(1))
    done = place.belay("sync", "maria.csv", "--yes", status=77, **SECRET)
    check("'belay login -P maria'" in done.stderr, done.stderr)
    done = place.belay("doctor", "maria.csv", **SECRET)
    check("'belay login -P maria'" in done.stdout, done.stdout)
    login = Login(place)
    request(decide(login.url))
    said = login.end(0)
    check("for none of them" in said and "'belay logout' ends" in said, said)
    place.belay("sync", "maria.csv", "--yes", status=77, **SECRET)
    login = Login(place, "-P", "maria")
    request(decide(login.url))
    said = login.end(0)
    check("(practice, profile maria)" in said, said)
    check("'belay logout -P maria' ends" in said, said)
    check("none of them" not in said, said)
    place.belay("sync", "maria.csv", "--yes", status=0, **SECRET)
    done = place.belay("doctor", "maria.csv", **SECRET)
    check("(profile maria)" in done.stdout, done.stdout)
    request(place.url + "/practice/revoke", "POST", {"what": "grants"})
    place.write("maria.csv", csv_text(2))
    for _ in range(2):
        done = place.belay("sync", "maria.csv", "--yes", status=77, **SECRET)
        check("log in again with 'belay login -P maria'" in done.stderr,
              done.stderr)
    done = place.belay("logout", "-P", "maria", status=0, **SECRET)
    check("(practice, profile maria)" in done.stderr, done.stderr)


def story_refusals_are_told_in_the_words_of_a_login(place):
    """No key, no agent_email: version 2 has neither."""
    begin(place, people=1)
    log_in(place)
    port = int(place.url.rsplit(":", 1)[1])
    for fault, words in (("401", "expired or was withdrawn"),
                         ("403", "does not cover contacts")):
        place.stop_server()
        place.serve(port=port, script="search all " + fault + "\n")
        for said in (sync(place, status=77).stderr,
                     place.belay("doctor", "contacts.csv", **SECRET).stdout):
            check(words in said, said)
            for word in ("agent_email", " key ", "API key"):
                check(word not in said.replace("key          client", ""),
                      [word, said])


def config_line(place, config="config.yaml"):
    said = place.belay("doctor", "contacts.csv", config=config, **SECRET)
    (line,) = [line for line in said.stdout.splitlines()
               if line.split()[1:2] == ["config"]
               and "config file" not in line]
    return line


def story_who_sends_is_said(place):
    begin(place, people=60)
    config_v2(place, "named.yaml", service="  agent_email: m@example.com\n")
    check(config_line(place).endswith(", not logged in"), config_line(place))
    log_in(place)
    check(config_line(place).endswith(", logged in"), config_line(place))
    check(config_line(place, "named.yaml").endswith(", agent m@example.com"),
          config_line(place, "named.yaml"))
    for config, who in (("config.yaml", "logged in"),
                        ("named.yaml", "m@example.com")):
        master, terminal = pty.openpty()
        os.write(master, b"no\n")
        subprocess.run(
            [BELAY, "sync", "-c", place.path(config), "contacts.csv"],
            env=place.environment(**SECRET), stdin=terminal, stderr=terminal,
            stdout=subprocess.DEVNULL, timeout=LIMIT, check=False,
            cwd=place.directory)
        said = os.read(master, 65536).decode()
        os.close(terminal)
        os.close(master)
        check(f"at practice ({who})" in said, said)


def story_another_agent_logs_in(place):
    begin(place, people=2)
    log_in(place)
    sync(place)
    log_in(place, agent="other@example.com")
    place.write("contacts.csv", csv_text(3))
    equal(summary(sync(place))["created"], 1, "created")
    agents = {line["agent_email"] for line in place.requests()
              if line["route"] == "create"}
    equal(agents, {AGENT, "other@example.com"}, "agents")



def review_of(place, config="config.yaml"):
    done = place.belay("status", "contacts.csv", "--id", "1000", "--json",
                       config=config, **SECRET)
    return json_lines(done.stdout)[0]


def story_a_doubt_is_not_ended_by_another_agents_search(place):
    """Whoever logs in as somebody else does not see what was created for the
    one before: "nobody" proves nothing then."""
    begin(place, people=1, script="create 1 commit-then-drop\n")
    log_in(place)
    sync(place, "--no-wait", status=1)
    equal(list(place.people().values()), [1], "it was created")
    log_in(place, agent="other@example.com")
    sync(place, status=1)
    equal(list(place.people().values()), [1], "and not once more")
    row = review_of(place)
    equal(row["status"], "review", row)
    check("another agent" in row["reason"], row["reason"])


def story_nor_by_another_versions(place):
    place.serve(script="create 1 commit-then-drop\n")
    place.write("contacts.csv", csv_text(1))
    place.config(name="v1.yaml")
    place.belay("sync", "contacts.csv", "--yes", "--no-wait",
                config="v1.yaml", status=1)
    config_v2(place)
    log_in(place, agent="other@example.com")
    sync(place, status=1)
    equal(list(place.people().values()), [1], "not once more")
    equal(review_of(place)["status"], "review", "status")


def story_nor_by_another_agent_of_the_config(place):
    place.serve(script="create 1 commit-then-drop\n")
    place.write("contacts.csv", csv_text(1))
    path = place.config()
    place.belay("sync", "contacts.csv", "--yes", "--no-wait", status=1)
    text = place.read("config.yaml").decode()
    place.write("config.yaml", text.replace("agent@", "other@"))
    place.belay("sync", "contacts.csv", "--yes", status=1)
    equal(list(place.people().values()), [1], f"not once more, {path}")
    equal(review_of(place)["status"], "review", "status")
    # as the one whom it was created for, it is found
    place.write("config.yaml", text.replace("agent@", "AGENT@"))
    place.belay("review", "contacts.csv", "--id", "1000", "--create",
                status=0)


if __name__ == "__main__":
    story.main(globals())
