"""The stream of events and the notices, from the running program."""

import json
import sqlite3
import threading
import time
from contextlib import contextmanager

import launch


class Stream:
    """A reader of the stream of events in a thread of its own."""

    def __init__(self, caller, **headers):
        headers = {"Accept": "text/event-stream"} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = caller.call("GET", "/v1/events", 200, headers=headers, stream=True, timeout=60)
        self.events = []
        self.has_ended = threading.Event()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        event = {}
        try:
            for line in self.answer.iter_lines(chunk_size=1, decode_unicode=True):
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif event:
                    self.events.append(event)
                    event = {}
        finally:
            self.has_ended.set()

    def entries(self):
        return [json.loads(event["data"]) for event in self.events if "data" in event]

    def wait(self, condition):
        return launch.wait_for(lambda: condition(self), "the stream")


@contextmanager
def program_with_people(directory):
    with launch.program(directory) as running:
        admin = running.admin()
        yield running, admin, running.make_people(admin)


def test_a_stream_tells_resumes_and_ends_with_the_program(tmp_path):
    with program_with_people(tmp_path / "program") as (running, admin, people):
        stream = Stream(people["director"])
        made = people["work-unit"].post("/v1/consultations", {"subject": "Soal", "detail": "Isi"}, 201).json()
        stream.wait(lambda it: [entry["subject_id"] for entry in it.entries()] == [made["id"]])
        place = stream.events[-1]["id"]
        people["work-unit"].post(f"/v1/consultations/{made['id']}/submit", {}, 200)
        again = Stream(people["director"], Last_Event_ID=place)
        again.wait(lambda it: [entry["type"] for entry in it.entries()] == ["consultation.submit"])
        # Who may not see the case is told of nothing but what is for all.
        other = Stream(people["task-giver"], Last_Event_ID="0")
        other.wait(lambda it: len(it.entries()) >= 2)
        assert {entry["subject_type"] for entry in other.entries()} == {"unit"} and made["id"] not in json.dumps(other.events)
        began = time.monotonic()
        running.stop()
        assert time.monotonic() - began < 8
        assert stream.has_ended.wait(5) and again.has_ended.wait(5)


def test_a_stream_ends_when_its_session_does(tmp_path):
    with program_with_people(tmp_path / "program") as (_, admin, people):
        streams = {role: Stream(people[role]) for role in ("director", "subdirectorate-head", "ict-manager")}
        people["director"].call("DELETE", "/v1/sessions/current", 204)
        head = people["subdirectorate-head"].user["id"]
        admin.post(f"/v1/users/{head}/deactivate", {}, 200)
        assert streams["director"].has_ended.wait(5) and streams["subdirectorate-head"].has_ended.wait(5)
        assert not streams["ict-manager"].has_ended.is_set()


def test_one_who_does_not_read_keeps_nobody_waiting(tmp_path):
    with program_with_people(tmp_path / "program") as (running, admin, people):
        with running.connect() as silent:
            request = f"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {people['director'].token}\r\nAccept: text/event-stream\r\n\r\n"
            silent.sendall(request.encode())
            assert silent.recv(1) == b"H"
            stream = Stream(people["subdirectorate-head"])
            operations = [{"method": "POST", "path": "/v1/tickets", "body": {"kind": "complaint", "problem": "x" * 200}} for _ in range(20)]
            for _ in range(40):
                people["ict-officer"].post("/v1/batch", {"mode": "atomic", "operations": operations}, 200)
            stream.wait(lambda it: len(it.entries()) == 800)
            numbers = [entry["seq"] for entry in stream.entries()]
            assert numbers == list(range(numbers[0], numbers[0] + 800))


def test_what_came_due_while_the_program_was_down_is_told_once(tmp_path):
    with program_with_people(tmp_path / "program") as (running, admin, people):
        made = people["work-unit"].post("/v1/consultations", {"subject": "Soal", "detail": "Isi"}, 201).json()
        running.kill()
        database = sqlite3.connect(running.database)
        month = 30 * 86_400_000
        database.execute("update step_timing set started_at_ms = started_at_ms - ?, due_at_ms = due_at_ms - ? where verdict = 'running'", (month, month))
        database.execute("update consultation set step_started_at_ms = step_started_at_ms - ?, step_due_at_ms = step_due_at_ms - ?", (month, month))
        database.commit()
        database.close()
        for _ in range(2):
            running.start()
            director = running.caller(people["director"].token)

            def notices():
                entries = director.get("/v1/events?after=0&limit=200").json()["data"]
                return [entry["type"] for entry in entries if entry["type"].startswith("step.") and entry["subject_id"] == made["id"]]

            launch.wait_for(lambda: len(notices()) >= 2, "the notices")
            time.sleep(1.5)
            assert notices() == ["step.due_soon", "step.overdue"]
            waiting = running.caller(people["work-unit"].token).get("/v1/me/inbox").json()["data"]
            assert [entry["notice"] for entry in waiting] == ["overdue"]
            running.kill()
        checked = launch.command(running.directory, "check")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        running.start()


def test_check_names_a_tally_that_is_wrong(tmp_path):
    with program_with_people(tmp_path / "program") as (running, admin, people):
        people["work-unit"].post("/v1/consultations", {"subject": "Soal", "detail": "Isi"}, 201)
        running.stop()
        database = sqlite3.connect(running.database)
        database.execute("update case_tally set opened = opened + 1")
        database.commit()
        database.close()
        checked = launch.command(running.directory, "check")
        assert checked.returncode == 65 and "differ" in checked.stdout
        running.start()
