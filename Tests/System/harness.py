"""The program as its users have it: a folder of its own, a certificate, a port, a process."""

import atexit
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "renshu-no-aikotoba-2020"
JAPAN = timezone(timedelta(hours=9))


def binary():
    """The program under test."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return os.environ.get("HERSYS_BINARY") or str(cache / "hersys/build-debug/debug/hersys")


def today(days=0):
    """A day by Japan's calendar, as ISO text."""
    return (datetime.now(JAPAN) + timedelta(days=days)).date().isoformat()


def free_port():
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# What no log may hold, of all servers of this run; script/scan-logs reads it when everything is over.
TOLD = []


def log_place(folder):
    """Where a server writes its log: in HERSYS_LOGS, where the logs of a whole run are looked through, or with it."""
    logs = os.environ.get("HERSYS_LOGS")
    if not logs:
        return Path(folder) / "server.log"
    if not TOLD:
        atexit.register(tell, Path(logs))
    handle, name = tempfile.mkstemp(prefix="server-", suffix=".log", dir=logs)
    os.close(handle)
    return Path(name)


def tell(logs):
    """Writes down what was typed and told in this run."""
    words = {word for secrets in TOLD for word in secrets}
    words |= {notification(number)["items"][key] for number in (0, 1, 2, 810_000, 820_000, 900_001) for key in (
        "family_name", "family_kana", "given_kana", "phone", "address_line", "birth_date", "notifier_name",
        "physician_remarks")}
    (logs / f"words-{os.getpid()}.json").write_text(json.dumps(sorted(words), ensure_ascii=False), encoding="utf-8")


class Server:
    """One database with its keys, and the process that serves it.

    `database` is an address such as `postgres://…`; without one it is an SQLite file in the folder. What stands in
    `environment` is set for the serving process only: tests break things with it.
    """

    # Where nothing else is said, the program's own rule for the keys: beside the SQLite file.
    database = None
    keys = None
    # The address as the serving process is given it, where a test has put something between the two.
    served = None
    # Whether the serving process is started with --demo.
    is_demonstration = True

    def __init__(self, folder, cases=300, seed=7, database=None, environment=None):
        self.folder = Path(folder)
        if database is not None:
            self.database, self.keys = database, self.folder / "hersys.keys"
        self.environment = dict(environment or {})
        self.port = free_port()
        self.process = None
        self.log_path = log_place(self.folder)
        # What must never stand in the log: filled by whoever types it.
        self.secrets = set()
        TOLD.append(self.secrets)
        # Credentials of one API client for each organisation.
        self.issued = {}
        # Sessions that browsers share, by login.
        self.sessions = {}
        self.certificate = self.folder / "certificate.pem"
        self.private_key = self.folder / "private-key.pem"
        self.make_certificate()
        self.run("key", "new")
        self.run("migrate")
        if cases is not None:
            self.run("demo", "--cases", cases, "--seed", seed, "--password", PASSWORD)

    def beside(self, folder, served=None, environment=None):
        """A second server on the same database with the same keys, accounts and API clients; not started yet."""
        other = Server.__new__(Server)
        other.__dict__.update(self.__dict__)
        other.folder, other.port, other.process = Path(folder), free_port(), None
        other.log_path = log_place(other.folder)
        other.database, other.keys = self.address_of_database(), self.keys or self.folder / "hersys.keys"
        other.served, other.environment = served, dict(environment or {})
        return other

    def make_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", str(self.private_key), "-out", str(self.certificate)],
            check=True, capture_output=True)

    # Commands

    def address_of_database(self):
        return self.database or f"sqlite:{self.folder / 'hersys.db'}"

    def settings(self):
        """The environment of every process of ours: whatever is set outside doesn't reach the program."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HERSYS_")}
        if self.keys is not None:
            environment["HERSYS_KEYS"] = str(self.keys)
        return environment

    def command(self, *arguments, stdin=None, timeout=300):
        """Runs the program beside the server, with the same database."""
        environment = self.settings() | {"HERSYS_DATABASE": self.address_of_database()}
        return subprocess.run(
            [binary(), *map(str, arguments)], cwd=self.folder, env=environment, capture_output=True, text=True,
            input=stdin, timeout=timeout)

    def run(self, *arguments):
        """Runs a command that has to succeed."""
        done = self.command(*arguments)
        assert done.returncode == 0, f"hersys {' '.join(map(str, arguments))}: {done.returncode}\n{done.stderr}"
        return done.stdout

    # The process

    @property
    def address(self):
        return f"https://127.0.0.1:{self.port}"

    def start(self):
        """Starts serving; returns the seconds until /readyz said that it can serve."""
        # Tests ask as one program more than one program may, and sign the same people in again and again; those about
        # the limits set them back.
        environment = self.settings() | {"HERSYS_CLIENT_RATE": "100000"}
        if self.is_demonstration:
            environment["HERSYS_SENDS"] = "unlimited"
        environment = environment | self.environment
        environment = {name: value for name, value in environment.items() if value is not None}
        log = self.log_path.open("ab")
        began = time.monotonic()
        self.process = subprocess.Popen(
            [binary(), "serve", *(["--demo"] if self.is_demonstration else []),
             "--database", self.served or self.address_of_database(), "--listen", f"127.0.0.1:{self.port}", "--certificate", str(self.certificate),
             "--private-key", str(self.private_key)],
            cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        with self.client() as client:
            while time.monotonic() - began < 30:
                assert self.process.poll() is None, f"the server has ended:\n{self.log()}"
                try:
                    if client.get("/readyz").status_code == 200:
                        return time.monotonic() - began
                except httpx.TransportError:
                    pass
                time.sleep(0.01)
        raise AssertionError(f"the server isn't ready after 30 s:\n{self.log()}")

    def kill(self):
        """Ends the process as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self):
        """Asks the process to end; returns its exit status and the seconds it took."""
        if self.process is None or self.process.poll() is not None:
            return None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20), time.monotonic() - began
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the server didn't end within 20 s of SIGTERM") from None

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    # Requests

    def tls(self):
        return ssl.create_default_context(cafile=str(self.certificate))

    def client(self, http2=False, **options):
        """A client that trusts the server's certificate and follows no redirect by itself."""
        options.setdefault("timeout", 20)
        return httpx.Client(base_url=self.address, verify=self.tls(), http2=http2, **options)

    def messages(self):
        with self.client() as client:
            answer = client.get("/outbox.json")
        assert answer.status_code == 200
        return answer.json()

    def code(self, known=(), ending=None):
        """The newest one-time code, once the messages differ from those `known` before."""
        for _ in range(50):
            messages = self.messages()
            if messages[:1] != list(known[:1]):
                break
            time.sleep(0.1)
        message = next(m for m in messages if ending is None or re.sub(r"\D", "", m["to"]).endswith(ending))
        self.secrets.add(message["to"])
        spoken = re.search(r"(\d(?: ?\d){5})", message["text"]).group(1)
        code = spoken.replace(" ", "")
        self.secrets.add(spoken)
        self.secrets.add(code)
        return code

    @contextmanager
    def sign_in(self, login, password=PASSWORD):
        """A client with the session of an account."""
        self.secrets.add(password)
        known = self.messages()
        with self.client() as client:
            first = client.post("/sign-in", data={"login": login, "password": password, "return": "/"})
            assert first.status_code == 303, first.text
            second = client.get(first.headers["location"])
            ending = re.search(r'<strong class="number">(\d+)</strong>', second.text).group(1)
            done = client.post("/sign-in/code", data={"code": self.code(known, ending)})
            assert done.status_code == 303, done.text
            self.secrets.add(client.cookies["__Host-session"])
            yield client

    @contextmanager
    def api(self, organisation):
        """A client with a bearer token of an organisation's program."""
        if organisation not in self.issued:
            self.issued[organisation] = json.loads(
                self.run("client", "issue", "--organisation", organisation, "--name", "試験", "--json"))
        issued = self.issued[organisation]
        with self.client() as client:
            answer = client.post("/oauth/token", data={
                "grant_type": "client_credentials", "client_id": issued["id"], "client_secret": issued["secret"]})
            assert answer.status_code == 200, answer.text
            token = answer.json()["access_token"]
            self.secrets.update([issued["secret"], token])
            client.headers["Authorization"] = f"Bearer {token}"
            yield client

    def accounts(self):
        return json.loads(self.run("account", "list", "--json"))

    def organisation(self, login):
        """The key of an account's organisation."""
        return next(a["organisation"] for a in self.accounts() if a["login"] == login)


def csrf(page):
    """The token that a page's forms carry."""
    return re.search(r'name="csrf" value="([^"]+)"', page).group(1)


def notification(number=0, **items):
    """A complete 発生届 of one person, for the API."""
    family = "試験" + "".join(chr(ord("ぁ") + 1 + 2 * int(digit)) for digit in str(number))
    person = {
        "notified_on": today(), "notifier_name": "検査 太郎",
        "notifier_institution": {"name": "試験医院"}, "notifier_address": "東京都新宿区試験町1-1",
        "notifier_phone": "03-1234-5678", "case_class": "confirmed", "family_name": family, "given_name": "花子",
        "family_kana": "シケン", "given_kana": "ハナコ", "sex": "female", "birth_date": "1985-03-02",
        "occupation": "会社員", "address_line": f"新宿区試験町{number + 1}-2-3",
        "stay_line": f"新宿区試験町{number + 1}-2-3", "phone": f"090-{7000 + number // 10000:04}-{number % 10000:04}",
        "notified_symptoms": ["fever", "cough"], "diagnosis_method": ["pcr"], "first_visit_on": today(-2),
        "diagnosed_on": today(-1), "infected_unknown": "yes", "onset_on": today(-4), "route_certainty": "unknown",
        "region_certainty": "unknown", "physician_remarks": f"試験届{number}",
    }
    person.update(items)
    return {
        "form": "2020-02",
        "items": {key: value for key, value in person.items() if value is not None},
        "tests": [{"method": "pcr", "specimen": "saliva", "specimen_on": today(-2), "result_on": today(-1),
                   "result": "positive"}],
    }


def all_cases(client):
    """All cases that a client sees, by number, as the list shows them."""
    cases, cursor = {}, None
    while True:
        answer = client.get("/api/v1/cases", params={"limit": 500} | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        for case in answer.json()["cases"]:
            assert case["id"] not in cases, "a case stands in the list twice"
            cases[case["id"]] = case
        cursor = answer.json()["next"]
        if cursor is None:
            return cases


def same_content(case):
    """A case without what belongs to the answer and not to the case."""
    return {name: value for name, value in case.items() if name not in {"updated_at"}}
