"""A server from outside: events, TLS, bodies that no form of ours sends, and what the log never holds."""

import itertools
import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time

import pytest

from harness import PASSWORD, csrf, notification

NAMES = ["葛󠄀城", "辻\U000e0101", "山田\u200b", "﨑\ufe00", "a\u200d", "\ufeff鈴木", "高\u3164", "𠮷野\U000e0100"]


@pytest.fixture(scope="module")
def clinic(server):
    with server.api(server.organisation("shinjuku-clinic")) as client:
        yield client


def test_an_event_arrives_within_two_seconds(server, clinic):
    heard, listening = [], threading.Event()

    def listen(client):
        with client.stream("GET", "/events", timeout=20) as stream:
            for line in stream.iter_lines():
                listening.set()
                if line.startswith("data:"):
                    heard.append((time.monotonic(), json.loads(line[5:])))
                    return

    with server.sign_in("shinjuku-hc") as client:
        thread = threading.Thread(target=listen, args=(client,), daemon=True)
        thread.start()
        assert listening.wait(5)
        made = clinic.post("/api/v1/cases", json=notification(900_001))
        sent = time.monotonic()
        assert made.status_code == 201, made.text
        thread.join(5)
    assert heard, "no event came"
    at, event = heard[0]
    assert event == {"case": made.json()["id"], "version": 1, "action": "notify"}
    assert at - sent <= 2


def test_an_event_reaches_parties_only(server, clinic):
    heard = []

    def listen(client):
        try:
            with client.stream("GET", "/events", timeout=3) as stream:
                for line in stream.iter_lines():
                    if line.startswith("data:"):
                        heard.append(line)
        except Exception:  # The time runs out: nothing came, as it should be.
            pass

    with server.sign_in("yokohama-hc") as client:
        thread = threading.Thread(target=listen, args=(client,), daemon=True)
        thread.start()
        time.sleep(0.5)
        assert clinic.post("/api/v1/cases", json=notification(900_002)).status_code == 201
        thread.join(10)
    assert heard == []


class TestTLS:
    @pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
    @pytest.mark.parametrize("version, works", [
        (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True),
    ])
    def test_versions(self, server, version, works):
        context = server.tls()
        context.minimum_version = context.maximum_version = version
        if version < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("ALL:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
            if not works:
                with pytest.raises((ssl.SSLError, ConnectionError)):
                    context.wrap_socket(plain, server_hostname="localhost")
                return
            with context.wrap_socket(plain, server_hostname="localhost") as secured:
                assert secured.version() == version.name.replace("_", ".")

    @pytest.mark.parametrize("cipher", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "DES-CBC3-SHA", "NULL"])
    def test_weak_ciphers_are_refused(self, server, cipher):
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-cipher",
             f"{cipher}:@SECLEVEL=0"], capture_output=True, input=b"", timeout=20)
        assert b"Cipher is (NONE)" in done.stdout or done.returncode != 0

    def test_http2_is_offered(self, server):
        with server.client(http2=True) as client:
            assert client.get("/healthz").http_version == "HTTP/2"

    def test_plain_http_gets_no_page(self, server):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                assert b"HTTP/1.1 200" not in plain.recv(1000)
            except ConnectionError:
                pass


class TestBodies:
    """Whatever is sent gets its status, and the server goes on."""

    @pytest.fixture(autouse=True)
    def alive(self, server):
        yield
        with server.client() as client:
            assert client.get("/readyz").status_code == 200

    @pytest.mark.parametrize("body, status", [
        (b"", 400), (b"{", 400), (b"nul", 400), (b'{"items":{}}}', 400), (b'{"a":1,"a":2}', 400),
        (b'{"items": "\xff\xfe"}', 400), ('{"items":{"family_name":"山田"}}'.encode("cp932"), 400),
        ('{"items":{}}'.encode("utf-16"), 400), (b"\xef\xbb\xbf{}", 400), (b'"\\ud800"', 400),
        (b"[" * 100_000, 400), (b"[]", 422), (b"{}", 422), (b'{"items":[]}', 422), (b'{"items":{"x":1}}', 422),
        (b'{"items":{"birth_date":"2020-02-30"}}', 422), (b'{"items":{"family_name":1e999}}', 422),
    ], ids=itertools.count(1))
    def test_json(self, clinic, body, status):
        answer = clinic.post("/api/v1/cases", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["status"] == status

    def test_another_media_type(self, clinic):
        answer = clinic.post("/api/v1/cases", content=b"<x/>", headers={"Content-Type": "text/xml"})
        assert answer.status_code == 415

    @pytest.mark.parametrize("size", [(1 << 20) + 1, 8 << 20])
    def test_too_large(self, server, clinic, size):
        body = b'{"items":{"physician_remarks":"' + b"a" * size + b'"}}'
        assert clinic.post(
            "/api/v1/cases", content=body, headers={"Content-Type": "application/json"}).status_code == 413
        with server.client() as client:
            answer = client.post("/sign-in", content=b"login=" + b"a" * size,
                                 headers={"Content-Type": "application/x-www-form-urlencoded"})
            assert answer.status_code == 413

    def test_a_form_in_another_encoding(self, server):
        with server.client() as client:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = client.post("/sign-in", content=b"login=%8E%52%93%63&password=x", headers=form)
            assert answer.status_code == 400
            assert "text/html" in answer.headers["content-type"]
            assert client.post("/sign-in", content=b"%", headers=form).status_code == 422
            assert client.post("/sign-in", content=b"&&=&=&a=1&", headers=form).status_code == 422
            assert client.post("/sign-in", content=b"a=1&" * 5000, headers=form).status_code == 413

    @pytest.mark.parametrize("name", NAMES, ids=ascii)
    def test_a_name_that_ends_in_an_invisible_mark(self, server, clinic, name):
        """Text like this hangs or ends a process that gives it to the platform's codecs."""
        made = clinic.post("/api/v1/cases", json=notification(910_000 + NAMES.index(name), family_name=name))
        assert made.status_code in (201, 422), made.text
        if made.status_code == 422:
            assert made.json()["errors"][0]["item"] == "family_name"
            return
        number = made.json()["id"]
        assert clinic.get(f"/api/v1/cases/{number}").status_code == 200
        with server.sign_in("shinjuku-hc2") as staff:
            page = staff.get(f"/cases/{number}")
            assert page.status_code == 200
            search = staff.post("/cases/search", data={"csrf": csrf(page.text), "q": name})
            assert search.status_code == 303
            assert number[:4] in staff.get(search.headers["location"]).text

    def test_a_form_with_such_a_name(self, server):
        with server.sign_in("shinjuku-clinic") as staff:
            page = staff.get("/cases/new", follow_redirects=True)
            draft = re.search(r'name="draft" value="([^"]+)"', page.text).group(1)
            for name in NAMES:
                answer = staff.post("/cases/new", data={
                    "csrf": csrf(page.text), "draft": draft, "family_name": name, "given_name": "花\u200b"})
                assert answer.status_code == 422
                kept = staff.post("/cases/new/draft", data={
                    "csrf": csrf(page.text), "draft": draft, "family_name": name, "quiet": "1"})
                assert kept.status_code in (200, 204)
            staff.post("/cases/new/discard", data={"csrf": csrf(page.text), "draft": draft})

    @pytest.mark.parametrize("raw", [
        b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 64, b"GET /%00%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /cases/" + b"9" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
    ], ids=itertools.count(1))
    def test_raw_bytes(self, server, raw):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
            with server.tls().wrap_socket(plain, server_hostname="localhost") as secured:
                try:
                    secured.sendall(raw)
                    answer = secured.recv(4000)
                except (OSError, ssl.SSLError):
                    return
                assert not answer.startswith(b"HTTP/1.1 5"), answer[:200]


class TestAddresses:
    @pytest.mark.parametrize("path", [
        "/cases", "/", "/account", "/cases/new", "/cases/list.csv", "/faxes", "/places?postal=1600022", "/cases/123456789012",
        "/cases/123456789012/history", "/cases/123456789012/person"])
    def test_without_a_session_there_is_only_the_sign_in(self, server, path):
        with server.client() as client:
            answer = client.get(path)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/sign-in?return=")

    def test_without_a_session_nothing_is_heard_and_nothing_asked_again(self, server):
        with server.client() as client:
            answer = client.get("/events")
            assert answer.status_code == 204 and answer.content == b""

    def test_headers_of_every_kind_of_answer(self, server, clinic):
        with server.sign_in("shinjuku-hc") as client:
            for path in ("/", "/cases", "/cases/000000000000", "/healthz", "/sign-in", "/no-such-page",
                         "/api/v1/openapi.json", "/api/v1/nothing"):
                answer = client.get(path)
                assert answer.headers["cache-control"] == "no-store", path
                assert "default-src 'none'" in answer.headers["content-security-policy"], path
                assert answer.headers["strict-transport-security"], path
                assert answer.headers["x-content-type-options"] == "nosniff", path
                assert "server" not in answer.headers, path

    def test_cookies_can_be_read_by_nobody_else(self, server):
        with server.client() as client:
            for cookie in self.cookies(server, client):
                assert cookie.startswith("__Host-")
                for word in ("Secure", "HttpOnly", "SameSite=", "Path=/"):
                    assert word in cookie
                assert "Domain" not in cookie

    def cookies(self, server, client):
        known = server.messages()
        first = client.post("/sign-in", data={"login": "shibuya-hc", "password": PASSWORD})
        done = client.post("/sign-in/code", data={"code": server.code(known)})
        assert done.status_code == 303
        server.secrets.add(client.cookies["__Host-session"])
        return first.headers.get_list("set-cookie") + done.headers.get_list("set-cookie")


def test_wrong_codes_end_a_sign_in(server):
    with server.client() as client:
        known = server.messages()
        client.post("/sign-in", data={"login": "tokyo-hq", "password": PASSWORD})
        right = server.code(known)
        wrong = "000000" if right != "000000" else "111111"
        answers = [client.post("/sign-in/code", data={"code": wrong}).status_code for _ in range(5)]
        assert answers == [422, 422, 422, 422, 303]
        assert client.post("/sign-in/code", data={"code": right}).headers["location"].startswith("/sign-in")


@pytest.mark.last
def test_the_log_holds_nothing_of_anybody(server):
    """After everything above: names, telephones, codes, sessions, passwords, searches."""
    with server.sign_in("shinjuku-hc") as client:
        page = client.get("/cases")
        client.post("/cases/search", data={"csrf": csrf(page.text), "q": "探索氏名 090-9999-8888"})
        client.get("/cases", params={"q": "探索氏名"})
        client.get("/no/such/探索氏名")
    log = server.log()
    assert log, "the server says where it listens"
    words = set(server.secrets) | {"探索氏名", "%E6%8E%A2%E7%B4%A2", "090-9999-8888", "検査 太郎", "試験町"}
    words |= {notification(number)["items"][key] for number in (900_001, 900_002) for key in (
        "family_name", "given_name", "phone", "address_line", "birth_date", "physician_remarks")}
    with server.api("pref-13") as client:
        for case in client.get("/api/v1/cases", params={"limit": 500}).json()["cases"]:
            words |= {case["id"]} | {
                str(case["items"][key]) for key in ("family_name", "phone", "birth_date", "address_line")
                if case["items"].get(key)}
    # A family name of one letter may stand in any word.
    found = [word for word in words if len(word) > 1 and word in log]
    assert not found, f"{len(found)} words in the log, one of {len(found[0])} letters"
    if os.environ.get("HERSYS_SHOW_LOG"):
        print(log[-2000:])
