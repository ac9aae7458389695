"""Runs of procedures: the results of an assessment as a workbook, and steps that open by themselves."""

import json
import subprocess
import time

import service as program

# Debian's openpyxl belongs to Debian's Python.
READ = """
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}))
"""


def workbook(content, path):
    path.write_bytes(content)
    done = subprocess.run(["/usr/bin/python3", "-c", READ, str(path)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_results_of_an_assessment_are_a_workbook_with_a_sheet_for_each_table(people, tmp_path):
    officer, head = people["ict-officer"], people["subdirectorate-head"]
    body = {
        "procedure": "pemantik-assessment",
        "title": "Penilaian 2026",
        "assignments": {
            "informatics-division": officer.user["id"], "regency-city": officer.user["id"],
            "assessor": [officer.user["id"], head.user["id"]],
        },
        "participants": [{"name": "=Kabupaten"}, {"name": "Kota"}],
        "questionnaire": {"dimensions": [{"code": "governance", "title": "Tata kelola", "weight": 2, "maximum": 50}]},
    }  # fmt: skip
    place = officer.post("/v1/procedure-runs", body, 201).headers["Location"]
    scores = {"=Kabupaten": {officer: 40, head: 45}, "Kota": {officer: 50, head: 50}}
    while (run := officer.get(place).json())["steps"][12]["state"] == "waiting":
        step = next(step for step in run["steps"] if step["state"] == "open")
        names = {participant["id"]: participant["name"] for participant in run["participants"]}
        for missing in step["missing"]:
            for performer in missing["performers"]:
                caller = head if performer == head.user["id"] else officer
                work = {"participant_id": missing["participant_id"]} if missing["participant_id"] else {}
                if "scores" in missing["members"]:
                    work["scores"] = [{"dimension": "governance", "score": scores[names[missing["participant_id"]]][caller]}]
                caller.post(f"{place}/steps/{step['no']}/complete", work, 200)
    answer = officer.get(f"{place}/results?format=xlsx")
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert officer.call("GET", f"{place}/results", 200, headers={"Accept": answer.headers["Content-Type"]}).content == answer.content
    sheets = workbook(answer.content, tmp_path / "results.xlsx")
    assert list(sheets) == ["Peringkat", "Per dimensi", "Dimensi"]
    ranks = [[row[0], row[1], row[3], row[4], row[5]] for row in sheets["Peringkat"][1:3]]
    assert ranks == [[1, "Kota", 100, 0, 50], [2, "=Kabupaten", 85, 10, 42.5]]
    assert sheets["Per dimensi"][1:3] == [["Kota", "governance", 50, 50, 50, 0, 2], ["=Kabupaten", "governance", 42.5, 40, 45, 5, 2]]
    assert sheets["Dimensi"][1] == ["governance", "Tata kelola", 2, 50]


def test_a_scheduled_step_opens_by_itself_once(tmp_path):
    with program.running(tmp_path) as running:
        admin = running.admin()
        # Someone works at every hour, so that it is always time.
        calendar = admin.get("/v1/calendar").json()
        calendar["weeks"] = [
            {"from": "1970-01-01", "days": {day: [["00:00", "23:59"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}
        ]
        admin.call("PUT", "/v1/calendar", 200, json=calendar, headers={"If-Match": "*"})
        place = "/v1/procedure-schedules/website-management"
        steps = [{"no": number, "recurrence": {"every": 1, "unit": "month"}} for number in (1, 2)]
        admin.call("PUT", place, 200, json={"steps": steps, "assignments": {"admin-operator": admin.user["id"]}})
        deadline = time.monotonic() + 30
        schedule = admin.get(place).json()
        while not all(step["occasions"] for step in schedule["steps"]):
            assert time.monotonic() < deadline, schedule
            time.sleep(0.1)
            schedule = admin.get(place).json()
        assert [[past["status"] for past in step["occasions"]] for step in schedule["steps"]] == [["open"], ["open"]]
        run = schedule["steps"][1]["occasions"][0]["run_id"]
        assert run in [entry["id"] for entry in admin.get("/v1/me/inbox").json()["data"]]
        assert admin.post(f"/v1/procedure-runs/{run}/steps/2/complete", {}, 200).json()["status"] == "completed"
        # Whatever else is stored, nothing opens again.
        admin.call("PUT", place, 200, json={"steps": steps, "assignments": {"admin-operator": admin.user["id"]}})
        time.sleep(3)
        assert len(admin.get("/v1/procedure-runs").json()["data"]) == 2
        statuses = [step["occasions"][0]["status"] for step in admin.get(place).json()["steps"]]
        assert statuses == ["open", "done"]
