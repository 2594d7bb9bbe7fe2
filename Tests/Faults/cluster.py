"""The deployment of `deploy/` on loopback ports: three database machines, HAProxy, two servers, their work.

Every setting comes from the files in `deploy/`. Only names, ports, paths and sizes of memory are replaced here, so that
what is tested is what is deployed.
"""

import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from harness import PASSWORD, ROOT, binary, free_port, notification

DEPLOY = ROOT / "deploy"
# Debian's Python has the YAML library that Patroni reads its settings with; JSON is YAML too.
DEBIAN_PYTHON = "/usr/bin/python3"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
SECRET = "renshu-no-aikotoba"
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


OWNER = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"] if os.geteuid() == 0 else []


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


class Node:
    """A database machine: etcd, Patroni and the PostgreSQL that it runs."""

    def __init__(self, cluster, name):
        self.cluster, self.name = cluster, name
        self.port, self.api, self.etcd_port, self.etcd_peer = (free_port() for _ in range(4))
        self.folder = cluster.folder / name
        self.folder.mkdir()
        if OWNER:
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.settings = self.folder / "patroni.yml"
        self.patroni = Program(name, cluster.folder, as_owner=True)
        self.etcd = Program(f"{name}-etcd", cluster.folder)
        self.frozen = []

    def write_settings(self, template):
        """Puts this machine's names, ports and paths into the settings of the deployment."""
        # A port of this machine stands for a machine of its own with the usual port.
        text = template.replace("10.0.0.0/24", "127.0.0.1/32").replace("/etc/ssl/hersys", str(self.cluster.folder))
        if not OWNER:
            text = text.replace('"local   all         postgres                  peer"', '"local all postgres trust"')
        settings = json.loads(text)
        settings["name"] = self.name
        own_first = sorted(self.cluster.nodes, key=lambda node: node is not self)
        settings["etcd3"]["hosts"] = ",".join(f"127.0.0.1:{node.etcd_port}" for node in own_first)
        settings["restapi"]["listen"] = settings["restapi"]["connect_address"] = f"127.0.0.1:{self.api}"
        database = settings["postgresql"]
        database["listen"] = database["connect_address"] = f"127.0.0.1:{self.port}"
        database["data_dir"] = str(self.data)
        database["pgpass"] = str(self.folder / "pgpass")
        database["parameters"]["unix_socket_directories"] = str(self.folder)
        # A machine for tests is small and has no watchdog to spare.
        settings["watchdog"]["mode"] = "off"
        settings["bootstrap"]["dcs"]["postgresql"]["parameters"] |= {
            "shared_buffers": "64MB", "max_wal_size": "1GB", "wal_keep_size": "512MB"}
        self.settings.write_text(json.dumps(settings, indent=1))
        self.settings.chmod(0o644)

    # The process

    def start(self):
        if not self.etcd.is_running():
            self.start_etcd()
        # Patroni ends at once where etcd's members haven't found each other; systemd would start it again.
        until(30, lambda: f"etcd is there\n{self.etcd.log()}", self.has_etcd)
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        self.patroni.start(["patroni", self.settings], environment)

    def start_etcd(self):
        """The settings of deploy/etcd.default, with the ports of this machine."""
        text = (DEPLOY / "etcd.default").read_text().replace("/etc/ssl/hersys", str(self.cluster.folder))
        for node in self.cluster.nodes:
            text = text.replace(f"{node.name}:2379", f"127.0.0.1:{node.etcd_port}")
            text = text.replace(f"{node.name}:2380", f"127.0.0.1:{node.etcd_peer}")
        environment = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
        client, peer = (f"https://127.0.0.1:{port}" for port in (self.etcd_port, self.etcd_peer))
        environment |= {
            "ETCD_NAME": self.name, "ETCD_LISTEN_CLIENT_URLS": client, "ETCD_ADVERTISE_CLIENT_URLS": client,
            "ETCD_LISTEN_PEER_URLS": peer, "ETCD_INITIAL_ADVERTISE_PEER_URLS": peer,
            "ETCD_DATA_DIR": str(self.cluster.folder / f"{self.name}-etcd"), "PATH": os.environ["PATH"]}
        self.etcd.start(["etcd"], environment)

    def has_etcd(self):
        try:
            answer = httpx.get(f"https://127.0.0.1:{self.etcd_port}/version", verify=self.cluster.context, timeout=3)
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and answer.json()["etcdcluster"] != "not_decided"

    def postmaster(self):
        """The number of the PostgreSQL server's process, nil where none runs."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            program = Path(f"/proc/{pid}/cmdline").read_text()
        except (OSError, ValueError, IndexError):
            return None
        # After a kill the number may be somebody else's.
        return pid if str(self.data) in program and is_alive(pid) else None

    def everything(self):
        """All processes of the machine: PostgreSQL's first, so that Patroni has no time to notice."""
        postmaster = self.postmaster()
        found = [postmaster, *children(postmaster)] if postmaster else []
        for program in (self.patroni, self.etcd):
            if program.is_running():
                pid = program.process.pid
                found += [pid, *(child for child in children(pid) if child not in found)]
        return found

    def kill(self):
        """The machine loses its power."""
        victims = self.everything()
        # Stopped first, so that none of them sees another one die and says something about it.
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in victims:
                send(pid, number)
        self.patroni.kill()
        self.etcd.kill()
        until(10, f"{self.name} is dead", lambda: not any(map(is_alive, victims)))
        self.frozen = []

    def freeze(self):
        """The machine hangs: connections stay open, and nobody answers."""
        self.frozen = self.everything()
        for pid in self.frozen:
            send(pid, signal.SIGSTOP)

    def thaw(self):
        for pid in self.frozen:
            send(pid, signal.SIGCONT)
        self.frozen = []

    def end(self):
        """Ends both at once: nobody is left who could be interested in an orderly end."""
        self.thaw()
        self.patroni.kill()
        postmaster = self.postmaster()
        if postmaster:
            # Immediate shutdown; unlike a kill it gives shared memory back.
            send(postmaster, signal.SIGQUIT)
            until(15, f"{self.name} ends", lambda: not is_alive(postmaster))
        self.etcd.kill()

    # What it says

    def ask(self, path):
        """What Patroni answers, or nothing where it doesn't."""
        try:
            answer = httpx.get(f"https://127.0.0.1:{self.api}{path}", verify=self.cluster.context, timeout=3)
            return answer.json() if path != "/primary" or answer.status_code == 200 else None
        except (httpx.TransportError, ValueError):
            return None

    def copies(self):
        """How often the machine got all its data from another one."""
        return self.patroni.log(lines=0).count("replica has been created using basebackup")

    def is_primary(self):
        return self.ask("/primary") is not None

    def log(self):
        return f"--- {self.name}\n{self.patroni.log()}"


class Cluster:
    """The database machines."""

    def __init__(self, folder, nodes=3):
        self.folder = folder
        self.authority = Authority(folder)
        self.context = self.authority.context()
        self.nodes = [Node(self, f"db{number + 1}") for number in range(nodes)]

    # From nothing to a database

    def start(self):
        for node in self.nodes:
            node.start_etcd()
        template = subprocess.run(
            [DEBIAN_PYTHON, "-c", "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"],
            input=(DEPLOY / "patroni.yml").read_text(), capture_output=True, text=True, check=True).stdout
        for node in self.nodes:
            node.write_settings(template)
        for node in self.nodes:
            node.start()
        first = until(60, lambda: "a first primary\n" + "\n".join(map(Node.log, self.nodes)), self.primary)
        # As in deploy/README.md.
        self.sql(f"CREATE ROLE hersys LOGIN PASSWORD '{SECRET}'", first)
        self.sql("CREATE DATABASE hersys OWNER hersys", first)

    def stop(self):
        # All at once: otherwise each end would be one more failover.
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda node: node.end(), self.nodes))

    # Who is what

    def primary(self):
        return next((node for node in self.nodes if node.is_primary()), None)

    def members(self):
        """What a living Patroni knows of all: name, role, state, lag."""
        for node in self.nodes:
            answer = node.ask("/cluster")
            if answer:
                return {member["name"]: member for member in answer["members"]}
        return {}

    def standby(self, role="sync_standby"):
        """A standby that is synchronous, or another one."""
        names = [name for name, member in self.members().items() if member["role"] == role]
        return next((node for node in self.nodes if node.name in names), None)

    def is_whole(self):
        """Every machine is there, and one standby is synchronous."""
        members = self.members()
        roles = sorted(member["role"] for member in members.values())
        if roles != sorted(["leader", "sync_standby", *["replica"] * (len(self.nodes) - 2)]):
            return False
        if any(member["state"] not in ("running", "streaming") for member in members.values()):
            return False
        primary = self.primary()
        return primary is not None and self.streaming(primary) == len(self.nodes) - 1

    def whole(self, seconds):
        """Waits until everything is as it should be; returns how long it took."""
        began = time.monotonic()
        until(seconds, lambda: f"the cluster is whole: {self.members()}\n" + "\n".join(map(Node.log, self.nodes)),
              self.is_whole, every=0.2)
        return time.monotonic() - began

    def streaming(self, primary):
        """How many standbys the primary sends its log to."""
        try:
            return int(self.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", primary))
        except AssertionError:
            return 0

    def sql(self, statement, node, database="postgres"):
        """Runs a statement as the machine's administrator would."""
        done = subprocess.run(
            [*OWNER, str(PROGRAMS / "psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(node.folder),
             "-p", str(node.port), "-U", "postgres", "-d", database, "-c", statement],
            capture_output=True, text=True, timeout=30, env={"PATH": os.environ["PATH"], "PGCONNECT_TIMEOUT": "3"})
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def switchover(self):
        """Gives the primary's place to the synchronous standby, in order."""
        leader, candidate = self.primary(), self.standby()
        done = subprocess.run(
            [*OWNER, "patronictl", "-c", str(leader.settings), "switchover", "hersys", "--leader", leader.name,
             "--candidate", candidate.name, "--force"],
            capture_output=True, text=True, timeout=60, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
        assert done.returncode == 0 and "Successfully" in done.stdout, done.stdout + done.stderr
        return leader, candidate

    def url(self):
        """What the program is given, as in deploy/README.md."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return (f"postgres://hersys:{SECRET}@{hosts}/hersys?target_session_attrs=read-write&connect_timeout=3"
                f"&tcp_user_timeout=10000&sslmode=verify-full&sslrootcert={self.authority.ca}")


class Unit:
    """A service of `deploy/`: its command and environment, as systemd would make them."""

    def __init__(self, name, folder):
        # Every line as name and value; a name may come more than once.
        lines = [line.partition("=")[::2] for line in (DEPLOY / f"{name}.service").read_text().splitlines()]

        def all_of(wanted):
            return [value for name, value in lines if name == wanted]

        self.command = [binary(), *all_of("ExecStart")[0].split()[1:]]
        credentials = dict(value.split(":", 1) for value in all_of("LoadCredential"))
        self.environment = {}
        for pair in " ".join(all_of("Environment")).split():
            key, value = pair.split("=", 1)
            if value.startswith("%d/"):
                value = credentials[value.removeprefix("%d/")].replace("/etc/hersys", str(folder))
            self.environment[key] = value


class Site:
    """Two servers with one key, their work in the background, and HAProxy in front, on a cluster."""

    def __init__(self, cluster):
        self.cluster, self.folder = cluster, cluster.folder
        self.outside = {name: value for name, value in os.environ.items() if not name.startswith("HERSYS_")}
        # What stands in hersys.env.
        self.outside["HERSYS_DATABASE"] = cluster.url()
        # HAProxy's address, so that tests can ask a server past it from their own.
        self.outside["HERSYS_PROXIES"] = PROXY
        shutil.copy(cluster.authority.certificate, self.folder / "certificate.pem")
        shutil.copy(cluster.authority.key, self.folder / "private-key.pem")
        self.port, self.primary_port = free_port(), free_port()
        self.ports = [free_port(), free_port()]
        self.servers = [Program(f"serve{number + 1}", self.folder) for number in range(2)]
        self.work = Program("work", self.folder)
        self.haproxy = Program("haproxy", self.folder)

    def command(self, *arguments):
        """Runs the program as the unit that migrates does."""
        environment = self.outside | Unit("hersys-migrate", self.folder).environment
        return subprocess.run(
            [binary(), *map(str, arguments)], cwd=self.folder, env=environment, capture_output=True, text=True,
            timeout=300)

    def run(self, *arguments):
        done = self.command(*arguments)
        assert done.returncode == 0, f"hersys {' '.join(map(str, arguments))}: {done.returncode}\n{done.stderr}"
        return done.stdout

    def start(self):
        self.run("key", "new")
        self.run("migrate")
        self.run("demo", "--cases", 0, "--password", PASSWORD)
        clinic = next(one["organisation"] for one in json.loads(self.run("account", "list", "--json"))
                      if one["login"] == "shinjuku-clinic")
        self.issued = json.loads(self.run("client", "issue", "--organisation", clinic, "--name", "試験", "--json"))
        for number in range(2):
            self.start_server(number)
        # A program without this command shows its help instead.
        if re.search(r"^ +work ", self.run("--help"), re.M):
            work = Unit("hersys-work", self.folder)
            self.work.start(work.command, self.outside | work.environment)
        self.write_haproxy()
        self.haproxy.start(["haproxy", "-db", "-f", self.folder / "haproxy.cfg"])
        with self.client() as client:
            until(30, lambda: f"HAProxy has a server\n{self.haproxy.log()}\n{self.servers[0].log()}",
                  lambda: answers(client, "/readyz"))
            answer = client.post("/oauth/token", data={
                "grant_type": "client_credentials", "client_id": self.issued["id"],
                "client_secret": self.issued["secret"]})
            assert answer.status_code == 200, answer.text
            self.token = answer.json()["access_token"]

    def start_server(self, number):
        """Starts a server; returns the seconds until it says that it can serve."""
        began = time.monotonic()
        server, port = self.servers[number], self.ports[number]
        unit = Unit("hersys-serve", self.folder)
        command = [word.replace("0.0.0.0:8443", f"127.0.0.1:{port}") for word in unit.command]
        server.start(command, self.outside | unit.environment)
        with self.client(port) as client:
            until(30, lambda: f"{server.name} is ready\n{server.log()}", lambda: answers(client, "/readyz"))
        return time.monotonic() - began

    def write_haproxy(self):
        """deploy/haproxy.cfg with the ports of this machine, and without what only root may do."""
        text = (DEPLOY / "haproxy.cfg").read_text()
        text = re.sub(r"^ +(user|group|stats socket|log) .*\n", "", text, flags=re.M)
        text = text.replace("maxconn 20000", "maxconn 500").replace("/etc/ssl/hersys", str(self.folder))
        text = text.replace("bind :443", f"bind 127.0.0.1:{self.port}")
        text = text.replace("bind 127.0.0.1:5000", f"bind 127.0.0.1:{self.primary_port}")
        for number, port in enumerate(self.ports):
            text = text.replace(f"app{number + 1}:8443", f"127.0.0.1:{port} source {PROXY}")
        for node in self.cluster.nodes:
            text = re.sub(rf"server {node.name} \S+", f"server {node.name} 127.0.0.1:{node.port} port {node.api}", text)
        (self.folder / "haproxy.cfg").write_text(text)

    def stop(self):
        self.haproxy.kill()
        for program in (*self.servers, self.work):
            program.stop()

    def client(self, port=None, **options):
        """A client at HAProxy, or at one server past it."""
        options.setdefault("timeout", 30)
        return httpx.Client(base_url=f"https://127.0.0.1:{port or self.port}", verify=self.cluster.context, **options)

    def api(self, **options):
        return self.client(headers={"Authorization": f"Bearer {self.token}"}, **options)

    def ended(self):
        """Which of the program's processes have ended by themselves."""
        return [program.name for program in (*self.servers, self.work)
                if program.process is not None and not program.is_running()]

    def log(self):
        return "\n".join(f"--- {program.name}\n{program.log(15)}" for program in (*self.servers, self.work, self.haproxy))


def answers(client, path):
    try:
        return client.get(path).status_code == 200
    except httpx.TransportError:
        return False


class Load:
    """Writers that file notifications, each under a key of its own, and try again what wasn't acknowledged."""

    WRITERS = 8
    batches = 0

    def __init__(self, site, pause):
        self.site, self.pause = site, pause
        self.sent, self.acknowledged, self.attempts = {}, {}, {}
        # When a report was acknowledged, and how long the request took that brought it.
        self.times, self.latencies, self.outcomes, self.wrong = [], [], {}, []
        self.lock = threading.Lock()
        self.over = threading.Event()
        Load.batches += 1
        self.first = Load.batches * 1_000_000
        self.threads = [threading.Thread(target=self.write, args=(writer,)) for writer in range(self.WRITERS)]

    def write(self, writer):
        number = 0
        # As long as a person waits.
        with self.site.api(timeout=15) as client:
            while not self.over.is_set():
                key = f"key-{self.first}-{writer}-{number}"
                body = notification(self.first + writer * 10_000 + number)
                with self.lock:
                    self.sent[key] = body
                while not self.over.is_set() and not self.post(client, key, body):
                    time.sleep(0.1)
                number += 1
                time.sleep(self.pause)

    def post(self, client, key, body):
        """One try; whether it was acknowledged."""
        began = time.monotonic()
        try:
            answer = client.post("/api/v1/cases", json=body, headers={"Idempotency-Key": key})
            outcome = answer.status_code
        except httpx.TransportError as error:
            answer, outcome = None, type(error).__name__
        ended = time.monotonic()
        with self.lock:
            again = self.attempts.get(key, 0)
            self.attempts[key] = again + 1
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
            # 200 is 201 said again: it may only come to who asks again.
            if outcome == 201 or (outcome == 200 and again):
                self.acknowledged[key] = answer.json()
                self.times.append(ended)
                self.latencies.append(ended - began)
                return True
            if answer is not None and outcome != 503:
                self.wrong.append((outcome, answer.text))
                return True
        return False

    def start(self, wanted=40):
        """Returns once so many reports are acknowledged."""
        for thread in self.threads:
            thread.start()
        self.wait(wanted)

    def wait(self, more):
        """Waits for so many further acknowledgements."""
        goal = len(self.times) + more
        until(90, lambda: f"{more} more reports; so far {self.outcomes}\n{self.site.log()}",
              lambda: len(self.times) >= goal or self.wrong or not any(t.is_alive() for t in self.threads))

    def finish(self):
        self.over.set()
        for thread in self.threads:
            if thread.ident is not None:
                thread.join(40)

    def gap(self, moment):
        """The longest time without an acknowledgement that ended after a moment."""
        times = sorted(self.times)
        after = [(later - earlier) for earlier, later in zip(times, times[1:]) if later > moment]
        return max(after, default=0)


def all_numbers(client):
    """The numbers of all cases that the client sees."""
    numbers, cursor = [], None
    while True:
        answer = client.get("/api/v1/cases", params={"limit": 500} | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        numbers += [case["id"] for case in answer.json()["cases"]]
        cursor = answer.json()["next"]
        if cursor is None:
            return numbers


def same_content(case):
    """A case without what belongs to the answer and not to the case."""
    return {name: value for name, value in case.items() if name not in {"updated_at"}}


@contextmanager
def load(site, pause=0.02):
    """A load that is running; what it left is looked through at the end, case by case.

    `pause`: seconds between a writer's reports; longer where the load lasts, for every case is looked at.
    """
    with site.api() as client:
        before = set(all_numbers(client))
    running = Load(site, pause)
    try:
        running.start()
        yield running
    finally:
        running.finish()
    check(site, running, before)


def check(site, load, before):
    """Nothing acknowledged is lost, no key has made two cases, no request was answered wrongly."""
    print(f"  回答: {load.outcomes}")
    assert not load.wrong, load.wrong[0]
    assert not site.ended(), f"{site.ended()}\n{site.log()}"
    numbers = {}
    with site.api() as client:
        def found(key):
            case = load.acknowledged[key]
            answer = client.get(f"/api/v1/cases/{case['id']}")
            assert answer.status_code == 200, f"{case['id']} was acknowledged and is gone: {answer.status_code}"
            assert same_content(answer.json()) == same_content(case)
            for name in ("family_name", "phone", "physician_remarks", "onset_on"):
                assert answer.json()["items"][name] == load.sent[key]["items"][name]

        def repeated(key):
            answer = client.post("/api/v1/cases", json=load.sent[key], headers={"Idempotency-Key": key})
            assert answer.status_code in (200, 201), answer.text
            numbers[key] = answer.json()["id"]

        # Again, whatever had no answer or several tries, and some that had one: they are what could be there twice.
        unsure = [key for key in load.sent if load.attempts.get(key, 0) != 1 or key not in load.acknowledged]
        sure = [key for key in load.sent if key not in unsure]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(found, load.acknowledged))
            list(pool.map(repeated, unsure + sure[:50]))
        for key, case in load.acknowledged.items():
            assert numbers.setdefault(key, case["id"]) == case["id"], "a repeated key made a second case"
        after = all_numbers(client)
    assert len(numbers.values()) == len(set(numbers.values())), "two keys have one case"
    assert len(after) == len(set(after))
    assert set(after) - before == set(numbers.values()), "there are cases that no key stands for, or fewer"
    verified = site.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr
