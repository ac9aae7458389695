"""kill -9 under load, again and again: what was acknowledged is there, and nothing is there twice or by half."""

import collections
import hashlib
import random
import threading
import time

import pytest
import requests

import launch

ROUNDS = 10
THREADS = 4


class Writer(threading.Thread):
    """A client that creates consultations and submits every second one until the program is gone."""

    def __init__(self, program, token, name):
        super().__init__(daemon=True)
        self.caller = program.caller(token)
        self.label = name
        self.acknowledged = {}
        self.unanswered = None
        self.failure = None

    def run(self):
        number = 0
        while True:
            number += 1
            key = f"{self.label}-{number}"
            body = {"subject": f"Konsultasi {key}", "detail": "Mohon petunjuk. " * random.randrange(1, 60)}
            self.unanswered = (key, body)
            try:
                case = self.caller.post("/v1/consultations", body, 201, headers={"Idempotency-Key": key}).json()
                self.acknowledged[case["id"]] = case
                self.unanswered = None
                if number % 2:
                    moved = self.caller.post(f"/v1/consultations/{case['id']}/submit", {}, 200).json()
                    self.acknowledged[case["id"]] = moved
            except requests.RequestException:
                return
            except BaseException as error:
                self.failure = error
                return


@pytest.fixture
def program(tmp_path):
    with launch.program(tmp_path / "service") as running:
        yield running


def test_after_kill_9_every_acknowledged_write_is_there_once_and_whole(program):
    admin = program.admin()
    user = program.make_user(admin, program.make_unit(admin), ["work-unit"])
    acknowledged = {}
    subjects = set()
    interrupted = 0
    for turn in range(ROUNDS):
        writers = [Writer(program, user.token, f"{turn}-{number}") for number in range(THREADS)]
        for writer in writers:
            writer.start()
        time.sleep(random.uniform(0.15, 0.7))
        program.kill()
        for writer in writers:
            writer.join(launch.LONGEST_WAIT_SECONDS)
            assert not writer.is_alive() and writer.failure is None, writer.failure
            acknowledged |= writer.acknowledged
            subjects |= {case["subject"] for case in writer.acknowledged.values()}

        program.start()
        caller = program.caller(user.token)
        for writer in writers:
            if writer.unanswered:
                interrupted += 1
                repeat(caller, *writer.unanswered)
                subjects.add(writer.unanswered[1]["subject"])
        stored = {case["id"]: case for case in every(caller, "/v1/consultations?limit=200&sort=created_at")}
        assert_whole(stored, acknowledged, subjects)

    assert len(acknowledged) > ROUNDS and interrupted > 0, "there was no load to speak of"
    for case in random.sample(list(stored.values()), min(300, len(stored))):
        assert_history(program.caller(user.token), case)
    program.stop()
    assert_chain(program)


def repeat(caller, key, body):
    """Sends a request again that got no answer, and once more: both give the same object."""
    first = caller.post("/v1/consultations", body, 201, headers={"Idempotency-Key": key})
    second = caller.post("/v1/consultations", body, 201, headers={"Idempotency-Key": key})
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.json()["id"] == first.json()["id"]


def every(caller, path):
    """All elements of a list, page by page."""
    while path:
        answer = caller.get(path)
        yield from answer.json()["data"]
        path = answer.links.get("next", {}).get("url")


def assert_whole(stored, acknowledged, subjects):
    for id, case in acknowledged.items():
        assert id in stored, f"{case['number']} was acknowledged and is gone"
        assert stored[id]["version"] >= case["version"], f"{case['number']} was acknowledged at version {case['version']}"
        assert stored[id]["number"] == case["number"]
    counts = collections.Counter(case["subject"] for case in stored.values())
    assert set(counts) == subjects and set(counts.values()) == {1}
    numbers = sorted(int(case["number"].split("-")[2]) for case in stored.values())
    assert numbers == list(range(1, len(stored) + 1))


def assert_history(caller, case):
    """That the history of a case leads step by step from nothing to its state."""
    entries = caller.get(f"/v1/consultations/{case['id']}/history?sort=created_at").json()["data"]
    assert len(entries) == case["version"]
    place = None
    for entry in entries:
        assert entry["from"] == place
        place = entry["to"]
    assert place == case["status"]


def assert_chain(program):
    """That the events have no gap, and that each is bound by its hash to the one before it."""
    fields = "seq, time_ms, id, type, subject_id, unit_id, actor_id, token_id, request_id, from_state, to_state, reason, note, changed"
    events, orphans = program.rows(
        f"select hash, {fields} from event order by seq",
        "select count(*) from event where subject = 'consultation' and subject_id not in (select id from consultation)",
    )
    assert orphans == [(0,)]
    last = bytes(32)
    for place, (hash, *values) in enumerate(events, 1):
        assert values[0] == place
        chained = b"kimr-audit-1" + last
        for value in values:
            text = None if value is None else str(value).encode()
            chained += (0xFFFFFFFF if text is None else len(text)).to_bytes(4, "big") + (text or b"")
        assert hashlib.sha256(chained).digest() == hash, f"event {place} breaks the chain"
        last = hash
