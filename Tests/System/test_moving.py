"""A database as one file, into another engine and back: what is copied, what is refused, what is left behind."""

import os
import signal
import sqlite3
import subprocess
import time
import uuid
from urllib.parse import urlsplit, urlunsplit

import pytest

from harness import Server, binary, notification

# A database that changes while something is asked about it would answer twice.
TABLES = ("account_duties", "accounts", "cases", "chains", "counters", "facts", "history", "local_items",
          "municipalities", "organisations", "parties", "tokens")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Sixty cases that nobody serves."""
    return Server(tmp_path_factory.mktemp("office"), cases=60)


@pytest.fixture
def postgres():
    """The address of an empty database on the server for tests."""
    server = os.environ.get("HERSYS_TEST_POSTGRES")
    if not server:
        pytest.skip("HERSYS_TEST_POSTGRES names no server")
    name = f"moving_{uuid.uuid4().hex}"

    def ask(sql):
        subprocess.run(["psql", "-q", server, "-c", sql], check=True, capture_output=True)

    ask(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    ask(f"DROP DATABASE {name} WITH (FORCE)")


def content(path):
    """All rows of the tables, sorted."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return {table: sorted(map(repr, database.execute(f"SELECT * FROM {table}"))) for table in TABLES}


def keys(server):
    return server.folder / "hersys.keys"


def test_a_backup_comes_back_as_it_was(office, tmp_path):
    file = tmp_path / "one.hersys"
    told = office.command("backup", file)
    assert told.returncode == 0, told.stderr
    assert "鍵" in told.stderr, "the key file isn't in it, and that is said"
    assert "cases\t60" in told.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["one.hersys"]
    before = file.read_bytes()
    assert office.command("backup", file).returncode == 1
    assert file.read_bytes() == before, "a backup is never overwritten"

    restored = tmp_path / "restored.db"
    arguments = ["--database", f"sqlite:{restored}", "--keys", keys(office)]
    told = office.command("restore", *arguments, file)
    assert told.returncode == 0, told.stderr
    assert "cases\t60" in told.stdout
    assert file.read_bytes() == before
    assert content(restored) == content(office.folder / "hersys.db")
    assert office.command("audit", "verify", *arguments).returncode == 0
    # There is something in it now.
    done = office.command("restore", *arguments, file)
    assert done.returncode == 1 and "記録があります" in done.stderr


def test_a_backup_while_people_work_is_one_moment(tmp_path):
    server = Server(tmp_path, cases=30)
    server.start()
    try:
        with server.api(medical(server)) as client:
            filed = 0
            backup = subprocess.Popen(
                [binary(), "backup", str(tmp_path / "one.hersys")], cwd=tmp_path,
                env=server.settings() | {"HERSYS_DATABASE": server.address_of_database()},
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            while backup.poll() is None or filed < 5:
                answer = client.post("/api/v1/cases", json=notification(filed))
                assert answer.status_code in (200, 201), answer.text
                filed += 1
        assert backup.wait(60) == 0, backup.stderr.read().decode()
    finally:
        server.stop()
    arguments = ["--database", f"sqlite:{tmp_path / 'restored.db'}", "--keys", keys(server)]
    assert server.command("restore", *arguments, tmp_path / "one.hersys").returncode == 0
    assert server.command("audit", "verify", *arguments).returncode == 0
    rows = content(tmp_path / "restored.db")
    assert 30 <= len(rows["cases"]) == len(rows["facts"]) <= 30 + filed


def medical(server):
    """An institution that has accounts: it may notify."""
    with sqlite3.connect(server.folder / "hersys.db") as database:
        return database.execute("SELECT key FROM organisations WHERE kind = 'medical' LIMIT 1").fetchone()[0]


def test_there_and_back_through_postgresql(office, postgres, tmp_path):
    back = f"sqlite:{tmp_path / 'back.db'}"
    done = office.command("copy", "--from", office.address_of_database(), "--to", postgres)
    assert done.returncode == 1 and "hersys migrate" in done.stderr
    for database in (postgres, back):
        office.run("migrate", "--database", database)
    told = office.run("copy", "--from", office.address_of_database(), "--to", postgres)
    assert "cases\t60" in told
    office.run("copy", "--from", postgres, "--to", back, "--keys", keys(office))
    assert content(tmp_path / "back.db") == content(office.folder / "hersys.db")
    office.run("audit", "verify", "--database", postgres, "--keys", keys(office))
    done = office.command("copy", "--from", office.address_of_database(), "--to", postgres)
    assert done.returncode == 1 and "記録があります" in done.stderr
    file = tmp_path / "of-postgresql.hersys"
    office.run("backup", "--database", postgres, "--keys", keys(office), file)
    assert content(file) == content(office.folder / "hersys.db")


def test_a_killed_copy_is_served_by_nobody_and_made_again(tmp_path):
    server = Server(tmp_path, cases=1500)
    target = f"sqlite:{tmp_path / 'target.db'}"
    server.run("migrate", "--database", target)
    arguments = ["copy", "--from", server.address_of_database(), "--to", target]
    for _ in range(20):
        copy = subprocess.Popen([binary(), *arguments], cwd=tmp_path, env=server.settings(),
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # The first line tells that rows are on their way.
        copy.stderr.readline()
        time.sleep(0.05)
        copy.send_signal(signal.SIGKILL)
        if copy.wait() == -signal.SIGKILL:
            break
    else:
        pytest.fail("the copy was always quicker")
    for command in (["account", "list"], ["serve", "--listen", "127.0.0.1:0"], ["migrate"]):
        done = server.command(*command, "--database", target, "--keys", keys(server), timeout=60)
        assert done.returncode == 1 and "--again" in done.stderr, command
    done = server.command(*arguments)
    assert done.returncode == 1 and "--again" in done.stderr
    server.run(*arguments, "--again")
    assert content(tmp_path / "target.db") == content(server.folder / "hersys.db")
    server.run("account", "list", "--database", target, "--keys", keys(server))


@pytest.mark.parametrize("arguments, status", [
    (["backup"], 2),
    (["restore"], 2),
    (["copy", "--from", "sqlite:hersys.db"], 2),
    (["copy", "--from", "sqlite:hersys.db", "--to", "mysql:x"], 2),
    (["copy", "--from", "sqlite:nowhere.db", "--to", "sqlite:hersys.db"], 1),
    (["copy", "--from", "sqlite:hersys.db", "--to", "sqlite:nowhere.db"], 1),
    (["copy", "--from", "sqlite:hersys.db", "--to", "sqlite:hersys.db"], 1),
    (["backup", "no-folder/one.hersys"], 1),
    (["backup", "one.hersys", "--database", "sqlite:nowhere.db"], 1),
    (["restore", "nowhere.hersys"], 1),
    (["restore", "hersys.keys"], 1),
    (["archive", "--before", "2021-13-01", "old.hersys"], 2),
    (["archive", "--before", "2999-01-01", "old.hersys"], 1),
    (["archive", "--before", "2019-01-01", "old.hersys"], 0),
])
def test_exit_codes(office, arguments, status):
    before = sorted(entry.name for entry in office.folder.iterdir())
    done = office.command(*arguments, timeout=60)
    assert done.returncode == status, done.stdout + done.stderr
    if status:
        assert done.stderr.strip() and "Fatal error" not in done.stderr
    left = {name for name in (entry.name for entry in office.folder.iterdir()) if not name.endswith(("-wal", "-shm"))}
    assert left <= set(before), "a refusal leaves no file"


def test_old_readings_leave_for_a_file(tmp_path):
    server = Server(tmp_path, cases=20)
    with sqlite3.connect(tmp_path / "hersys.db") as database:
        database.executemany(
            "INSERT INTO readings (at, account, organisation, address, what, sections, cases)"
            " VALUES (?, 1, 1, '192.0.2.1', 'case', '', x'00')",
            [(1_585_000_000 + day * 86_400,) for day in range(60)])
    server.run("archive", "--before", "2020-05-01", tmp_path / "old.hersys")
    with sqlite3.connect(tmp_path / "old.hersys") as file, sqlite3.connect(tmp_path / "hersys.db") as database:
        old = [row[0] for row in file.execute("SELECT at FROM readings ORDER BY at")]
        new = [row[0] for row in database.execute("SELECT at FROM readings ORDER BY at")]
    limit = 1_588_258_800
    assert len(old) + len(new) == 60 and max(old) < limit <= min(new)
    assert (tmp_path / "old.hersys").stat().st_mode & 0o777 == 0o600
    done = server.command("restore", "--database", f"sqlite:{tmp_path / 'x.db'}", "--keys", keys(server),
                          tmp_path / "old.hersys")
    assert done.returncode == 1 and "閲覧記録" in done.stderr
