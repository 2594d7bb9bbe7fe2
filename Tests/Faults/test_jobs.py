"""A job that can't be done doesn't stop those that can."""

import json
import os
import time

from checker import check, rows
from load import Load, worker


def put(server, kind, name, payload):
    """Puts a job in as somebody might who has only the database."""
    data = f"'\\x{payload.hex()}'" if server.address_of_database().startswith("postgres") else f"x'{payload.hex()}'"
    rows(server, f"INSERT INTO jobs (kind, name, payload, due_at) VALUES ('{kind}', '{name}', {data}, 0) RETURNING id")


def job(server, name):
    """State, attempts and the last failure of a job."""
    state, attempts, failure = rows(
        server, f"SELECT state, attempts, failure FROM jobs WHERE name = '{name}'").split("|")
    return int(state), int(attempts), failure


def until(what, shown, seconds=90):
    """Waits longer than the lease of a job whose worker couldn't note what became of it."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"it didn't come to that in {seconds} s: {shown()}"
        time.sleep(0.1)


def table(server):
    """All jobs, for who looks into a failure."""
    return rows(server, "SELECT name, state, attempts, due_at, locked_until, failure FROM jobs")


def test_a_poisoned_job_is_given_up_and_the_others_are_done(house, serve, round):
    """Bytes that don't open: whoever claims the job fails at once, five times; then somebody has to look at it."""
    server = serve(house)
    poisoned = f"poisoned-{round}"
    put(server, "sweep", poisoned, os.urandom(64))
    with worker(server) as process, Load(server) as load:
        load.gather(20)
        for attempt in range(1, 6):
            tried = [(state, attempt, "unreadable") for state in (0, 3)]
            until(lambda: job(server, poisoned) in tried, lambda: table(server))
            # Each try waits longer than the one before: nobody waits so long here.
            rows(server, f"UPDATE jobs SET due_at = 0 WHERE name = '{poisoned}' AND state = 0 RETURNING id")
        assert job(server, poisoned) == (3, 5, "unreadable")
        # What was due meanwhile is done.
        until(lambda: rows(server, "SELECT count(*) FROM jobs WHERE state = 1 AND kind = 'sweep'") != "0",
              lambda: table(server))
        load.gather(20)
        assert process.poll() is None and server.process.poll() is None
    listed = json.loads(server.run("work", "--failed", "--json"))
    number = next(line["id"] for line in listed if line["code"] == "unreadable" and line["attempts"] == 5)
    # Put back, it is tried anew.
    server.run("work", "--retry", number)
    assert job(server, poisoned)[:2] in ((0, 0), (0, 1))
    rows(server, f"DELETE FROM jobs WHERE name = '{poisoned}' RETURNING id")
    check(load, server)


def test_a_job_that_ends_its_worker_is_given_up(house, serve, round):
    """Claimed five times and never answered for: the sixth worker doesn't touch it."""
    server = serve(house)
    deadly = f"deadly-{round}"
    put(server, "sweep", deadly, os.urandom(64))
    rows(server, f"UPDATE jobs SET attempts = 5, locked_until = 1, failure = NULL WHERE name = '{deadly}' RETURNING id")
    with worker(server):
        until(lambda: job(server, deadly)[0] == 3, lambda: table(server))
    assert job(server, deadly)[2] == "lost"
    rows(server, f"DELETE FROM jobs WHERE name = '{deadly}' RETURNING id")
