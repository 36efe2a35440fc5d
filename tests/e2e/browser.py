# SPDX-License-Identifier: MIT
"""A browser without a screen, for the consent page of the practice server: it
fills in the form, presses a button and goes where it is sent. And what the
stories of version 2 share: a config, and a login from begin to end."""

import html.parser
import http.client
import re
import socket
import subprocess
import urllib.parse

from story import BELAY, LIMIT, MAPPING

CLIENT = "agency-app"
AGENT = "agent@example.com"


class Form(html.parser.HTMLParser):
    """The fields of the page's form."""

    def __init__(self, text):
        super().__init__()
        self.fields = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "input" and values.get("name"):
            self.fields[values["name"]] = values.get("value", "")


def request(url, method="GET", form=None):
    """(status, headers, body); nothing is followed."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(
        parts.hostname, parts.port, timeout=LIMIT)
    headers, body = {}, None
    if form is not None:
        body = urllib.parse.urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    target = parts.path + ("?" + parts.query if parts.query else "")
    connection.request(method, target, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, answer.headers, text


def decide(url, decision="allow", agent=AGENT):
    """Opens the consent page and presses a button: where it leads."""
    status, _, text = request(url)
    if status != 200:
        raise AssertionError(f"the consent page answers {status}: {text}")
    fields = Form(text).fields
    fields["decision"] = decision
    fields["agent_email"] = agent
    parts = urllib.parse.urlsplit(url)
    status, headers, text = request(
        f"{parts.scheme}://{parts.netloc}/oauth/authorize", "POST", fields)
    if status != 302:
        raise AssertionError(f"the consent answers {status}: {text}")
    return headers["Location"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def config_v2(place, name="config.yaml", mapping=MAPPING, sync="", port=None,
              service=""):
    """Writes a config for version 2 and keeps its port in place.port."""
    place.port = port or getattr(place, "port", None) or free_port()
    return place.write(name, (
        "service:\n"
        "  version: v2\n"
        "  environment: practice\n"
        f"  oauth: {{client_id: {CLIENT}, client_secret: "
        "{env: BELAY_CLIENT_SECRET},\n"
        f"    redirect_uri: \"http://127.0.0.1:{place.port}/callback\"}}\n"
        f"  urls: {{api: \"{place.url}/v2\"}}\n"
        f"{service}"
        "sync:\n  rate: none\n  settle: 300ms\n"
        f"{sync}{mapping}"))


class Login:
    """`belay login` under way; its address is there once it is made."""

    def __init__(self, place, *options, config="config.yaml", wrapper=()):
        self.place = place
        self.process = subprocess.Popen(
            [*wrapper, BELAY, "login", "-c", place.path(config), *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd=place.directory,
            env=place.environment(BELAY_CLIENT_SECRET="practice-secret"))
        self.url = self.process.stdout.readline().strip()

    def end(self, status=0, typed=None):
        out, said = self.process.communicate(typed, timeout=LIMIT)
        if self.process.returncode != status:
            raise AssertionError(
                f"login ended with {self.process.returncode}, not {status}: "
                f"{said}")
        return out + said


def log_in(place, agent=AGENT, config="config.yaml"):
    """The whole way with the browser; what belay said."""
    login = Login(place, config=config)
    if not login.url:
        raise AssertionError(login.end(None))
    location = decide(login.url, agent=agent)
    status, _, text = request(location)
    if status != 200 or "You can close this" not in re.sub(r"\s+", " ", text):
        raise AssertionError(f"the browser shows {status}: {text}")
    return login.end(0)


def token_requests(place):
    return [line for line in place.requests()
            if line["path"] == "/oauth/token"]
