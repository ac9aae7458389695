"""The pages for people, in a browser."""

import os
import pathlib
import shutil

import pytest
import requests
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import launch
import service as program
from browser import console, open_browser

PICTURES = os.environ.get("SIKIMR_PICTURES")


def picture(browser, name):
    """Keeps what the page looks like, where a folder for it is named."""
    if PICTURES:
        height = browser.execute_script("return Math.ceil(document.documentElement.scrollHeight)")
        browser.set_window_size(browser.get_window_size()["width"], max(height + 140, 600))
        browser.save_screenshot(str(pathlib.Path(PICTURES, f"{name}.png")))


def wait(browser, condition, seconds=15):
    try:
        # The page may draw anew what is just being looked at.
        return WebDriverWait(browser, seconds, 0.1, ignored_exceptions=[StaleElementReferenceException]).until(condition)
    except TimeoutException:
        raise AssertionError(f"{browser.find_element(By.TAG_NAME, 'body').text}\n{console(browser)}") from None


def text(browser, place):
    return browser.find_element(By.ID, place).text


def number(browser, place):
    return int("".join(sign for sign in text(browser, place) if sign.isdigit()) or -1)


def sign_in(browser, base, username, password):
    browser.get(base + "/monitor")
    name = wait(browser, lambda it: it.find_element(By.ID, "username"))
    wait(browser, lambda it: name.is_displayed())
    # By keyboard alone: from the name to the password and on.
    name.send_keys(username, Keys.TAB)
    browser.switch_to.active_element.send_keys(password, Keys.ENTER)


@pytest.fixture(scope="module")
def office(service, admin):
    """The people of a unit and the directorate, with a leader whose password is known."""
    people = service.make_people(admin)
    me = people["director"].get("/v1/me").json()["user"]
    username = admin.get(f"/v1/users/{me['id']}").json()["username"]
    return {"people": people, "leader": username, "password": people["director"].password, "base": service.base}


def open_consultation(office):
    body = {"subject": "Register risiko rumah susun <b>tahun jamak</b>", "detail": "Bagaimana menyusunnya?"}
    return office["people"]["work-unit"].post("/v1/consultations", body, 201).json()


def test_the_monitor_follows_what_happens(office, admin):
    people = office["people"]
    with open_browser("id") as browser:
        sign_in(browser, office["base"], office["leader"], office["password"])
        wait(browser, lambda it: text(it, "connection") == "Langsung")
        assert browser.execute_script("return document.documentElement.lang") == "id"
        before = number(browser, "open")
        made = open_consultation(office)
        wait(browser, lambda it: number(it, "open") == before + 1)
        path = f"/v1/consultations/{made['id']}"
        people["work-unit"].post(path + "/submit", {}, 200)
        officer = people["consultation-officer"].get("/v1/me").json()["user"]
        admin.post(path + "/assign", {"officer_id": officer["id"]}, 200)
        wait(browser, lambda it: officer["name"] in text(it, "officers"))
        wait(browser, lambda it: "Konsultasi: menjadi ditugaskan" in text(it, "latest"))
        people["work-unit"].post(path + "/withdraw", {"reason": "Sudah jelas."}, 200)
        wait(browser, lambda it: number(it, "open") == before)
        picture(browser, "monitor-id")

        # In English, without asking anyone anew, and narrow.
        browser.find_element(By.CSS_SELECTOR, "[data-language=en]").click()
        wait(browser, lambda it: text(it, "connection") == "Live")
        assert "Overdue" in browser.find_element(By.ID, "picture").text
        assert browser.execute_script("return document.documentElement.lang") == "en"
        picture(browser, "monitor-en")
        browser.set_window_size(400, 900)
        wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert browser.execute_script(wider) <= 0
        picture(browser, "monitor-narrow")

        # A reload keeps the one who is signed in; signing out does not.
        browser.refresh()
        wait(browser, lambda it: text(it, "connection") == "Live")
        browser.find_element(By.ID, "sign-out").click()
        wait(browser, lambda it: it.find_element(By.ID, "sign-in").is_displayed())
        browser.refresh()
        wait(browser, lambda it: it.find_element(By.ID, "sign-in").is_displayed())
        picture(browser, "monitor-sign-in")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A program with two years of history, and a leader."""
    password = "sepuluh-cangkir-kopi-tubruk"
    directory = tmp_path_factory.mktemp("demo")
    directory.chmod(0o700)
    made = launch.command(directory, "demo", "--consultations", "2000", "--password", password, ADMIN_PASSWORD=password)
    assert made.returncode == 0, made.stderr
    with launch.program(directory) as running:
        users = running.sign_in("admin", password).get("/v1/users?limit=200").json()["data"]
        leader = next(user["username"] for user in users if "director" in user["roles"])
        yield {"base": running.base, "leader": leader, "password": password}


def test_the_monitor_shows_what_is_overdue(demo):
    with open_browser("en") as browser:
        sign_in(browser, demo["base"], demo["leader"], demo["password"])
        wait(browser, lambda it: number(it, "overdue") > 0)
        wait(browser, lambda it: "KON-" in text(it, "overdue-cases"))
        assert len(browser.find_elements(By.CSS_SELECTOR, "#chart rect")) == 60
        assert text(browser, "on-time-rate").endswith("%")
        picture(browser, "monitor-demo")
        browser.set_window_size(400, 900)
        picture(browser, "monitor-demo-narrow")


def test_the_monitor_has_words_for_all_that_happens(office, document):
    schemas = document["components"]["schemas"]
    # Sessions and tokens are not shown.
    subjects = set(schemas["EventSubjectType"]["enum"]) - {"session", "token"}
    states = {state for name in schemas if name.endswith("Status") for state in schemas[name].get("enum", [])} - {"pending", "posted", "reversed"}
    # What leaves a state as it is, and what is about no case.
    events = {
        "create", "edit", "comment", "attach", "detach", "link", "unlink", "pause", "resume", "reassign", "progress", "complete", "schedule", "publish",
        "adjust", "object", "uphold", "reverse", "set", "replace", "remove", "ramadan", "import", "activate", "deactivate", "reset_password",
        "change_password", "step.due_soon", "step.overdue",
    }  # fmt: skip
    with open_browser("id") as browser:
        browser.get(office["base"] + "/monitor")
        texts = browser.execute_script("return texts")
        for language in ("id", "en"):
            words = texts[language]
            assert subjects - set(words["kinds"]) - set(words["others"]) == set()
            assert events - set(words["events"]) == set()
        assert states - set(texts["id"]["states"]) == set()


@pytest.mark.parametrize("width", [400, 320])
def test_the_monitor_is_no_wider_than_a_telephone(demo, width):
    with open_browser("id", width=width) as browser:
        sign_in(browser, demo["base"], demo["leader"], demo["password"])
        wait(browser, lambda it: number(it, "overdue") > 0 and "KON-" in text(it, "overdue-cases"))
        wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert browser.execute_script(wider) <= 0


def test_the_scale_of_the_chart_is_true(demo):
    with open_browser("en") as browser:
        sign_in(browser, demo["base"], demo["leader"], demo["password"])
        wait(browser, lambda it: len(it.find_elements(By.CSS_SELECTOR, "#chart rect")) == 60)
        # A bar ends at the height that the numbers beside it say: 15 is the place of the highest, 175 the floor.
        drawn = browser.execute_script(
            "const bars = [...document.querySelectorAll('#chart rect')].map((each) => Number(each.getAttribute('height')));"
            "const marks = [...document.querySelectorAll('#chart text[text-anchor=end]')].map((each) => [Number(each.getAttribute('y')) - 4, Number(each.textContent)]);"
            "return {bars, marks, counts: picture.throughput.flatMap((each) => [each.opened, each.closed])};"
        )
        (floor, zero), *marks = sorted(drawn["marks"], reverse=True)
        assert (floor, zero) == (175, 0) and len(marks) == 2
        for bar, count in zip(drawn["bars"], drawn["counts"]):
            for place, value in marks:
                assert bar / (floor - place) == pytest.approx(count / value)


def test_the_monitor_is_for_leaders(office, service, admin):
    with open_browser("en") as browser:
        officer = office["people"]["consultation-officer"]
        me = officer.get("/v1/me").json()["user"]
        username = admin.get(f"/v1/users/{me['id']}").json()["username"]
        sign_in(browser, office["base"], username, officer.password)
        wait(browser, lambda it: "for leaders" in text(it, "refusal"))
        sign_in(browser, office["base"], username, "not the password at all")
        wait(browser, lambda it: text(it, "refusal") not in ("", "This page is for leaders. This account may not see it."))
        # The refused sign-in is what the console tells of, and all it tells of.
        assert [message for message in console(browser) if "/v1/sessions" not in message or "401" not in message] == []


def test_a_leader_who_is_deactivated_is_shown_out(office, service, admin):
    leader = service.make_user(admin, service.make_unit(admin, "directorate"), ["director"])
    me = leader.get("/v1/me").json()["user"]
    username = admin.get(f"/v1/users/{me['id']}").json()["username"]
    with open_browser("en") as browser:
        sign_in(browser, office["base"], username, leader.password)
        wait(browser, lambda it: text(it, "connection") == "Live")
        admin.post(f"/v1/users/{me['id']}/deactivate", {}, 200)
        wait(browser, lambda it: "session has ended" in text(it, "refusal"))
        assert [message for message in console(browser) if "401" not in message] == []


def test_every_control_has_a_name_and_every_picture_words(office):
    with open_browser("en") as browser:
        sign_in(browser, office["base"], office["leader"], office["password"])
        wait(browser, lambda it: text(it, "connection") == "Live")
        # What a screen reader is told, as the browser itself computes it.
        controls = "button, a, summary, svg, nav, section, [role=region]"
        wait(browser, lambda it: all(each.accessible_name for each in it.find_elements(By.CSS_SELECTOR, controls) if each.is_displayed()))
        roles = ["banner", "main", "image"]
        wait(browser, lambda it: [each.aria_role for each in it.find_elements(By.CSS_SELECTOR, "main, header, svg")] == roles)
        wait(browser, lambda it: all(each.get_attribute("scope") == "col" for each in it.find_elements(By.CSS_SELECTOR, "th")))


@pytest.mark.parametrize("path", ["/monitor", "/docs"])
def test_a_page_may_do_nothing_but_what_comes_from_here(service, path):
    answer = requests.get(service.base + path, timeout=10)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy and "http" not in policy
    assert "<script>" not in answer.text and " style=" not in answer.text and " on" not in answer.text.split("<body>")[0]


def swagger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swagger")
    done = launch.subprocess.run([program.ROOT / "deploy/install-swagger-ui", folder], cwd=program.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_document_is_a_page_with_and_without_swagger_ui(tmp_path, tmp_path_factory):
    folder = swagger(tmp_path_factory)
    for name, wanted in ((str(folder), True), (str(tmp_path / "nothing"), False)):
        with launch.program(tmp_path / "served", SWAGGER_UI=name) as running, open_browser("en") as browser:
            base = running.base
            browser.get(base + "/docs")
            if wanted:
                wait(browser, lambda it: len(it.find_elements(By.CSS_SELECTOR, ".opblock")) > 100)
                block = browser.find_element(By.CSS_SELECTOR, "#operations-Consultations-getConsultation .opblock-summary")
                browser.execute_script("arguments[0].scrollIntoView()", block)
                block.click()
                wait(browser, lambda it: it.find_elements(By.CSS_SELECTOR, ".opblock-body .responses-table"))
                picture(browser, "docs")
            else:
                assert browser.find_element(By.LINK_TEXT, "openapi.yaml")
                assert "/v1/consultations/{id}" in browser.find_element(By.TAG_NAME, "body").text
            assert requests.get(base + "/docs/swagger-ui.css", timeout=10).status_code == (200 if wanted else 404)
            assert requests.get(base + "/docs/..%2fsikimr.db", timeout=10).status_code in (400, 404)
    shutil.rmtree(folder)
