"""Event streams end with their sessions: within a second, at whichever server they hang."""

import os
import secrets
import subprocess
import threading
import time
import uuid
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from harness import PASSWORD, Server, csrf

# What is promised, and what a machine may add on which tests run beside each other.
PROMISED, BUSY = 1.0, 0.5


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def both(request, tmp_path_factory):
    """Two servers on one database, of each engine."""
    address, folder = None, tmp_path_factory.mktemp("streams")
    if request.param == "postgres":
        place = os.environ.get("HERSYS_TEST_POSTGRES")
        if not place:
            pytest.skip("HERSYS_TEST_POSTGRES names no server")
        name = f"streams_{uuid.uuid4().hex}"
        ask = ["psql", "-q", place, "-c"]
        subprocess.run([*ask, f"CREATE DATABASE {name}"], check=True, capture_output=True)
        address = urlunsplit(urlsplit(place)._replace(path=f"/{name}"))
    first = Server(folder, cases=5, database=address)
    first.secrets.add(PASSWORD)
    first.start()
    second = first.beside(tmp_path_factory.mktemp("second"))
    second.start()
    yield first, second
    second.stop()
    first.stop()
    if address:
        subprocess.run([*ask, f"DROP DATABASE {name} WITH (FORCE)"], check=True, capture_output=True)


class Stream:
    """An open page's stream: open until it says when it ended."""

    def __init__(self, server, session):
        self.server, self.session = server, session
        self.begun, self.ended_at = threading.Event(), None
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        assert self.begun.wait(10)

    def listen(self):
        with self.server.client(headers={"Cookie": f"__Host-session={self.session}"}, timeout=60) as client:
            with client.stream("GET", "/events") as stream:
                assert stream.status_code == 200
                try:
                    for _ in stream.iter_lines():
                        self.begun.set()
                except httpx.TransportError:
                    pass
        self.ended_at = time.monotonic()

    def ends_within(self, seconds):
        self.thread.join(seconds)
        return self.ended_at is not None


@pytest.fixture
def account(both):
    """A fresh account of a health centre; its user ID."""
    login = f"listener-{secrets.token_hex(4)}"
    done = both[0].command(
        "account", "issue", "--login", login, "--name", "確認 花", "--organisation", "hc-13104", "--phone",
        f"03-0000-{secrets.randbelow(9000) + 1000}", stdin=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr
    return login


def session(server, login):
    """A session of an account, past the terms."""
    with server.sign_in(login) as client:
        page = client.get("/first-use/terms")
        if page.status_code == 200:
            done = client.post("/first-use/terms", data={"csrf": csrf(page.text), "accepted": "1", "version": "1"})
            assert done.status_code == 303
        return client.cookies["__Host-session"]


def post(server, session, page, address, **fields):
    with server.client(headers={"Cookie": f"__Host-session={session}"}) as client:
        fields["csrf"] = csrf(client.get(page).text)
        answer = client.post(address, data=fields)
        assert answer.status_code == 303, answer.text


def sign_out(server, login, other):
    post(server, other, "/account", "/sign-out")


def end_others(server, login, other):
    post(server, other, "/account", "/account/sessions/end-others")


def new_password(server, login, other):
    fresh = "hachigatsu-no-yamabiko-9"
    server.secrets.add(fresh)
    post(server, other, "/account/password", "/account/password", old=PASSWORD, password=fresh, again=fresh)


def stop(server, login, other):
    if "shinjuku-hc" not in server.sessions:
        server.sessions["shinjuku-hc"] = session(server, "shinjuku-hc")
    page = f"/admin/accounts/{login}"
    post(server, server.sessions["shinjuku-hc"], page, f"{page}/stop", reason="退職のため")


@pytest.mark.parametrize("deed", [sign_out, end_others, new_password, stop])
def test_a_stream_ends_with_its_session(both, account, deed):
    first, second = both
    bystander = Stream(second, session(first, "shinjuku-hc2"))
    own, other = session(first, account), session(first, account)
    if deed is stop:
        first.sessions.setdefault("shinjuku-hc", session(first, "shinjuku-hc"))
    streams = [Stream(second, own), Stream(first, own)]
    deed(first, account, other)
    done = time.monotonic()
    for stream in streams:
        assert stream.ends_within(5), "the stream goes on"
    spans = [stream.ended_at - done for stream in streams]
    print(f"\n{deed.__name__}: もう一方のサーバーで{max(0, spans[0]):.2f}秒、同じサーバーで{max(0, spans[1]):.2f}秒")
    assert max(spans) <= PROMISED + BUSY
    # A browser asks again, and is told to leave off.
    with second.client(headers={"Cookie": f"__Host-session={own}"}) as client:
        assert client.get("/events").status_code == 204
    assert bystander.ended_at is None, "somebody else's stream has ended"


def test_other_duties_begin_a_stream_anew(both, account):
    """Whoever may do more or less than before asks again, and goes on with what is due now."""
    first, second = both
    own = session(first, account)
    stream = Stream(second, own)
    issuer = session(first, "shinjuku-hc")
    page = f"/admin/accounts/{account}"
    post(first, issuer, page, page, name="確認 花", phone="03-0000-1234", duties="manager")
    assert stream.ends_within(PROMISED + BUSY)
    again = Stream(second, own)
    assert not again.ends_within(2)
