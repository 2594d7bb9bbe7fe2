"""Schemathesis against our own description: it tries what nobody thought of, and the answers are as described."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness import Server

SECONDS = 40


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("described"), cases=50)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("login", ["shinjuku-clinic", "shinjuku-hc"])
def test_the_api_does_as_described(described, tmp_path, login):
    with described.api(described.organisation(login)) as client:
        token = client.headers["Authorization"]
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [str(program), "run", f"{described.address}/api/v1/openapi.json", "--tls-verify", str(described.certificate),
         "-H", f"Authorization: {token}", "--checks", "all", "--phases", "examples,coverage,fuzzing",
         "--max-time", str(SECONDS), "--workers", "2", "--seed", "1", "--suppress-health-check", "all",
         "--generation-database", "none", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS * 5)
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-2000:]
