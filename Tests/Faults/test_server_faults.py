"""What happens to the server itself: killed, no more descriptors, the clock set back."""

import itertools
import os
import socket
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from checker import check
from disk import compiled
from harness import binary, notification, today
from load import CLINIC, Load


# Of notifications outside a load.
numbers = itertools.count(20_000_000, 2)


def test_the_server_is_killed(house, serve, round):
    server = serve(house)
    with Load(server) as load:
        load.gather(30)
        killed = time.monotonic()
        server.kill()
        time.sleep(0.5)
        ready = server.start()
        started = time.monotonic()
        healed = load.healed(started)
    print(f"\n再開まで{ready:.2f}秒、全員の最初の成功まで{healed:.2f}秒")
    assert ready <= 2
    check(load, server, severed=(killed, started))


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


@contextmanager
def few_descriptors(limit, folder):
    """A server that is started within may open so many files and connections, whatever it asks for."""
    program = folder / "few"
    program.write_text(f'#!/bin/bash\n[ "$1" = serve ] && ulimit -n {limit}\nexec {binary()} "$@"\n')
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HERSYS_BINARY", str(program))
        yield


def test_no_more_descriptors(house, serve, round, tmp_path):
    """More idle connections than the process may open: it neither ends nor loses what it is doing."""
    limit = 200
    with few_descriptors(limit, tmp_path):
        server = serve(house)
    idle = []
    with Load(server) as load:
        load.gather(20)
        try:
            for _ in range(limit + 100):
                idle.append(socket.create_connection(("127.0.0.1", server.port), timeout=5))
            time.sleep(3)
            assert server.process.poll() is None, f"the server has ended:\n{server.log()[-2000:]}"
            most = descriptors(server)
            # Who is connected goes on.
            load.gather(20)
        finally:
            for connection in idle:
                connection.close()
        closed = time.monotonic()
        with server.client(timeout=10) as newcomer:
            assert newcomer.get("/readyz").status_code == 200
        new = time.monotonic() - closed
        healed = load.healed(closed)
    print(f"\n{len(idle)}本の接続で記述子{most}/{limit}個、接続中の人は継続、閉じてから新しい接続{new:.2f}秒、"
          f"全員の成功{healed:.2f}秒")
    check(load, server)


class Clock:
    """A clock for the serving process that can be set while it runs."""

    def __init__(self, folder):
        self.file = Path(folder) / "clock"
        self.set(0)
        self.environment = {
            "LD_PRELOAD": str(compiled("clock.c", Path(folder) / "clock.so")), "CLOCK_FILE": str(self.file)}

    def set(self, seconds):
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{seconds}\n")
        fresh.rename(self.file)


def test_the_clock_is_set_back(house, serve, round, tmp_path):
    clock = Clock(tmp_path)
    server = serve(house, environment=clock.environment)
    with Load(server) as load:
        load.gather(20)
        clock.set(-3600)
        back = time.monotonic()
        load.gather(30)
        healed = load.healed(back)
        latest = list(load.acknowledged.values())[-1]["id"]
        with load.program(server) as program, load.browser(server) as browser:
            newest = program.get("/api/v1/cases", params={"limit": 20}).json()["cases"]
            page = browser.get("/cases").text
        assert latest in [case["id"] for case in newest], "a new case stands behind old ones"
        assert latest in page, "the list page doesn't show what came last"
        clock.set(0)
        forward = time.monotonic()
        # A clock that jumps an hour ahead ends sessions as an hour's absence would: who was signed in signs in again.
        load.healed(forward, people=False)
    print(f"\n時計を1時間戻しても受付継続（{healed:.2f}秒以内）")
    load.sign_in_again(server)
    check(load, server, signed_out=forward)


def test_who_asks_what_changed_hears_of_it_after_the_clock_was_set_back(house, serve, round, tmp_path):
    clock = Clock(tmp_path)
    server = serve(house, environment=clock.environment)
    with server.api(server.organisation(CLINIC)) as program:
        number = next(numbers)
        before = program.post("/api/v1/cases", json=notification(number, notified_on=today(-1))).json()
        changed = program.get("/api/v1/cases", params={"sort": "updated", "limit": 500}).json()["cases"]
        last = max(case["updated_at"] for case in changed)
        clock.set(-3600)
        after = program.post("/api/v1/cases", json=notification(number + 1, notified_on=today(-1))).json()
        revised = program.patch(
            f"/api/v1/cases/{before['id']}", json={"items": {"physician_remarks": "訂正"}},
            headers={"If-Match": '"1"'})
        assert revised.status_code == 200, revised.text
        heard = program.get("/api/v1/cases", params={"updated_since": last, "limit": 500}).json()["cases"]
    assert {before["id"], after["id"]} <= {case["id"] for case in heard}, "a change is never heard of"
    assert next(case for case in heard if case["id"] == before["id"])["version"] == 2
    assert server.command("audit", "verify").returncode == 0


def test_a_session_doesn_t_live_longer_by_a_clock_set_back(house, serve, round, tmp_path):
    clock = Clock(tmp_path)
    server = serve(house, environment=clock.environment)
    with server.sign_in("shinjuku-hc") as client:
        assert client.get("/").status_code == 200
        clock.set(-3600)
        assert client.get("/").status_code == 200, "who works is thrown out"
        # Half an hour after the last use it is over, though the clock still shows an earlier time than the sign-in.
        clock.set(-3600 + 31 * 60)
        assert client.get("/").status_code == 303, "the session outlives half an hour without use"
