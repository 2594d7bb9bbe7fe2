"""接続環境の確認 from outside: what is said of TLS, and large bodies that nobody can hold places with."""

import re
import ssl
import threading
import time

import httpx


def tls_row(text):
    return re.search(r'<tr data-check="tls">.*?</tr>', text, re.S).group(0)


def test_the_version_of_tls_is_the_connections_own(server):
    with server.client() as client:
        row = tls_row(client.get("/connection-test").text)
        assert "TLS 1.3" in row and "HTTP/1.1" in row and "○" in row
    with server.client(http2=True) as client:
        answer = client.get("/connection-test")
        assert answer.http_version == "HTTP/2"
        assert "TLS 1.3で通信しています（HTTP/2）" in tls_row(answer.text)
    older = server.tls()
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with httpx.Client(base_url=server.address, verify=older) as client:
        assert "TLS 1.2で通信しています" in tls_row(client.get("/connection-test").text)


def test_one_large_body_at_a_time_for_an_address_and_pages_stay_quick(server):
    slow = threading.Event()

    def trickle():
        yield b"\0" * 1000
        slow.wait(20)
        yield b"\0" * 1000

    done = []

    def send():
        with server.client(timeout=30) as client:
            # With its length told beforehand, as a browser does: above what is read before the gate.
            answer = client.post("/connection-test/upload", content=b"\0" * 5_000_000)
            done.append(answer.status_code)

    def hold():
        with server.client(timeout=30) as client:
            try:
                client.post("/connection-test/upload", content=trickle(), headers={"Content-Length": "5000000"})
            except Exception:  # It never sends all that it has announced.
                pass

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    time.sleep(1)
    with server.client() as client:
        refused = client.post("/connection-test/upload", content=b"\0")
        assert refused.status_code == 429, refused.text
        began = time.monotonic()
        assert client.get("/sign-in").status_code == 200
        assert time.monotonic() - began < 2
    slow.set()
    holder.join(25)
    for _ in range(50):
        done.clear()
        send()
        if done == [200]:
            break
        time.sleep(0.2)
    assert done == [200], "the place comes back"
