# SPDX-License-Identifier: MIT
"""A real browser for the stories: Chromium without a window, driven by
ChromeDriver over WebDriver (W3C), of which this is as much as they need.

It sees nothing but 127.0.0.1, keeps its profile in the story's own directory,
and all its processes end with it."""

import json
import os
import select
import shutil
import signal
import subprocess
import urllib.error
import urllib.request

from story import LIMIT

DRIVERS = ["chromedriver", "chromium.chromedriver"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome-stable",
            "google-chrome"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # of the standard

ARGUMENTS = [
    "--headless=new", "--disable-gpu", "--disable-dev-shm-usage",
    "--proxy-server=direct://", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--no-first-run", "--no-default-browser-check", "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def find(names):
    return next((path for path in map(shutil.which, names) if path), None)


def missing():
    """What a browser lacks here, in words; None: nothing."""
    lacks = [name for name, path in (("chromium", find(BROWSERS)),
                                     ("chromedriver", find(DRIVERS)))
             if not path]
    return " and ".join(lacks) or None


class Unreachable(Exception):
    """Nobody answers at the address that was opened."""


class Browser:
    """`with Browser(place) as browser:`; without `scripts` pages run none."""

    def __init__(self, place, scripts=True):
        self.place = place
        self.session = self.base = None
        # A group of its own, so that no helper of Chromium outlives it.
        self.driver = subprocess.Popen(
            [find(DRIVERS), "--port=0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True,
            cwd=place.directory, env=place.environment(),
            start_new_session=True)
        try:
            self.base = f"http://127.0.0.1:{self.read_port()}/session"
            self.start(place, scripts)
        except BaseException:
            self.close()
            raise

    def read_port(self):
        while select.select([self.driver.stdout], [], [], LIMIT)[0]:
            line = self.driver.stdout.readline()
            if "started successfully on port" in line:
                return int(line.rstrip().rstrip(".").rsplit(" ", 1)[1])
            if not line:
                break
        raise RuntimeError("chromedriver did not start")

    def start(self, place, scripts):
        arguments = [*ARGUMENTS, "--user-data-dir=" + place.path("profile")]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # root has no other way
        options = {"binary": find(BROWSERS), "args": arguments}
        if not scripts:
            options["prefs"] = {
                "profile.managed_default_content_settings.javascript": 2}
        self.session = self.call("POST", "", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "pageLoadStrategy": "normal",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": options}}})["sessionId"]

    def call(self, method, path, body=None):
        """One command; the answer's value."""
        url = self.base + (f"/{self.session}" if self.session else "") + path
        request = urllib.request.Request(
            url, method=method, headers={"Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=LIMIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            value = json.load(refused)["value"]
            if "net::ERR_CONNECTION_REFUSED" in value["message"]:
                raise Unreachable(value["message"]) from refused
            raise AssertionError(
                f"{method} {path}: {value['error']}: "
                f"{value['message'].splitlines()[0]}") from refused

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        try:
            if self.session:
                self.call("DELETE", "")
        finally:
            self.session = None
            try:
                os.killpg(self.driver.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
            self.driver.stdout.close()
            self.driver.wait(LIMIT)

    # ---- what an agent does and sees ----------------------------------------

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def address(self):
        return self.call("GET", "/url")

    def title(self):
        return self.call("GET", "/title")

    def source(self):
        return self.call("GET", "/source")

    def element(self, selector):
        found = self.call("POST", "/element",
                          {"using": "css selector", "value": selector})
        return "/element/" + found[ELEMENT]

    def text(self, selector="body"):
        return self.call("GET", self.element(selector) + "/text")

    def value(self, selector):
        return self.call("GET", self.element(selector) + "/property/value")

    def fill(self, selector, text):
        element = self.element(selector)
        self.call("POST", element + "/clear", {})
        self.call("POST", element + "/value", {"text": text})

    def click(self, selector):
        self.call("POST", self.element(selector) + "/click", {})

    def complaints(self):
        """What the console has been told since the last time."""
        return [f"{entry['level']}: {entry['message']}"
                for entry in self.call("POST", "/se/log", {"type": "browser"})]
