"""Starts the built program, talks to it, and ends it."""

import os
import pathlib
import secrets
import socket
import subprocess
import time
from contextlib import contextmanager

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "openapi.yaml"
PROGRAM = pathlib.Path(os.environ.get("SIKIMR_PROGRAM", ROOT / ".build/debug/sikimr")).resolve()

ROLES = [
    "work-unit",
    "consultation-officer",
    "subdirectorate-head",
    "director",
    "task-giver",
    "assigned-officer",
    "ict-manager",
    "ict-officer",
]

START_SECONDS = 30
STOP_SECONDS = 40


class Client:
    """One caller of the service; without a token an anonymous one."""

    def __init__(self, base, token=None):
        self.base = base
        self.token = token
        self.user = None
        self.token_id = None
        self.http = requests.Session()
        # No proxy of the environment stands between this test and the program.
        self.http.trust_env = False
        self.http.headers["Accept"] = "application/json"
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, path, expect=None, **arguments):
        """Sends a request; fails unless the status is `expect`, when one is named."""
        arguments.setdefault("timeout", 30)
        response = self.http.request(method, self.base + path, **arguments)
        if expect is not None:
            assert response.status_code == expect, f"{method} {path}: {response.status_code} {response.text[:2000]}"
        return response

    def get(self, path, expect=200, **arguments):
        return self.call("GET", path, expect, **arguments)

    def post(self, path, body=None, expect=None, **arguments):
        return self.call("POST", path, expect, json=body, **arguments)


class Service:
    """A running program."""

    def __init__(self, base, process, log, admin_password):
        self.base = base
        self.process = process
        self.log = log
        self.admin_password = admin_password

    def anonymous(self):
        return Client(self.base)

    def sign_in(self, username, password):
        """A caller with a session of that user."""
        session = self.anonymous().post("/v1/sessions", {"username": username, "password": password}, 201).json()
        client = Client(self.base, session["token"])
        client.user = session["user"]
        client.token_id = session["token_id"]
        return client

    def admin(self):
        return self.sign_in("admin", self.admin_password)

    def make_unit(self, admin, kind="work_unit"):
        """A new unit with a code of its own."""
        code = f"U-{secrets.token_hex(4).upper()}"
        return admin.post("/v1/units", {"code": code, "name": f"Unit {code}", "kind": kind}, 201).json()

    def make_user(self, admin, unit, roles):
        """A new user with those roles, signed in."""
        username = f"u.{secrets.token_hex(6)}"
        password = f"frasa-{secrets.token_hex(12)}"
        body = {"username": username, "name": "Rina Kusuma", "password": password, "unit_id": unit["id"], "roles": roles}
        admin.post("/v1/users", body, 201)
        client = self.sign_in(username, password)
        client.password = password
        return client

    def make_people(self, admin):
        """One signed-in user of every role, by role; the work unit has a unit of its own."""
        outside = self.make_unit(admin)
        inside = self.make_unit(admin, "directorate")
        return {role: self.make_user(admin, outside if role == "work-unit" else inside, [role]) for role in ROLES}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_ready(base, process, log):
    deadline = time.monotonic() + START_SECONDS
    anonymous = Client(base)
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the program ended with {process.returncode}:\n{tail(log)}"
        try:
            if anonymous.call("GET", "/readyz", timeout=2).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.05)
    raise AssertionError(f"not ready after {START_SECONDS} s:\n{tail(log)}")


def tail(log, size=4000):
    return log.read_bytes()[-size:].decode(errors="replace")


@contextmanager
def running(directory):
    """Runs the program in that directory; asserts at the end that SIGTERM ends it with exit code 0."""
    assert PROGRAM.is_file(), f"{PROGRAM} is missing; build it, or name it in SIKIMR_PROGRAM"
    directory.chmod(0o700)
    attachments = directory / "attachments"
    attachments.mkdir(mode=0o700)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    password = f"awal-{secrets.token_hex(12)}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIKIMR_")}
    environment |= {
        "SIKIMR_LISTEN": f"127.0.0.1:{port}",
        "SIKIMR_DATABASE": str(directory / "sikimr.db"),
        "SIKIMR_ATTACHMENTS": str(attachments),
        "SIKIMR_ADMIN_PASSWORD": password,
        "SIKIMR_LOG": "json",
        "SIKIMR_RATE_LIMIT": "off",
        "SWIFT_BACKTRACE": "enable=no",
    }
    log = directory / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(PROGRAM)],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(base, process, log)
            yield Service(base, process, log, password)
            assert process.poll() is None, f"the program ended by itself with {process.returncode}:\n{tail(log)}"
        finally:
            code = stop(process)
        assert code == 0, f"SIGTERM ended the program with {code}:\n{tail(log)}"


def stop(process):
    """Sends SIGTERM and gives the exit code; kills what does not end in time."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode
