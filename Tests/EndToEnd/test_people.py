"""Every role signs in and sees what it may."""

import pytest

import service as program


@pytest.mark.parametrize("role", program.ROLES)
def test_a_user_of_every_role_signs_in(people, role):
    me = people[role].get("/v1/me").json()
    assert me["user"]["roles"] == [role]
    assert me["user"]["id"] == people[role].user["id"]
    assert "me:read" in me["permissions"]


def test_no_answer_about_a_user_holds_a_secret(admin, people):
    for client in people.values():
        text = admin.get(f"/v1/users/{client.user['id']}").text
        assert client.password not in text
        assert "argon2" not in text


def test_a_deactivated_user_is_out_at_once(service, admin):
    user = service.make_user(admin, service.make_unit(admin), ["work-unit"])
    user.get("/v1/me")
    admin.post(f"/v1/users/{user.user['id']}/deactivate", expect=200)
    user.get("/v1/me", 401)


def test_a_one_time_password_must_be_changed_before_anything_else(service, admin):
    user = service.make_user(admin, service.make_unit(admin), ["work-unit"])
    once = admin.post(f"/v1/users/{user.user['id']}/reset-password", expect=200).json()["password"]
    user.get("/v1/me", 401)
    again = service.sign_in(user.user["username"], once)
    assert again.get("/v1/consultations", 403).json()["code"] == "password_change_required"
    new = "perahu kecil di muara " + user.user["id"][-6:]
    again.call("PUT", "/v1/me/password", 204, json={"current_password": once, "new_password": new})
    service.sign_in(user.user["username"], new).get("/v1/consultations")
