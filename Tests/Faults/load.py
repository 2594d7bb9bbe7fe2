"""Staff and programs at work while something breaks: who was told what, and when."""

import itertools
import re
import subprocess
import threading
import time
from collections import Counter, namedtuple
from contextlib import contextmanager

import httpx

from harness import all_cases, binary, csrf, notification, today

CLINIC = "shinjuku-clinic"
WRITERS = 4
# An answer that takes this long counts as none. Whoever wrote at the moment at which the database went away waits
# longest: some 30 s, until it is known whether the write took place.
PATIENCE = 45

# What somebody was told: `status` is a number, or the name of the transport's error.
Told = namedtuple("Told", "kind began at status text headers")

runs = itertools.count(1)


class Load:
    """Writers that file and revise through the API, one who reads there, and one who works with pages.

    Two servers: each writer begins at its own, and goes on at the next where a connection breaks.
    """

    def __init__(self, *servers, pages=True):
        self.servers, self.with_pages = servers, pages
        self.run = next(runs)
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.told = []
        # By key: what was sent, how often each fate was told, and the case as acknowledged last.
        self.sent, self.fates, self.acknowledged = {}, {}, {}
        # By case: what a revision of unknown fate would have made of the remarks.
        self.perhaps = {}
        self.draft = None
        self.drafted = None
        self.threads = []

    def __enter__(self):
        server = self.servers[0]
        with server.api(server.organisation(CLINIC)) as client:
            self.token = client.headers["Authorization"]
            self.before = set(all_cases(client))
        if self.with_pages:
            self.session = session(server, CLINIC)
            with self.browser(server) as browser:
                page = browser.get(browser.get("/cases/new").headers["location"])
                self.csrf = csrf(page.text)
                self.draft = re.search(r'name="draft" value="([^"]+)"', page.text).group(1)
        workers = [(self.write, number) for number in range(WRITERS)] + [(self.read, 0)]
        workers += [(self.work_with_pages, 0)] if self.with_pages else []
        self.threads = [threading.Thread(target=work, args=(number,)) for work, number in workers]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self.over.set()
        for thread in self.threads:
            thread.join(2 * PATIENCE)

    # Connections

    def program(self, server):
        return server.client(headers={"Authorization": self.token}, timeout=PATIENCE)

    def sign_in_again(self, server):
        """A session in place of one that has ended."""
        server.sessions.pop(CLINIC, None)
        self.session = session(server, CLINIC)

    def browser(self, server):
        # As browsers say: then a form that couldn't be taken comes back in the answer.
        headers = {"Cookie": f"__Host-session={self.session}", "Sec-Fetch-Site": "same-origin"}
        return server.client(headers=headers, timeout=PATIENCE)

    def ask(self, clients, kind, *arguments, **options):
        """One request; the answer, or None where the connection broke: then the next server is asked next time."""
        began = time.monotonic()
        try:
            answer = clients[0].request(*arguments, **options)
        except httpx.TransportError as error:
            told = Told(kind, began, time.monotonic(), type(error).__name__, str(error), {})
            clients.append(clients.pop(0))
            answer = None
        else:
            told = Told(kind, began, time.monotonic(), answer.status_code, answer.text, answer.headers)
        with self.lock:
            self.told.append(told)
        if answer is None or answer.status_code == 503:
            self.over.wait(0.1)
        return answer

    def clients(self, make, first=0):
        made = [make(server) for server in self.servers]
        return made[first % len(made):] + made[:first % len(made)]

    # What they do

    def write(self, writer):
        clients = self.clients(self.program, writer)
        for count in itertools.count():
            if self.over.is_set():
                break
            number = (self.run * WRITERS + writer) * 5_000 + count
            key = f"key-{number}"
            # Yesterday's: a clock that is set back past midnight mustn't find it in the future.
            self.sent[key] = notification(number, notified_on=today(-1))
            self.fates[key] = Counter()
            while not self.over.is_set():
                answer = self.ask(
                    clients, "notify", "POST", "/api/v1/cases", json=self.sent[key], headers={"Idempotency-Key": key})
                status = "none" if answer is None else answer.status_code
                self.fates[key][status] += 1
                if status == 201:
                    self.acknowledged[key] = answer.json()
                # Every second one repeats until it is told; the others leave it to whoever checks.
                if status not in ("none", 503) or writer % 2:
                    break
            if key in self.acknowledged and count % 3 == 0:
                self.revise(clients, key, f"訂正{number}")
            self.over.wait(0.02)
        for client in clients:
            client.close()

    def revise(self, clients, key, remarks):
        case = self.acknowledged[key]
        self.perhaps[case["id"]] = remarks
        answer = self.ask(
            clients, "revise", "PATCH", f"/api/v1/cases/{case['id']}", json={"items": {"physician_remarks": remarks}},
            headers={"If-Match": f'"{case["version"]}"'})
        if answer is not None and answer.status_code == 200:
            self.acknowledged[key] = answer.json()
            del self.perhaps[case["id"]]

    def read(self, _):
        clients = self.clients(self.program)
        while not self.over.wait(0.05):
            known = list(self.acknowledged.values())
            if known:
                case = known[-1]
                answer = self.ask(clients, "read", "GET", f"/api/v1/cases/{case['id']}")
                if answer is not None and answer.status_code == 200:
                    assert answer.json()["items"]["family_name"] == case["items"]["family_name"]
        for client in clients:
            client.close()

    def work_with_pages(self, _):
        clients = self.clients(self.browser)
        for count in itertools.count():
            if self.over.wait(0.05):
                break
            self.ask(clients, "list page", "GET", "/cases")
            form = {"csrf": self.csrf, "draft": self.draft, "family_name": f"下書{count}", "quiet": "1"}
            answer = self.ask(clients, "draft", "POST", "/cases/new/draft", data=form)
            if answer is not None and answer.status_code in (200, 204):
                self.drafted = form["family_name"]
        for client in clients:
            client.close()

    # What is asked of it

    def until(self, what, seconds=30):
        """Waits until something is true of the load."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"it didn't come to that in {seconds} s: {self.summary()}"
            time.sleep(0.01)

    def gather(self, wanted):
        """Waits for so many more acknowledged notifications."""
        goal = len(self.acknowledged) + wanted
        self.until(lambda: len(self.acknowledged) >= goal)

    def healed(self, ended, seconds=10, people=True):
        """The seconds from the end of a fault until everybody who works had a success; programs only, or people too."""
        kinds = {"notify", "revise", "read"} | ({"list page", "draft"} if self.with_pages and people else set())

        def first(kind):
            return next((told.at for told in list(self.told) if told.kind == kind and told.at > ended
                         and told.began >= ended - PATIENCE and told.status in (200, 201, 204)), None)

        end = ended + seconds + 20
        while time.monotonic() < end and any(first(kind) is None for kind in kinds):
            time.sleep(0.02)
        late = {kind for kind in kinds if first(kind) is None}
        assert not late, f"no success for {late} {seconds + 20} s after the fault: {self.summary()}"
        took = max(first(kind) for kind in kinds) - ended
        assert took <= seconds, f"it took {took:.1f} s to heal"
        return took

    def statuses(self, since=0, until=float("inf")):
        """How often each kind of request had each end."""
        return Counter((told.kind, told.status) for told in list(self.told) if since <= told.at <= until)

    def summary(self):
        return ", ".join(f"{kind} {status}: {count}" for (kind, status), count in sorted(
            self.statuses().items(), key=str))


def refused(load, kinds, since):
    """Whether each of these kinds was told to wait since then."""
    counts = load.statuses(since)
    return all(counts[kind, 503] for kind in kinds)


def session(server, login):
    """The cookie of a session that lasts for all rounds: signing in takes a second of hashing."""
    if login not in server.sessions:
        with server.sign_in(login) as client:
            server.sessions[login] = client.cookies["__Host-session"]
    return server.sessions[login]


@contextmanager
def undone(action):
    """Takes a fault back, whatever happens within."""
    try:
        yield
    finally:
        action()


@contextmanager
def worker(server):
    """`hersys work` beside a server, on its database."""
    with (server.folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [binary(), "work"], cwd=server.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env=server.settings() | {"HERSYS_DATABASE": server.address_of_database()})
    try:
        yield process
        assert process.poll() is None, f"the worker has ended: {(server.folder / 'worker.log').read_text()[-2000:]}"
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
