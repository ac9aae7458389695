"""A work item, a complaint and a service request from draft to their ends, through the API alone."""


def mover(place):
    """Moves the case at that place by one event and asserts the state and the step that follow."""

    def move(caller, event, body, status, step=None):
        answer = caller.post(f"{place}/{event}", body, 200).json()
        assert answer["status"] == status
        if step:
            assert (answer["clock"]["step_no"], answer["clock"]["attempt"]) == step
        return answer

    return move


def test_a_work_item_goes_from_draft_to_completed(people, admin):
    giver, officer = people["task-giver"], people["assigned-officer"]
    created = giver.post("/v1/workspace-items", {"title": "Pedoman risiko", "description": "Untuk semua balai."}, 201)
    place = created.headers["Location"]
    assert created.json()["clock"]["step_no"] == 2
    officer.get(place, 404)
    people["work-unit"].get(place, 404)
    people["work-unit"].get("/v1/workspace-items", 404)
    move = mover(place)

    move(giver, "submit", {"officer_id": officer.user["id"]}, "assigned", (3, 1))
    move(officer, "receive", {}, "in_verification", (4, 1))
    assert people["director"].post(f"{place}/approve", {}, 403).json()["code"] == "forbidden"
    returned = move(admin, "return", {"reason": "Sebutkan luarannya."}, "assigned", (3, 2))
    patch = {"description": "Untuk semua balai, satu buku."}
    officer.call("PATCH", place, 200, json=patch, headers={"If-Match": f'"{returned["version"]}"'})
    move(officer, "receive", {}, "in_verification", (4, 2))
    move(admin, "approve", {}, "verified", (5, 1))
    move(giver, "acknowledge", {}, "in_progress")
    for percent in (30, 80):
        move(officer, "progress", {"percent": percent, "note": "Bab demi bab."}, "in_progress")
    done = move(officer, "complete", {"result": "Buku selesai."}, "completed")
    assert (done["percent"], done["actions"], done["clock"]["state"]) == (100, [], "stopped")
    assert [entry["percent"] for entry in giver.get(f"{place}/progress").json()["data"]] == [80, 30]


def test_a_complaint_that_is_not_solved_comes_back(people):
    complainant, manager, officer = people["work-unit"], people["ict-manager"], people["ict-officer"]
    created = complainant.post("/v1/tickets", {"kind": "complaint", "problem": "Jaringan putus."}, 201)
    assert created.json()["clock"] | {"started_at": None, "elapsed_s": 0} == {
        "step_no": 1, "step_code": "submit-complaint", "attempt": 1, "state": "no_standard", "started_at": None, "due_at": None,
        "standard_s": None, "elapsed_s": 0, "remaining_s": None,
    }  # fmt: skip
    place = created.headers["Location"]
    people["assigned-officer"].get(place, 404)
    move = mover(place)
    move(complainant, "submit", {}, "submitted", (2, 1))
    move(manager, "dispatch", {"officer_id": officer.user["id"]}, "assigned", (3, 1))
    move(officer, "start", {}, "in_progress", (3, 1))
    move(officer, "follow-up", {"result": "Sakelar diganti."}, "awaiting_check", (4, 1))
    move(complainant, "not-solved", {"reason": "Masih putus."}, "in_progress", (3, 2))
    move(officer, "follow-up", {"result": "Kabel diganti."}, "awaiting_check", (4, 2))
    move(complainant, "solved", {}, "resolved", (5, 1))
    move(officer, "report", {"summary": "Kabel lama rusak."}, "reported", (6, 1))
    assert move(manager, "close", {}, "closed")["clock"]["state"] == "stopped"


def test_a_service_request_passes_its_nine_gates(people):
    unit, manager, officer = people["work-unit"], people["ict-manager"], people["ict-officer"]
    created = unit.post("/v1/tickets", {"kind": "service_request", "problem": "Mohon akun."}, 201)
    assert created.json()["clock"] is None
    place = created.headers["Location"]
    move = mover(place)
    gates = [
        (unit, "submit", {}, "submitted", 600),
        (officer, "register", {}, "registered", 600),
        (manager, "dispose", {"instruction": "Periksa."}, "disposed", 600),
        (officer, "examine", {"findings": "Layak."}, "examined", 900),
        (officer, "classify", {"category": "network"}, "classified", 900),
        (manager, "verify", {}, "verified", 1800),
        (manager, "prioritise", {"urgency": "high", "priority": "critical"}, "prioritised", 1800),
        (people["subdirectorate-head"], "consider", {"recommendation": "Setujui."}, "considered", 900),
        (people["director"], "approve", {}, "approved", 27000),
        (manager, "assign", {"officer_id": officer.user["id"]}, "assigned", 27000),
    ]
    for caller, event, body, status, standard in gates:
        if event == "prioritise":
            refused = manager.post(f"{place}/prioritise", body | {"priority": "low"}, 422).json()
            assert [error["pointer"] for error in refused["errors"]] == ["/note"]
        assert move(caller, event, body, status)["clock"]["standard_s"] == standard
    assert move(officer, "handle", {"result": "Akun dibuat."}, "closed")["clock"]["state"] == "stopped"


def test_nobody_handles_his_own_ticket(service, admin):
    inside = service.make_unit(admin, "directorate")
    manager = service.make_user(admin, inside, ["ict-manager", "ict-officer"])
    place = manager.post("/v1/tickets", {"kind": "complaint", "problem": "Komputer mati."}, 201).headers["Location"]
    manager.post(f"{place}/submit", {}, 200)
    refused = manager.post(f"{place}/dispatch", {"officer_id": manager.user["id"]}, 403)
    assert refused.json()["code"] == "four_eyes"
