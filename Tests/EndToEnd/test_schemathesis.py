"""Generated requests, good and bad, against every call of the document."""

import os
import pathlib
import subprocess
import sys

import pytest

import service as program

HERE = pathlib.Path(__file__).parent
LONGEST_RUN_SECONDS = 600


@pytest.fixture
def fresh_service(tmp_path):
    """A program of its own: what the run creates, locks or slows down reaches no other test."""
    directory = tmp_path / "service"
    directory.mkdir()
    with program.running(directory) as running:
        yield running


def test_an_administrator_meets_only_what_the_document_says(fresh_service, tmp_path):
    explore(fresh_service, fresh_service.admin(), tmp_path)


def test_a_work_unit_meets_only_what_the_document_says(fresh_service, tmp_path):
    admin = fresh_service.admin()
    explore(fresh_service, fresh_service.make_user(admin, fresh_service.make_unit(admin), ["work-unit"]), tmp_path)


def explore(service, caller, directory):
    """Runs schemathesis with all its checks as that caller."""
    # Something to find, so that lists and ids are not all empty.
    seed(caller)
    environment = os.environ | {
        "CALLER_TOKEN": caller.token,
        "CALLER_IDS": f"{caller.user['id']},{caller.token_id}",
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_PROXY": "127.0.0.1",
    }
    command = [
        sys.executable, "-m", "schemathesis.cli",
        "--config-file", str(HERE / "schemathesis.toml"),
        "run", str(program.DOCUMENT),
        "--url", service.base,
        "--checks", "all",
        "--continue-on-failure",
        "--no-color",
    ]  # fmt: skip
    result = subprocess.run(
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST_RUN_SECONDS,
    )
    assert result.returncode == 0, result.stdout[-30_000:]
    # The session outlived the run, or the run proved little.
    caller.get("/v1/me")


def seed(caller):
    bodies = {
        "consultations": {"subject": "Pengendalian intern", "detail": "Mohon petunjuk penyusunan laporan."},
        "workspace-items": {"title": "Pedoman risiko", "description": "Untuk semua balai."},
        "tickets": {"kind": "complaint", "problem": "Jaringan terputus."},
        "service-complaints": {"kind": "complaint", "subject": "Terlambat", "detail": "Sistem belum terpasang."},
        "topologies": {"name": "Kantor", "nodes": [], "links": []},
    }
    permissions = caller.get("/v1/me").json()["permissions"]
    for collection, body in bodies.items():
        if f"{collection}:write" in permissions:
            # Some roles may work on cases of a kind and yet not open one.
            assert caller.post(f"/v1/{collection}", body).status_code in (201, 403)
