"""The deployment of `deploy/` on loopback ports: three database machines.

Every setting comes from the files in `deploy/`. Only names, ports, paths and sizes of memory are replaced here, so that
what is tested is what is deployed.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from harness import free_port
from programs import (
    DEBIAN_PYTHON,
    DEPLOY,
    OWNER,
    PROGRAMS,
    SECRET,
    Authority,
    Program,
    children,
    is_alive,
    send,
    until,
)


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
