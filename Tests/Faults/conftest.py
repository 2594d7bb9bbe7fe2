"""Things that break, under load."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "System"))

import pytest  # noqa: E402

from database import Postgres  # noqa: E402
from harness import Server  # noqa: E402

ROUNDS = 20 if os.environ.get("HERSYS_LONG") == "1" else 1


def pytest_generate_tests(metafunc):
    marked = [name for mark in metafunc.definition.iter_markers("parametrize") for name in mark.args[0].split(",")]
    if "round" in metafunc.fixturenames and "round" not in marked:
        metafunc.parametrize("round", range(ROUNDS))


@pytest.fixture(scope="module")
def postgres():
    """A database server that tests may kill."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(request, tmp_path_factory):
    """A database with organisations and no case, on either engine; nothing serves it yet."""
    database = request.getfixturevalue("postgres").address if request.param == "postgres" else None
    return Server(tmp_path_factory.mktemp("house"), cases=0, database=database)


@pytest.fixture(scope="module")
def postgres_house(postgres, tmp_path_factory):
    """The same where only PostgreSQL can have the fault."""
    return Server(tmp_path_factory.mktemp("house"), cases=0, database=postgres.address)


@pytest.fixture
def serve(tmp_path):
    """Starts a server on a database that exists; all are ended with the test, and none may have failed inside."""
    started = []

    def start(house, **options):
        folder = tmp_path / f"server-{len(started)}"
        folder.mkdir()
        server = house.beside(folder, **options)
        started.append(server)
        server.start()
        return server

    yield start
    try:
        for server in started:
            server.stop()
    finally:
        for server in started:
            if server.process is not None and server.process.poll() is None:
                server.kill()
    for server in started:
        log = server.log()
        assert "Fatal error" not in log and "Crash" not in log, log[-3000:]
        assert "試験" not in log and "下書" not in log, "a name stands in the log"
