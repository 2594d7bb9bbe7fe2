"""One-time codes by telephone: the real `hersys work` calls a real SIP telephone, or speaks to a provider over HTTP.

Nobody tells these tests the code: they sign in with what they hear.
"""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness import PASSWORD, Server, binary
from provider import ACCOUNT, TOKEN, Provider, authorised, document, field, query
from telephone import VOICE, Sounds, Telephone

PHONE, DIALLED = "090-0000-1234", "+819000001234"
DICTIONARY = "/var/lib/mecab/dic/open-jtalk/naist-jdic"
SPOKEN = dict(zip(["ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー"], "0123456789"))


def free_ports(count):
    """The first of so many neighbouring ports that nobody has."""
    for first in range(21000 + os.getpid() % 200 * 50, 60000, 500):
        try:
            for port in range(first, first + count):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    with socket.socket(socket.AF_INET, kind) as probe:
                        probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise AssertionError("no free ports")


class Desk(Server):
    """A server that is no demonstration, and doesn't send by itself."""

    def __init__(self, folder, **more):
        super().__init__(folder, cases=0, **more)
        self.is_demonstration = False
        self.environment = {"HERSYS_WORK": "off"}
        # The demonstration's own telephones are numbers that nobody may call.
        self.login = "denwa"
        done = self.command(
            "account", "issue", "--login", self.login, "--name", "電話 試", "--organisation",
            self.organisation("shinjuku-hc"), "--phone", PHONE, stdin=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
        self.runtime = self.folder / "run"
        self.runtime.mkdir()
        self.ports = free_ports(230)

    def lines(self, telephone, **more):
        return {
            "HERSYS_OUTREACH": "sip", "HERSYS_OUTREACH_TRUNK": f"127.0.0.1:{telephone.port}",
            "HERSYS_OUTREACH_CALLER": "0300000000", "HERSYS_OUTREACH_LINES": "1",
            "HERSYS_OUTREACH_PORT": str(self.ports), "HERSYS_OUTREACH_MEDIA_PORT": str(self.ports + 100),
            "HERSYS_OUTREACH_VOICE": str(VOICE), "HERSYS_OUTREACH_RINGING": "10",
            # The engine takes commands of 255 bytes: a short path.
            "RUNTIME_DIRECTORY": str(self.runtime)} | more

    @contextmanager
    def working(self, environment):
        """`hersys work` beside the server."""
        log = self.folder / "work.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [binary(), "work"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=self.settings() | {"HERSYS_DATABASE": self.address_of_database()} | environment)
        try:
            until(60, lambda: "定期の作業を始めました" in log.read_text() or process.poll() is not None)
            assert process.poll() is None, log.read_text()
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(40)
            log.rename(self.folder / f"work-{time.monotonic_ns()}.log")

    def begin(self, client):
        """The first step of signing in: from now on somebody is to be called."""
        answer = client.post("/sign-in", data={"login": self.login, "password": PASSWORD, "return": "/"})
        assert answer.status_code == 303, answer.text

    def is_right(self, client, code):
        """Whether a code signs in."""
        self.secrets.update([code, " ".join(code)])
        return client.post("/sign-in/code", data={"code": code}).status_code == 303

    def attempts(self):
        """The ledger, oldest first."""
        return json.loads(self.run("outreach", "--json"))[::-1]

    def last(self, *outcomes, seconds=30, known=0):
        """The last attempt, once it has come to something."""
        def ask():
            found = self.attempts()
            return found[-1] if len(found) > known and found[-1]["outcome"] in outcomes else None
        try:
            return until(seconds, ask)
        except AssertionError:
            raise AssertionError(f"{self.attempts()[-2:]}") from None

    @contextmanager
    def database_rows(self):
        connection = sqlite3.connect(self.folder / "hersys.db", timeout=10, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    def let_a_minute_pass(self):
        """Codes may be sent again at once."""
        with self.database_rows() as rows:
            rows.execute("DELETE FROM code_sends")

    def engines(self):
        """Process ids of the engines that run for this desk."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"baresip") and any(str(self.runtime).encode() in word for word in words):
                found.append(int(path.parent.name))
        return found

    def sounds(self):
        folder, = until(20, lambda: [f for f in self.runtime.glob("hersys-*") if list(f.glob("digit-9.wav"))])
        return Sounds(folder)


def until(seconds, ask):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    assert VOICE.exists(), f"no voice at {VOICE}: script/test fetches it"
    # The engine takes commands of 255 bytes: pytest's own folders have long names.
    desk = Desk(tmp_path_factory.mktemp("t"))
    desk.start()
    yield desk
    desk.stop()
    assert not desk.engines()


@pytest.fixture(autouse=True)
def emptied(desk):
    """What an earlier test has left to be tried again isn't this test's call, nor does its minute hold this one up."""
    with desk.database_rows() as rows:
        rows.execute("DELETE FROM outbox")
    desk.let_a_minute_pass()


@pytest.fixture()
def telephone(desk):
    telephone = Telephone(desk.folder, desk.ports + 220)
    yield telephone
    telephone.close()


def test_the_code_is_spoken_behind_a_1_and_signs_in(desk, telephone):
    telephone.expect("answers")
    known = len(desk.attempts())
    with desk.client() as client, desk.working(desk.lines(telephone)):
        sounds = desk.sounds()
        assert len(sounds.clips) == 14
        desk.begin(client)
        telephone.wait_for_sound()
        time.sleep(3)
        assert sounds.names(telephone.heard()) == ["question"]
        telephone.press("1")
        attempt = desk.last("heard", known=known)
        assert telephone.ended()
        heard = sounds.names(telephone.heard())
        digits = [name.removeprefix("digit-") for name in heard if name.startswith("digit-")]
        assert heard == (["question"] + [f"digit-{d}" for d in digits[:6]] + ["again"]
                         + [f"digit-{d}" for d in digits[:6]] + ["goodbye"])
        assert desk.is_right(client, "".join(digits[:6]))
        assert attempt["driver"] == "sip" and attempt["purpose"] == "sign-in" and attempt["account"] > 0
        assert telephone.invited() == 1
        # No file and no log of ours holds it, while the engine still runs.
        files = [path for path in desk.folder.rglob("*") if path.is_file() and "telephone-" not in path.name]
        code = "".join(digits[:6])
        assert files
        for path in files:
            content = path.read_bytes()
            for secret in (code, " ".join(code), ",".join(f"digit-{d}" for d in code), DIALLED, PHONE, "09000001234"):
                assert secret.encode() not in content, path
    assert not list(desk.runtime.iterdir()), "the engine's folder is removed"
    assert not desk.engines()


def test_nothing_is_spoken_to_an_answering_machine(desk, telephone):
    telephone.expect("answers")
    known = len(desk.attempts())
    with desk.client() as client, desk.working(desk.lines(telephone)):
        sounds = desk.sounds()
        desk.begin(client)
        telephone.wait_for_sound()
        attempt = desk.last("no-key", seconds=60, known=known)
        assert telephone.ended()
        assert sounds.names(telephone.heard()) == ["question", "question-again"]
        assert attempt["endedAt"] is not None


def test_another_key_is_asked_again_and_a_second_one_ends_the_call(desk, telephone):
    telephone.expect("answers")
    known = len(desk.attempts())
    with desk.client() as client, desk.working(desk.lines(telephone)):
        sounds = desk.sounds()
        desk.begin(client)
        telephone.wait_for_sound()
        time.sleep(2.5)
        telephone.press("3")
        time.sleep(2.5)
        telephone.press("#")
        desk.last("no-key", known=known)
        assert not any(name.startswith("digit") for name in sounds.names(telephone.heard()))


@pytest.mark.parametrize("behaviour, outcome, cause", [
    ("busy", "busy", "486"), ("no such number", "wrong-number", "404"), ("hangs up", "hung-up", ""),
    ("rings", "no-answer", ""),
])
def test_what_becomes_of_a_call_is_written_down(desk, telephone, behaviour, outcome, cause):
    telephone.expect(behaviour)
    known = len(desk.attempts())
    with desk.client() as client, desk.working(desk.lines(telephone)):
        desk.begin(client)
        attempt = desk.last(outcome, seconds=40, known=known)
        assert attempt["cause"] == cause
        assert telephone.ended(), telephone.log.read_text(errors="replace")[-2000:]
        # Nobody is called again by itself: whoever waits asks for another call.
        time.sleep(2)
        assert len(desk.attempts()) == known + 1
        assert telephone.invited() == 1


def test_a_line_in_trouble_is_tried_again(desk, telephone):
    telephone.expect("trunk down", calls=2)
    known = len(desk.attempts())
    with desk.client() as client, desk.working(desk.lines(telephone)):
        desk.begin(client)
        assert telephone.ended(40)
        attempts = until(20, lambda: [a for a in desk.attempts()[known:] if a["outcome"] == "postponed"][1:] and
                         desk.attempts()[known:])
        assert {a["cause"] for a in attempts if a["outcome"] == "postponed"} == {"503"}
        assert len({a["message"] for a in attempts}) == 1


def test_an_engine_that_dies_in_a_call_is_replaced_and_the_call_is_lost_not_unanswered(desk, telephone):
    telephone.expect("answers")
    known = len(desk.attempts())
    with desk.client() as client, desk.working(desk.lines(telephone)):
        sounds = desk.sounds()
        desk.begin(client)
        telephone.wait_for_sound()
        engine, = desk.engines()
        os.kill(engine, signal.SIGKILL)
        desk.last("engine-lost", known=known)
        other, = until(20, desk.engines)
        assert other != engine
        time.sleep(2)
        assert telephone.invited() == 1, "a call whose end nobody knows isn't made again"
        telephone.expect("answers")
        desk.let_a_minute_pass()
        with desk.client() as second:
            desk.begin(second)
            telephone.wait_for_sound()
            time.sleep(1)
            telephone.press("1")
            desk.last("heard", known=known + 1)
            digits = [name[-1] for name in sounds.names(telephone.heard()) if name.startswith("digit-")]
            assert desk.is_right(second, "".join(digits[:6]))


def test_a_worker_that_is_killed_in_a_call_ends_the_call_and_calls_nobody_twice(desk, telephone):
    telephone.expect("answers")
    known = len(desk.attempts())
    with desk.client() as client:
        with desk.working(desk.lines(telephone)) as process:
            desk.begin(client)
            telephone.wait_for_sound()
            process.kill()
            process.wait()
            until(10, lambda: not desk.engines())
            assert telephone.ended(15), "the engine hangs up when it hears no more from us"
        for folder in desk.runtime.iterdir():
            assert folder.stat().st_mode & 0o077 == 0
            for path in folder.rglob("*"):
                if path.is_file():
                    path.unlink()
        assert desk.attempts()[-1]["outcome"] == "begun"
        # Five minutes pass at once.
        with desk.database_rows() as rows:
            rows.execute("UPDATE outbox SET locked_until = 1 WHERE state = 1")
        telephone.expect("answers")
        with desk.working(desk.lines(telephone)):
            assert desk.last("unknown", known=known)["cause"] == "worker-lost"
            time.sleep(2)
        assert telephone.invited() == 0
        with desk.database_rows() as rows:
            assert rows.execute("SELECT count(*) FROM outbox WHERE state < 2").fetchone() == (0,)


def test_a_worker_that_is_asked_to_end_lets_a_call_go_on(desk, telephone):
    telephone.expect("answers")
    known = len(desk.attempts())
    with desk.client() as client, desk.working(desk.lines(telephone)) as process:
        sounds = desk.sounds()
        desk.begin(client)
        telephone.wait_for_sound()
        telephone.press("1")
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert desk.attempts()[known]["outcome"] == "heard"
        digits = [name for name in sounds.names(telephone.heard()) if name.startswith("digit-")]
        assert len(digits) == 12


# A provider over HTTP


@pytest.fixture()
def provider(desk):
    provider = Provider()
    token = desk.folder / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    provider.settings = {
        "HERSYS_OUTREACH": "provider", "HERSYS_OUTREACH_ADDRESS": provider.address,
        "HERSYS_OUTREACH_ACCOUNT": ACCOUNT, "HERSYS_OUTREACH_TOKEN_FILE": str(token),
        "HERSYS_OUTREACH_FROM": "050-0000-0000", "HERSYS_OUTREACH_CALLBACK": desk.address}
    desk.stop()
    desk.environment = {"HERSYS_WORK": "off"} | provider.settings
    desk.start()
    yield provider
    provider.close()


def test_a_provider_calls_and_asks_us_what_to_say(desk, provider):
    known = len(desk.attempts())
    with desk.client() as client, desk.working(provider.settings):
        desk.begin(client)
        path, headers, form = provider.wait(1)[0]
        assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
        assert authorised(headers)
        assert field(form, "To") == DIALLED and field(form, "From") == "+815000000000"
        taken = desk.last("accepted", known=known)
        call = {"CallSid": taken["reference"], "AccountSid": ACCOUNT}

        first = provider.ask(client, field(form, "Url"), call | {"CallStatus": "in-progress"})
        assert first.status_code == 200, first.text
        gather = document(first.text).find("Gather")
        assert gather.attrib["numDigits"] == "1" and "ワンタイムパスワード" in gather.find("Say").text
        assert not any(word in first.text for word in SPOKEN)

        action, pressed = gather.attrib["action"], call | {"Digits": "1"}
        assert provider.ask(client, action, pressed, signature="AAAA").status_code == 404
        assert client.post(action, data=pressed).status_code == 404
        second = provider.ask(client, action, pressed)
        told = document(second.text)
        rounds = [say.text for say in told.iter("Say") if say.text.count("、") == 5]
        assert len(rounds) == 2 and rounds[0] == rounds[1]
        code = "".join(SPOKEN[word] for word in rounds[0].rstrip("。").split("、"))

        again = provider.ask(client, action, pressed)
        assert document(again.text)[0].tag == "Hangup" and "Say" not in again.text
        end = provider.ask(client, told.find("Redirect").text, call)
        assert document(end.text)[0].tag == "Hangup"
        for status in ("completed", "ringing", "completed"):
            answer = provider.ask(client, field(form, "StatusCallback"), call | {"CallStatus": status})
            assert answer.status_code == 204
        assert desk.attempts()[-1]["outcome"] == "heard"
        assert desk.is_right(client, code)
        for path in desk.folder.rglob("*"):
            if path.is_file():
                assert code.encode() not in path.read_bytes(), path


def test_what_a_provider_refuses_for_now_is_tried_again_with_the_same_key(desk, provider):
    provider.answers = [(429, {"code": 20429, "message": "Too Many"}), (503, {})]
    known = len(desk.attempts())
    with desk.client() as client, desk.working(provider.settings):
        desk.begin(client)
        requests = provider.wait(3)
        desk.last("accepted", known=known + 2)
    assert len({headers["Idempotency-Key"] for _, headers, _ in requests}) == 1
    assert [a["outcome"] for a in desk.attempts()[known:]] == ["postponed", "postponed", "accepted"]


@pytest.mark.parametrize("answer, outcome, cause", [
    ((400, {"code": 21211, "message": f"{DIALLED} is wrong"}), "wrong-number", "code-21211"),
    ((401, {"code": 20003}), "failed", "code-20003"), (("drop", None), "unknown", "no-answer"),
    ((504, {}), "unknown", "http-504"),
])
def test_what_a_provider_refuses_or_may_have_taken_is_not(desk, provider, answer, outcome, cause):
    provider.answers = [answer]
    known = len(desk.attempts())
    with desk.client() as client, desk.working(provider.settings):
        desk.begin(client)
        assert desk.last(outcome, known=known)["cause"] == cause
        time.sleep(3)
    assert len(provider.requests) == 1
    assert DIALLED not in "".join(path.read_text(errors="replace") for path in desk.folder.glob("work*.log"))


def test_an_sms_is_one_part_and_delivered_only_when_the_provider_says_so(desk, provider):
    known = len(desk.attempts())
    with desk.client() as client:
        desk.begin(client)
        with desk.database_rows() as rows:
            rows.execute("UPDATE outbox SET kind = 'sms' WHERE id = (SELECT max(id) FROM outbox)")
        with desk.working(provider.settings):
            path, _, form = provider.wait(1)[0]
            assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json" and field(form, "To") == DIALLED
            taken = desk.last("accepted", known=known)
            text = field(form, "Body")
            assert len(text.encode("utf-16-le")) // 2 <= 70
            assert 0 < int(field(form, "ValidityPeriod")) <= 300
            for status, outcome in (("sent", "underway"), ("delivered", "delivered"), ("sent", "delivered")):
                answer = provider.ask(client, field(form, "StatusCallback"),
                                      {"MessageSid": taken["reference"], "MessageStatus": status})
                assert answer.status_code == 204
                assert desk.attempts()[-1]["outcome"] == outcome
            assert desk.is_right(client, re.search(r"\d{6}", text).group())


# Settings


@pytest.mark.parametrize("demonstration, settings, says", [
    (False, {"HERSYS_OUTREACH": "outbox"}, "練習用の環境"), (True, {"HERSYS_OUTREACH": "sip"}, "電話をかけません"),
    (False, {"HERSYS_OUTREACH": "sip"}, "HERSYS_OUTREACH_TRUNK"),
    (False, {"HERSYS_OUTREACH": "provider"}, "HERSYS_OUTREACH_CALLBACK"),
    (False, {"HERSYS_OUTREACH": "provider", "HERSYS_OUTREACH_CALLBACK": "http://hersys.example.jp"}, "https://"),
    (False, {"HERSYS_OUTREACH": "sip", "HERSYS_OUTREACH_TRUNK": "a;b", "HERSYS_OUTREACH_CALLER": "1"}, "使えない文字"),
    (False, {"HERSYS_OUTREACH": "sip", "HERSYS_OUTREACH_TRUNK": "a", "HERSYS_OUTREACH_CALLER": "1",
             "HERSYS_OUTREACH_VOICE": "/nowhere"}, "HERSYS_OUTREACH_VOICE"),
])
def test_a_setting_that_would_send_nothing_is_refused_in_japanese(desk, demonstration, settings, says):
    done = subprocess.run(
        [binary(), "serve", "--listen", "127.0.0.1:0"] + (["--demo"] if demonstration else []), cwd=desk.folder,
        env=desk.settings() | {"HERSYS_DATABASE": desk.address_of_database()} | settings, capture_output=True,
        text=True, timeout=60)
    assert done.returncode == 1, done.stderr
    assert says in done.stderr


def test_a_secret_that_others_can_read_is_refused(desk):
    token = desk.folder / "open-token"
    token.write_text("x")
    token.chmod(0o644)
    done = subprocess.run(
        [binary(), "work"], cwd=desk.folder, capture_output=True, text=True, timeout=60,
        env=desk.settings() | {
            "HERSYS_DATABASE": desk.address_of_database(), "HERSYS_OUTREACH": "provider",
            "HERSYS_OUTREACH_CALLBACK": "https://hersys.example.jp", "HERSYS_OUTREACH_FROM": "05000000000",
            "HERSYS_OUTREACH_ACCOUNT": ACCOUNT, "HERSYS_OUTREACH_TOKEN_FILE": str(token)})
    assert done.returncode == 1 and "chmod 600" in done.stderr


def test_whoever_sends_nothing_says_so(desk):
    with desk.working({}):
        pass
    log = max(desk.folder.glob("work-*.log"), key=lambda path: path.stat().st_mtime)
    assert "ワンタイムパスワードは送られません" in log.read_text()


# Speech


@pytest.mark.parametrize("text, reading", [
    ("ハーシスのワンタイムパスワードです。番号をお聞きになるかたは、1を押してください。",
     "ハーシスノワンタイムパスワードデス、バンゴーヲオキキニナルカタワ、イチヲオシテクダサイ"),
    ("番号をお聞きになるかたは、1を押してください。", "バンゴーヲオキキニナルカタワ、イチヲオシテクダサイ"),
    ("もう一度、お伝えします。", "モーイチド、オツタエシマス"), ("以上です。失礼します。", "イジョーデス、シツレーシマス"),
] + [(f"{word}。", word) for word in SPOKEN])
def test_the_voice_reads_every_text_as_it_is_meant(tmp_path, text, reading):
    source = (Path(__file__).resolve().parents[2] / "Sources/Outreach/Clip.swift").read_text(encoding="utf-8")
    assert f'"{text.rstrip("。")}' in source
    subprocess.run(["open_jtalk", "-x", DICTIONARY, "-m", str(VOICE), "-ot", str(tmp_path / "trace")],
                   input=text + "\n", text=True, check=True)
    lines = (tmp_path / "trace").read_text(encoding="utf-8").split("[Output label]")[0].splitlines()
    read = "".join(line.split(",")[9] for line in lines if line.count(",") > 9)
    assert read.replace("’", "").rstrip("、") == reading
