"""Three times what the server can do: what it does do stays as much, and the others hear at once that it can't."""

import asyncio
import os
import re
import socket
import time
from collections import Counter
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import harness
from harness import PASSWORD, Server

# Rounds of both loads by turns: what else the machine does meets both.
ROUNDS, SECONDS = 3, 3
# An answer that comes later than this helps nobody.
USEFUL = 2.0
# Browsers that are connected before the load begins.
CONNECTIONS = 200


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A server of its own with few places, so that a test's load is enough to fill them."""
    server = Server(tmp_path_factory.mktemp("overload"), cases=100, environment={"HERSYS_PLACES": "16"})
    server.secrets.add(PASSWORD)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def session(crowded):
    with crowded.sign_in("shinjuku-hc") as client:
        return client.cookies["__Host-session"]


class Line:
    """A connection that stays open."""

    def __init__(self, server):
        self.server, self.streams = server, None

    async def ask(self, text):
        """Sends a request and reads its answer: status, headers, body."""
        if self.streams is None:
            self.streams = await asyncio.open_connection(
                "127.0.0.1", self.server.port, ssl=self.server.tls(), server_hostname="localhost")
        reader, writer = self.streams
        writer.write(text)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(re.search(r"(?i)content-length: *(\d+)", head).group(1))
        return int(head.split(" ", 2)[1]), head, await reader.readexactly(length)

    def close(self):
        if self.streams is not None:
            self.streams[1].transport.abort()
            self.streams = None


class Crowd:
    """Requests at a steady rate, whatever becomes of those before."""

    def __init__(self, lines, text):
        self.idle, self.text = lines, text
        self.statuses, self.took, self.refusals = Counter(), [], []

    @property
    def good(self):
        return len(self.took)

    async def one(self):
        began = time.monotonic()
        if not self.idle:
            self.statuses["no connection"] += 1
            return
        line = self.idle.pop()
        try:
            status, head, body = await asyncio.wait_for(line.ask(self.text), 20)
        except (OSError, EOFError, asyncio.TimeoutError) as error:
            line.close()
            status, head, body = type(error).__name__, "", b""
        self.idle.append(line)
        took = time.monotonic() - began
        self.statuses[status] += 1
        if status == 200 and took <= USEFUL:
            self.took.append(took)
        elif status == 503:
            self.refusals.append((took, head, body))

    async def steadily(self, rate, seconds):
        """Open to whatever comes back: a crowd doesn't wait for those before it."""
        began, tasks = time.monotonic(), set()
        for number in range(int(rate * seconds)):
            wait = began + number / rate - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            elif number % 20 == 0:
                await asyncio.sleep(0)
            task = asyncio.create_task(self.one())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)

    async def together(self, count, seconds):
        """So many who ask again as soon as they have their answer; what they get each second."""
        began = time.monotonic()

        async def again():
            while time.monotonic() < began + seconds:
                await self.one()

        await asyncio.gather(*(again() for _ in range(count)))
        return self.good / seconds


def get(path, **headers):
    lines = [f"GET {path} HTTP/1.1", "Host: localhost"] + [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines + ["", ""]).encode()


@asynccontextmanager
async def connected(server, count=CONNECTIONS):
    lines = [Line(server) for _ in range(count)]
    try:
        for line in lines:
            await line.ask(get("/healthz"))
        yield lines
    finally:
        for line in lines:
            line.close()


async def now_and_then(server, texts, over):
    """Somebody who asks a few things a second meanwhile; status and seconds of each."""
    line, told = Line(server), []
    while not over.is_set():
        for name, text in texts.items():
            began = time.monotonic()
            status, _, _ = await asyncio.wait_for(line.ask(text), 20)
            told.append((name, status, time.monotonic() - began))
        await asyncio.sleep(0.2)
    line.close()
    return told


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0


def test_three_times_the_load_is_no_less_work(crowded, session):
    page = get("/cases", Cookie=f"__Host-session={session}")
    others = {"sign-in": get("/sign-in"), "healthz": get("/healthz"), "readyz": get("/readyz")}

    async def run():
        over = asyncio.Event()
        async with connected(crowded) as lines:
            await Crowd(lines, page).together(8, 1)  # Warm.
            most = await Crowd(lines, page).together(8, 3)
            once, thrice = Crowd(lines, page), Crowd(lines, page)
            asking = asyncio.create_task(now_and_then(crowded, others, over))
            for _ in range(ROUNDS):
                await once.steadily(most, SECONDS)
                await thrice.steadily(3 * most, SECONDS)
            over.set()
            return most, once, thrice, await asking

    most, once, thrice, told = asyncio.run(run())
    ratio = thrice.good / once.good
    for name, crowd in (("1x", once), ("3x", thrice)):
        print(f"{name}: {dict(crowd.statuses)}, good {crowd.good / ROUNDS / SECONDS:.0f}/s, "
              f"p50 {percentile(crowd.took, 0.5):.3f} s, p99 {percentile(crowd.took, 0.99):.3f} s")
    print(f"capacity {most:.0f}/s, goodput at 3x / 1x = {ratio:.2f}")
    assert ratio >= 0.6
    # What isn't served hears so, and soon.
    assert set(thrice.statuses) <= {200, 503, "no connection"}
    assert thrice.refusals, "three times the load was no load"
    assert percentile([took for took, _, _ in thrice.refusals], 0.5) <= USEFUL
    waits = {int(re.search(r"(?i)retry-after: *(\d+)", head).group(1)) for _, head, _ in thrice.refusals}
    assert waits <= set(range(2, 11)) and len(waits) > 3
    assert all("ただいま大変混み合っています" in body.decode() for _, _, body in thrice.refusals[:20])
    # Whoever comes for something else is served.
    assert told and all(status == 200 for _, status, _ in told), Counter((name, status) for name, status, _ in told)
    print("meanwhile:", {name: f"{max(took for n, _, took in told if n == name):.3f} s at most" for name in others})


def test_afterwards_all_is_as_before(crowded, session):
    page = get("/cases", Cookie=f"__Host-session={session}")

    async def run():
        line = Line(crowded)
        answers = [await line.ask(page) for _ in range(20)]
        line.close()
        return answers

    assert {status for status, _, _ in asyncio.run(run())} == {200}


def test_what_was_typed_is_in_the_page_that_refuses(crowded, session):
    """A form that comes while all places are taken: the refusal holds it, and sent again it is taken."""
    page = get("/cases", Cookie=f"__Host-session={session}")
    with crowded.client(headers={"Cookie": f"__Host-session={session}"}) as client:
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/account").text).group(1)
    form = f"csrf={token}&note=%E3%81%8B%E3%81%9C".encode()
    post = get("/account/events/seen", Cookie=f"__Host-session={session}", **{
        "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": len(form)}).replace(b"GET", b"POST", 1) + form

    async def run():
        refused = None
        async with connected(crowded, 100) as lines:
            line = lines.pop()
            load = asyncio.create_task(Crowd(lines, page).together(99, 5))
            await asyncio.sleep(1)
            while not load.done() and refused is None:
                status, _, body = await line.ask(post)
                refused = body.decode() if status == 503 else None
            await load
            again = await line.ask(post)
            line.close()
        return refused, again

    refused, (status, head, _) = asyncio.run(run())
    assert refused is not None, "the form was never refused"
    assert f'name="csrf" value="{token}"' in refused and 'name="note" value="かぜ"' in refused
    assert 'action="/account/events/seen"' in refused and "もう一度送る" in refused
    assert status == 303 and "location: /account" in head.lower()


def test_a_server_without_file_descriptors_rests_and_recovers(tmp_path):
    """More connections than the process may open: it waits without turning in a circle, and goes on afterwards."""
    few = tmp_path / "few"
    few.write_text(f'#!/bin/bash\n[ "$1" = serve ] && ulimit -n 64\nexec {harness.binary()} "$@"\n')
    few.chmod(0o755)
    server = Server(tmp_path, cases=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HERSYS_BINARY", str(few))
        server.start()

    def busy():
        fields = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    try:
        crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(150)]
        time.sleep(1)
        before = busy()
        time.sleep(3)
        spent = busy() - before
        for connection in crowd:
            connection.close()
        with server.client() as client:
            assert client.get("/readyz").status_code == 200
        print(f"without file descriptors: {spent:.2f} s of a core in 3 s")
        assert spent < 0.3
    finally:
        server.stop()
