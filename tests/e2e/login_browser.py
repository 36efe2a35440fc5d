#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The login and the quote page in a real browser: Chromium, which has its own
mind about redirects, forms, policies and what a page may load."""

import os
import sys
import urllib.parse

import story
from browser import AGENT, Login, config_v2, request, token_requests
from chromium import Browser, Unreachable, missing
from story import check, csv_text, equal, json_lines, wait_until

SECRET = {"BELAY_CLIENT_SECRET": "practice-secret"}
started = []  # the one browser that the stories share: it is slow to start


def chromium():
    if not started:
        started.append(Browser(story.Place()))
    return started[0]


def close():
    for browser in started:
        browser.close()
        browser.place.close()


def begin(place, people=2):
    place.serve()
    place.write("contacts.csv", csv_text(people))
    config_v2(place)


def summary(place):
    done = place.belay("sync", "contacts.csv", "--yes", "--json", status=0,
                       **SECRET)
    return json_lines(done.stdout)[-1]["summary"]


def query_of(address):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(address).query,
                                 keep_blank_values=True)


def quiet(browser):
    """No script, nothing loaded from elsewhere, no word in the console."""
    source = browser.source()
    for word in ("<script", " src=", "<link", "@import", "onload="):
        check(word not in source, f"the page has {word}")
    equal(browser.complaints(), [], "the console")


def decide(browser, login, button, agent=None):
    """From the printed address to belay's own page."""
    browser.open(login.url)
    equal(browser.title(), "Allow access - practice", "the consent page")
    equal(browser.value("#agent_email"), AGENT, "who is filled in")
    quiet(browser)
    if agent:
        browser.fill("#agent_email", agent)
    browser.click(button)
    wait_until(lambda: "/callback" in browser.address(), "the way back")


def at_callback(place, browser, keys):
    """The address bar: where belay listens, what the answer is made of and
    nothing more; no token, no secret, no fragment."""
    address = browser.address()
    parts = urllib.parse.urlsplit(address)
    equal((parts.scheme, parts.netloc, parts.path, parts.fragment),
          ("http", f"127.0.0.1:{place.port}", "/callback", ""), address)
    equal(set(query_of(address)), keys, "what the address carries")


def consent(place, browser, agent=None):
    begin(place)
    login = Login(place, "--print-url")
    decide(browser, login, "#allow", agent)
    equal(browser.title(), "You are logged in", "belay's page")
    equal(browser.text("h1"), "You are logged in", "its heading")
    check("go back to the terminal" in browser.text(), browser.text())
    quiet(browser)
    at_callback(place, browser, {"code", "state"})
    equal(query_of(browser.address())["state"],
          query_of(login.url)["state"], "the state")
    login.end(0)
    equal(len(token_requests(place)), 1, "token requests")
    equal(summary(place)["created"], 2, "created")
    equal({line["agent_email"] for line in place.requests()
           if line["route"] == "create"}, {agent or AGENT}, "the agent")
    equal(set(place.people().values()), {1}, "each person once")


def story_agree(place):
    consent(place, chromium())


def story_agree_as_somebody_else(place):
    consent(place, chromium(), agent="second@example.com")


def story_agree_in_a_browser_that_runs_no_script(place):
    with Browser(place, scripts=False) as browser:
        browser.open("data:text/html,<title>off</title>"
                     "<script>document.title='on'</script>")
        equal(browser.title(), "off", "scripts")
        consent(place, browser)


def story_refuse(place):
    begin(place)
    login = Login(place, "--print-url")
    browser = chromium()
    decide(browser, login, "#deny")
    equal(browser.text("h1"), "The login did not work", "belay's page")
    check("belay says why in the terminal" in browser.text(), browser.text())
    at_callback(place, browser, {"error", "state"})
    quiet(browser)
    equal(query_of(browser.address())["error"], ["access_denied"],
          "the answer")
    said = login.end(77)
    check("refused on HealthSherpa's page" in said, said)
    equal(token_requests(place), [], "nothing was exchanged")


def story_the_page_is_loaded_again(place):
    """What an agent does with a page that is still open: once belay has ended
    nothing listens there, and the code is spent."""
    begin(place)
    login = Login(place, "--print-url")
    browser = chromium()
    decide(browser, login, "#allow")
    login.end(0)
    code = query_of(browser.address())["code"][0]
    try:
        browser.open(browser.address())
        raise AssertionError("somebody still listens there")
    except Unreachable:
        pass
    browser.complaints()
    status, _, text = request(place.url + "/oauth/token", "POST", {
        "grant_type": "authorization_code", "code": code,
        "client_id": "agency-app", "client_secret": "practice-secret",
        "redirect_uri": f"http://127.0.0.1:{place.port}/callback"})
    equal(status, 400, text)
    check("invalid_grant" in text, text)


def story_the_quote_page(place):
    place.serve()
    place.write("contacts.csv", csv_text(2))
    place.config()
    place.belay("sync", "contacts.csv", "--yes", status=0)
    address = place.belay("open", "quote", "contacts.csv", "--id", "1001",
                          "--print-url", status=0).stdout.strip()
    check(address.startswith(place.url + "/quote/"), address)
    browser = chromium()
    browser.open(address)
    check(browser.title().startswith("Quote for José"), browser.title())
    equal(browser.value("#zip"), "95811", "the ZIP that was sent")
    equal(browser.value("#county"), "", "the county is for the agent")
    quiet(browser)
    browser.click("button")  # the browser asks for the county
    equal(browser.address(), address, "without a county")
    browser.fill("#county", "Sacramento")
    browser.click("button")
    wait_until(lambda: "county=" in browser.address(), "the plans")
    check("ZIP 95811, county Sacramento" in browser.text(),
          browser.text())
    check("Practice Advantage HMO" in browser.text(), browser.text())
    quiet(browser)


if __name__ == "__main__":
    if missing():
        print(f"1..0 # SKIP {missing()} is missing: "
              f"{os.path.basename(__file__)} was not run")
        sys.exit(0)
    try:
        story.main(globals())
    finally:
        close()
