"""Attachments through the real server: whole, in parts, broken off, refused, and checked on disk."""

import base64
import contextlib
import hashlib
import os
import pathlib
import random
import socket
import sqlite3
import time

import pytest

import launch
from test_faults import fill, small_disk  # noqa: F401

DRAFT = {"subject": "Pengendalian intern", "detail": "Mohon petunjuk penyusunan laporan."}
MIB = 1 << 20


@pytest.fixture
def program(tmp_path):
    with launch.program(tmp_path / "service", ATTACHMENT_RESERVE="0") as running:
        yield running


def asker(program):
    """A signed-in user of a work unit, with the path of a consultation of his."""
    admin = program.admin()
    caller = program.make_user(admin, program.make_unit(admin), ["work-unit"])
    caller.http.headers["Accept"] = "*/*"
    return caller, f"/v1/consultations/{caller.post('/v1/consultations', DRAFT, 201).json()['id']}/attachments"


def pdf(size, seed=1):
    """So many bytes that begin as a PDF file does."""
    return b"%PDF-1.7\n" + random.Random(seed).randbytes(size - 9)


def send(caller, path, content, name="laporan.pdf", kind="application/pdf", expect=None, **arguments):
    headers = {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'} | arguments.pop("headers", {})
    return caller.call("POST", path, expect, data=content, headers=headers, **arguments)


def stored(program):
    """The files in the directory of attachments, half written ones too."""
    return sorted(path for path in (program.directory / "attachments").rglob("*") if path.is_file())


def request_head(path, token, length, *more):
    return launch.head(
        "POST",
        path,
        f"Authorization: Bearer {token}",
        "Content-Type: application/pdf",
        "Content-Disposition: attachment; filename=a.pdf",
        f"Content-Length: {length}",
        *more,
    )


def test_20_mib_go_in_raw_and_as_a_form_and_come_back_whole_and_in_parts(program):
    caller, path = asker(program)
    content = pdf(20 * MIB)
    digest = hashlib.sha256(content)
    raw = send(caller, path, content, expect=201).json()
    form = caller.call("POST", path, 201, files={"file": ("formulir é.pdf", content, "application/pdf")}).json()
    chunked = send(caller, path, iter([content[:5], content[5 : 7 * MIB], content[7 * MIB :]]), expect=201).json()
    for made in (raw, form, chunked):
        assert (made["sha256"], made["size"]) == (digest.hexdigest(), 20 * MIB)
    assert form["file_name"] == "formulir é.pdf"
    assert [file.stat().st_mode & 0o777 for file in stored(program)] == [0o600]

    whole = caller.get(raw["href"])
    assert whole.content == content
    assert whole.headers["ETag"] == f'"{digest.hexdigest()}"'
    assert whole.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert whole.headers["Content-Disposition"] == "attachment; filename*=UTF-8''laporan.pdf"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    for ask, first, last in [("0-99", 0, 99), ("10000000-", 10000000, 20 * MIB - 1), ("-7", 20 * MIB - 7, 20 * MIB - 1)]:
        part = caller.get(raw["href"], 206, headers={"Range": f"bytes={ask}"})
        assert part.content == content[first : last + 1]
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{20 * MIB}"
    launch.assert_problem(caller.get(raw["href"], 416, headers={"Range": f"bytes={20 * MIB}-"}), 416, "range_not_satisfiable")
    caller.get(raw["href"], 304, headers={"If-None-Match": whole.headers["ETag"]})
    caller.get(raw["href"], 200, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    head = caller.call("HEAD", raw["href"], 200)
    assert head.headers["Content-Length"] == str(20 * MIB) and head.content == b""


def test_an_upload_that_breaks_off_leaves_nothing(program):
    caller, path = asker(program)
    for body in (pdf(5 * MIB), b""):
        with program.connect() as connection:
            connection.sendall(request_head(path, caller.token, 20 * MIB) + body)
            if body:
                launch.wait_for(lambda: any(file.stat().st_size > MIB for file in stored(program)), "the upload to begin")
    launch.wait_for(lambda: stored(program) == [], "the upload to be forgotten")
    assert caller.get(path).json()["data"] == []
    assert program.events("fault") == []


def test_whoever_may_not_attach_is_refused_before_the_body(program):
    caller, path = asker(program)
    admin = program.admin()
    stranger = program.make_user(admin, program.make_unit(admin), ["work-unit"])
    for token, status in [("", b"401"), (stranger.token, b"404"), (caller.token, b"100")]:
        with program.connect() as connection:
            connection.sendall(request_head(path, token, 20 * MIB, "Expect: 100-continue"))
            assert connection.recv(12) == b"HTTP/1.1 " + status
    launch.wait_for(lambda: stored(program) == [], "the upload to be forgotten")


@pytest.mark.parametrize("length", ["26214401", "99999999999999999999"])
def test_more_than_25_mib_is_refused_and_leaves_nothing(program, length):
    caller, path = asker(program)
    launch.assert_problem(send(caller, path, pdf(25 * MIB + 1)), 413, "too_large")
    chunks = iter([pdf(MIB)] * 26)
    with contextlib.suppress(OSError):
        launch.assert_problem(send(caller, path, chunks), 413, "too_large")
    form = caller.call("POST", path, files={"file": ("a.pdf", pdf(25 * MIB + 1), "application/pdf")})
    launch.assert_problem(form, 413, "too_large")
    with program.connect() as connection:
        connection.sendall(request_head(path, caller.token, length))
        assert b" 413 " in connection.recv(64)
    launch.wait_for(lambda: stored(program) == [], "nothing to be left")
    send(caller, path, pdf(25 * MIB), expect=201)


@pytest.mark.parametrize(
    "name, kind, content",
    [
        ("laporan.pdf", "application/pdf", pathlib.Path("/bin/true")),
        ("laporan.exe", "application/octet-stream", pathlib.Path("/bin/true")),
        ("laporan.txt", "text/plain", pathlib.Path("/bin/true")),
        ("laporan.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04 and no more"),
        ("laporan.png", "application/pdf", b"%PDF-1.7"),
        ("laporan.html", "text/html", b"<script>alert(1)</script>"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_leaves_nothing(program, name, kind, content):
    caller, path = asker(program)
    content = content if isinstance(content, bytes) else content.read_bytes()
    launch.assert_problem(send(caller, path, content, name, kind), 415, "unsupported_media_type")
    launch.assert_problem(caller.call("POST", path, files={"file": (name, content, kind)}), 415, "unsupported_media_type")
    launch.wait_for(lambda: stored(program) == [], "nothing to be left")


def test_what_goes_beyond_the_quota_of_a_case_is_refused_and_leaves_nothing(tmp_path):
    with launch.program(tmp_path / "service", ATTACHMENT_RESERVE="0", ATTACHMENT_CASE_LIMIT="3", ATTACHMENT_LIMIT="2") as program:
        caller, path = asker(program)
        send(caller, path, pdf(2 * MIB), expect=201)
        launch.assert_problem(send(caller, path, pdf(2 * MIB, 2)), 413, "quota_exceeded")
        launch.assert_problem(send(caller, path, iter([pdf(2 * MIB, 2)])), 413, "quota_exceeded")
        launch.wait_for(lambda: len(stored(program)) == 1, "only the first to be left")
        send(caller, path, pdf(MIB, 3), expect=201)


def test_a_full_disk_refuses_files_and_goes_on_when_there_is_room(small_disk, tmp_path):  # noqa: F811
    with launch.program(tmp_path / "service", ATTACHMENT_RESERVE="0", ATTACHMENTS=str(small_disk)) as program:
        caller, path = asker(program)
        filler = fill(small_disk)
        launch.assert_problem(send(caller, path, pdf(2 * MIB)), 503, "unavailable")
        assert [file.name for file in small_disk.rglob("*") if file.is_file()] == ["filler"]
        caller.post("/v1/consultations", DRAFT, 201)
        filler.unlink()
        made = send(caller, path, pdf(2 * MIB), expect=201).json()
        assert caller.get(made["href"]).content == pdf(2 * MIB)


def test_without_the_reserve_on_the_disk_no_file_is_taken(small_disk, tmp_path):  # noqa: F811
    with launch.program(tmp_path / "service", ATTACHMENTS=str(small_disk)) as program:
        caller, path = asker(program)
        answer = send(caller, path, pdf(100))
        launch.assert_problem(answer, 503, "unavailable")
        assert int(answer.headers["Retry-After"]) >= 1


def test_after_kill_9_in_an_upload_the_next_start_leaves_no_temporary_file(program):
    caller, path = asker(program)
    kept = send(caller, path, pdf(MIB), expect=201).json()
    with program.connect() as connection:
        connection.sendall(request_head(path, caller.token, 20 * MIB) + pdf(5 * MIB, 2))
        launch.wait_for(lambda: len(stored(program)) == 2, "the upload to begin")
        program.kill()
    assert len(stored(program)) == 2
    program.start()
    assert [file.name for file in stored(program)] == [kept["sha256"]]
    assert program.caller(caller.token).call("GET", kept["href"], 200, headers={"Accept": "*/*"}).content == pdf(MIB)


def test_the_start_removes_files_that_nobody_holds_after_a_day(program):
    caller, path = asker(program)
    gone, kept, young = (send(caller, path, pdf(1000, seed), expect=201).json() for seed in range(3))
    for made in (gone, young):
        caller.call("DELETE", f"/v1/attachments/{made['id']}", 204, headers={"If-Match": '"1"'})
    program.stop()
    files = {file.name: file for file in stored(program)}
    long_ago = time.time() - 90_000
    for made in (gone, kept):
        os.utime(files[made["sha256"]], (long_ago, long_ago))
    program.start()
    launch.wait_for(lambda: not files[gone["sha256"]].exists(), "the sweep")
    assert files[kept["sha256"]].exists() and files[young["sha256"]].exists()


def test_check_finds_missing_and_changed_files_and_a_broken_log(program):
    caller, path = asker(program)
    first, second = (send(caller, path, pdf(1000, seed), expect=201).json() for seed in range(2))
    send(caller, path, pdf(1000, 0), expect=201)
    settings = {"LISTEN": program.base.removeprefix("http://")}
    used = launch.command(program.directory, "check", **settings)
    assert used.returncode == 78 and "another instance" in used.stderr
    program.stop()

    whole = launch.command(program.directory, "check")
    assert (whole.returncode, whole.stderr) == (0, ""), whole.stderr
    assert whole.stdout.splitlines() == [
        "Events: the chain is whole.",
        "Overview: what is kept of each hour is what the cases say.",
        "Points: the entries add up.",
        "Recaps: 0 frozen, 0 changed.",
        "Attachments: 3 in 2 files, 0 faulty.",
    ]

    files = {file.name: file for file in stored(program)}
    files[first["sha256"]].unlink()
    files[second["sha256"]].write_bytes(pdf(1000, 7))
    faulty = launch.command(program.directory, "check")
    assert faulty.returncode == 65 and "3 faults" in faulty.stderr
    assert f"{first['id']} of consultation" in faulty.stdout and faulty.stdout.count("its file is missing") == 2
    assert f"{second['id']} of consultation" in faulty.stdout and faulty.stdout.count("its file has changed") == 1

    database = sqlite3.connect(program.database)
    database.execute("drop trigger event_keeps_values")
    database.execute("update event set actor_id = null where seq = 3")
    database.commit()
    database.close()
    broken = launch.command(program.directory, "check")
    assert broken.returncode == 65 and "broken at entry 3" in broken.stdout


def test_a_topology_has_its_document_and_nobody_else_has_it(program):
    admin = program.admin()
    unit = program.make_unit(admin)
    officer, director, outsider = (program.make_user(admin, unit, [role]) for role in ("ict-officer", "director", "work-unit"))
    for caller in (officer, director, outsider):
        caller.http.headers["Accept"] = "*/*"
    topology = officer.post("/v1/topologies", {"name": "Kantor", "nodes": [], "links": []}, 201).json()
    path = f"/v1/topologies/{topology['id']}/attachments"
    made = send(officer, path, pdf(MIB), "denah.pdf", expect=201).json()
    assert (made["subject_type"], made["subject_id"], made["subject_version"]) == ("topology", topology["id"], 1)
    assert director.get(path).json()["data"] == [made]
    assert director.get(made["href"]).content == pdf(MIB)
    assert director.get(made["href"], 206, headers={"Range": "bytes=0-3"}).content == b"%PDF"
    launch.assert_problem(send(officer, path, b"<svg/>", "denah.svg", "image/svg+xml"), 415, "unsupported_media_type")
    launch.assert_problem(send(director, path, pdf(100)), 403, "forbidden")
    launch.assert_problem(outsider.get(path, 403), 403, "forbidden")
    launch.assert_problem(outsider.get(made["href"], 404), 404, "not_found")
    # A file that a topology holds survives the sweep, and `check` knows it.
    program.stop()
    (file,) = stored(program)
    long_ago = time.time() - 90_000
    os.utime(file, (long_ago, long_ago))
    program.start()
    assert program.caller(director.token).call("GET", made["href"], 200, headers={"Accept": "*/*"}).content == pdf(MIB)
    program.stop()
    assert "Attachments: 1 in 1 files, 0 faulty." in launch.command(program.directory, "check").stdout
    file.unlink()
    faulty = launch.command(program.directory, "check")
    assert faulty.returncode == 65 and f"{made['id']} of topology {topology['id']}: its file is missing" in faulty.stdout


def test_check_makes_no_database(tmp_path):
    assert "no database" in launch.refusal(tmp_path, "check")
    assert list(tmp_path.iterdir()) == []


def test_names_of_files_are_not_in_the_log_of_the_service(program):
    caller, path = asker(program)
    made = send(caller, path, pdf(1000), name="rahasia-negara.pdf", expect=201).json()
    caller.get(made["href"])
    assert "rahasia" not in program.output()


def test_many_uploads_at_once_take_no_memory_each(program):
    caller, path = asker(program)
    status = pathlib.Path(f"/proc/{program.process.pid}/status")

    def resident():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS:")) / 1024

    send(caller, path, pdf(5 * MIB), expect=201)
    before = resident()
    with contextlib.ExitStack() as open_connections:
        connections = [open_connections.enter_context(program.connect()) for _ in range(32)]
        for connection in connections:
            connection.sendall(request_head(path, caller.token, 5 * MIB) + pdf(5 * MIB - 1))
        launch.wait_for(lambda: sum(file.stat().st_size for file in stored(program)) > 150 * MIB, "all to have come")
        assert resident() - before < 20
        for connection in connections:
            connection.shutdown(socket.SHUT_RDWR)
    launch.wait_for(lambda: len(stored(program)) == 1, "all to be forgotten")


BAD = [("LIMIT", "0"), ("LIMIT", "101"), ("CASE_LIMIT", "x"), ("USER_LIMIT", "-1"), ("USER_FILES", "0"), ("RESERVE", "")]


@pytest.mark.parametrize("name, value", BAD)
def test_a_bad_limit_is_refused_by_its_name(tmp_path, name, value):
    assert f"SIKIMR_ATTACHMENT_{name}" in launch.refusal(tmp_path, **{f"ATTACHMENT_{name}": value})
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_made_is_refused(tmp_path):
    line = launch.refusal(tmp_path, ATTACHMENTS="/proc/nothing", ADMIN_PASSWORD="perahu kecil di muara")
    assert "SIKIMR_ATTACHMENTS" in line and "/proc/nothing" in line


def test_comments_go_in_and_come_back(program):
    caller, path = asker(program)
    comments = path.replace("attachments", "comments")
    made = caller.post(comments, {"text": "Mohon dicek."}, 201).json()
    assert (made["text"], made["internal"]) == ("Mohon dicek.", False)
    assert caller.get(comments).json()["data"] == [made]
    assert [row["event"] for row in caller.get(path.replace("attachments", "history")).json()["data"]][0] == "comment"
