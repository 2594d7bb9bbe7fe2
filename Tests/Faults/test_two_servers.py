"""Two servers and a worker on one PostgreSQL: one server is killed, and nobody is lost."""

import threading
import time

import httpx
import pytest

from checker import check
from harness import csrf, notification
from load import CLINIC, Load, session, worker


def test_one_of_two_servers_is_killed(postgres_house, serve, round):
    first, second = serve(postgres_house), serve(postgres_house)
    with worker(second), Load(first, second) as load:
        load.gather(40)
        killed = time.monotonic()
        first.kill()
        # Nobody waits for it to come back.
        healed = load.healed(killed, seconds=5)
        load.gather(40)
        first.start()
        load.gather(20)
        ended = time.monotonic()
    broken = sum(1 for told in load.told if isinstance(told.status, str))
    print(f"\n残ったサーバーでの全員の最初の成功まで{healed:.2f}秒、切れた接続{broken}件、{load.summary()}")
    # What is asked of the dead one is refused until it is back, and then asked of the other.
    check(load, second, severed=(killed, ended))


@pytest.fixture
def both(postgres_house, serve):
    return serve(postgres_house), serve(postgres_house)


def test_a_session_counts_at_both(both):
    first, second = both
    cookie = {"Cookie": f"__Host-session={session(first, 'shinjuku-hc')}"}
    with second.client(headers=cookie) as client:
        assert client.get("/cases").status_code == 200


def test_signing_out_counts_at_both(both):
    first, second = both
    with first.sign_in("shibuya-hc") as here, second.client() as there:
        cookie = {"Cookie": f"__Host-session={here.cookies['__Host-session']}"}
        assert there.get("/cases", headers=cookie).status_code == 200
        page = here.get("/").text
        assert here.post("/sign-out", data={"csrf": csrf(page)}).status_code == 303
        assert there.get("/cases", headers=cookie).status_code == 303


def test_a_draft_is_found_at_the_other(both):
    first, second = both
    with Load(first, second) as load:
        load.until(lambda: load.drafted is not None)
    with load.browser(second) as browser:
        page = browser.get("/cases/new", params={"draft": load.draft})
        assert page.status_code == 200 and 'value="下書' in page.text


class OpenPage:
    """An open page of a health centre: what it hears, and when."""

    def __init__(self, server):
        self.server, self.heard, self.open = server, [], threading.Event()
        self.cookie = {"Cookie": f"__Host-session={session(server, 'shinjuku-hc')}"}
        self.over = False
        self.thread = threading.Thread(target=self.listen, daemon=True)

    def __enter__(self):
        self.thread.start()
        assert self.open.wait(5)
        return self

    def __exit__(self, kind, error, trace):
        # The next beat of the stream, or the server's end, ends the thread.
        self.over = True

    def listen(self):
        try:
            with self.server.client(headers=self.cookie, timeout=60) as client:
                with client.stream("GET", "/events") as stream:
                    for line in stream.iter_lines():
                        self.open.set()
                        if line.startswith(("data:", "event: missed")):
                            self.heard.append((time.monotonic(), line))
                        if self.over:
                            return
        except httpx.TransportError:
            pass

    def hears(self, what, seconds):
        """When a line came that holds this text; it is waited for."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for at, line in list(self.heard):
                if what in line:
                    return at
            time.sleep(0.01)
        raise AssertionError(f"{what} wasn't heard within {seconds} s: {self.heard}")


def notify(server, number):
    """Files a notification; its case, and when it was acknowledged."""
    with server.api(server.organisation(CLINIC)) as program:
        for _ in range(100):
            made = program.post("/api/v1/cases", json=notification(number), headers={"Idempotency-Key": str(number)})
            if made.status_code == 201:
                return made.json()["id"], time.monotonic()
            assert made.status_code == 503, made.text
            time.sleep(0.1)
    raise AssertionError("no notification was taken for 10 s")


def test_an_event_reaches_pages_at_the_other(both):
    first, second = both
    with OpenPage(second) as page:
        case, acknowledged = notify(first, 21_000_000)
        heard = page.hears(f'"case":"{case}"', 5)
    print(f"\nもう一方のサーバーの画面まで{max(heard - acknowledged, 0):.2f}秒")
    assert heard - acknowledged <= 2


def test_pages_hear_again_after_the_database_was_away(postgres, both, round):
    first, second = both
    with OpenPage(second) as page:
        postgres.stop()
        try:
            time.sleep(1)
        finally:
            postgres.start()
        began = time.monotonic()
        # Pages are told that they may have missed something, so that they look by themselves.
        told = page.hears("missed", 15)
        case, acknowledged = notify(first, 21_000_001 + round)
        heard = page.hears(f'"case":"{case}"', 5)
    print(f"\n再開から画面が聞き直すまで{told - began:.2f}秒、次の届出は{max(heard - acknowledged, 0):.2f}秒で到着")
    assert heard - acknowledged <= 2
