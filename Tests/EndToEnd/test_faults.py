"""What goes wrong around the program: it refuses to start in one line, or serves what it can and recovers by itself."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import threading

import pytest
import requests

import launch
import service

DRAFT = {"subject": "Pengendalian intern", "detail": "Mohon petunjuk penyusunan laporan."}


@pytest.fixture
def program(tmp_path):
    with launch.program(tmp_path / "service") as running:
        yield running


@pytest.fixture
def ended(tmp_path):
    """A program that ran once, holds one consultation, and ended in order."""
    with launch.program(tmp_path / "service") as running:
        unit(running).post("/v1/consultations", DRAFT, 201)
        running.stop()
        yield running


def unit(program):
    """A signed-in user of a work unit."""
    admin = program.admin()
    return program.make_user(admin, program.make_unit(admin), ["work-unit"])


def assert_unavailable(answer):
    launch.assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


# Faults while it runs


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few megabytes."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = mount("-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs", place)
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def mount(*arguments):
    return subprocess.run(
        ["mount", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def fill(place):
    """Fills the file system to the last byte and gives the file that does."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
    return filler


def test_a_full_disk_refuses_writes_and_serves_reads_until_there_is_room(small_disk):
    with launch.program(small_disk) as program:
        caller = unit(program)
        case = caller.post("/v1/consultations", DRAFT, 201).json()
        filler = fill(small_disk)
        body = DRAFT | {"detail": "Isi. " * 3900}
        created = 1
        refused = None
        while refused is None and created < 500:
            answer = caller.post("/v1/consultations", body)
            if answer.status_code == 201:
                created += 1
            else:
                refused = answer
        assert refused is not None, "the disk never filled up"
        assert_unavailable(refused)
        before = program.counts()
        for _ in range(20):
            assert_unavailable(caller.post("/v1/consultations", body, headers={"Idempotency-Key": "penuh"}))
            assert_unavailable(caller.post(f"/v1/consultations/{case['id']}/submit", {}))
        assert caller.get(f"/v1/consultations/{case['id']}").json()["version"] == 1
        assert caller.get("/v1/consultations?include_total=true").json()["page"]["total"] == created
        caller.get("/livez")
        assert program.counts() == before
        assert any("full" in line["detail"] for line in program.events("storage_failed"))

        filler.unlink()
        caller.post("/v1/consultations", body, 201, headers={"Idempotency-Key": "penuh"})
        assert caller.post(f"/v1/consultations/{case['id']}/submit", {}, 200).json()["status"] == "submitted"
        assert caller.get("/v1/consultations?include_total=true").json()["page"]["total"] == created + 1
        assert program.process.poll() is None
        program.stop()
        assert program.rows("pragma integrity_check") == [[("ok",)]]


def test_a_disk_too_full_for_the_last_checkpoint_loses_nothing(small_disk):
    with launch.program(small_disk) as program:
        caller = unit(program)
        for _ in range(20):
            caller.post("/v1/consultations", DRAFT, 201)
        before = program.counts()
        filler = fill(small_disk)
        service.stop(program.process)
        filler.unlink()
        assert program.counts() == before
        program.start()
        assert program.caller(caller.token).get("/v1/consultations?include_total=true").json()["page"]["total"] == 20
        program.caller(caller.token).post("/v1/consultations", DRAFT, 201)


@contextlib.contextmanager
def held(database):
    """Another process holds the lock for writing; it is let go at the end."""
    script = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("begin exclusive")
print("held", flush=True)
sys.stdin.read()
database.execute("rollback")
"""
    process = subprocess.Popen(
        ["python3", "-c", script, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        yield
    finally:
        process.stdin.close()
        assert process.wait(launch.LONGEST_WAIT_SECONDS) == 0
        process.stdout.close()


class Post(threading.Thread):
    """A POST whose answer is awaited elsewhere."""

    def __init__(self, caller, path, body, **arguments):
        super().__init__(daemon=True)
        self.call = lambda: caller.post(path, body, **arguments)
        self.result = None
        self.start()

    def run(self):
        self.result = self.call()

    def answer(self):
        self.join(launch.LONGEST_WAIT_SECONDS)
        assert self.result is not None, "no answer came"
        return self.result


def test_a_database_locked_by_another_process_refuses_writes_and_serves_reads(program):
    caller = unit(program)
    before = program.counts()
    with held(program.database):
        posts = [Post(program.caller(caller.token), "/v1/consultations", DRAFT) for _ in range(2)]
        while any(post.is_alive() for post in posts):
            caller.get("/v1/consultations")
            caller.get("/readyz")
        for post in posts:
            assert_unavailable(post.answer())
        assert program.counts() == before
    assert any("locked" in line["detail"] for line in program.events("storage_failed"))
    assert caller.post("/v1/consultations", DRAFT, 201).json()["number"].endswith("-000001")


def test_a_short_lock_only_makes_a_write_wait(program):
    caller = unit(program)
    with held(program.database):
        post = Post(program.caller(caller.token), "/v1/consultations", DRAFT)
        for _ in range(20):
            caller.get("/v1/consultations")
        assert post.is_alive()
    assert post.answer().status_code == 201


# The end


def test_a_request_in_flight_at_sigterm_ends_well_and_nothing_is_left(program):
    caller = unit(program)
    admin = program.admin()
    # The first use of a token is a write as well: it is over before the lock is held.
    for signed_in in (caller, admin):
        signed_in.get("/v1/me")
    before = program.counts()[0]
    with held(program.database):
        posts = []

        def one_waits():
            # Writes that come at once wait for the lock together, and only a later one for them.
            if waiting_writes(admin) > 0:
                return True
            posts.append(Post(program.caller(caller.token), "/v1/consultations", DRAFT))
            return False

        launch.wait_for(one_waits, "a write to wait")
        program.process.send_signal(signal.SIGTERM)
        launch.wait_for(lambda: program.events("stopping"), "the end to begin")
        with pytest.raises(requests.ConnectionError):
            service.Client(program.base).get("/livez")
    assert [post.answer().status_code for post in posts] == [201] * len(posts)
    assert program.process.wait(launch.LONGEST_WAIT_SECONDS) == 0
    assert program.counts()[0] == before + len(posts)
    assert sorted(path.name for path in program.directory.glob("sikimr.db*")) == ["sikimr.db", "sikimr.db.lock"]
    assert program.events("stop")


def waiting_writes(admin):
    """How many writes wait for the writer."""
    text = admin.get("/metrics", headers={"Accept": "text/plain"}).text
    return int(next(line for line in text.splitlines() if line.startswith("sikimr_write_queue_depth ")).split()[1])


def test_sigterm_ends_it_with_0_and_the_log_is_in_the_database(program):
    unit(program).post("/v1/consultations", DRAFT, 201)
    wal = program.database.with_name("sikimr.db-wal")
    assert wal.stat().st_size > 0
    program.process.send_signal(signal.SIGTERM)
    assert program.process.wait(launch.LONGEST_WAIT_SECONDS) == 0
    assert not wal.exists()
    assert program.counts()[0] == 1


# What keeps it from starting


def test_a_second_instance_is_refused_and_the_first_goes_on(program):
    caller = unit(program)
    line = launch.refusal(program.directory)
    assert "another instance" in line
    caller.post("/v1/consultations", DRAFT, 201)


def test_a_port_in_use_is_refused(program, tmp_path):
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    address = program.base.removeprefix("http://")
    assert address in launch.refusal(other, LISTEN=address, ADMIN_PASSWORD=program.admin_password)


def test_a_damaged_header_is_refused_and_left_as_it_is(ended):
    with ended.database.open("r+b") as file:
        file.write(b"not a database..")
    before = ended.database.read_bytes()
    assert "not a database" in launch.refusal(ended.directory)
    assert ended.database.read_bytes() == before


def test_damage_after_an_unclean_stop_is_found_and_refused(program):
    caller = unit(program)
    for _ in range(50):
        caller.post("/v1/consultations", DRAFT, 201)
    program.kill()
    database = sqlite3.connect(program.database)
    database.execute("pragma wal_checkpoint(truncate)")
    page, = database.execute("select rootpage from sqlite_schema where name = 'consultation'").fetchone()
    database.close()
    with program.database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert "damaged" in launch.refusal(program.directory)


def test_another_programs_file_is_refused(tmp_path):
    directory = tmp_path / "service"
    directory.mkdir(mode=0o700)
    database = sqlite3.connect(directory / "sikimr.db")
    database.execute("pragma application_id = 7")
    database.execute("create table theirs (value)")
    database.close()
    assert "another program" in launch.refusal(directory)


def test_a_newer_schema_is_refused_and_left_as_it_is(ended):
    database = sqlite3.connect(ended.database)
    database.execute("pragma user_version = 9999")
    database.close()
    assert "version 9999" in launch.refusal(ended.directory)
    before, = ended.rows("pragma user_version")
    assert before == [(9999,)]


def test_a_read_only_file_system_is_refused_until_it_can_be_written(small_disk):
    with launch.program(small_disk) as program:
        caller = unit(program)
        caller.post("/v1/consultations", DRAFT, 201)
        program.stop()
        assert mount("-o", "remount,ro", small_disk).returncode == 0
        try:
            assert str(program.database) in launch.refusal(program.directory)
        finally:
            assert mount("-o", "remount,rw", small_disk).returncode == 0
        program.start()
        assert len(program.caller(caller.token).get("/v1/consultations").json()["data"]) == 1


@pytest.mark.parametrize("path", ["/proc/sikimr/sikimr.db", "/dev/null/sikimr.db", "/proc/version"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path, path):
    assert path in launch.refusal(tmp_path, DATABASE=path)


BAD_SETTINGS = [
    ("LISTEN", "nowhere"),
    ("LISTEN", "127.0.0.1:70000"),
    ("LISTEN", "127.0.0.1:-1"),
    ("LISTEN", "127.0.0.999:8080"),
    ("LISTEN", "0.0.0.0:8080"),
    ("LISTEN", "192.0.2.1:8080"),
    ("ADMIN_PASSWORD", "terlalu pendek"),
    ("ADMIN_PASSWORD", "administrator12"),
    ("THREADS", "0"),
    ("THREADS", "many"),
    ("THREADS", "257"),
    ("LOG", "xml"),
    ("RATE_LIMIT", "0"),
    ("RATE_LIMIT", "-5"),
    ("RATE_LIMIT", "many"),
    ("CORS_ORIGINS", "*"),
    ("CORS_ORIGINS", "app.example.go.id"),
    ("TRUSTED_PROXIES", "nowhere"),
    ("TRUSTED_PROXIES", "10.0.0.0/33"),
    ("PLAIN_HTTP", "maybe"),
    ("TLS_IN_FRONT", "maybe"),
    ("PASSWORD_PROFILE", "weak"),
]


@pytest.mark.parametrize("name, value", BAD_SETTINGS)
def test_a_bad_setting_is_refused_by_its_name(tmp_path, name, value):
    line = launch.refusal(tmp_path, **({"ADMIN_PASSWORD": "perahu kecil di muara"} | {name: value}))
    assert f"SIKIMR_{name}" in line
    if name == "ADMIN_PASSWORD":
        assert value not in line
    # A second start with good settings is a first start: nothing was half made.
    with launch.program(tmp_path) as program:
        program.admin()


@pytest.mark.parametrize(
    "arguments", [["sing"], ["serve", "--loud=1"], ["serve", "--listen"], ["serve", "--admin-password=perahu kecil di muara"]]
)
def test_a_bad_command_line_is_refused(tmp_path, arguments):
    line = launch.refusal(tmp_path, *arguments)
    assert "perahu" not in line
    assert list(tmp_path.iterdir()) == []
