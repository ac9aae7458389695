"""Bad requests over bare sockets: each gets the exact problem of the contract, and none leaves a trace."""

import datetime
import json
import random
import socket
import zlib

import pytest

import launch
from launch import assert_problem, head, raw

MIB = 1 << 20
GOOD = {"subject": "Pengendalian intern", "detail": "Mohon petunjuk penyusunan laporan."}
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
NOBODY = "0" * 26


class Place:
    """A running program, the callers that try their luck, and what is stored before they do."""

    def __init__(self, program):
        self.program = program
        self.admin = program.admin()
        unit = program.make_unit(self.admin)
        self.user = program.make_user(self.admin, unit, ["work-unit"])
        for _ in range(3):
            self.case = self.user.post("/v1/consultations", GOOD, 201).json()
        self.foreign_cursor = self.admin.get("/v1/users?limit=1").json()["page"]["next_cursor"]
        self.own_cursor = self.user.get("/v1/consultations?limit=1").json()["page"]["next_cursor"]

        revoked = program.sign_in(self.user.user["username"], self.user.password)
        revoked.call("DELETE", "/v1/sessions/current", 204)
        deactivated = program.make_user(self.admin, unit, ["work-unit"])
        self.admin.post(f"/v1/users/{deactivated.user['id']}/deactivate", expect=200)
        soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2)
        body = {"name": "Sebentar", "scopes": ["read"], "expires_at": soon.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
        short = program.caller(self.user.post("/v1/tokens", body, 201).json()["token"])
        launch.wait_for(lambda: short.call("GET", "/v1/me").status_code == 401, "the short token to expire")
        self.tokens = {"revoked": revoked.token, "deactivated": deactivated.token, "expired": short.token}
        # What a first use leaves behind, the minute of it, is stored before anything is counted.
        self.before = program.counts()
        self.pid = program.process.pid

    def send(self, method, target, body=b"", *fields, token=None, kind="application/json"):
        fields = [f"Authorization: Bearer {token or self.user.token}", *fields]
        if kind and (body or method in ("POST", "PUT", "PATCH")):
            fields.append(f"Content-Type: {kind}")
        if body:
            fields.append(f"Content-Length: {len(body)}")
        return raw(self.program, head(method, target, *fields) + body)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with launch.program(tmp_path_factory.mktemp("bad") / "service") as program:
        place = Place(program)
        yield place
        # After all of them: the same process, and nothing stored.
        assert (program.process.pid, program.process.poll()) == (place.pid, None)
        assert program.counts() == place.before
        assert place.user.post("/v1/consultations", GOOD, 201).json()["number"].endswith("-000004")
        assert not program.events("fault") and not program.events("storage_failed")


def text(**members):
    return json.dumps(GOOD | members).encode()


def nested(levels):
    return b'{"subject":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


# The body

MALFORMED = {
    "truncated": b'{"subject": "Pengendalian", "detail"',
    "truncated string": b'{"subject": "Pengend',
    "no JSON": b"subject=Pengendalian",
    "more after the end": text() + b"}",
    "two values": b"{} {}",
    "only space": b"  \n ",
    "comment": b'{/* */"subject": 1}',
    "single quotes": b"{'subject': 1}",
    "comma at the end": b'{"subject": "abc",}',
    "member twice": b'{"subject": "abc", "subject": "abd", "detail": "x"}',
    "33 levels": nested(33),
    "10000 levels": nested(10_000),
    "invalid UTF-8": b'{"subject": "abc\xff\xfe", "detail": "x"}',
    "overlong UTF-8": b'{"subject": "abc\xc0\xaf", "detail": "x"}',
    "encoded surrogate": b'{"subject": "abc\xed\xa0\x80", "detail": "x"}',
    "UTF-16": text().decode().encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + text(),
    "raw NUL": b'{"subject": "abc\x00def", "detail": "x"}',
    "escaped NUL": b'{"subject": "abc\\u0000def", "detail": "x"}',
    "NUL between": b'{"subject": "abc",\x00 "detail": "x"}',
    "raw line end in a string": b'{"subject": "abc\ndef", "detail": "x"}',
    "lone high surrogate": b'{"subject": "abc\\ud800", "detail": "x"}',
    "lone low surrogate": b'{"subject": "abc\\udc00", "detail": "x"}',
    "two high surrogates": b'{"subject": "abc\\ud800\\ud800", "detail": "x"}',
    "huge integer": b'{"subject": 9007199254740992, "detail": "x"}',
    "hugest integer": b'{"subject": ' + b"9" * 60 + b', "detail": "x"}',
    "long number": b'{"subject": 0.' + b"1" * 5000 + b', "detail": "x"}',
    "huge exponent": b'{"subject": 1e999, "detail": "x"}',
    "NaN": b'{"subject": NaN, "detail": "x"}',
    "infinity": b'{"subject": -Infinity, "detail": "x"}',
    "leading zero": b'{"subject": 012, "detail": "x"}',
    "bad escape": b'{"subject": "\\x41", "detail": "x"}',
    "300 members": json.dumps({f"m{number}": 1 for number in range(300)}).encode(),
    "20000 elements": json.dumps({"subject": [1] * 20_000}).encode(),
    "100 kB string": json.dumps({"subject": "a" * 100_000}).encode(),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_json_within_the_limits_is_malformed(place, body):
    assert_problem(place.send("POST", "/v1/consultations", body), 400, "malformed_json")


INVALID = {
    "no body": (b"", ["/detail", "/subject"]),
    "empty object": (b"{}", ["/detail", "/subject"]),
    "array": (b"[]", [""]),
    "string": (b'"subject"', [""]),
    "null": (b"null", [""]),
    "32 levels": (nested(32), ["/detail", "/subject"]),
    "number for text": (text(subject=7), ["/subject"]),
    "object for text": (text(subject={"$ne": None}), ["/subject"]),
    "array for text": (text(detail=["x"]), ["/detail"]),
    "flag for text": (text(detail=True), ["/detail"]),
    "null for required": (text(subject=None), ["/subject"]),
    "number for enumeration": (text(topic=1), ["/topic"]),
    "unknown value": (text(topic="Compliance"), ["/topic"]),
    "unknown member": (text(status="closed"), ["/status"]),
    "member of an object's prototype": (text(__proto__={"admin": True}), ["/__proto__"]),
    "own id": (text(id="con_" + NOBODY, number="KON-2026-999999"), ["/id", "/number"]),
    "slash and tilde": (text(**{"a/b~c": 1}), ["/a~1b~0c"]),
    "empty": (text(subject=""), ["/subject"]),
    "too short": (text(subject="ab"), ["/subject"]),
    "only spaces": (text(subject="     "), ["/subject"]),
    "too long": (text(subject="a" * 201), ["/subject"]),
    "too long in code points": (text(subject="\u0301" + "a" * 200), ["/subject"]),
    "detail too long": (text(detail="a" * 20_001), ["/detail"]),
    "line end in a line": (text(subject="abc\ndef"), ["/subject"]),
    "carriage return and line end": (text(subject="abc\r\ndef"), ["/subject"]),
    "escape character": (text(subject="abc\x1b[2Jdef"), ["/subject"]),
    "delete": (text(subject="abc\x7fdef"), ["/subject"]),
    "C1 control": (text(subject="abc\x85def"), ["/subject"]),
    "bad id": (text(unit_id="1 or 1=1"), ["/unit_id"]),
    "id of another kind": (text(unit_id="usr_" + NOBODY), ["/unit_id"]),
    "all at once": (b'{"subject": 1, "topic": 2, "more": 3}', ["/detail", "/more", "/subject", "/topic"]),
}


@pytest.mark.parametrize("body, pointers", INVALID.values(), ids=INVALID)
def test_every_bad_member_is_named(place, body, pointers):
    problem = assert_problem(place.send("POST", "/v1/consultations", body), 422, "invalid")
    assert sorted(error["pointer"] for error in problem["errors"]) == pointers


@pytest.mark.parametrize("name", ["Rina\nKusuma", "Rina\x00", "\x1b[31mRina", "Rina\x7f", "\u200e\x9f", ""])
def test_a_name_holds_no_controls(place, name):
    code = "malformed_json" if "\x00" in name else "invalid"
    body = {"username": "rina", "name": name, "unit_id": place.admin.user["unit_id"], "roles": ["work-unit"]}
    answer = place.send("POST", "/v1/users", json.dumps(body).encode(), token=place.admin.token)
    problem = assert_problem(answer, 400 if "\x00" in name else 422, code)
    if code == "invalid":
        assert [error["pointer"] for error in problem["errors"]] == ["/name"]


@pytest.mark.parametrize(
    "member, value",
    [("username", "Rina"), ("username", "ri"), ("username", "rina kusuma"), ("username", "a" * 65), ("nip", "123"), ("nip", "9" * 18),
     ("roles", []), ("roles", ["root"]), ("roles", "work-unit"), ("email", "nowhere"), ("password", "pendek"), ("active", "yes")],
)  # fmt: skip
def test_a_bad_user_is_not_made(place, member, value):
    body = {"username": "rina.kusuma", "name": "Rina", "unit_id": place.admin.user["unit_id"], "roles": ["work-unit"]} | {member: value}
    answer = place.send("POST", "/v1/users", json.dumps(body).encode(), token=place.admin.token)
    problem = assert_problem(answer, 422, "invalid")
    assert {error["pointer"].split("/")[1] for error in problem["errors"]} == {member}


def chunked(*pieces):
    return b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


def test_a_body_over_1_mib_is_too_large(place):
    authorization = f"Authorization: Bearer {place.user.token}"
    body = b'{"subject": "' + b"a" * MIB + b'"}'
    assert_problem(place.send("POST", "/v1/consultations", body), 413, "too_large")
    # Announced only: it is refused before a byte of it came.
    announced = head("POST", "/v1/consultations", authorization, "Content-Type: application/json", f"Content-Length: {10**15}")
    assert_problem(raw(place.program, announced), 413, "too_large")
    pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)]
    fields = head("POST", "/v1/consultations", authorization, "Content-Type: application/json", "Transfer-Encoding: chunked")
    assert_problem(raw(place.program, fields + chunked(*pieces)), 413, "too_large")


def test_a_chunked_body_is_read_like_any_other(place):
    authorization = f"Authorization: Bearer {place.user.token}"
    fields = head("POST", "/v1/consultations", authorization, "Content-Type: application/json", "Transfer-Encoding: chunked")
    assert_problem(raw(place.program, fields + chunked(b'{"subject": ', b'"abc')), 400, "malformed_json")


def test_a_body_cut_off_by_the_client_does_nothing(place):
    with place.program.connect() as connection:
        fields = head("POST", "/v1/consultations", f"Authorization: Bearer {place.user.token}", "Content-Type: application/json",
                      f"Content-Length: {len(text())}")  # fmt: skip
        connection.sendall(fields + text()[:-1])


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json",
                                  "application/json5", "application/xml", "application", None])  # fmt: skip
def test_another_content_type_is_not_supported(place, kind):
    assert_problem(place.send("POST", "/v1/consultations", text(), kind=kind), 415, "unsupported_media_type")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "application/json;q=0"])
def test_an_answer_in_another_form_is_not_acceptable(place, accept):
    assert_problem(place.send("GET", "/v1/me", b"", f"Accept: {accept}"), 406, "not_acceptable")


# The target


@pytest.mark.parametrize(
    "id", ["con_" + NOBODY, "usr_" + NOBODY, "KON-2026-999999", "KON-2026-1", "1", "null", "con_%27%20or%201=1", "%F0%9F%92%A9", "~root",
           "con_" + "0" * 200]
)  # fmt: skip
def test_a_bad_id_names_nothing(place, id):
    assert_problem(place.send("GET", f"/v1/consultations/{id}"), 404, "not_found")
    assert_problem(place.send("POST", f"/v1/consultations/{id}/submit", b"{}"), 404, "not_found")


QUERIES = {
    "cursor of another list": ("cursor={foreign}", "cursor"),
    "cursor of other filters": ("status=draft&cursor={own}", "cursor"),
    "garbage cursor": ("cursor=zzz", "cursor"),
    "empty cursor": ("cursor=", "cursor"),
    "cursor with a bit turned": ("cursor={turned}", "cursor"),
    "limit 0": ("limit=0", "limit"),
    "limit 201": ("limit=201", "limit"),
    "negative limit": ("limit=-1", "limit"),
    "limit with a sign": ("limit=%2B5", "limit"),
    "limit beyond 64 bits": ("limit=99999999999999999999", "limit"),
    "limit in other digits": ("limit=%D9%A5", "limit"),
    "unknown sort": ("sort=subject", "sort"),
    "injection as sort": ("sort=created_at;drop%20table%20event", "sort"),
    "unknown status": ("status=open", "status"),
    "empty status": ("status=", "status"),
    "status with a gap": ("status=draft,,closed", "status"),
    "bad date": ("created_at.gte=2026-13-01T00:00:00Z", "created_at.gte"),
    "30 February": ("created_at.lt=2026-02-30T00:00:00Z", "created_at.lt"),
    "date without a time": ("created_at.gte=2026-11-21", "created_at.gte"),
    "date without a zone": ("created_at.gte=2026-11-21T08:00:00", "created_at.gte"),
    "hour 25": ("created_at.gte=2026-11-21T25:00:00Z", "created_at.gte"),
    "year 99999": ("created_at.gte=99999-11-21T08:00:00Z", "created_at.gte"),
    "bad unit": ("unit_id=x", "unit_id"),
    "flag": ("include_total=1", "include_total"),
    "format": ("format=xls", "format"),
    "too long words": ("q=" + "a" * 201, "q"),
    "control in words": ("q=a%01", "q"),
    "unknown": ("page=2", "page"),
    "twice": ("limit=1&limit=2", "limit"),
    "method override": ("_method=DELETE", "_method"),
}


@pytest.mark.parametrize("query, parameter", QUERIES.values(), ids=QUERIES)
def test_a_bad_parameter_is_named(place, query, parameter):
    own = place.own_cursor
    query = query.format(foreign=place.foreign_cursor, own=own, turned=own[:-1] + ("0" if own[-1] != "0" else "1"))
    problem = assert_problem(place.send("GET", f"/v1/consultations?{query}"), 400, "invalid_parameter")
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


@pytest.mark.parametrize("words", ["*", '"', "a AND", "NEAR(", "-x", "subject:", "^", "(((", "a*b'c;--", "%", "\\"])
def test_no_search_word_is_an_operator(place, words):
    answer = place.user.get("/v1/consultations", params={"q": words})
    assert answer.json()["page"]["has_more"] is False


TARGETS = {
    "encoded slash": "/v1/consultations%2Fcon_1",
    "encoded slash in an id": "/v1/consultations/a%2fb",
    "encoded backslash": "/v1/consultations/a%5Cb",
    "encoded NUL": "/v1/consultations/a%00b",
    "encoded line end": "/v1/consultations/a%0d%0ab",
    "dots": "/v1/../v1/me",
    "encoded dots": "/v1/%2e%2e/v1/me",
    "one dot": "/v1/./me",
    "bad escape": "/v1/consultations/%zz",
    "cut escape": "/v1/consultations/%4",
    "invalid UTF-8": "/v1/consultations/%ff",
    "NUL in the query": "/v1/consultations?q=a%00",
    "bad escape in the query": "/v1/consultations?q=%g1",
    "4000 parameters": "/v1/consultations?" + "&".join("a" for _ in range(4000)),
    "65 parameters": "/v1/consultations?" + "&".join(f"a{number}=1" for number in range(65)),
    "no slash": "v1/me",
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_a_bad_target_is_malformed(place, target):
    assert_problem(place.send("GET", target), 400, "malformed_request")


@pytest.mark.parametrize("target", ["//v1/me", "/v1//me", "/v1/me/", "/v1/consultations//submit", "/V1/me", "/v1/nowhere", "/", "/.env"])
def test_no_other_spelling_leads_anywhere(place, target):
    assert_problem(place.send("GET", target), 404, "no_such_route")


def test_a_long_target_is_refused(place):
    assert_problem(place.send("GET", "/v1/consultations?q=" + "a" * 8192), 414, "target_too_long")
    many = "&".join("a" for _ in range(10_000))
    assert_problem(place.send("GET", f"/v1/consultations?{many}"), 414, "target_too_long")
    # What does not fit into the memory of a connection libmicrohttpd refuses by itself, in HTML.
    status, _, _ = place.send("GET", f"/v1/consultations?{many * 4}")
    assert status == 414


# The head


def test_more_than_64_fields_are_too_many(place):
    assert_problem(place.send("GET", "/v1/me", b"", *(f"X-{number}: 1" for number in range(65))), 431, "headers_too_large")


def test_more_than_16_kib_of_fields_are_too_much(place):
    assert_problem(place.send("GET", "/v1/me", b"", "X-Long: " + "a" * 16_384), 431, "headers_too_large")


@pytest.mark.parametrize("method", ["BREW", "get", "PROPFIND", "TRACE"])
def test_an_unknown_method_is_not_implemented(place, method):
    assert_problem(place.send(method, "/v1/me"), 501, "method_not_implemented")


@pytest.mark.parametrize("method, target", [("DELETE", "/v1/consultations"), ("PUT", "/v1/me"), ("POST", "/livez"), ("PATCH", "/v1/units")])
def test_a_method_that_is_not_there_is_not_allowed(place, method, target):
    answer = place.send(method, target)
    assert_problem(answer, 405, "method_not_allowed")
    allowed = answer[1]["Allow"].split(", ")
    assert method not in allowed and ("GET" in allowed) == ("HEAD" in allowed)


@pytest.mark.parametrize("field", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_field_overrides_the_method(place, field):
    target = f"/v1/consultations/{place.case['id']}"
    status, headers, body = place.send("GET", target, b"", f"{field}: PATCH")
    assert (status, json.loads(body)["version"]) == (200, 1)
    assert_problem(place.send("POST", target, b"{}", f"{field}: PATCH"), 405, "method_not_allowed")


HEADS = {
    "two hosts": b"GET /v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "length and chunks": head("POST", "/v1/sessions", "Content-Length: 2", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
    "two lengths": head("POST", "/v1/sessions", "Content-Length: 2", "Content-Length: 3") + b"{}",
    "body on GET": head("GET", "/livez", "Content-Length: 2") + b"{}",
}


@pytest.mark.parametrize("request_bytes", HEADS.values(), ids=HEADS)
def test_a_head_that_could_be_read_in_two_ways_is_refused(place, request_bytes):
    assert_problem(raw(place.program, request_bytes), 400, "malformed_request")


@pytest.mark.parametrize(
    "request_bytes",
    [b"GET /v1/me HTTP/1.1\r\nConnection: close\r\n\r\n", head("POST", "/v1/sessions", "Content-Length: +2") + b"{}"],
    ids=["no Host", "signed length"],
)
def test_what_libmicrohttpd_refuses_by_itself_is_refused_without_a_problem_body(place, request_bytes):
    status, headers, _ = raw(place.program, request_bytes)
    assert (status, headers["Connection"]) == (400, "close")


# Tokens


def signed(prefix, secret):
    """A token with right check digits that nobody was given."""
    text = prefix + secret
    check = zlib.crc32(text.encode())
    digits = ""
    for _ in range(6):
        check, digit = divmod(check, 62)
        digits = BASE62[digit] + digits
    return text + digits


GARBAGE = {
    "unknown": signed("kimr_s_", "A" * 43),
    "unknown of a program": signed("kimr_m_", "0" * 43),
    "wrong check digits": "kimr_s_" + "A" * 49,
    "another kind": signed("kimr_x_", "A" * 43),
    "too long": "kimr_s_" + "A" * 5000,
    "a JSON web token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    "injection": "' or 1=1 --",
    "letters": "kimr_s_\u00e9",
}


@pytest.mark.parametrize("token", GARBAGE.values(), ids=GARBAGE)
def test_a_token_that_is_none_is_refused(place, token):
    answer = raw(place.program, head("GET", "/v1/me", f"Authorization: Bearer {token}"))
    assert_problem(answer, 401, "unauthenticated")
    assert 'error="invalid_token"' in answer[1]["WWW-Authenticate"]


@pytest.mark.parametrize("field", ["X-Nothing: 1", "Authorization: Basic YWRtaW46YWRtaW4=", "Authorization: Bearer", "Authorization:",
                                   "Cookie: token=1", "X-Api-Key: 1"])  # fmt: skip
def test_without_a_token_the_caller_is_asked_for_one(place, field):
    answer = raw(place.program, head("POST", "/v1/consultations", field, "Content-Type: application/json", "Content-Length: 2") + b"{}")
    assert_problem(answer, 401, "unauthenticated")
    assert answer[1]["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("which, code", [("revoked", "unauthenticated"), ("deactivated", "unauthenticated"), ("expired", "token_expired")])
def test_a_token_that_was_good_is_refused(place, which, code):
    for method, target, body in (("GET", "/v1/me", b""), ("POST", "/v1/consultations", text())):
        answer = place.send(method, target, body, token=place.tokens[which])
        assert_problem(answer, 401, code)
        assert 'error="invalid_token"' in answer[1]["WWW-Authenticate"]


@pytest.mark.parametrize("name", ["access_token", "token", "q"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_token_in_the_query_is_refused(place, name, signed_in):
    fields = [f"Authorization: Bearer {place.user.token}"] if signed_in else []
    answer = raw(place.program, head("GET", f"/v1/consultations?{name}={place.user.token}", *fields))
    problem = assert_problem(answer, 400, "invalid_parameter")
    assert [error["parameter"] for error in problem["errors"]] == [name]
    assert place.user.token not in answer[2].decode()


def test_a_deactivated_user_cannot_sign_in_nor_can_a_bad_body(place):
    for body in ({}, {"username": "admin"}, {"username": 1, "password": []}, {"username": "a" * 65, "password": "x"}):
        assert_problem(place.send("POST", "/v1/sessions", json.dumps(body).encode()), 422, "invalid")


# All at once


def test_random_bytes_end_in_an_answer_or_a_closed_connection(place):
    """Noise of a fixed seed in the place of a request; the program answers others all the while."""
    noise = random.Random(7)
    good = head("POST", "/v1/consultations", f"Authorization: Bearer {place.user.token}", "Content-Type: application/json",
                f"Content-Length: {len(text())}") + b"{" * len(text())  # fmt: skip
    for turn in range(200):
        request = bytearray(good)
        for _ in range(noise.randrange(1, 12)):
            request[noise.randrange(len(request))] = noise.randrange(256)
        with place.program.connect() as connection:
            connection.sendall(request if turn % 4 else noise.randbytes(300) + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            # The beginning of an answer, or the end.
            connection.recv(65_536)
    place.user.get("/livez")
