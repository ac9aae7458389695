"""Runs the program by hand: with settings of one's own, killed and started again, or only to its first complaint."""

import http.client
import io
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from contextlib import contextmanager

import requests

import service

LONGEST_WAIT_SECONDS = 30


def environment(directory, **settings):
    """The environment of a program whose files lie in that directory; a setting that is None is left out."""
    names = {name: value for name, value in os.environ.items() if not name.startswith("SIKIMR_")}
    names |= {
        "SIKIMR_DATABASE": str(directory / "sikimr.db"),
        "SIKIMR_ATTACHMENTS": str(directory / "attachments"),
        "SIKIMR_LOG": "json",
        "SIKIMR_RATE_LIMIT": "off",
        "SWIFT_BACKTRACE": "enable=no",
    }
    names |= {f"SIKIMR_{name}": value for name, value in settings.items() if value is not None}
    return names


def command(directory, *arguments, **settings):
    """Runs one command of the program to its end."""
    return subprocess.run(
        [str(service.PROGRAM), *arguments],
        cwd=directory,
        env=environment(directory, **settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )


def refusal(directory, *arguments, **settings):
    """The one line with which the program refuses to start, with exit code 78 and nothing else said."""
    settings.setdefault("LISTEN", f"127.0.0.1:{service.free_port()}")
    ended = command(directory, *arguments, **settings)
    assert ended.returncode == 78, f"{ended.returncode}: {ended.stdout}{ended.stderr}"
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("sikimr: "), ended.stderr
    return lines[0]


class Program(service.Service):
    """The program with a database that outlives its processes."""

    def __init__(self, directory, **settings):
        directory.mkdir(mode=0o700, exist_ok=True)
        self.directory = directory
        self.settings = settings
        self.database = directory / "sikimr.db"
        # Outside the directory: a test may fill that up.
        self.log_directory = tempfile.mkdtemp()
        super().__init__(None, None, directory.__class__(self.log_directory) / "log", f"awal-{secrets.token_hex(12)}")

    def start(self):
        """Starts a process and waits until it is ready."""
        port = service.free_port()
        self.base = f"http://127.0.0.1:{port}"
        settings = {"LISTEN": f"127.0.0.1:{port}", "ADMIN_PASSWORD": self.admin_password} | self.settings
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(service.PROGRAM)],
                cwd=self.directory,
                env=environment(self.directory, **settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        service.wait_until_ready(self.base, self.process, self.log)

    def kill(self):
        """Ends the process as a power cut would, with nothing to say in the matter."""
        os.kill(self.process.pid, signal.SIGKILL)
        assert self.process.wait(LONGEST_WAIT_SECONDS) == -signal.SIGKILL

    def stop(self):
        """Ends the process in order."""
        code = service.stop(self.process)
        assert code == 0, f"SIGTERM ended the program with {code}:\n{service.tail(self.log)}"

    def output(self):
        """All that the processes said."""
        return self.log.read_text(encoding="utf-8")

    def events(self, name):
        """The lines of the log about that event; every line of the log is JSON."""
        lines = [json.loads(line) for line in self.output().splitlines()]
        return [line for line in lines if line["event"] == name]

    def caller(self, token):
        """The caller with that token at the present address."""
        return service.Client(self.base, token)

    def connect(self):
        """A bare connection to the process."""
        host, port = self.base.removeprefix("http://").split(":")
        return socket.create_connection((host, int(port)), timeout=LONGEST_WAIT_SECONDS)

    def rows(self, *statements):
        """What each statement finds in a copy of the database; the process is not disturbed."""
        with tempfile.TemporaryDirectory() as place:
            for suffix in ("", "-wal"):
                source = self.database.with_name(self.database.name + suffix)
                if source.exists():
                    shutil.copy(source, os.path.join(place, "copy.db" + suffix))
            database = sqlite3.connect(os.path.join(place, "copy.db"))
            try:
                return [database.execute(statement).fetchall() for statement in statements]
            finally:
                database.close()

    def counts(self):
        """How many consultations, users, events and keys are stored."""
        tables = ("consultation", "user_account", "event", "idempotency_key")
        return [rows[0][0] for rows in self.rows(*(f"select count(*) from {table}" for table in tables))]


@contextmanager
def program(directory, **settings):
    """A started program; whatever is left of it at the end is ended."""
    running = Program(directory, **settings)
    try:
        running.start()
        yield running
    finally:
        if running.process is not None:
            service.stop(running.process)
        shutil.rmtree(running.log_directory)


def wait_for(condition, what):
    """Waits until the condition gives something, and gives that."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


def raw(running, request):
    """Sends bytes as they are and gives status, headers and body of the answer."""
    with running.connect() as connection:
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            # Refused before all was sent; the answer lies ready.
            pass
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def head(method, target, *fields):
    """A request head as bytes; the fields are whole lines."""
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close", *fields, "", ""]).encode()


def assert_problem(answer, status, code):
    """That an answer is the problem with that status and code, whole and consistent."""
    if isinstance(answer, requests.Response):
        got, headers, body = answer.status_code, answer.headers, answer.content
    else:
        got, headers, body = answer
    assert got == status, f"{got} instead of {status}: {body[:500]}"
    assert headers["Content-Type"].split(";")[0] == "application/problem+json"
    problem = json.load(io.BytesIO(body))
    assert (problem["code"], problem["status"], problem["type"]) == (code, status, f"/problems/{code}")
    assert problem["request_id"] and problem["request_id"] == headers["X-Request-Id"]
    return problem
