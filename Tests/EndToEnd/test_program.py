"""The commands of the program, and what it says of itself: logs, metrics, limits, headers."""

import gzip
import html.parser
import json
import re
import secrets
import sqlite3

import pytest
from prometheus_client.parser import text_string_to_metric_families

import launch

COMMANDS = ["serve", "migrate", "user", "token", "check", "demo"]
PASSWORD = "perahu kecil di muara"
DAY_MS = 86_400_000


def done(directory, *arguments, **settings):
    """What a command that succeeds says."""
    ended = launch.command(directory, *arguments, **settings)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


# Commands


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_tells_and_touches_nothing(tmp_path, arguments):
    text = done(tmp_path, *arguments)
    assert text.startswith("sikimr ")
    for name in COMMANDS if len(arguments) == 1 else ["--listen", "--database", "--log"]:
        assert name in text
    assert "--admin-password" not in text
    assert list(tmp_path.iterdir()) == []


def test_migrate_makes_a_database_for_nobody_else_and_does_it_once(tmp_path):
    for _ in range(2):
        assert done(tmp_path, "migrate", ADMIN_PASSWORD=PASSWORD) == "The database is up to date.\n"
    assert (tmp_path / "sikimr.db").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.glob("sikimr.db-*")) == []
    database = sqlite3.connect(tmp_path / "sikimr.db")
    assert database.execute("select username from user_account").fetchall() == [("admin",)]
    assert database.execute("pragma application_id").fetchone() == (0x53494B52,)
    database.close()


def test_the_first_start_without_a_password_shows_a_random_one_once(tmp_path):
    first = launch.command(tmp_path, "migrate")
    password = re.search(r"User admin, password (\S+)", first.stderr)[1]
    assert password not in launch.command(tmp_path, "migrate").stderr
    with launch.program(tmp_path) as program:
        program.sign_in("admin", password)
        assert password not in program.output()


def test_users_and_tokens_are_kept_at_the_machine_while_it_is_down(tmp_path):
    done(tmp_path, "migrate", ADMIN_PASSWORD=PASSWORD)
    made = done(tmp_path, "user", "create", "--username", "rina", "--name=Rina Kusuma", "--roles", "work-unit,director")
    first = made.split()[-1]
    reset = done(tmp_path, "user", "reset-password", "--username", "rina").split()[-1]
    users = done(tmp_path, "user", "list")
    assert [line.split()[1:4] for line in users.splitlines()] == [
        ["admin", "super-admin", "active"], ["rina", "work-unit,director", "active"],
    ]  # fmt: skip
    kept, ended = (done(tmp_path, "token", "create", "--username", "admin", "--name", name).strip() for name in ("kept", "ended"))
    listed = {line.split()[-1]: line.split()[0] for line in done(tmp_path, "token", "list", "--username", "admin").splitlines()}
    assert set(listed) == {"kept", "ended"}
    done(tmp_path, "token", "revoke", "--id", listed["ended"])
    database = sqlite3.connect(tmp_path / "sikimr.db")
    ended_in_log = database.execute("select count(*) from event where type = 'token.end' and subject_id = ?", (listed["ended"],))
    assert ended_in_log.fetchone() == (1,)
    database.close()

    with launch.program(tmp_path) as program:
        assert program.anonymous().post("/v1/sessions", {"username": "rina", "password": first}).status_code == 401
        rina = program.sign_in("rina", reset)
        assert rina.get("/v1/consultations", 403).json()["code"] == "password_change_required"
        program.caller(kept).get("/v1/consultations")
        assert program.caller(kept).post("/v1/units", {}, 403).json()["code"] == "insufficient_scope"
        program.caller(ended).get("/v1/me", 401)
        for arguments in (["migrate"], ["user", "list"], ["token", "create", "--username", "admin", "--name", "x"], ["demo"]):
            assert "another instance" in launch.refusal(tmp_path, *arguments)


@pytest.mark.parametrize(
    "arguments",
    [["user", "create"], ["user", "create", "--username", "R", "--name", "x", "--roles", "director"], ["user", "sing"],
     ["user", "create", "--username", "rina", "--name", "x", "--roles", "root"], ["token", "create"],
     ["user", "create", "--username", "admin", "--name", "x", "--roles", "director"], ["user", "reset-password", "--username", "rina"],
     ["user", "create", "--username", "rina", "--name", "x", "--roles", "director", "--unit", "ZZ"],
     ["user", "create", "--username", "rina", "--name", "a\nb", "--roles", "director"],
     ["token", "create", "--username", "rina", "--name", "x"], ["token", "create", "--username", "admin", "--name", "a\nb"],
     ["token", "revoke", "--id", "x"],
     ["token", "create", "--username", "admin", "--name", "x", "--scopes", "all"], ["demo", "--seed", "x"], ["demo", "--consultations", "0"],
     ["demo", "--workspace-items", "-1"], ["demo", "--tickets", "x"], ["demo", "--procedure-runs", "x"], ["demo", "--equipment", "-1"],
     ["demo", "--service-complaints", "x"], ["demo", "--until", "2026-02-30"], ["demo", "--password", "pendek"]],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_says_why_in_one_line(tmp_path, arguments):
    done(tmp_path, "migrate", ADMIN_PASSWORD=PASSWORD)
    line = launch.refusal(tmp_path, *arguments)
    assert "pendek" not in line and "(" not in line
    assert len(done(tmp_path, "user", "list").splitlines()) == 1


def test_a_second_demonstration_is_refused(tmp_path):
    done(tmp_path, "demo", "--consultations", "1", ADMIN_PASSWORD=PASSWORD)
    people = done(tmp_path, "user", "list")
    assert "demonstration" in launch.refusal(tmp_path, "demo", "--seed", "2")
    assert done(tmp_path, "user", "list") == people


def test_the_same_seed_gives_the_same_history(tmp_path):
    histories = []
    for name, seed in (("one", "7"), ("two", "7"), ("three", "8")):
        directory = tmp_path / name
        directory.mkdir(mode=0o700)
        arguments = ["--consultations", "300", "--seed", seed, "--until", "2026-11-01", "--password", PASSWORD]
        done(directory, "demo", *arguments, ADMIN_PASSWORD="sawah hijau sesudah hujan")
        database = sqlite3.connect(directory / "sikimr.db")
        histories.append([
            database.execute(statement).fetchall()
            for statement in (
                "select number, state, subject, detail, answer, created_at_ms, updated_at_ms, closed_at_ms, version from consultation"
                " order by number",
                "select c.number, t.step_no, t.attempt, t.started_at_ms, t.finished_at_ms, t.elapsed_ms, t.outcome, t.verdict"
                " from step_timing t join consultation c on c.id = t.subject_id order by 1, 2, 3",
                "select type, from_state, to_state, reason, note, time_ms from event where subject = 'consultation' order by seq",
            )
        ])  # fmt: skip
        database.close()
    assert histories[0] == histories[1]
    assert histories[0] != histories[2]
    cases, timings, events = histories[0]
    assert [event[5] for event in events] == sorted(event[5] for event in events)
    assert events[-1][5] - events[0][5] > 600 * DAY_MS and cases[-1][5] > cases[0][5] + 600 * DAY_MS
    assert len(cases) == 300
    assert {case[1] for case in cases} == {
        "draft", "submitted", "assigned", "in_verification", "verified", "answered", "closed", "withdrawn",
    }  # fmt: skip
    assert max(timing[2] for timing in timings) > 1
    assert {"on_time", "late"} <= {timing[7] for timing in timings}


def demonstration(directory, *arguments):
    """The database of a demonstration of three hundred consultations with those arguments, open to be read."""
    directory.mkdir(mode=0o700, exist_ok=True)
    arguments = ["--consultations", "300", "--seed", "7", "--until", "2026-11-01", "--password", PASSWORD, *arguments]
    done(directory, "demo", *arguments, ADMIN_PASSWORD="sawah hijau sesudah hujan")
    return sqlite3.connect(directory / "sikimr.db")


def test_a_demonstration_has_work_items_and_tickets_in_every_state(tmp_path):
    database = demonstration(tmp_path / "one", "--workspace-items", "80", "--tickets", "120")

    def rows(statement):
        return database.execute(statement).fetchall()

    assert rows("select count(*) from consultation") + rows("select count(*) from workspace_item") == [(300,), (80,)]
    assert {state for (state,) in rows("select state from workspace_item")} == {
        "draft", "assigned", "in_verification", "verified", "in_progress", "completed", "cancelled",
    }  # fmt: skip
    complaints = {"draft", "submitted", "assigned", "in_progress", "awaiting_check", "resolved", "reported", "closed", "cancelled"}
    requests = {
        "submitted", "registered", "disposed", "examined", "classified", "verified", "prioritised", "considered", "approved",
        "assigned", "closed", "rejected", "cancelled",
    }  # fmt: skip
    assert rows("select count(*) from ticket") == [(120,)]
    assert {state for (state,) in rows("select state from ticket where kind = 'complaint'")} == complaints
    assert {state for (state,) in rows("select state from ticket where kind = 'service_request'")} == requests
    # What came back comes again, and is done in time or late.
    assert rows("select max(attempt) from step_timing where procedure = 'workspace'")[0][0] > 1
    assert rows("select max(attempt) from step_timing where procedure = 'ict-ticket'")[0][0] > 1
    for procedure in ("workspace", "it-service-request"):
        verdicts = {verdict for (verdict,) in rows(f"select verdict from step_timing where procedure = '{procedure}'")}
        assert {"on_time", "late"} <= verdicts, procedure
    assert {verdict for (verdict,) in rows("select verdict from step_timing where procedure = 'ict-ticket'")} == {"no_standard"}
    assert rows("select count(*) from workspace_progress")[0][0] > 80
    times = [time for (time,) in rows("select time_ms from event order by seq")]
    assert times == sorted(times)
    # No case has two clocks, and one that is over has none.
    one_clock = "finished_at_ms is null and subject_type <> 'procedure_run'"
    assert rows(f"select subject_id from step_timing where {one_clock} group by subject_id having count(*) > 1") == []
    for table in ("consultation", "workspace_item", "ticket"):
        over = f"select c.id from {table} as c join step_timing as t on t.subject_id = c.id"
        assert rows(f"{over} where c.closed_at_ms is not null and t.finished_at_ms is null") == []
    database.close()


def test_a_demonstration_shows_the_desk_whole(tmp_path):
    database = demonstration(tmp_path / "one")

    def rows(statement):
        return database.execute(statement).fetchall()

    def names(statement):
        return {name for (name,) in rows(statement)}

    # Every procedure has come to its end, and the planning stands at each of its steps.
    assert names("select procedure from procedure_run where state = 'completed'") == names("select distinct code from procedure_version")
    assert names("select state from procedure_run") == {"running", "completed", "cancelled"}
    planning = "select distinct t.step_no from procedure_run as r join step_timing as t on t.subject_id = r.id"
    assert names(f"{planning} where r.state = 'running' and r.procedure = 'it-planning' and t.elapsed_ms is null") >= {1, 2, 3, 4, 5}
    verdicts = names("select verdict from step_timing where subject_type = 'procedure_run'")
    assert {"on_time", "late", "running"} <= verdicts
    assert rows("select max(attempt) from step_timing where subject_type = 'procedure_run'")[0][0] > 1
    # The maintenance opens by its schedule, and is done but for some.
    occasions = "select r.state from procedure_occasion as o left join procedure_run as r on r.id = o.run_id"
    assert names(occasions) == {"running", "completed"} and rows("select is_active from procedure_schedule") == [(1,)]
    # Of the assessments one is scored by both assessors for every participant who came, and one goes on.
    scored = "select count(distinct s.performer_id) from run_score as s join procedure_run as r on r.id = s.run_id"
    assert rows(f"{scored} where r.state = 'completed' group by r.id, s.timing_id")[0] == (2,)
    assert rows("select count(*) from run_answer")[0][0] > 0
    assert rows("select count(*) from procedure_run where state = 'running' and procedure = 'pemantik-assessment'")[0][0] > 0

    assert names("select state from service_complaint") == {
        "draft", "submitted", "approved_for_direct", "forwarded", "meeting_scheduled", "settled", "rejected", "withdrawn",
    }  # fmt: skip
    assert names("select kind from service_complaint") == {"complaint", "objection", "suggestion"}

    renewed = "select count(*) from equipment where condition <> 'retired' and renewal_date"
    assert rows(f"{renewed} < '2027-01-30'")[0][0] > 0 and rows(f"{renewed} > '2027-01-30'")[0][0] > 0
    assert names("select condition from equipment") == {"good", "fair", "poor", "broken", "retired"}
    # A unit names what it has itself.
    named = "select count(*) from ticket as t join equipment as e on e.id = t.equipment_id"
    assert rows(named)[0][0] > 0 and rows(f"{named} where e.unit_id <> t.unit_id") == [(0,)]

    assert rows("select count(*) from topology") == [(2,)] and rows("select max(version) from topology_version") == [(2,)]
    assert rows("select count(*) from topology_node where equipment_id is not null")[0][0] > 0
    assert rows("select count(*) from topology_link")[0][0] > 10

    for kind in ("ticket", "procedure_run"):
        pauses = f"select count(*) from step_pause as p join step_timing as t on t.id = p.timing_id where t.subject_type = '{kind}'"
        assert rows(f"{pauses} and p.ended_at_ms is not null")[0][0] > 0
        assert rows(f"{pauses} and p.ended_at_ms is null")[0][0] > 0
    times = [time for (time,) in rows("select time_ms from event order by seq")]
    assert times == sorted(times)
    database.close()
    assert "the chain is whole" in done(tmp_path / "one", "check")


def test_the_kinds_of_a_demonstration_do_not_change_one_another(tmp_path):
    statements = {
        "consultation": "select number, state, subject, updated_at_ms from consultation order by number",
        "workspace_item": "select number, state, title, description, percent, priority, target_date, updated_at_ms from workspace_item"
        " order by number",
        "ticket": "select number, kind, state, problem, category, urgency, priority, updated_at_ms from ticket order by number",
        "progress": "select percent, note, created_at_ms from workspace_progress order by created_at_ms, percent",
        "procedure_run": "select number, procedure, state, title, updated_at_ms, version from procedure_run order by number",
        "service_complaint": "select number, kind, state, subject, updated_at_ms from service_complaint order by number",
        "equipment": "select serial, kind, place, bought, condition, renewal_date from equipment order by serial",
        "topology": "select label, kind, version from topology_node order by topology_id, version, place",
    }
    found = {}
    none = {"ticket": "--tickets", "procedure_run": "--procedure-runs", "service_complaint": "--service-complaints", "equipment": "--equipment"}
    for name, arguments in (("one", ()), ("two", ()), ("work", ("--workspace-items", "0")), *((kind, (flag, "0")) for kind, flag in none.items())):
        database = demonstration(tmp_path / name, *arguments)
        found[name] = {table: database.execute(statement).fetchall() for table, statement in statements.items()}
        database.close()
    assert found["one"] == found["two"]
    assert [len(found["one"][table]) for table in ("consultation", "workspace_item", "ticket")] == [300, 30, 30]
    assert found["work"] == found["one"] | {"workspace_item": [], "progress": []}
    for kind in none:
        assert found[kind] == found["one"] | {kind: []}


def test_a_demonstration_leaves_the_schema_as_the_migrations_make_it(tmp_path):
    schemas = []
    for name, command in (("plain", ["migrate"]), ("demo", ["demo", "--consultations", "50", "--password", PASSWORD])):
        directory = tmp_path / name
        directory.mkdir()
        done(directory, *command, ADMIN_PASSWORD=PASSWORD)
        database = sqlite3.connect(directory / "sikimr.db")
        rows = database.execute("select type, name, sql from sqlite_schema").fetchall()
        # How a statement is laid out is none of its meaning.
        schemas.append({(kind, name, sql and " ".join(sql.split())) for kind, name, sql in rows})
        database.close()
    assert schemas[0] == schemas[1]
    assert any(row[0] == "index" and row[2] for row in schemas[0])


def test_a_demonstration_can_be_served(tmp_path):
    arguments = ["--consultations", "300", "--seed", "7", "--until", "2026-11-01", "--password", PASSWORD]
    done(tmp_path, "demo", *arguments, ADMIN_PASSWORD="sawah hijau sesudah hujan")
    with launch.program(tmp_path) as program:
        head = program.sign_in("kasubdit.1", PASSWORD)
        answer = head.get("/v1/consultations?limit=200&include_total=true")
        assert answer.json()["page"] | {"next_cursor": None} == {
            "next_cursor": None, "has_more": True, "total": 300, "total_capped": False,
        }  # fmt: skip
        assert len({case["unit_id"] for case in answer.json()["data"]}) > 5
        for username in ("pemberi.1", "pelaksana.1", "petugas.tik.1", "pengelola.tik", "direktur"):
            caller = program.sign_in(username, PASSWORD)
            for collection, number in (("workspace-items", 30), ("tickets", 30)):
                total = caller.get(f"/v1/{collection}?include_total=true&limit=1").json()["page"]["total"]
                assert total == number if username == "direktur" else total <= number
        assert program.sign_in("pengelola.tik", PASSWORD).get("/v1/tickets?q=mohon").json()["data"]

        packed = head.call("GET", "/v1/consultations?limit=200", 200, stream=True, headers={"Accept-Encoding": "gzip"})
        bytes_sent = packed.raw.read(decode_content=False)
        assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
        plain = head.get("/v1/consultations?limit=200", headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers
        ids = [case["id"] for case in json.loads(gzip.decompress(bytes_sent))["data"]]
        assert ids == [case["id"] for case in plain.json()["data"]]
        assert len(bytes_sent) < len(plain.content) / 3


# What it says of itself


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    with launch.program(tmp_path_factory.mktemp("program") / "service", CORS_ORIGINS="https://app.example.go.id") as running:
        yield running


def line_of(program, request_id):
    """The line of the log about that request."""
    return launch.wait_for(lambda: [line for line in program.events("request") if line["request_id"] == request_id], "the line")[0]


def test_every_request_has_a_line_with_its_route(program):
    admin = program.admin()
    answer = admin.get("/v1/users/usr_00000000000000000000000000", 404, params={}, headers={"X-Request-Id": "permintaan-1"})
    line = line_of(program, "permintaan-1")
    assert answer.headers["X-Request-Id"] == answer.json()["request_id"] == "permintaan-1"
    assert (line["method"], line["route"], line["status"], line["address"]) == ("GET", "/v1/users/{id}", 404, "127.0.0.1")
    assert line["ms"] >= 0 and line["bytes"] == len(answer.content) and line["actor"] == admin.user["id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    for event in program.events("request"):
        assert {"time", "level", "event", "request_id", "method", "status", "ms", "bytes", "address"} <= set(event)


@pytest.mark.parametrize("sent", ["a", "A.b_c-9", "x" * 128])
def test_a_request_id_is_taken_over(program, sent):
    assert program.anonymous().get("/livez", headers={"X-Request-Id": sent}).headers["X-Request-Id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 129, "a b", "a\"b", "a/b", "\u00e9".encode()])
def test_another_request_id_is_replaced(program, sent):
    made = program.anonymous().get("/livez", headers={"X-Request-Id": sent}).headers["X-Request-Id"]
    assert re.fullmatch(r"[a-z0-9]{16,40}", made)


def test_only_a_valid_traceparent_reaches_the_log(program):
    trace = secrets.token_hex(16)
    cases = {
        f"00-{trace}-00f067aa0ba902b7-01": trace,
        f"01-{trace}-00f067aa0ba902b7-01": None,
        f"00-{'0' * 32}-00f067aa0ba902b7-01": None,
        f"00-{trace}-{'0' * 16}-01": None,
        f"00-{trace.upper().replace('0', 'A')}-00f067aa0ba902b7-01": None,
        f"00-{trace}-00f067aa0ba902b7": None,
        "canary": None,
    }
    for number, (sent, expected) in enumerate(cases.items()):
        program.anonymous().get("/livez", headers={"traceparent": sent, "X-Request-Id": f"jejak-{number}"})
        assert line_of(program, f"jejak-{number}").get("trace_id") == expected
    assert "canary" not in program.output()


def families(admin):
    answer = admin.get("/metrics", headers={"Accept": "text/plain"})
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def test_metrics_are_prometheus_text_and_grow(program):
    admin = program.admin()
    unit = program.make_user(admin, program.make_unit(admin), ["work-unit"])

    def count(route, status):
        samples = families(admin)["sikimr_requests"].samples
        return sum(
            sample.value
            for sample in samples
            if sample.name == "sikimr_requests_total" and (sample.labels["route"], sample.labels["status"]) == (route, str(status))
        )

    before = count("/v1/consultations/{id}", 404)
    for _ in range(3):
        unit.get("/v1/consultations/con_00000000000000000000000000", 404)
    # A request is counted once its answer is sent, which the client may see first.
    launch.wait_for(lambda: count("/v1/consultations/{id}", 404) == before + 3, "three more requests")
    writes = [sample.value for sample in families(admin)["sikimr_commit_batch_size"].samples if sample.name.endswith("_sum")]
    unit.post("/v1/consultations", {"subject": "Judul", "detail": "Isi"}, 201)
    after = families(admin)
    assert [sample.value for sample in after["sikimr_commit_batch_size"].samples if sample.name.endswith("_sum")][0] > writes[0]
    assert after["sikimr_database_bytes"].samples[0].value > 0
    for family in after.values():
        assert family.documentation
        buckets = [sample.value for sample in family.samples if sample.name.endswith("_bucket")]
        assert buckets == sorted(buckets)
    assert unit.get("/metrics", 403).status_code == 403
    program.anonymous().get("/metrics", 401)


def test_nothing_secret_or_personal_is_ever_printed(tmp_path):
    """Every secret and every text of a whole session, searched for in all that the program said."""
    with launch.program(tmp_path / "service") as program:
        canaries = {name: f"kenari{secrets.token_hex(6)}" for name in (
            "name", "subject", "detail", "answer", "reason", "note", "query", "cookie", "agent", "unit", "wrong", "path",
        )}  # fmt: skip
        admin = program.admin()
        admin.http.headers.update({"User-Agent": canaries["agent"], "Cookie": canaries["cookie"], "Referer": canaries["query"]})
        unit = program.make_unit(admin)
        secret = {"admin password": program.admin_password, "admin token": admin.token, "nip": "198503142010121002",
                  "email": f"{canaries['name']}@example.go.id"}  # fmt: skip
        person = {"username": f"u.{secrets.token_hex(5)}", "name": canaries["name"], "password": f"rahasia {secrets.token_hex(8)}",
                  "email": secret["email"], "nip": secret["nip"], "unit_id": unit["id"], "roles": ["work-unit"]}  # fmt: skip
        made = admin.post("/v1/users", person, 201).json()
        secret["password"] = person["password"]
        user = program.sign_in(person["username"], person["password"])
        secret["session"] = user.token
        program.anonymous().post("/v1/sessions", {"username": canaries["wrong"], "password": canaries["wrong"]}, 401)
        program.anonymous().post("/v1/sessions", {"username": person["username"], "password": canaries["wrong"]}, 401)
        body = {"name": canaries["note"], "scopes": ["read"]}
        secret["token"] = user.post("/v1/tokens", body, 201).json()["token"]
        new = f"baru {secrets.token_hex(10)}"
        user.call("PUT", "/v1/me/password", 204, json={"current_password": person["password"], "new_password": new})
        secret["new password"] = new
        case = user.post("/v1/consultations", {"subject": canaries["subject"], "detail": canaries["detail"]}, 201,
                         headers={"Idempotency-Key": canaries["note"]}).json()  # fmt: skip
        user.post("/v1/consultations", {"subject": canaries["subject"], "detail": 7, canaries["detail"]: 1}, 422)
        user.call("POST", "/v1/consultations", 400, data=f'{{"{canaries["detail"]}', headers={"Content-Type": "application/json"})
        user.get("/v1/consultations", params={"q": canaries["query"]})
        user.get("/v1/consultations", 400, params={canaries["query"]: canaries["query"], "status": canaries["query"]})
        user.get(f"/v1/consultations/{canaries['path']}", 404)
        user.get(f"/v1/{canaries['path']}", 404)
        user.call("GET", f"/v1/me?access_token={user.token}", 400)
        user.post(f"/v1/consultations/{case['id']}/submit", {})
        user.post(f"/v1/consultations/{case['id']}/withdraw", {"reason": canaries["reason"]}, 200)
        program.caller(canaries["wrong"]).get("/v1/me", 401)
        secret["one-time password"] = admin.post(f"/v1/users/{made['id']}/reset-password", expect=200).json()["password"]
        admin.post(f"/v1/users/{made['id']}/deactivate", expect=200)
        program.stop()
        said = program.output()
        assert len(program.events("request")) >= 20
        assert program.events("start") and program.events("stop")
        for what, value in (canaries | secret).items():
            assert value.lower() not in said.lower(), f"the output holds the {what}"


def test_the_rate_limit_answers_429_with_when(tmp_path):
    with launch.program(tmp_path / "service", RATE_LIMIT="5") as program:
        admin = program.admin()
        for left in (4, 3, 2, 1, 0):
            answer = admin.get("/v1/me")
            assert answer.headers["RateLimit-Policy"] == '"default";q=5;w=60'
            assert answer.headers["RateLimit"].startswith(f'"default";r={left};t=')
        refused = admin.get("/v1/me", 429)
        launch.assert_problem(refused, 429, "rate_limited")
        assert 1 <= int(refused.headers["Retry-After"]) <= 12
        assert refused.headers["RateLimit"].startswith('"default";r=0;t=')
        admin.post("/v1/units", {}, 429)
        # Another caller is not touched, nor is what watches the service.
        program.admin().get("/v1/me")
        program.anonymous().get("/livez")


# Browsers


def test_cors_is_for_the_configured_origin_alone(program):
    anonymous = program.anonymous()
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    allowed = anonymous.call("OPTIONS", "/v1/consultations", 204, headers=ask | {"Origin": "https://app.example.go.id"})
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://app.example.go.id"
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]
    assert allowed.headers["Access-Control-Max-Age"] == "600"
    answer = anonymous.get("/livez", headers={"Origin": "https://app.example.go.id"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.go.id"
    assert "Origin" in answer.headers["Vary"]
    for origin in ("https://evil.example", "https://app.example.go.id.evil.example", "http://app.example.go.id", "null"):
        for method, path in (("OPTIONS", "/v1/consultations"), ("GET", "/livez")):
            refused = anonymous.call(method, path, headers=ask | {"Origin": origin})
            assert not any(name.lower().startswith("access-control-") for name in refused.headers)
    assert "Access-Control-Allow-Credentials" not in allowed.headers


@pytest.mark.parametrize("path", ["/livez", "/openapi.yaml", "/docs", "/v1/consultations"])
def test_head_is_get_without_the_body(program, path):
    admin = program.admin()
    get, head = (admin.call(method, path, 200, headers={"Accept-Encoding": "identity", "Accept": "*/*"}) for method in ("GET", "HEAD"))
    assert head.content == b""
    for name in ("Content-Type", "Content-Length"):
        assert head.headers[name] == get.headers[name]


def test_options_names_the_methods(program):
    answer = program.anonymous().call("OPTIONS", "/v1/consultations", 204)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


def test_every_answer_carries_the_safe_headers(program):
    for path, status in (("/livez", 200), ("/v1/me", 401), ("/nowhere", 404)):
        headers = program.anonymous().get(path, status).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Server" not in headers


class Page(html.parser.HTMLParser):
    """What a page is called, and what it fetches."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.fetched = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        wanted = {"script": "src", "img": "src", "iframe": "src", "link": "href"}.get(tag)
        self.fetched += [value for name, value in attributes if name == wanted]


def test_the_page_of_the_document_stands_on_its_own(program):
    answer = program.anonymous().get("/docs", headers={"Accept": "text/html"})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = Page(answer.text)
    assert {"html", "title", "h1"} <= set(page.tags)
    assert not [target for target in page.fetched if not target.startswith(("/", "#", "data:"))]
    assert "/v1/consultations" in answer.text
