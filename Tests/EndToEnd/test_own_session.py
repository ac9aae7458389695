"""The calls that end the caller's own session, which generated requests must leave alone."""

import pytest

from service import Client


@pytest.fixture
def user(service, admin):
    return service.make_user(admin, service.make_unit(admin), ["work-unit"])


def test_signing_out_ends_the_session(user):
    user.call("DELETE", "/v1/sessions/current", 204)
    response = user.get("/v1/me", 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.headers["Content-Type"].split(";")[0] == "application/problem+json"


def test_a_dry_run_of_signing_out_keeps_the_session(user):
    response = user.call("DELETE", "/v1/sessions/current?dry_run=true", 204)
    assert response.headers["Dry-Run"] == "true"
    user.get("/v1/me")


def test_a_password_is_changed_and_the_other_tokens_end(service, user):
    other = service.sign_in(user.user["username"], user.password)
    new = "sawah hijau sesudah hujan " + user.user["id"][-6:]
    user.call("PUT", "/v1/me/password", 204, json={"current_password": user.password, "new_password": new})
    other.get("/v1/me", 401)
    refused = {"username": user.user["username"], "password": user.password}
    assert service.anonymous().post("/v1/sessions", refused, 401).json()["code"] == "invalid_credentials"
    service.sign_in(user.user["username"], new)


def test_a_wrong_current_password_changes_nothing(service, user):
    body = {"current_password": "bukan kata sandi saya", "new_password": "sawah hijau sesudah hujan"}
    response = user.call("PUT", "/v1/me/password", 422, json=body)
    assert [error["pointer"] for error in response.json()["errors"]] == ["/current_password"]
    service.sign_in(user.user["username"], user.password)


@pytest.mark.parametrize("password", ["terlalu pendek", "a" * 129])
def test_a_new_password_has_15_to_128_characters(user, password):
    body = {"current_password": user.password, "new_password": password}
    response = user.call("PUT", "/v1/me/password", 422, json=body)
    assert [error["pointer"] for error in response.json()["errors"]] == ["/new_password"]


@pytest.mark.parametrize("path, method", [("/v1/sessions/current", "DELETE"), ("/v1/me/password", "PUT")])
def test_without_a_token_the_caller_is_not_let_in(service, path, method):
    response = service.anonymous().call(method, path, 401)
    assert response.json()["code"] == "unauthenticated"


@pytest.mark.parametrize("token", ["kimr_s_" + "0" * 49, "kimr_s_", "x"])
def test_with_a_bad_token_the_caller_is_not_let_in(service, token):
    Client(service.base, token).get("/v1/me", 401)
