#!/usr/bin/env python3
"""Measures the release program with wrk and prints one Markdown table; a missed floor ends it with status 1.

The service has one core to itself and wrk another. Every row runs in every round, so that a slow minute of the machine
falls on all of them; ratios are taken within a round, and the median of the rounds counts.
"""

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import re
import resource
import secrets
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from recap import Recap

HERE = Path(__file__).resolve().parent
CONSULTATIONS = "/v1/consultations"
# So many consultations have more than a million step timings.
MANY, FEW = 118_000, 1_000
DEEP_PAGE = 400
MIB = 1 << 20
FILE_SIZE = 20 * MIB
UPLOADS_AT_ONCE = 32
IDLE_STREAMS, LIVE_STREAMS = 5_000, 1_000
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


class Service:
    """One run of the program on its own database and port."""

    def __init__(self, program, folder, core, password):
        self.folder, self.core, self.program = folder, core, program
        self.database = folder / "sikimr.db"
        self.password = password
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SIKIMR_")},
            "SIKIMR_LISTEN": f"127.0.0.1:{self.port}",
            "SIKIMR_DATABASE": str(self.database),
            "SIKIMR_ATTACHMENTS": str(folder / "attachments"),
            "SIKIMR_ADMIN_PASSWORD": password,
            "SIKIMR_THREADS": "1",
            "SIKIMR_LOG": "off",
            "SIKIMR_RATE_LIMIT": "off",
            "SIKIMR_STREAMS": "8192",
            "SIKIMR_STREAMS_PER_USER": "8192",
            "SIKIMR_ATTACHMENT_CASE_LIMIT": "100000",
            "SIKIMR_ATTACHMENT_USER_LIMIT": "100000",
        }
        self.process = None

    def fill(self, consultations):
        """Fills a new database with a demonstration and returns the seconds it took."""
        self.folder.mkdir(mode=0o700)
        command = [self.program, "demo", "--database", self.database, "--consultations", consultations]
        began = time.perf_counter()
        with open(self.folder / "demo.log", "wb") as log:
            done = subprocess.run([str(part) for part in command], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if done.returncode != 0:
            sys.exit(f"sikimr demo ended with {done.returncode}:\n{(self.folder / 'demo.log').read_text()}")
        return time.perf_counter() - began

    def start(self):
        """Starts the program and returns the seconds until /readyz said 200."""
        command = ["taskset", "--cpu-list", str(self.core), str(self.program), "serve"]
        with open(self.folder / "serve.log", "ab") as log:
            began = time.perf_counter()
            self.process = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while time.perf_counter() - began < 60:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.call("GET", "/readyz", accept=(200, 503))[0] == 200:
                    return time.perf_counter() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.002)
        sys.exit(f"sikimr serve did not become ready:\n{(self.folder / 'serve.log').read_text()}")

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def memory(self):
        """The resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)[1]) / 1024

    def call(self, method, target, token=None, body=None, accept=(200, 201, 204)):
        """One request; an answer other than the accepted ones ends the run."""
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, target, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
        if answer.status not in accept:
            sys.exit(f"{method} {target} answered {answer.status}: {content.decode(errors='replace')}")
        with contextlib.suppress(ValueError):
            return answer.status, json.loads(content)
        return answer.status, None

    def sign_in(self, username, password):
        """A token that may be used at once: a password that must be changed first is changed."""

        def session(word):
            return self.call("POST", "/v1/sessions", body={"username": username, "password": word}, accept=(201,))[1]["token"]

        token = session(password)
        status, problem = self.call("GET", "/v1/me", token, accept=(200, 403))
        if status == 200:
            return token
        if problem.get("code") != "password_change_required":
            sys.exit(f"GET /v1/me answered 403: {problem}")
        changed = secrets.token_urlsafe(18)
        self.call("PUT", "/v1/me/password", token, {"current_password": password, "new_password": changed})
        return session(changed)

    def requester(self, administrator):
        """The token of a new user who may open consultations."""
        unit = {"code": "UKUR", "name": "Satuan kerja pengukuran", "kind": "work_unit"}
        unit_id = self.call("POST", "/v1/units", administrator, unit, accept=(201,))[1]["id"]
        password = secrets.token_urlsafe(18)
        user = {"username": "pengukur", "name": "Pengukur Beban", "password": password, "unit_id": unit_id, "roles": ["work-unit"]}
        self.call("POST", "/v1/users", administrator, user, accept=(201,))
        return self.sign_in("pengukur", password)


class Files:
    """Large files in and out: how long one takes, and what many at once cost in memory."""

    def __init__(self, service, token):
        self.service, self.token = service, token
        case = service.call("POST", CONSULTATIONS, token, {"subject": "Berkas besar", "detail": "Untuk pengukuran."}, accept=(201,))[1]
        self.path = f"{CONSULTATIONS}/{case['id']}/attachments"
        self.up, self.down = [], []

    def head(self, size):
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\nContent-Type: application/pdf\r\n"
            f"Content-Disposition: attachment; filename=a.pdf\r\nContent-Length: {size}\r\n\r\n"
        ).encode()

    def measure(self):
        """One file of 20 MiB up and down again."""
        content = b"%PDF-1.7\n" + secrets.token_bytes(FILE_SIZE - 9)
        digest = hashlib.sha256(content).hexdigest()
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        with contextlib.closing(connection):
            headers = {"Authorization": f"Bearer {self.token}"}
            named = {"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=a.pdf"}
            began = time.perf_counter()
            connection.request("POST", self.path, body=content, headers=headers | named)
            made = json.loads(connection.getresponse().read())
            self.up.append(time.perf_counter() - began)
            if made.get("sha256") != digest:
                sys.exit(f"POST {self.path} answered {made}")
            began = time.perf_counter()
            connection.request("GET", made["href"], headers=headers)
            got = connection.getresponse().read()
            self.down.append(time.perf_counter() - began)
        if got != content:
            sys.exit(f"GET {made['href']} gave other bytes")

    def memory_at_once(self):
        """By how many MB the service grows while 32 uploads stand just before their end."""
        before = self.service.memory()
        content = b"%PDF-1.7\n" + secrets.token_bytes(FILE_SIZE - 10)

        def send(connection):
            connection.sendall(self.head(FILE_SIZE) + content)

        with contextlib.ExitStack() as opened:
            connections = [
                opened.enter_context(socket.create_connection(("127.0.0.1", self.service.port), timeout=120)) for _ in range(UPLOADS_AT_ONCE)
            ]
            threads = [threading.Thread(target=send, args=(connection,)) for connection in connections]
            for thread in threads:
                thread.start()
            most = 0
            while any(thread.is_alive() for thread in threads):
                most = max(most, self.service.memory())
                time.sleep(0.01)
            return max(most, self.service.memory()) - before


class Streams:
    """Clients that follow the log of events: what they cost at rest, and how soon all of them are told of an event."""

    def __init__(self, service, leader, requester):
        self.service, self.leader, self.requester = service, leader, requester
        self.request = (
            f"GET /v1/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {leader}\r\nAccept: text/event-stream\r\n\r\n"
        ).encode()

    @contextlib.contextmanager
    def open(self, count):
        """So many streams that have begun, by their descriptors."""
        with contextlib.ExitStack() as opened:
            streams = {}
            for _ in range(count):
                connection = opened.enter_context(socket.create_connection(("127.0.0.1", self.service.port), timeout=30))
                connection.sendall(self.request)
                streams[connection.fileno()] = connection
            for connection in streams.values():
                got = b""
                while b"id: " not in got:
                    piece = connection.recv(4096)
                    if not piece or got.startswith(b"HTTP/1.1 4") or got.startswith(b"HTTP/1.1 5"):
                        sys.exit(f"a stream was refused: {got.decode(errors='replace')}")
                    got += piece
                connection.setblocking(False)
            yield streams

    def memory_at_rest(self):
        """By how many MB the service grows for 5 000 streams that stay idle for a heartbeat."""
        before = self.service.memory()
        with self.open(IDLE_STREAMS):
            time.sleep(17)
            return self.service.memory() - before

    def seconds_to_all(self):
        """From the beginning of a write until the last of 1 000 streams has its event."""
        with self.open(LIVE_STREAMS) as streams:
            waiting = select.epoll()
            for descriptor in streams:
                waiting.register(descriptor, select.EPOLLIN)
            got = dict.fromkeys(streams, b"")
            began = time.perf_counter()
            case = {"subject": "Untuk semua", "detail": "Untuk pengukuran."}
            made = self.service.call("POST", CONSULTATIONS, self.requester, case, accept=(201,))[1]["id"].encode()
            while streams and time.perf_counter() - began < 30:
                for descriptor, _ in waiting.poll(1):
                    got[descriptor] += streams[descriptor].recv(65536)
                    if made in got[descriptor]:
                        waiting.unregister(descriptor)
                        del streams[descriptor]
            return time.perf_counter() - began


def overview_after_writes(service, leader, requester):
    """The median milliseconds of an overview right after a write, when nothing that was counted before still holds."""
    times = []
    for _ in range(20):
        service.call("POST", CONSULTATIONS, requester, {"subject": "Untuk gambaran", "detail": "Untuk pengukuran."}, accept=(201,))
        began = time.perf_counter()
        service.call("GET", "/v1/overview", leader)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


@dataclass
class Row:
    """One line of the table: what wrk asks for, and what it found in each round."""

    name: str
    service: Service
    target: str
    token: str | None = None
    connections: int = 64
    creates: bool = False
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    def measure(self, core, seconds, keep):
        command = ["taskset", "--cpu-list", str(core), "wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
        if self.token is not None:
            command += ["-H", f"Authorization: Bearer {self.token}"]
        if self.creates:
            command += ["-s", str(HERE / "create.lua")]
        command.append(f"http://127.0.0.1:{self.service.port}{self.target}")
        # wrk leaves its last requests in flight: the service, on its one thread, answers this one when it is done with them.
        self.service.call("GET", "/livez")
        done = subprocess.run(
            command, env={**os.environ, "BENCH_RUN": secrets.token_hex(4)}, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        rate = re.search(r"^Requests/sec:\s+([0-9.]+)", done.stdout, re.MULTILINE)
        if done.returncode != 0 or rate is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
            sys.exit(f"{self.name}: wrk met errors\n{done.stdout}{done.stderr}")
        if keep:
            self.rates.append(float(rate[1]))
            self.p50.append(self.percentile(done.stdout, 50))
            self.p99.append(self.percentile(done.stdout, 99))

    @staticmethod
    def percentile(report, part):
        """wrk's latency at a percentile, in milliseconds."""
        # A unit of one letter has a space behind it.
        found = re.search(rf"^\s+{part}%\s+([0-9.]+)(us|ms|s|m) *$", report, re.MULTILINE)
        if found is None:
            sys.exit(f"wrk did not tell the latency at {part}%:\n{report}")
        return float(found[1]) * UNITS[found[2]]

    def over(self, other):
        """The median over the rounds of this row's rate to the other's in the same round."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.rates, other.rates, strict=True))


def page(service, token, **query):
    target = f"{CONSULTATIONS}?{urllib.parse.urlencode(query)}"
    return target, service.call("GET", target, token)[1]


def full_page(service, token, **query):
    """The target of a list, proven to hold 20 rows: an empty list would measure nothing."""
    target, answer = page(service, token, limit=20, **query)
    if len(answer["data"]) != 20:
        sys.exit(f"{target} holds {len(answer['data'])} rows, not 20")
    return target


def full_search(service, token, words):
    """The target of a search, proven to hold 20 hits."""
    target = f"/v1/search?{urllib.parse.urlencode({'q': words, 'limit': 20})}"
    if len(service.call("GET", target, token)[1]["data"]) != 20:
        sys.exit(f"{target} does not hold 20 hits")
    return target


def busiest_status(service, token):
    """The status that most of the newest rows have."""
    rows = page(service, token, limit=200)[1]["data"]
    return Counter(row["status"] for row in rows).most_common(1)[0][0]


def deep_cursor(service, token, pages, **filters):
    """The cursor after so many pages of 200, had as a client has it: page by page."""
    cursor = None
    for number in range(pages):
        query = {"limit": 200} if cursor is None else {"limit": 200, "cursor": cursor}
        cursor = page(service, token, **query, **filters)[1]["page"]["next_cursor"]
        if cursor is None:
            sys.exit(f"the list ends at page {number + 1}, before page {pages}")
    return cursor


def rows_to_measure(large, small, deep_page):
    say("Signing in and choosing what to ask for")
    administrator = large.sign_in("admin", large.password)
    small_administrator = small.sign_in("admin", small.password)
    requester = large.requester(administrator)
    status = busiest_status(large, administrator)
    one = page(large, administrator, limit=1)[1]["data"][0]["id"]
    # Closed cases alone: those of every page hold texts of about one length, so that only the depth differs.
    closed = {"status": "closed"}
    cursor = deep_cursor(large, administrator, deep_page, **closed)
    return {
        "livez": Row("`GET /livez`", large, "/livez"),
        "one": Row("`GET` one consultation", large, f"{CONSULTATIONS}/{one}", administrator),
        "list": Row(f"list of 20, status `{status}`", large, full_page(large, administrator, status=status), administrator),
        "few": Row("list of 20, few rows", small, full_page(small, small_administrator, **closed), small_administrator),
        "many": Row("list of 20, many rows", large, full_page(large, administrator, **closed), administrator),
        "deep": Row(f"list of 20 after {deep_page} pages of 200", large, full_page(large, administrator, cursor=cursor, **closed), administrator),
        "inbox": Row("inbox, 1 connection", large, "/v1/me/inbox?limit=20", administrator, 1),
        "search": Row("search, a word of every case, 1 connection", large, full_search(large, administrator, "konsultasi"), administrator, 1),
        "prefix": Row("search, the beginning of it, 1 connection", large, full_search(large, administrator, "konsul"), administrator, 1),
        "summary": Row("all step timings by step and month", large, "/v1/step-timings/summary?group_by=step,month", administrator, 1),
        "overview": Row("overview, 1 connection", large, "/v1/overview", administrator, 1),
        "create1": Row("create, 1 connection", large, CONSULTATIONS, requester, 1, True),
        "create64": Row("create, 64 connections", large, CONSULTATIONS, requester, 64, True),
        "create256": Row("create, 256 connections", large, CONSULTATIONS, requester, 256, True),
    }


def due_times(program):
    """The nanoseconds that a due time takes, by the calendar it is reckoned in."""
    done = subprocess.run([str(program)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0 or not done.stdout:
        sys.exit(f"{program} ended with {done.returncode}:\n{done.stderr}")
    return {name: int(took) for name, took in (line.split("\t") for line in done.stdout.splitlines())}


def report(rows, files, recap, due, figures, rounds, seconds):
    """Prints the table and returns the names of the floors that were missed."""
    livez = rows["livez"]
    # Each floor: what it is called, what was measured, what is asked, whether more is better.
    floors = [
        ("GET one / livez", rows["one"].over(livez), 0.30, True),
        ("list of 20 / livez", rows["list"].over(livez), 0.12, True),
        ("create at 256 / create at 1", rows["create256"].over(rows["create1"]), 4.0, True),
        ("few rows / many rows", rows["few"].over(rows["many"]), 1.2, False),
        ("few rows / deep page", rows["few"].over(rows["deep"]), 1.2, False),
        ("inbox, p99 ms", statistics.median(rows["inbox"].p99), 50.0, False),
        ("search, p99 ms", statistics.median(rows["search"].p99), 50.0, False),
        ("search by a beginning, p99 ms", statistics.median(rows["prefix"].p99), 50.0, False),
        ("overview, p99 ms", statistics.median(rows["overview"].p99), 20.0, False),
        ("overview right after a write, p50 ms", figures["overview"], 20.0, False),
        ("an event to 1 000 streams, s", figures["event"], 1.0, False),
        ("memory for 5 000 idle streams, MB", figures["streams"], 150.0, False),
        ("a million step timings by step and month, p50 ms", statistics.median(rows["summary"].p50), 1000.0, False),
        ("upload of 20 MiB, s", statistics.median(files.up), 1.0, False),
        ("download of 20 MiB, s", statistics.median(files.down), 0.5, False),
        ("memory for 32 uploads of 20 MiB at once, MB", figures["uploads"], 20.0, False),
        ("memory idle, MB", figures["idle"], 40.0, False),
        ("memory after the load, MB", figures["after"], 150.0, False),
        ("start to ready, s", figures["start"], 0.3, False),
        ("demonstration, s for each 100 000 consultations with all beside them", figures["demo"], 90.0, False),
        ("a due time in the slowest calendar, µs", max(due.values()) / 1000, 5.0, False),
        *recap.floors(),
    ]
    print(f"\nMedian of {rounds} rounds of {seconds} s a row; service on one core with one thread, wrk on another, 64 connections.\n")
    print("| what | requests/s | to `/livez` | p50 ms | p99 ms |")
    print("|---|--:|--:|--:|--:|")
    for row in rows.values():
        rate, p50, p99 = (statistics.median(values) for values in (row.rates, row.p50, row.p99))
        print(f"| {row.name} | {rate:,.0f} | {row.over(livez):.3f} | {p50:.2f} | {p99:.2f} |")
    print("\n| file of 20 MiB | s | MiB/s |")
    print("|---|--:|--:|")
    for name, times in (("upload, on disk", files.up), ("download", files.down)):
        print(f"| {name} | {statistics.median(times):.3f} | {FILE_SIZE / MIB / statistics.median(times):,.0f} |")
    print("\n| due time | ns |")
    print("|---|--:|")
    for name, took in due.items():
        print(f"| {name} | {took:,} |")
    print("\n| floor | measured | asked | |")
    print("|---|--:|--:|---|")
    missed = []
    for name, measured, asked, more in floors:
        held = measured >= asked if more else measured <= asked
        if not held:
            missed.append(name)
        print(f"| {name} | {measured:.3f} | {'≥' if more else '≤'} {asked:g} | {'held' if held else '**missed**'} |")
    return missed


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", type=Path, default=Path(".build/release/sikimr"))
    arguments.add_argument("--due-at", type=Path, default=Path(".build/release/DueAt"), help="what measures due times")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("--warm-up", type=int, default=1, help="seconds before each row's first round")
    arguments.add_argument("--many", type=int, default=MANY, help="rows of the large database")
    arguments.add_argument("--few", type=int, default=FEW, help="rows of the small database")
    arguments.add_argument("--deep-page", type=int, default=DEEP_PAGE, help="pages of 200 before the deep page")
    chosen = arguments.parse_args()
    program = chosen.program.resolve()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("Two cores are needed: one for the service, one for wrk.")
    # Each stream is a descriptor on both sides.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 16_384), most))

    # Beside the program, not in /tmp: a commit must reach a disk, not a memory file system.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=program.parent) as folder, contextlib.ExitStack() as running:
        large, small = (Service(program, Path(folder) / name, cores[0], secrets.token_urlsafe(18)) for name in ("large", "small"))
        fills = []
        for service, count in ((large, chosen.many), (small, chosen.few)):
            running.callback(service.stop)
            say(f"Filling a database with {count} consultations")
            fills.append(service.fill(count))
        say("Starting")
        starts = []
        for _ in range(max(chosen.rounds, 1)):
            large.stop()
            starts.append(large.start())
        figures = {"start": statistics.median(starts), "idle": large.memory(), "demo": fills[0] * 100_000 / chosen.many}
        small.start()
        rows = rows_to_measure(large, small, chosen.deep_page)
        for number in range(chosen.rounds):
            for row in rows.values():
                say(f"Round {number + 1} of {chosen.rounds}: {row.name}")
                if number == 0 and chosen.warm_up > 0:
                    row.measure(cores[1], chosen.warm_up, keep=False)
                row.measure(cores[1], chosen.seconds, keep=True)
        figures["after"] = large.memory()
        figures["overview"] = overview_after_writes(large, rows["overview"].token, rows["create1"].token)
        say("Files of 20 MiB")
        files = Files(large, rows["create1"].token)
        for _ in range(max(chosen.rounds, 3)):
            files.measure()
        # A fresh process, here and for the streams: memory that the load has left free would hide what they take.
        large.stop()
        large.start()
        figures["uploads"] = files.memory_at_once()
        say("Streams of events")
        small.stop()
        small.start()
        streams = Streams(small, rows["few"].token, small.requester(rows["few"].token))
        figures["streams"] = streams.memory_at_rest()
        figures["event"] = statistics.median(streams.seconds_to_all() for _ in range(3))
        say("A recap of very many cases")
        # What it asks for in time it asks of the whole machine: its documents are made beside the I/O thread.
        month = Service(program, Path(folder) / "month", ",".join(map(str, cores)), secrets.token_urlsafe(18))
        running.callback(month.stop)
        month.fill(chosen.few)
        recap = Recap(month)
        recap.fill()
        month.start()
        recap.measure()
        say("Due times")
        missed = report(rows, files, recap, due_times(chosen.due_at.resolve()), figures, chosen.rounds, chosen.seconds)
    if missed:
        sys.exit(f"\nMissed: {'; '.join(missed)}.")


if __name__ == "__main__":
    main()
