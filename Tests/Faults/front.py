"""What stands before the cluster: HAProxy, two servers and their work, as `deploy/` has them."""

import json
import os
import re
import shutil
import subprocess
import time

import httpx

from harness import PASSWORD, binary, free_port
from programs import DEPLOY, PROXY, Program, until


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
