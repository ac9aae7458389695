"""The printed complaint form, read and rendered as a person would."""

import subprocess

NIP = "198503152010122001"
# Long enough to fill more than one page.
PROBLEM = "\n".join(f"Baris {number}: jaringan di lantai {number % 9} terputus sejak pagi dan <b>belum</b> pulih." for number in range(120))


def filed(people):
    complainant, manager, officer = people["work-unit"], people["ict-manager"], people["ict-officer"]
    body = {
        "kind": "complaint", "problem": PROBLEM, "handling_so_far": "Kabel diperiksa.", "applicant_name": "Siti Rahmawati", "applicant_nip": NIP,
    }  # fmt: skip
    created = complainant.post("/v1/tickets", body, 201)
    place = created.headers["Location"]
    complainant.post(f"{place}/submit", {}, 200)
    manager.post(f"{place}/dispatch", {"officer_id": officer.user["id"]}, 200)
    officer.post(f"{place}/start", {"plan": "Ganti sakelar."}, 200)
    officer.post(f"{place}/follow-up", {"result": "Sakelar diganti."}, 200)
    return place, created.json()["number"]


def text_of(path):
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_form_is_printed_with_every_field_and_both_signatures(people, tmp_path):
    place, number = filed(people)
    answer = people["work-unit"].get(f"{place}/form?format=pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    path = tmp_path / "form.pdf"
    path.write_bytes(answer.content)
    text = text_of(path)
    officer = people["ict-officer"].user["name"]
    for part in [number, "Siti Rahmawati", NIP, "Baris 0:", "Baris 119:", "Kabel diperiksa.", "Sakelar diganti.", officer, "Pemohon,", "Petugas TIK,"]:
        assert part in text, part
    information = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    assert "A4" in information
    pages = int(next(line for line in information.splitlines() if line.startswith("Pages:")).split()[1])
    assert pages > 1
    subprocess.run(["pdftoppm", "-r", "40", "-png", str(path), str(tmp_path / "page")], check=True)
    assert len(list(tmp_path.glob("page-*.png"))) == pages
    # The same ticket prints to the same bytes.
    assert people["ict-manager"].get(f"{place}/form?format=pdf").content == answer.content


def test_the_form_as_html_shows_markup_as_text(people):
    place, _ = filed(people)
    answer = people["work-unit"].get(f"{place}/form?format=html")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<b>belum</b>" not in answer.text
    assert "&lt;b&gt;belum&lt;/b&gt;" in answer.text
    assert "script" not in answer.headers["Content-Security-Policy"]
    people["task-giver"].get(f"{place}/form?format=html", 404)
