"""Recaps: their documents against their JSON, and settling that is killed in the middle."""

import hashlib
import json
import sqlite3
import subprocess
import threading
import time

import pytest
import requests

import launch
import service

PERIOD = "2026-10"
# 1 October 2026, 08:00 in Jakarta.
START = 1_790_816_400_000


@pytest.fixture
def stopped(tmp_path):
    """A program with people, stopped, so that its database can be filled."""
    with launch.program(tmp_path / "service") as program:
        admin = program.admin()
        inside = program.make_unit(admin, "directorate")
        program.director = program.make_user(admin, inside, ["director"])
        program.officers = [program.make_user(admin, inside, ["consultation-officer"]) for _ in range(3)]
        program.units = [program.make_unit(admin) for _ in range(4)]
        program.admin_token = admin.token
        program.stop()
        yield program


def fill(program, count, officers=3):
    """Ends so many consultations in one month, straight in the database: rows of its recap, and the points they earned."""
    database = sqlite3.connect(program.database)
    rows, points = [], []
    for number in range(count):
        case, officer = f"con_01m3{number:022d}", program.officers[number % officers].user
        unit, closed = program.units[number % 4]["id"], START + number * 2_500_000_000 // count
        steps, topic = "2:1/0 5:0/1" if number % 5 == 0 else "2:1/0 5:1/0", "compliance" if number % 2 else None
        title = f"=SUM(A{number}) <b>Konsultasi</b> & lain-lain, nomor {number}"
        rows.append((
            "consultation", PERIOD, case, f"KON-2026-{number + 1:06d}", title, "closed", unit, officer["id"], topic, closed - 86_400_000, closed,
            steps, 1,
        ))  # fmt: skip
        points.append((f"pts_01m3{number:022d}", officer["id"], officer["unit_id"], PERIOD, 1, 0, "pending", "consultation.closed", 1, "consultation", case, closed))
    database.executemany(f"insert into recap_row values ({','.join('?' * 13)})", rows)
    names = "id, user_id, unit_id, period, points, bonus, status, rule, rule_version, subject_type, subject_id, created_at_ms"
    database.executemany(f"insert into performance_point ({names}) values ({','.join('?' * 12)})", points)
    database.execute("insert into point_balance select period, user_id, unit_id, sum(points), 0 from performance_point group by 1, 2, 3")
    database.commit()
    database.close()


def time_a_step(program):
    """Has the first officer draft an answer in an hour."""
    officer = program.officers[0].user
    database = sqlite3.connect(program.database)
    names = (
        "id, procedure, procedure_version, subject_type, subject_id, participant_id, unit_id, step_no, step_code, role, attempt, performer_id, "
        "started_at_ms, finished_at_ms, elapsed_ms, standard_ms, due_at_ms, outcome, verdict"
    )
    values = (
        f"tim_01m4{0:022d}", "consultation", 1, "consultation", f"con_01m3{0:022d}", "", officer["unit_id"], 4, "draft-answer", "consultation-officer", 1,
        officer["id"], START, START + 3_600_000, 3_600_000, 27_000_000, START + 27_000_000, "done", "on_time",
    )  # fmt: skip
    database.execute(f"insert into step_timing ({names}) values ({','.join('?' * 19)})", values)
    database.commit()
    database.close()


def recap_of(program):
    """The recap of the month, begun and submitted."""
    admin = program.caller(program.admin_token)
    path = admin.post("/v1/recaps", {"kind": "consultation", "period": PERIOD}, 201).headers["Location"]
    admin.post(f"{path}/submit", {}, 200)
    return path


SHEETS = """
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], data_only=True)
cells = {s.title: [[c.isoformat() if hasattr(c, "isoformat") else c for c in row] for row in s.iter_rows(values_only=True)] for s in book.worksheets}
kinds = {s.title: [c.data_type for c in list(s.iter_rows())[1]] for s in book.worksheets if s.max_row > 1}
print(json.dumps({"cells": cells, "kinds": kinds, "charts": [s.title for s in book.chartsheets]}, default=str))
"""


def workbook(content, place):
    path = place / "recap.xlsx"
    path.write_bytes(content)
    return json.loads(subprocess.run(["/usr/bin/python3", "-c", SHEETS, str(path)], capture_output=True, text=True, check=True).stdout)


def paper(content, place):
    path = place / "recap.pdf"
    path.write_bytes(content)
    return " ".join(subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout.split())


LANGUAGES = {
    "id": ("Petugas", "Unit kerja", "Kasus", "Jumlah", "Rekapitulasi Konsultasi Oktober 2026", "80,0%", "1.201"),
    "en": ("Officer", "Work unit", "Cases", "Total", "Recap of Consultations October 2026", "80.0%", "1,201"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_documents_have_the_numbers_of_the_json(stopped, tmp_path, language):
    fill(stopped, 1201)
    time_a_step(stopped)
    stopped.start()
    path = recap_of(stopped)
    director = stopped.caller(stopped.director.token)
    recap = director.get(path).json()
    totals = recap["totals"]
    assert totals["all"]["count"] == len(recap["cases"]) == 1201
    assert totals["all"] == {"count": 1201, "on_time": 960, "late": 241, "on_time_rate": 0.7993, "points": 1201}
    for part in ("by_status", "by_unit", "by_officer", "by_topic", "by_day"):
        assert sum(line["count"] for line in totals[part]) == 1201
        assert sum(line["points"] for line in totals[part]) == 1201

    csv = director.get(f"{path}?format=csv").content
    assert hashlib.sha256(csv).hexdigest() == recap["sha256"]
    assert len(csv.decode().split("\r\n")) == 1201 + 2

    officer, unit, cases, total, title, rate, count = LANGUAGES[language]
    header = {"Accept-Language": language}
    xlsx = director.get(f"{path}?format=xlsx", headers=header).content
    book = workbook(xlsx, tmp_path)
    assert len(book["charts"]) == 2
    for sheet, part in ((officer, "by_officer"), (unit, "by_unit")):
        lines = [[line["name"], line["count"], line["on_time"], line["late"], line["points"]] for line in totals[part]]
        assert [row[:4] + row[5:] for row in book["cells"][sheet][1:-1]] == lines
        assert book["cells"][sheet][-1][:4] == [total, 1201, 960, 241]
    rows = book["cells"][cases]
    assert [row[0] for row in rows[1:-1]] == [case["number"] for case in recap["cases"]]
    assert [row[2] for row in rows[1:-1]] == [case["title"] for case in recap["cases"]]
    # Texts stay texts, times are times, numbers are numbers.
    assert book["kinds"][cases] == ["s", "s", "s", "s", "s", "s", "d", "d", "n", "n", "n"]
    assert rows[-1][0] == total and rows[-1][-1] == 1201

    pdf = director.get(f"{path}?format=pdf", headers=header).content
    text = paper(pdf, tmp_path)
    for line in totals["by_officer"] + totals["by_unit"]:
        rate_of = f"{line['on_time_rate'] * 100:.1f}%".replace(".", "," if language == "id" else ".")
        assert f"{line['name']} {line['count']} {line['on_time']} {line['late']} {rate_of} {line['points']}" in text
    printed = {"id": "500 dari 1.201 kasus dicetak di sini; semuanya ada dalam berkas XLSX dan CSV.",
               "en": "500 of 1,201 cases are printed here; the XLSX and CSV files hold all of them."}  # fmt: skip
    assert recap["cases"][500]["number"] not in text
    for part in (printed[language], title, count, recap["sha256"], recap["cases"][0]["number"], recap["cases"][499]["number"]):
        assert part in text, part
    for again, format in ((xlsx, "xlsx"), (pdf, "pdf")):
        assert director.get(f"{path}?format={format}", headers=header).content == again
    user = stopped.officers[0].user["id"]
    appraisal = director.get(f"/v1/users/{user}/appraisal?period={PERIOD}").json()
    text = paper(director.get(f"/v1/users/{user}/appraisal?period={PERIOD}&format=pdf", headers=header).content, tmp_path)
    assert appraisal["points"]["pending"] == appraisal["totals"]["count"] == len(appraisal["cases"]) == 401
    assert "401" in text and appraisal["cases"][0]["number"] in text
    procedure = {"id": "Konsultasi SI-KIMR", "en": "SI-KIMR consultation"}[language]
    # In its narrow column it goes on in the next line, behind its hyphen or its space.
    assert "SI-" in text and "KIMR" in text and " consultation 4." not in text
    book = workbook(director.get(f"/v1/users/{user}/appraisal?period={PERIOD}&format=xlsx", headers=header).content, tmp_path)
    assert len(book["cells"][cases]) == 401 + 2 and len(book["charts"]) == 1
    step = book["cells"][{"id": "Langkah", "en": "Step"}[language]][1]
    assert step[0] == procedure and step[1].startswith("4. ") and step[2:5] == [1, 1, 0]
    stopped.stop()


def test_an_appraisal_counts_all_cases_however_many_it_lists(stopped, tmp_path):
    count, listed = 20_010, 20_000
    fill(stopped, count, officers=1)
    stopped.start()
    director, user = stopped.caller(stopped.director.token), stopped.officers[0].user["id"]
    path = f"/v1/users/{user}/appraisal?period={PERIOD}"
    appraisal = director.get(path).json()
    assert appraisal["totals"] == {"count": count, "on_time": 16_008, "late": 4_002, "on_time_rate": 0.8, "points": count}
    assert appraisal["points"]["pending"] == count
    assert len(appraisal["cases"]) == listed and appraisal["cases_capped"] is True
    text = paper(director.get(f"{path}&format=pdf", headers={"Accept-Language": "en"}).content, tmp_path)
    assert "500 of 20,010 cases are printed here; the recaps of the month hold all of them." in text
    book = workbook(director.get(f"{path}&format=xlsx", headers={"Accept-Language": "en"}).content, tmp_path)["cells"]
    summary = {row[0]: row[1] for row in book["Summary"]}
    assert (summary["Cases"], summary["On time"], summary["Late"]) == (count, 16_008, 4_002)
    assert summary["Cases listed here; the recaps of the month hold all of them"] == listed
    assert len(book["Cases"]) == listed + 2
    other = director.get(f"/v1/users/{stopped.officers[1].user['id']}/appraisal?period={PERIOD}").json()
    assert other["cases"] == [] and other["cases_capped"] is False
    stopped.stop()


def posted(program):
    rows = program.caller(program.director.token).get(f"/v1/performance-points/summary?period={PERIOD}").json()["data"]
    return sum(row["posted"] for row in rows), sum(row["pending"] for row in rows)


def test_a_settling_that_is_killed_ten_times_posts_each_point_once(stopped):
    count = 40_000
    fill(stopped, count)
    stopped.start()
    path = recap_of(stopped)
    stopped.caller(stopped.director.token).post(f"{path}/receive", {}, 200)
    done = 0
    for turn in range(10):
        failures = []

        def settle():
            try:
                failures.append(stopped.caller(stopped.admin_token).post(f"{path}/settle", {}, headers={"Idempotency-Key": f"s-{turn}"}).text)
            except requests.RequestException:
                pass

        settling = threading.Thread(target=settle)
        settling.start()
        deadline = time.monotonic() + 60
        # In its second portion, its third, its fourth or its fifth, and each time further into it.
        while posted(stopped)[0] < done + 500 * (turn % 4 + 1) and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(turn * 0.01)
        stopped.kill()
        settling.join(60)
        assert failures == [], "it was settled before it was killed"
        stopped.start()
        sums = posted(stopped)
        assert done + 500 * (turn % 4 + 1) <= sums[0] < count and sum(sums) == count
        assert stopped.caller(stopped.director.token).get(path).json()["status"] == "received"
        done = sums[0]
    settled = stopped.caller(stopped.admin_token).post(f"{path}/settle", {}, 200, headers={"Idempotency-Key": "s-last"})
    again = stopped.caller(stopped.admin_token).post(f"{path}/settle", {}, 200, headers={"Idempotency-Key": "s-last"})
    assert again.content == settled.content and settled.json()["status"] == "settled"
    assert posted(stopped) == (count, 0)
    stopped.stop()
    [[once]] = stopped.rows(
        "select count(*), count(distinct subject_id), count(distinct previous_id), sum(points) from performance_point where status = 'posted'"
    )
    assert once == (count, count, count, count)
    assert launch.command(stopped.directory, "check").returncode == 0


TAMPERINGS = [
    ("update recap_row set title = 'Lain' where case_id = (select min(case_id) from recap_row)", "Recap"),
    ("update recap_total set on_time = on_time + 1 where part = 'all'", "Recap"),
    ("update performance_point set points = 2 where id = (select min(id) from performance_point)", "Points"),
    ("delete from performance_point where id = (select max(id) from performance_point)", "Points"),
    ("update point_balance set posted = posted + 1", "Points"),
]


def test_check_finds_what_was_changed_behind_the_back_of_the_service(stopped):
    fill(stopped, 50)
    stopped.start()
    recap_of(stopped)
    stopped.stop()
    whole = stopped.database.read_bytes()
    assert launch.command(stopped.directory, "check").returncode == 0
    for statement, found in TAMPERINGS:
        stopped.database.write_bytes(whole)
        database = sqlite3.connect(stopped.database)
        table = statement.split()[1] if statement.startswith("update") else statement.split()[2]
        if table in ("recap_row", "performance_point"):
            # As the tables stand, they refuse it.
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                database.execute(statement)
            for name in ("rows", "values"):
                database.execute(f"drop trigger {table}_keeps_{name}")
        database.execute(statement)
        database.commit()
        database.close()
        checked = launch.command(stopped.directory, "check")
        assert checked.returncode == 65 and found in checked.stdout, statement


def test_no_case_comes_into_a_sealed_recap_by_any_way(stopped):
    fill(stopped, 2)
    stopped.start()
    recap_of(stopped)
    stopped.stop()
    database = sqlite3.connect(stopped.database)
    with pytest.raises(sqlite3.IntegrityError, match="sealed"):
        database.execute("insert into recap_row select kind, period, 'con_x', number, title, status, unit_id, officer_id, topic, created_at_ms, closed_at_ms, steps, points from recap_row limit 1")
    with pytest.raises(sqlite3.IntegrityError, match="performance_point.subject_id"):
        for id in ("pts_a", "pts_b"):
            database.execute(
                f"insert into performance_point select '{id}', user_id, unit_id, period, points, bonus, 'posted', rule, rule_version, subject_type, "
                "subject_id, recap_id, id, status, reason, actor_id, created_at_ms from performance_point where status = 'pending' order by id limit 1"
            )
    database.close()
