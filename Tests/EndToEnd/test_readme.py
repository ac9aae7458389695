"""The walk of the README, run as it stands."""

import os
import re
import subprocess

import launch
import service

README = service.ROOT / "README.md"


def walk():
    """The shell blocks between the markers, in their order, as one script."""
    between = re.findall(r"<!-- walk -->(.*?)<!-- /walk -->", README.read_text(encoding="utf-8"), re.DOTALL)
    blocks = [block for part in between for block in re.findall(r"^```sh\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)]
    assert blocks, "the README has no shell block between <!-- walk --> and <!-- /walk -->"
    return "".join(blocks)


def test_the_walk_of_the_readme_leads_each_kind_of_case_to_its_end(tmp_path):
    script = walk()
    place = tmp_path / "walk"
    place.mkdir()
    with launch.program(tmp_path / "service") as program:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SIKIMR_")}
        environment |= {"BASE": program.base, "SIKIMR_ADMIN_PASSWORD": program.admin_password, "no_proxy": "127.0.0.1"}
        ended = subprocess.run(
            ["bash", "-c", f"set -euo pipefail\n{script}"],
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stdout
        lines = ended.stdout.splitlines()
        assert any(line.startswith("TIK-") for line in lines), ended.stdout
        # The hash of the recap is that of its CSV, and its points are posted.
        hashes = [line.split()[0] for line in lines if re.match(r"^[0-9a-f]{64}\b", line)]
        assert len(hashes) == 2 and len(set(hashes)) == 1 and "settled" in lines, ended.stdout
        assert '"posted":1,"pending":0' in ended.stdout, ended.stdout
        assert (place / "recap.pdf").read_bytes().startswith(b"%PDF-")
        # What is no JSON, picture or table is the state in which a case ended.
        assert [line for line in lines if line in ("closed", "completed")] == ["closed", "completed", "closed", "closed"] + ["completed"] * 3, ended.stdout
        program.stop()
