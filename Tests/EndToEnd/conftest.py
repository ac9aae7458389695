import pytest
import yaml

import service as program


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """The program, running for all tests that do not need one of their own."""
    with program.running(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture(scope="session")
def admin(service):
    return service.admin()


@pytest.fixture(scope="session")
def people(service, admin):
    """One signed-in user of every role but super admin, by role."""
    return service.make_people(admin)


@pytest.fixture(scope="session")
def document():
    return yaml.safe_load(program.DOCUMENT.read_text(encoding="utf-8"))
