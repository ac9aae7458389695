"""One consultation from draft to closed, through the API alone, with an answer that is returned once."""

DRAFT = {
    "subject": "Penilaian risiko rumah susun tahun jamak",
    "detail": "Mohon petunjuk penyusunan register risiko.\nPaket dikontrak tahun jamak.",
    "topic": "risk_management",
}


def test_a_consultation_goes_from_draft_to_closed(people, admin):
    unit, officer, head = people["work-unit"], people["consultation-officer"], people["subdirectorate-head"]
    created = unit.post("/v1/consultations", DRAFT, 201)
    case = created.json()
    place = f"/v1/consultations/{case['id']}"
    assert created.headers["Location"] == place
    assert case["status"] == "draft"
    assert case["clock"]["step_no"] == 2
    assert unit.get(f"/v1/consultations/{case['number']}").json()["id"] == case["id"]
    officer.get(place, 404)

    def move(caller, event, body, status):
        answer = caller.post(f"{place}/{event}", body, 200).json()
        assert answer["status"] == status
        return answer

    move(unit, "submit", {}, "submitted")
    move(admin, "assign", {"officer_id": officer.user["id"]}, "assigned")
    move(officer, "propose", {"answer": "Register disusun per tahun."}, "in_verification")
    assert unit.get(place).json()["answer"] is None
    returned = move(head, "return", {"reason": "Sebutkan dasar hukumnya."}, "assigned")
    assert (returned["clock"]["step_no"], returned["clock"]["attempt"]) == (4, 2)
    move(officer, "propose", {"answer": "Register disusun per tahun, sesuai pedoman."}, "in_verification")
    move(head, "approve", {}, "verified")
    assert unit.get(place).json()["answer"] is None
    move(officer, "deliver", {}, "answered")
    closed = move(unit, "acknowledge", {"note": "Terima kasih."}, "closed")
    assert closed["answer"] == "Register disusun per tahun, sesuai pedoman."
    assert closed["closed_at"] is not None
    assert closed["clock"]["state"] == "stopped"
    assert closed["actions"] == []

    timings = admin.get(f"{place}/timings?sort=created_at").json()["data"]
    stopped = [(t["step_no"], t["attempt"], t["outcome"]) for t in timings if t["step_no"] > 1]
    assert stopped == [
        (2, 1, "done"), (3, 1, "done"), (4, 1, "done"), (5, 1, "no"),
        (4, 2, "done"), (5, 2, "yes"), (6, 1, "done"), (7, 1, "done"),
    ]  # fmt: skip
    history = admin.get(f"{place}/history?sort=created_at").json()["data"]
    assert [entry["to"] for entry in history if entry["to"] != entry["from"]] == [
        "draft", "submitted", "assigned", "in_verification", "assigned", "in_verification", "verified", "answered", "closed",
    ]  # fmt: skip


def test_a_repeat_with_the_same_key_makes_no_second_case(people):
    unit = people["work-unit"]
    headers = {"Idempotency-Key": "ulang-" + unit.user["id"]}
    first = unit.post("/v1/consultations", DRAFT, 201, headers=headers)
    again = unit.post("/v1/consultations", DRAFT, 201, headers=headers)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    other = unit.post("/v1/consultations", DRAFT | {"subject": "Lain"}, 422, headers=headers)
    assert other.json()["code"] == "idempotency_reused"


def test_a_change_needs_the_version_it_is_made_to(people):
    unit = people["work-unit"]
    created = unit.post("/v1/consultations", DRAFT, 201)
    place = created.headers["Location"]
    patch = {"subject": "Judul yang baru"}
    assert unit.call("PATCH", place, 428, json=patch).json()["code"] == "precondition_required"
    headers = {"If-Match": created.headers["ETag"]}
    changed = unit.call("PATCH", place, 200, json=patch, headers=headers)
    assert changed.json()["version"] == created.json()["version"] + 1
    assert unit.call("PATCH", place, 412, json=patch, headers=headers).json()["code"] == "stale"
    unit.get(place, 304, headers={"If-None-Match": changed.headers["ETag"]})
