"""A PostgreSQL server of its own for a test, and what can happen to it."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness import ROOT


def children(pid):
    """The processes that a process has started, and theirs."""
    try:
        direct = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return direct + [other for child in direct for other in children(child)]


class Postgres:
    """A server in a folder below the system's temporary one: pytest's own folders are closed to the user postgres."""

    def __init__(self, *settings, environment=None):
        self.folder = Path(tempfile.mkdtemp(prefix="hersys-faults-"))
        self.folder.chmod(0o755)
        self.settings = settings
        self.environment = dict(environment or {})
        self.address = None

    def script(self, action, *settings):
        environment = os.environ | self.environment
        if self.address is not None:
            environment["PORT"] = str(self.port)
        done = subprocess.run(
            [str(ROOT / "script/postgres"), action, str(self.folder), *settings], env=environment,
            capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, f"script/postgres {action}: {done.stderr}"
        return done.stdout.strip()

    def start(self):
        """Starts it, on the port it had before if it ran already."""
        self.address = self.script("start", *self.settings)

    def stop(self):
        """Ends it in order: transactions that run are told so."""
        self.script("stop")

    @property
    def port(self):
        return int(self.address.rsplit(":", 1)[1].split("/")[0])

    def pid(self):
        """The postmaster's, None where none runs."""
        try:
            pid = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return None
        try:
            # After a kill the file stays, and its number may become somebody else's.
            of_us = str(self.folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except FileNotFoundError:
            return None
        return pid if of_us else None

    def signal(self, number):
        """Sends a signal to the postmaster and to all that it has started."""
        pid = self.pid()
        everybody = [] if pid is None else [pid, *children(pid)]
        for one in everybody:
            try:
                os.kill(one, number)
            except ProcessLookupError:
                pass
        return everybody

    def kill(self):
        """Ends it as a power cut would."""
        killed = self.signal(signal.SIGKILL)
        for _ in range(500):
            if not any(Path(f"/proc/{pid}").exists() for pid in killed):
                return
            time.sleep(0.01)
        raise AssertionError("a process of PostgreSQL outlived SIGKILL by 5 s")

    def pause(self):
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)

    def log(self):
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")

    def ask(self, sql):
        """What psql prints for a statement, without headings."""
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, self.address], capture_output=True,
            text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
