"""Programs of other systems: their certificates, their secrets, and the numbers that Prometheus reads."""

import json
import ssl
import subprocess

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from harness import Server

TOKEN = "a-token-for-the-numbers"


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate authority with two clients, and one that it doesn't know."""
    folder = tmp_path_factory.mktemp("authority")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=Test CA", "-keyout", folder / "ca.key",
            "-out", folder / "ca.pem")
    for name in ("one", "two"):
        openssl("req", *key, "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr")
        extensions = folder / "extensions"
        extensions.write_text("extendedKeyUsage=clientAuth\n")
        openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", folder / f"{name}.pem")
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=stranger", "-keyout", folder / "stranger.key",
            "-out", folder / "stranger.pem")
    return folder


@pytest.fixture(scope="module")
def gate(tmp_path_factory, authority):
    """A server that asks for client certificates and shows its numbers to whoever has the token."""
    environment = {"HERSYS_CLIENT_CA": str(authority / "ca.pem"), "HERSYS_METRICS_TOKEN": TOKEN}
    server = Server(tmp_path_factory.mktemp("gate"), cases=20, environment=environment)
    server.start()
    yield server
    server.stop()


def connected(server, authority=None, name=None, http2=False):
    tls = ssl.create_default_context(cafile=str(server.certificate))
    if name:
        tls.load_cert_chain(authority / f"{name}.pem", authority / f"{name}.key")
    return httpx.Client(base_url=server.address, verify=tls, http2=http2, timeout=20)


def issue(server, *more):
    organisation = server.organisation("shinjuku-clinic")
    return json.loads(server.run("client", "issue", "--organisation", organisation, "--json", *more))


def token(client, issued, **more):
    return client.post("/oauth/token", data={
        "grant_type": "client_credentials", "client_id": issued["id"], "client_secret": issued["secret"], **more})


@pytest.mark.parametrize("http2", [False, True])
def test_a_bound_client_needs_its_certificate(gate, authority, http2):
    issued = issue(gate, "--certificate", authority / "one.pem")
    with connected(gate, http2=http2) as nobody, connected(gate, authority, "one", http2) as one, \
            connected(gate, authority, "two", http2) as two:
        assert token(nobody, issued).status_code == 401
        assert token(two, issued).status_code == 401
        granted = token(one, issued)
        assert granted.status_code == 200, granted.text
        headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
        assert one.get("/api/v1/cases", headers=headers).status_code == 200
        # Stolen, the token is worth nothing.
        assert nobody.get("/api/v1/cases", headers=headers).status_code == 401
        assert two.get("/api/v1/cases", headers=headers).status_code == 401


def test_others_need_none_and_a_stranger_s_is_refused(gate, authority):
    issued = issue(gate)
    for name in (None, "one"):
        with connected(gate, authority, name) as client:
            granted = token(client, issued)
            headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
            assert client.get("/api/v1/cases", headers=headers).status_code == 200
            assert client.get("/sign-in").status_code == 200
    with connected(gate, authority, "stranger") as client, pytest.raises(httpx.TransportError):
        client.get("/sign-in")


def test_a_secret_is_changed_and_a_client_is_bound_and_stopped(gate, authority):
    issued = issue(gate)
    fresh = json.loads(gate.run("client", "rotate", issued["id"], "--json"))
    with gate.client() as client:
        assert token(client, issued).status_code == 200
        held = token(client, fresh).json()["access_token"]
        last = json.loads(gate.run("client", "rotate", issued["id"], "--now", "--json"))
        assert token(client, issued).status_code == token(client, fresh).status_code == 401
        headers = {"Authorization": f"Bearer {held}"}
        assert client.get("/api/v1/cases", headers=headers).status_code == 401
        gate.run("client", "bind", issued["id"], authority / "two.pem")
        assert token(client, last).status_code == 401
        gate.run("client", "bind", issued["id"])
        reading = token(client, last, scope="read")
        assert reading.json()["scope"] == "read"
        headers = {"Authorization": f"Bearer {reading.json()['access_token']}"}
        assert client.get("/api/v1/cases", headers=headers).status_code == 200
        refused = client.post("/api/v1/cases", headers=headers, json={})
        assert refused.status_code == 403 and refused.json()["code"] == "insufficient_scope"
        gate.run("client", "stop", issued["id"])
        assert client.get("/api/v1/cases", headers=headers).status_code == 401
    assert gate.command("client", "rotate", issued["id"]).returncode == 1
    assert gate.command("client", "bind", "client-none").returncode == 1
    bad = gate.command("client", "issue", "--organisation", "x", "--certificate", authority / "one.key")
    assert bad.returncode == 1 and "PEM" in bad.stderr


def families(text):
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(family, **labels):
    return sum(sample.value for sample in family.samples
               if all(sample.labels.get(name) == wanted for name, wanted in labels.items()))


def test_prometheus_reads_the_numbers(gate):
    with gate.client() as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 404
        headers = {"Authorization": f"Bearer {TOKEN}"}
        before = families(client.get("/metrics", headers=headers).text)
        for _ in range(5):
            assert client.get("/sign-in").status_code == 200
        assert client.post("/sign-in", data={"login": "nobody", "password": "wrong-password"}).status_code != 303
        answer = client.get("/metrics", headers=headers)
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        after = families(answer.text)
    pages = {"route": "/sign-in", "status": "2xx"}
    assert value(after["hersys_requests"], **pages) - value(before["hersys_requests"], **pages) == 5
    histogram = after["hersys_request_seconds"]
    assert histogram.type == "histogram"
    buckets = [sample.value for sample in histogram.samples if sample.name.endswith("_bucket")]
    assert buckets == sorted(buckets) and buckets[-1] > 0
    for name in ("hersys_admission_waiting", "hersys_admission_refused", "hersys_event_streams_open",
                 "hersys_jobs_waiting", "hersys_jobs_failed", "hersys_outbox_waiting", "hersys_outbox_oldest_seconds",
                 "hersys_database_writes", "hersys_sign_in_failures", "hersys_lockouts"):
        assert name in after, name
    assert after["hersys_database_up"].samples[0].value == 1
    assert value(after["hersys_sign_in_failures"]) > value(before["hersys_sign_in_failures"])
    assert after["process_resident_memory_bytes"].samples[0].value > 10 << 20
    assert after["process_start_time_seconds"].samples[0].value > 1_600_000_000


def test_without_a_token_this_machine_reads_the_numbers(server):
    with server.client() as client:
        assert "hersys_requests_total" in client.get("/metrics").text
        assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
