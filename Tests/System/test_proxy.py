"""A server behind a proxy: whose connection it is comes before TLS, from those that are named and from nobody else."""

import os
import re
import socket
import sqlite3
import ssl
import struct
import subprocess
import time

import httpcore
import httpx
import pytest

from harness import PASSWORD, ROOT, Server, free_port

# The proxy; the harness itself comes from 127.0.0.1 and is nobody's.
PROXY = "127.0.0.2"
# Failures of each kind.
EACH = 17 if os.environ.get("HERSYS_LONG") == "1" else 1
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def binary(client, additions=b""):
    """A header of version 2, as HAProxy sends it with send-proxy-v2."""
    family = socket.AF_INET6 if ":" in client else socket.AF_INET
    server = "::1" if ":" in client else "10.0.0.11"
    content = socket.inet_pton(family, client) + socket.inet_pton(family, server)
    content += struct.pack("!HH", 51234, 443) + additions
    return SIGNATURE + bytes([0x21, 0x21 if ":" in client else 0x11]) + struct.pack("!H", len(content)) + content


def line(client):
    """A header of version 1."""
    kind, server = ("TCP6", "::1") if ":" in client else ("TCP4", "10.0.0.11")
    return f"PROXY {kind} {client} {server} 51234 443\r\n".encode()


# What HAProxy says when it asks for the server's health.
OWN = SIGNATURE + bytes([0x20, 0, 0, 0])


class Backend(httpcore.SyncBackend):
    """Connections that come from the proxy and begin with a header, in one piece or byte by byte."""

    def __init__(self, header, bytewise=False):
        self.pieces = [header[place:place + 1] for place in range(len(header))] if bytewise else [header]

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        stream = super().connect_tcp(host, port, timeout, PROXY, [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)])
        for number, piece in enumerate(self.pieces):
            if number:
                time.sleep(0.005)
            stream.write(piece, timeout)
        return stream


def through(server, header, http2=False, bytewise=False):
    """A client whose connections the proxy passes on."""
    transport = httpx.HTTPTransport(verify=server.tls(), http2=http2)
    transport._pool = httpcore.ConnectionPool(
        ssl_context=server.tls(), http1=not http2, http2=http2, network_backend=Backend(header, bytewise))
    return httpx.Client(base_url=server.address, transport=transport, timeout=20)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """A server that believes one proxy."""
    server = Server(tmp_path_factory.mktemp("proxied"), cases=0, environment={"HERSYS_PROXIES": f"{PROXY},10.9.0.0/24"})
    server.secrets.add(PASSWORD)
    server.start()
    yield server
    server.stop()


def answer(server, first, source=PROXY, handshake=True, wait=5):
    """What a connection gets that begins with some bytes: a status line, or nothing where it is closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait, source_address=(source, 0)) as plain:
        plain.sendall(first)
        try:
            if not handshake:
                return plain.recv(1000)
            with server.tls().wrap_socket(plain, server_hostname="localhost") as secured:
                secured.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return secured.recv(12)
        except (ssl.SSLError, ConnectionError, socket.timeout) as error:
            assert not isinstance(error, socket.timeout), "the connection was left open"
            return b""


FINE = b"HTTP/1.1 200"


class TestHeaders:
    @pytest.mark.parametrize("header", [
        binary("203.0.113.5"), binary("2001:db8::5"), binary("203.0.113.5", b"\x20\x00\x03abc"), OWN,
        line("203.0.113.5"), line("2001:db8::5"), b"PROXY UNKNOWN\r\n", SIGNATURE + b"\x21\x00\x00\x00",
    ], ids=["v2 of 4", "v2 of 6", "v2 with more", "v2 own", "v1 of 4", "v1 of 6", "v1 unknown", "v2 unknown"])
    @pytest.mark.parametrize("http2", [False, True])
    @pytest.mark.parametrize("bytewise", [False, True])
    def test_a_header_and_then_tls(self, proxied, header, http2, bytewise):
        with through(proxied, header, http2, bytewise) as client:
            for _ in range(3):
                got = client.get("/healthz")
                assert (got.status_code, got.http_version) == (200, "HTTP/2" if http2 else "HTTP/1.1")

    def test_a_header_in_one_packet_with_the_beginning_of_tls(self, proxied):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = proxied.tls().wrap_bio(incoming, outgoing, server_hostname="localhost")
        with pytest.raises(ssl.SSLWantReadError):
            tls.do_handshake()
        with socket.create_connection(("127.0.0.1", proxied.port), timeout=5, source_address=(PROXY, 0)) as plain:
            plain.sendall(binary("203.0.113.5") + outgoing.read())
            while True:
                incoming.write(plain.recv(65536))
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    pass
            assert tls.version() == "TLSv1.3"

    @pytest.mark.parametrize("first", [
        b"", b"GET / HTTP/1.1\r\n\r\n", b"PROXY TCP4 203.0.113.999 10.0.0.11 1 443\r\n", b"PROXY " + b"x" * 200,
        SIGNATURE + b"\x31\x11\x00\x0c" + b"\0" * 12, SIGNATURE + b"\x21\x31\x00\xd8" + b"\0" * 216,
        SIGNATURE + b"\x21\x11\xff\xff", binary("203.0.113.5")[:-1], b"\0" * 3000,
    ], ids=["none", "http", "address", "long", "version", "file", "endless", "short", "noise"])
    def test_the_proxys_connection_without_a_right_header_is_closed(self, proxied, first):
        assert answer(proxied, first) == b""

    @pytest.mark.parametrize("first", [b"", b"PROXY TCP4 203.0.113.5", SIGNATURE + b"\x21"])
    def test_a_header_that_doesnt_come_is_waited_for_3_seconds(self, proxied, first):
        began = time.monotonic()
        assert answer(proxied, first, handshake=False, wait=10) == b""
        assert 2.5 < time.monotonic() - began < 6

    def test_many_that_wait_keep_nobody_from_being_served(self, proxied):
        waiting = [socket.create_connection(("127.0.0.1", proxied.port), source_address=(PROXY, 0)) for _ in range(100)]
        try:
            assert answer(proxied, binary("203.0.113.5")) == FINE
        finally:
            for one in waiting:
                one.close()


class TestOthers:
    def test_others_speak_tls_at_once(self, proxied):
        assert answer(proxied, b"", source="127.0.0.1") == FINE

    @pytest.mark.parametrize("header", [binary("203.0.113.5"), line("203.0.113.5"), OWN])
    def test_others_arent_listened_to(self, proxied, header):
        assert answer(proxied, header, source="127.0.0.1") == b""

    @pytest.mark.parametrize("header", [binary("203.0.113.5"), line("203.0.113.5"), OWN])
    def test_without_the_setting_nobody_is(self, server, header):
        assert answer(server, b"") == FINE
        assert answer(server, header) == b""

    @pytest.mark.parametrize("setting", ["app1", "127.0.0.1,", "10.0.0.0/33", "127.0.0.1:8443"])
    def test_a_setting_that_cant_be_read_is_refused(self, proxied, setting):
        done = proxied.command("serve", "--listen", f"127.0.0.1:{free_port()}", "--proxies", setting, timeout=30)
        assert done.returncode != 0
        assert "--proxies は" in done.stderr


def fail(client, number):
    """A sign-in that fails, each under a user ID of its own; its status."""
    return client.post("/sign-in", data={"login": f"nobody-{number}", "password": "chigau-aikotoba"}).status_code


def test_failures_count_for_the_client_and_for_nobody_else(proxied):
    """The limit is 50 for each address; both versions of HTTP and of the header count together."""
    kinds = [(binary("203.0.113.5"), True), (line("203.0.113.5"), False), (binary("203.0.113.5"), False)]
    for number, (header, http2) in enumerate(kinds):
        with through(proxied, header, http2) as client:
            statuses = {fail(client, 100 * number + one) for one in range(EACH)}
            assert statuses == {422}
    if 3 * EACH < 51:
        # A password is slow to check, on purpose: all but the last of the 51 are written down.
        with sqlite3.connect(proxied.folder / "hersys.db", timeout=10) as database:
            done = database.execute("UPDATE throttles SET failures = 50 WHERE failures = ?", [3 * EACH])
            assert done.rowcount == 1, "all of them count under one address, and each user ID once"
        with through(proxied, binary("203.0.113.5")) as client:
            assert fail(client, 800) == 422
    for header, http2 in kinds:
        with through(proxied, header, http2) as client:
            assert fail(client, 900) == 429
    # IPv4 in the form of IPv6 is the same machine.
    with through(proxied, binary("::ffff:203.0.113.5")) as client:
        assert fail(client, 901) == 429
    for number, header in enumerate([binary("203.0.113.6"), line("203.0.113.6"), binary("2001:db8::5"), OWN]):
        with through(proxied, header, http2=number % 2 == 0) as client:
            assert fail(client, 910 + number) == 422
    # Whoever comes past the proxy counts under the address that it has.
    with proxied.client() as client:
        assert fail(client, 920) == 422


@pytest.fixture(scope="module")
def haproxy(proxied, tmp_path_factory):
    """HAProxy with the settings of the deployment before one server; its port."""
    port = free_port()
    text = (ROOT / "deploy/haproxy.cfg").read_text().partition("# The primary")[0]
    text = re.sub(r"^ +(user|group|stats socket|log) .*\n", "", text, flags=re.M)
    for old, new in [
        ("maxconn 20000", "maxconn 500"), ("/etc/ssl/hersys/ca.pem", str(proxied.certificate)),
        ("bind :443", f"bind 127.0.0.1:{port}"), ("app1:8443", f"127.0.0.1:{proxied.port} source {PROXY}"),
        ("app2:8443", f"127.0.0.1:{free_port()}"),
    ]:
        assert old in text
        text = text.replace(old, new)
    settings = tmp_path_factory.mktemp("haproxy") / "haproxy.cfg"
    settings.write_text(text)
    with (settings.parent / "log").open("wb") as log:
        process = subprocess.Popen(["haproxy", "-db", "-f", str(settings)], stdout=log, stderr=log)
    try:
        with from_behind(proxied, port, "127.0.0.1") as client:
            for _ in range(100):
                try:
                    if client.get("/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.1)
            else:
                raise AssertionError((settings.parent / "log").read_text())
        yield port
    finally:
        process.terminate()
        process.wait(10)


def from_behind(server, port, address):
    """A client with an address of its own whom HAProxy serves."""
    transport = httpx.HTTPTransport(verify=server.tls(), http2=True, local_address=address)
    return httpx.Client(base_url=f"https://127.0.0.1:{port}", transport=transport, timeout=20)


def test_haproxy_as_it_is_deployed_says_who_it_is(proxied, haproxy):
    with sqlite3.connect(proxied.folder / "hersys.db", timeout=10) as database:
        database.execute("DELETE FROM throttles")
    with from_behind(proxied, haproxy, "127.0.0.3") as client:
        assert fail(client, 1000) == 422
        with through(proxied, binary("127.0.0.3")) as same:
            assert fail(same, 1001) == 422
        with sqlite3.connect(proxied.folder / "hersys.db", timeout=10) as database:
            assert database.execute("UPDATE throttles SET failures = 50 WHERE failures = 2").rowcount == 1
        assert fail(client, 1002) == 422
        assert fail(client, 1003) == 429
    with from_behind(proxied, haproxy, "127.0.0.4") as client:
        assert fail(client, 1004) == 422


def test_the_log_names_no_client(proxied):
    log = proxied.log()
    assert "PROXY header" in log
    assert "203.0.113" not in log and "2001:db8" not in log and PROXY not in log
