"""Programs that a test starts and kills, and who signs their certificates."""

import os
import shutil
import ssl
import subprocess
import time
from pathlib import Path

from harness import ROOT

DEPLOY = ROOT / "deploy"
# Debian's Python has the YAML library that Patroni reads its settings with; JSON is YAML too.
DEBIAN_PYTHON = "/usr/bin/python3"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
SECRET = "renshu-no-aikotoba"
# PostgreSQL refuses to be started by root; Debian has made a user for it.
OWNER = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"] if os.geteuid() == 0 else []
# A machine of its own, as far as the servers can see.
PROXY = "127.0.0.2"


def until(seconds, what, ask, every=0.05):
    """Asks until the answer is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(every)


def children(pid):
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        if int(text.rpartition(")")[2].split()[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def is_alive(pid):
    """Whether a process runs; one that has ended and waits for its parent doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Program:
    """A process with its log; started as the user that Debian made for PostgreSQL where root would be refused."""

    def __init__(self, name, folder, as_owner=False):
        self.name, self.folder, self.as_owner = name, folder, as_owner
        self.log_path = folder / f"{name}.log"
        self.process = None

    def start(self, command, environment=None):
        prefix = OWNER if self.as_owner else []
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, *map(str, command)], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """Ends it as a power cut would."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait(10)

    def stop(self, seconds=10):
        """Asks it to end."""
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self, lines=30):
        if not self.log_path.exists():
            return ""
        # 0 is all of them.
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])


class Authority:
    """One authority and one certificate for everything: all of it is on this machine."""

    def __init__(self, folder):
        self.ca, self.certificate, self.key = folder / "ca.pem", folder / "machine.pem", folder / "machine.key"
        request, ca_key = folder / "request.pem", folder / "ca.key"
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        extensions = folder / "extensions"
        extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n")
        for command in (
            ["req", "-x509", *key, "-days", "2", "-subj", "/CN=HER-SYS test", "-keyout", ca_key, "-out", self.ca],
            ["req", *key, "-subj", "/CN=localhost", "-keyout", self.key, "-out", request],
            ["x509", "-req", "-days", "2", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial",
             "-extfile", extensions, "-out", self.certificate],
        ):
            subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
        # PostgreSQL takes a key that its own user can read and that belongs to root, as on a real machine.
        if OWNER:
            shutil.chown(self.key, group="postgres")
        self.key.chmod(0o640 if OWNER else 0o600)

    def context(self):
        """What clients trust; etcd wants a certificate of theirs, too."""
        made = ssl.create_default_context(cafile=str(self.ca))
        made.load_cert_chain(self.certificate, self.key)
        return made
