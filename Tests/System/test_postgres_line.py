"""The line to PostgreSQL: TLS that is checked, a password that isn't told to anybody."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from harness import ROOT, binary

SECRET = "aikotoba-no-himitsu"


def certificate(folder, name):
    """A self-made certificate for localhost; returns its path and its key's."""
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(paths[1]),
         "-out", str(paths[0])],
        check=True, capture_output=True)
    return paths


@pytest.fixture(scope="module")
def server():
    """A server that lets nobody in without TLS and a password; the port and the folder."""
    folder = Path(tempfile.mkdtemp(prefix="hersys-line-"))
    folder.chmod(0o755)
    script = str(ROOT / "script/postgres")
    own, key = certificate(folder, "server")
    certificate(folder, "stranger")
    url = subprocess.run([script, "start", str(folder)], check=True, capture_output=True, text=True).stdout.strip()
    try:
        subprocess.run(["psql", url, "-qc", f"ALTER USER hersys PASSWORD '{SECRET}'"], check=True)
        subprocess.run([script, "stop", str(folder)], check=True)
        data = folder / "data"
        (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        if os.geteuid() == 0:
            shutil.chown(own, "postgres")
            shutil.chown(key, "postgres")
        key.chmod(0o600)
        port = url.rsplit(":", 1)[1].split("/")[0]
        settings = ["ssl=on", f"ssl_cert_file={own}", f"ssl_key_file={key}"]
        # pg_ctl's own question whether the server is up is answered without a password, too.
        subprocess.run([script, "start", str(folder), *settings], check=True, capture_output=True,
                       env=os.environ | {"PORT": port})
        yield port, folder
    finally:
        subprocess.run([script, "stop", str(folder)], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def migrate(server, *, password=SECRET, root="server", mode="verify-full"):
    """Migrates over the line; what the program answered."""
    port, folder = server
    address = (f"postgres://hersys:{password}@localhost:{port}/postgres?sslmode={mode}&gssencmode=disable"
               f"&hostaddr=127.0.0.1&sslrootcert={folder / root}.pem")
    done = subprocess.run([binary(), "migrate"], cwd=folder, capture_output=True, text=True, timeout=120,
                          env=os.environ | {"HERSYS_DATABASE": address})
    for secret in (SECRET, password, "postgres://"):
        assert secret not in done.stdout + done.stderr
    return done


def test_a_checked_line_with_the_password_works(server):
    assert migrate(server).returncode == 0


@pytest.mark.parametrize("wrong", [
    {"mode": "disable"}, {"root": "stranger"}, {"password": "machigai"},
], ids=["no TLS", "a certificate of somebody else", "a wrong password"])
def test_anything_else_is_refused_in_words(server, wrong):
    done = migrate(server, **wrong)
    assert done.returncode == 1
    assert "データベース" in done.stderr
