"""`hersys work` beside a server: it ends in order, and a job that always fails is shown and put back."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import contextmanager

import pytest

from harness import Server, binary


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A database that nothing serves."""
    return Server(tmp_path_factory.mktemp("work"), cases=0)


@pytest.fixture(autouse=True)
def emptied(desk):
    with database(desk) as rows:
        rows.execute("DELETE FROM jobs")


@contextmanager
def database(server):
    connection = sqlite3.connect(server.folder / "hersys.db", timeout=10, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def working(server, name="work"):
    """`hersys work` as a process of its own."""
    log = server.folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [binary(), "work"], cwd=server.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env=server.settings() | {"HERSYS_DATABASE": server.address_of_database()})
    process.log = log
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(seconds, ask):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def names(server, state):
    with database(server) as rows:
        return {name for (name,) in rows.execute("SELECT name FROM jobs WHERE state = ?", (state,))}


def put(server, name, attempts=0, kind="sweep"):
    """A job whose payload nobody can open."""
    with database(server) as rows:
        return rows.execute(
            "INSERT INTO jobs (kind, name, payload, due_at, attempts, failure) VALUES (?, ?, x'00', 0, ?, 'x')",
            (kind, name, attempts)).lastrowid


def test_the_period_s_jobs_are_done_once_by_any_number_of_workers(desk):
    with working(desk, "one"), working(desk, "two"):
        until(20, lambda: any(name.startswith("sweep-") for name in names(desk, 1)))
        time.sleep(2)
        with database(desk) as rows:
            found = rows.execute("SELECT kind, count(*), max(attempts) FROM jobs WHERE kind = 'sweep' GROUP BY kind")
            assert found.fetchall() == [("sweep", 1, 1)]


def test_it_ends_in_order(desk):
    with working(desk) as process:
        until(20, lambda: names(desk, 1))
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - began < 5
        assert "Fatal error" not in process.log.read_text()


def test_a_job_that_always_fails_is_shown_and_put_back(desk):
    assert json.loads(desk.run("work", "--failed", "--json")) == []
    assert "ありません" in desk.command("work", "--failed").stderr
    poisoned, fresh = put(desk, "poisoned", attempts=4), put(desk, "fresh")
    with working(desk):
        until(20, lambda: "poisoned" in names(desk, 3))
        # The one beside it waits for its next attempt, and the period's own job was done all the same.
        until(20, lambda: any(name.startswith("sweep-") for name in names(desk, 1)))
    with database(desk) as rows:
        assert rows.execute("SELECT state, attempts, failure FROM jobs WHERE id = ?", (fresh,)).fetchone() == (
            0, 1, "unreadable")
    shown = json.loads(desk.run("work", "--failed", "--json"))
    assert [(row["id"], row["kind"], row["attempts"], row["code"]) for row in shown] == [
        (poisoned, "sweep", 5, "unreadable")]
    line = desk.run("work", "--failed").split("\t")
    assert line[0] == str(poisoned) and line[1] == "sweep" and line[4].strip() == "unreadable"
    assert desk.command("work", "--retry", "999999").returncode == 1
    assert desk.command("work", "--retry", "x").returncode == 2
    desk.run("work", "--retry", poisoned)
    assert json.loads(desk.run("work", "--failed", "--json")) == []
    with database(desk) as rows:
        assert rows.execute("SELECT state, attempts FROM jobs WHERE id = ?", (poisoned,)).fetchone() == (0, 0)


def test_a_job_that_killed_five_workers_is_given_up(desk):
    lost = put(desk, "killer", attempts=5)
    with database(desk) as rows:
        rows.execute("UPDATE jobs SET failure = NULL WHERE id = ?", (lost,))
    with working(desk):
        until(20, lambda: "killer" in names(desk, 3))
    shown = json.loads(desk.run("work", "--failed", "--json"))
    assert [(row["id"], row["code"]) for row in shown] == [(lost, "lost")]


def test_a_killed_worker_s_job_is_run_by_the_next(desk):
    """As a worker left it that died two minutes ago."""
    with database(desk) as rows:
        rows.execute("DELETE FROM jobs")
    with working(desk):
        until(20, lambda: any(name.startswith("sweep-") for name in names(desk, 1)))
    with database(desk) as rows:
        rows.execute("UPDATE jobs SET state = 0, attempts = 1, failure = NULL, locked_until = ? WHERE kind = 'sweep'",
                     (int(time.time()) - 60,))
    with working(desk):
        until(20, lambda: any(name.startswith("sweep-") for name in names(desk, 1)))
    with database(desk) as rows:
        assert rows.execute("SELECT attempts FROM jobs WHERE kind = 'sweep'").fetchone() == (2,)


def test_a_server_works_by_itself_unless_told_otherwise(desk):
    desk.environment = {"HERSYS_WORK": "off"}
    desk.start()
    try:
        time.sleep(3)
        assert names(desk, 1) == set() and names(desk, 0) == set()
    finally:
        desk.stop()
        desk.environment = {}
    desk.start()
    try:
        until(20, lambda: any(name.startswith("sweep-") for name in names(desk, 1)))
    finally:
        status, seconds = desk.stop()
    assert status == 0 and seconds < 8


def test_work_that_is_neither_on_nor_off_is_wrong_use(desk):
    assert desk.command("serve", "--work", "sometimes", timeout=60).returncode == 2


@pytest.mark.skipif(os.environ.get("HERSYS_LONG") != "1", reason="takes minutes")
def test_a_killed_worker_s_lease_runs_out(desk):
    """The same with a real death: the process is stopped while it holds a job, then killed."""
    with working(desk) as process:
        until(20, lambda: names(desk, 1))
        process.kill()
        process.wait()
    with database(desk) as rows:
        rows.execute("UPDATE jobs SET state = 0, attempts = 1, failure = NULL, locked_until = ? WHERE kind = 'sweep'",
                     (int(time.time()) + 20,))
    with working(desk):
        time.sleep(10)
        assert not any(name.startswith("sweep-") for name in names(desk, 1))
        until(40, lambda: any(name.startswith("sweep-") for name in names(desk, 1)))
