"""The sealing key changes while servers work: no request fails, everything is read, the old key is gone at the end."""

import json
import os
import shutil
import sqlite3
import subprocess
import threading
import time
import uuid
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from harness import Server, all_cases, notification, same_content

CASES = 1500


@pytest.fixture(params=["sqlite", "postgres"])
def office(request, tmp_path):
    """A server of its own on each engine; on PostgreSQL there is a second one beside it, with its own key file."""
    address = None
    if request.param == "postgres":
        server = os.environ.get("HERSYS_TEST_POSTGRES")
        if not server:
            pytest.skip("HERSYS_TEST_POSTGRES names no server")
        name = f"keys_{uuid.uuid4().hex}"
        ask = ["psql", "-q", server, "-c"]
        subprocess.run([*ask, f"CREATE DATABASE {name}"], check=True, capture_output=True)
        address = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    office = Server(tmp_path, cases=CASES, database=address)
    office.keys = tmp_path / "hersys.keys"
    office.start()
    yield office
    office.stop()
    if address:
        subprocess.run([*ask, f"DROP DATABASE {name} WITH (FORCE)"], check=True, capture_output=True)


class Load:
    """People who write and read all the time; what isn't answered while a server is dead is asked again."""

    def __init__(self, server, organisation):
        self.server, self.over = server, threading.Event()
        self.filed, self.wrong, self.down = {}, [], 0
        self.read_cases, self.scraped = 0, 0
        with server.api(organisation) as client:
            self.token = client.headers["Authorization"]
            self.known = list(all_cases(client))
        self.threads = [threading.Thread(target=self.write, args=(number,)) for number in range(2)]
        self.threads += [threading.Thread(target=self.read, args=(number,)) for number in range(2)]
        self.threads.append(threading.Thread(target=self.scrape))
        for thread in self.threads:
            thread.start()

    def ask(self, client, method, path, **more):
        while True:
            try:
                return client.request(method, path, headers=more.pop("headers", {}), **more)
            except httpx.TransportError:
                self.down += 1
                if self.over.is_set():
                    return None
                time.sleep(0.05)

    def write(self, writer):
        with self.server.client(headers={"Authorization": self.token}) as client:
            for number in range(10_000):
                if self.over.is_set():
                    return
                key = f"rotation-{writer}-{number}"
                body = notification(writer * 10_000 + number)
                while True:
                    try:
                        answer = client.post("/api/v1/cases", json=body, headers={"Idempotency-Key": key})
                        break
                    except httpx.TransportError:
                        self.down += 1
                        if self.over.is_set():
                            return
                        time.sleep(0.05)
                if answer.status_code == 201:
                    self.filed[key] = answer.json()
                elif answer.status_code != 200:
                    self.wrong.append((answer.status_code, answer.text))

    def read(self, reader):
        with self.server.client(headers={"Authorization": self.token}) as client:
            number = reader
            while not self.over.is_set():
                case = self.known[number % len(self.known)]
                answer = self.ask(client, "GET", f"/api/v1/cases/{case}")
                if answer is not None and answer.status_code != 200:
                    self.wrong.append((answer.status_code, answer.text))
                self.read_cases += answer is not None
                answer = self.ask(client, "GET", f"/api/v1/cases/{case}/history")
                if answer is not None and answer.status_code != 200:
                    self.wrong.append((answer.status_code, answer.text))
                number += 2

    def scrape(self):
        """Prometheus, oftener than it would."""
        with self.server.client() as client:
            while not self.over.is_set():
                answer = self.ask(client, "GET", "/metrics")
                if answer is not None:
                    if answer.status_code != 200 or "hersys_" not in answer.text:
                        self.wrong.append((answer.status_code, answer.text))
                    self.scraped += 1
                time.sleep(0.1)

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(30)


def status(server):
    """Rows by key, and what the servers hold."""
    told = json.loads(server.run("key", "status", "--json"))
    rows = {}
    for part in told["rows"]:
        rows[part["key"]] = rows.get(part["key"], 0) + part["rows"]
    return rows, told


def changed(server):
    """Rows that have been sealed anew in the present walks."""
    sql = "SELECT COALESCE(sum(changed), 0) FROM resealing"
    if server.database is None:
        with sqlite3.connect(f"file:{server.folder / 'hersys.db'}?mode=ro", uri=True, timeout=10) as rows:
            return rows.execute(sql).fetchone()[0]
    return int(subprocess.run(["psql", "-qtA", server.database, "-c", sql], check=True, capture_output=True).stdout)


def until(seconds, ask):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


def test_the_key_changes_while_people_work(office, tmp_path):
    organisation = office.organisation("shinjuku-clinic")
    old = tmp_path / "old.keys"
    shutil.copy2(office.keys, old)
    office.run("backup", tmp_path / "before.hersys")
    second = None
    if office.database:
        folder = tmp_path / "second"
        folder.mkdir()
        second = office.beside(folder)
        second.keys = folder / "hersys.keys"
        shutil.copy2(office.keys, second.keys)
        second.start()
    load = Load(office, organisation)
    try:
        refused = office.command("key", "rotate")
        assert refused.returncode == 1 and "key new --add" in refused.stderr

        assert office.run("key", "new", "--add").strip() == "2"
        assert office.keys.stat().st_mode & 0o777 == 0o600
        if second:
            # The second server can't read with it yet: nobody writes with it.
            time.sleep(4)
            refused = office.command("key", "rotate", "--no-wait")
            assert refused.returncode == 1 and "まだ鍵 2 を持っていません" in refused.stderr, refused.stderr
            assert set(status(office)[0]) == {1}
            shutil.copy2(office.keys, second.keys)
        until(60, lambda: office.command("key", "rotate", "--no-wait").returncode == 0)

        # The power goes off in the middle.
        until(30, lambda: changed(office) > 0)
        office.kill()
        if second:
            second.kill()
        rows, _ = status(office)
        assert rows.get(1, 0) > 0, "it was over before the power went off"
        office.start()
        if second:
            second.start()
        told = office.command("key", "rotate")
        assert told.returncode == 0, told.stderr
        assert "cases.sealed" in told.stderr, "how far it has come is told"
        # Some more work with the new key alone.
        time.sleep(2)
    finally:
        load.end()
    # Not one answer was an error, though some thousand rows were sealed anew meanwhile.
    assert not load.wrong, load.wrong[0]
    assert load.filed and load.read_cases > 50 and load.scraped > 20
    rows, told = status(office)
    assert set(rows) == {2}, rows
    assert rows[2] > CASES
    print(f"\n鍵の交換の間：届出{len(load.filed)}件、閲覧{load.read_cases}件、/metrics {load.scraped}回、"
          f"誤り0件、封をし直した行{rows[2]}")
    assert told["writes"] == 2
    # What a killed server said last is believed until it has been silent for a while.
    until(90, lambda: all(server["writes"] == 2 for server in status(office)[1]["servers"]))
    # An hour has to pass, unless somebody knows better.
    refused = office.command("key", "retire", "1")
    assert refused.returncode == 1 and "--now" in refused.stderr
    refused = office.command("key", "retire", "2", "--now")
    assert refused.returncode == 1
    office.run("key", "retire", "1", "--now")
    assert list(json.loads(office.keys.read_text())["sealing"]) == ["2"]
    if second:
        shutil.copy2(office.keys, second.keys)
        until(20, lambda: all(server["known"] == [2] for server in status(office)[1]["servers"]))

    office.stop()
    office.start()
    with office.api(organisation) as client:
        for case in load.filed.values():
            answer = client.get(f"/api/v1/cases/{case['id']}")
            assert answer.status_code == 200
            assert same_content(answer.json()) == same_content(case)
        for number in load.known[::25]:
            assert client.get(f"/api/v1/cases/{number}").status_code == 200
            assert client.get(f"/api/v1/cases/{number}/history").status_code == 200
    office.run("audit", "verify")
    if second:
        second.stop()

    # Backups from before and from after, each with the keys of its time.
    office.run("backup", tmp_path / "after.hersys")
    for name, keys in (("after", office.keys), ("before", old)):
        target = f"sqlite:{tmp_path / name}.db"
        done = office.command("restore", "--database", target, "--keys", keys, tmp_path / f"{name}.hersys")
        assert done.returncode == 0, done.stderr
        done = office.command("audit", "verify", "--database", target, "--keys", keys)
        assert done.returncode == 0, done.stderr
        rows = json.loads(office.command("key", "status", "--json", "--database", target, "--keys", keys).stdout)
        assert {row["key"] for row in rows["rows"]} == {2 if name == "after" else 1}
    refused = office.command(
        "restore", "--database", f"sqlite:{tmp_path / 'none.db'}", "--keys", office.keys, tmp_path / "before.hersys")
    assert refused.returncode == 1 and "鍵 1" in refused.stderr


def test_without_a_server_the_command_does_it_and_without_the_key_nothing_starts(tmp_path):
    server = Server(tmp_path, cases=0)
    keys = tmp_path / "hersys.keys"
    old = keys.read_bytes()
    server.run("key", "new", "--add")
    # Nobody serves: the command does the work by itself.
    done = server.command("key", "rotate")
    assert done.returncode == 0, done.stderr
    assert set(status(server)[0]) <= {2}
    keys.write_bytes(old)
    refused = server.command("account", "list")
    assert refused.returncode == 1 and "今使われている鍵がありません" in refused.stderr


def numbers(keys):
    """The numbers of a key file."""
    return sorted(json.loads(keys.read_text())["sealing"], key=int)


def put(content, keys):
    """Another file in the place of a key file, as a whole."""
    fresh = keys.with_suffix(".fresh")
    fresh.write_bytes(content)
    fresh.rename(keys)


def test_two_keys_of_one_number_lose_no_row(tmp_path):
    server = Server(tmp_path, cases=300)
    keys, twin = tmp_path / "hersys.keys", tmp_path / "twin.keys"
    shutil.copy2(keys, twin)
    # A key is added on two machines, instead of being copied.
    for file in (keys, twin):
        server.run("key", "new", "--add", "--keys", file)
    right, wrong = keys.read_bytes(), twin.read_bytes()
    assert numbers(keys) == numbers(twin) == ["1", "2"] and right != wrong
    server.start()
    try:
        until(10, lambda: status(server)[1]["servers"])
        refused = server.command("key", "rotate", "--keys", twin)
        assert refused.returncode == 1 and "番号が同じでも中身が" in refused.stderr, refused.stderr
        assert set(status(server)[0]) == {1}, "nothing was sealed with it"
        server.run("key", "rotate")
        assert set(status(server)[0]) == {2}
        # The other machine's commands say which file they want, and change nothing.
        for command in (["rotate"], ["retire", "1", "--now"], ["status"]):
            refused = server.command("key", *command, "--keys", twin)
            assert refused.returncode == 1 and "今使われている鍵 2 と番号が同じでも" in refused.stderr, refused.stderr
        # The wrong file over the right one: the server keeps what it has, and the old key isn't given up.
        copy = tmp_path / "copy.keys"
        put(keys.read_bytes(), copy)
        right = keys.read_bytes()
        put(wrong, keys)
        until(20, lambda: json.loads(
            server.run("key", "status", "--json", "--keys", copy))["servers"][0]["refusesFile"])
        assert "key file not taken" in server.log()
        refused = server.command("key", "retire", "1", "--now", "--keys", copy)
        assert refused.returncode == 1 and "再起動しないでください" in refused.stderr, refused.stderr
        assert numbers(copy) == ["1", "2"]
        refused = server.command("key", "retire", "1", "--now")
        assert refused.returncode == 1 and numbers(keys) == ["1", "2"]
        # The right one again, and everything goes its way.
        put(right, keys)
        until(20, lambda: not status(server)[1]["servers"][0]["refusesFile"])
        server.run("key", "retire", "1", "--now")
        assert numbers(keys) == ["2"]
        # A number is given once, also where the key was never used.
        assert server.run("key", "new", "--add").strip() == "3"
        until(20, lambda: status(server)[1]["servers"][0]["known"] == [2, 3])
        server.run("key", "retire", "3", "--now")
        assert server.run("key", "new", "--add").strip() == "4"
        server.stop()
        server.start()
        with server.api(server.organisation("shinjuku-clinic")) as client:
            known = list(all_cases(client))
            assert known
            for case in known:
                assert client.get(f"/api/v1/cases/{case}").status_code == 200
    finally:
        server.stop()
