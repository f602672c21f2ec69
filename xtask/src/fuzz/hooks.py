"""What schemathesis needs to know of Convo: how to sign in again, which things there are, and how an error looks.

It never decides what is asked; the OpenAPI document does.
"""

import base64
import json
import os
import re
import threading
import zlib

import requests
import schemathesis

with open(os.environ["CONVO_FUZZ_STAGE"], encoding="utf-8") as file:
    STAGE = json.load(file)

# Of a hundred ids that could be somebody's, so many become the id of something that is there.
REAL_PERCENT = 80
# What these remove is there many times; everything else asks for what stays.
SPENDING = {
    "delete_handset",
    "release_number",
    "remove_member",
    "set_member_role",
    "set_role",
    "suspend_account",
    "restore_account",
    "archive_conversation",
}
SESSION_ENDING = {"logout", "end_session", "end_other_sessions", "change_password"}
# What stands in answers and nowhere else: pictures, and the sessions of whoever asks.
LEARNED = re.compile(r"\b(pic|ses)_[0-7][0-9a-hjkmnp-tv-z]{25}\b")
MAX_LEARNED = 20
# One pixel.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Person:
    """Whoever asks. Their session may end with any call, and their password may change; then they sign in again."""

    def __init__(self):
        self.password = STAGE["password"]
        self.token = None
        self.refresh_token = None
        self.lock = threading.Lock()

    def signed_in(self):
        with self.lock:
            if self.token is None:
                answer = requests.post(
                    STAGE["base"] + "/api/auth/login",
                    json={"login": STAGE["login"], "password": self.password},
                    timeout=30,
                )
                answer.raise_for_status()
                self.token = answer.json()["access_token"]
                self.refresh_token = answer.json()["refresh_token"]
            return self.token

    def signed_out(self):
        with self.lock:
            self.token = None


PERSON = Person()

if STAGE["login"]:

    @schemathesis.auth(refresh_interval=None)
    class SignedIn:
        def get(self, case, context):
            return PERSON.signed_in()

        def set(self, case, data, context):
            case.headers["Authorization"] = f"Bearer {data}"


def name_of(case):
    return case.operation.definition.raw.get("operationId")


class Chooser:
    """Chooses by what the case says, so that the same case always becomes the same request."""

    def __init__(self, case):
        said = repr((name_of(case), case.path_parameters, case.query, case.body))
        self.state = zlib.crc32(said.encode("utf-8", "surrogatepass"))
        self.things = STAGE["spent"] if name_of(case) in SPENDING else STAGE["kept"]
        # Else the administrators would shut each other out, and nobody could go on.
        self.spared = STAGE["administrators"] if name_of(case) in ("set_role", "suspend_account") else []

    def number(self, below):
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return (self.state >> 8) % below

    def one_of(self, kind, otherwise):
        known = self.things.get(kind)
        is_real = self.number(100) < REAL_PERCENT or otherwise in self.spared
        if not known or not is_real:
            return otherwise
        return known[self.number(len(known))]

    def instead_of(self, name, value):
        """The real thing that could stand here, or what was generated."""
        if isinstance(value, str):
            prefix = value.split("_")[0]
            if "_" in value and prefix in self.things:
                return self.one_of(prefix, value)
            if name == "refresh_token" and PERSON.refresh_token:
                return PERSON.refresh_token
            if name in ("to", "number", "country", "emoji", "mode", "current_password", "carrier"):
                return self.one_of(name, value)
        if name == "seq" and isinstance(value, int) and value > 0:
            return self.one_of("seq", value)
        return value

    def walk(self, name, value):
        if isinstance(value, dict):
            return {key: self.walk(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.walk(name, inner) for inner in value]
        return self.instead_of(name, value)


@schemathesis.hook
def before_call(context, case, kwargs):
    chooser = Chooser(case)
    if isinstance(case.path_parameters, dict):
        case.path_parameters = chooser.walk(None, dict(case.path_parameters))
    if isinstance(case.body, dict):
        case.body = chooser.walk(None, case.body)
    elif isinstance(case.body, bytes) and chooser.number(2) == 0:
        case.body = PICTURE


@schemathesis.hook
def after_call(context, case, response):
    name = name_of(case)
    if name == "change_password" and response.status_code == 204:
        PERSON.password = case.body["new_password"]
    if name == "refresh" and response.status_code == 200:
        PERSON.refresh_token = response.json().get("refresh_token", PERSON.refresh_token)
    for found in LEARNED.finditer(response.text if name != "get_picture" else ""):
        known = STAGE["kept"].setdefault(found[1], [])
        if found[0] not in known:
            known.append(found[0])
            del known[:-MAX_LEARNED]
    if response.status_code == 401 or name in SESSION_ENDING:
        PERSON.signed_out()


@schemathesis.check
def errors_are_problems(ctx, response, case):
    """RFC 9457, with our code, what to do, and the id under which the log has it."""
    if response.status_code < 400:
        return
    kind = response.headers.get("content-type", [""])[0]
    assert kind == "application/problem+json", f"An error of content type {kind!r}"
    if response.request.method == "HEAD":
        return
    problem = response.json()
    assert problem.get("status") == response.status_code, f"The problem says status {problem.get('status')}"
    for field in ("type", "title", "code", "detail", "request_id"):
        assert problem.get(field), f"The problem has no {field}"
