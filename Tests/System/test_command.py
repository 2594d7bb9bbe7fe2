"""The program's commands: exit codes, files, refusals."""

import csv
import json
import subprocess

import pytest

from harness import ROOT, Server, binary

TOKYO = ROOT / "Tests/Fixtures/tokyo-patients.csv"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A database with organisations and no case; nothing serves it."""
    return Server(tmp_path_factory.mktemp("desk"), cases=0)


@pytest.mark.parametrize("arguments, status", [
    (["--help"], 0),
    (["--version"], 0),
    (["catalogue"], 0),
    (["account", "list"], 0),
    (["account", "stop", "nobody"], 1),
    (["client", "issue", "--organisation", "nowhere"], 1),
    (["import", "open-data", "missing.csv"], 1),
    (["no-such-command"], 2),
    (["migrate", "--no-such-option"], 2),
    (["demo", "--cases", "-1"], 2),
    (["demo", "--cases", "many"], 2),
    (["migrate", "--database", "mysql:x"], 2),
    (["serve", "--listen", "nowhere"], 2),
    (["serve", "--certificate", "a.pem"], 2),
])
def test_exit_codes(desk, arguments, status):
    done = desk.command(*arguments, timeout=60)
    assert done.returncode == status, done.stdout + done.stderr
    if status:
        assert done.stderr.strip(), "a refusal says why"
        assert "Fatal error" not in done.stderr


def test_the_dictionary_is_the_one_of_the_documentation(desk):
    for option, name in (("--csv", "items.csv"), ("--lists", "codelists.csv")):
        printed = subprocess.run([binary(), "catalogue", option], capture_output=True, check=True).stdout
        assert printed == (ROOT / "docs/dictionary" / name).read_bytes(), name


def test_a_key_is_never_overwritten(desk):
    keys = desk.folder / "hersys.keys"
    before = keys.read_bytes()
    assert keys.stat().st_mode & 0o077 == 0, "only its owner reads the key"
    done = desk.command("key", "new")
    assert done.returncode == 1
    assert keys.read_bytes() == before


def test_migrating_twice_changes_nothing(desk):
    assert "すでに" in desk.run("migrate")
    assert "すでに" in desk.run("migrate")


def test_without_a_schema_the_way_out_is_named(tmp_path):
    fresh = Server.__new__(Server)
    fresh.folder = tmp_path
    assert fresh.command("account", "list").returncode == 1
    assert "hersys key new" in fresh.command("account", "list").stderr
    assert fresh.command("key", "new").returncode == 0
    done = fresh.command("account", "list")
    assert done.returncode == 1 and "hersys migrate" in done.stderr


class TestOpenData:
    """The list that Tokyo published, with the oddities of a real file."""

    def test_dry_run_stores_nothing(self, desk):
        report = json.loads(desk.run("import", "open-data", TOKYO, "--dry-run", "--json"))
        assert report["rows"] == 4317
        assert report["accepted"] + report["rejected"] == 4317
        assert report["added"] == report["changed"] == report["unchanged"] == 0

    def test_every_row_is_accounted_for_and_again_changes_nothing(self, desk):
        first = json.loads(desk.run("import", "open-data", TOKYO, "--json"))
        assert first["rows"] == 4317
        assert first["accepted"] + first["rejected"] == 4317
        assert first["added"] == first["accepted"]
        again = json.loads(desk.run("import", "open-data", TOKYO, "--json"))
        assert again["added"] == again["changed"] == 0
        assert again["unchanged"] == first["accepted"]
        assert desk.command("audit", "verify").returncode == 0

    def test_a_broken_row_is_named_and_comes_back(self, desk, tmp_path):
        lines = TOKYO.read_text(encoding="utf-8-sig").splitlines()[:6]
        lines[3] = lines[3].replace("2020-01-30", "2020-13-45")
        broken, rejects = tmp_path / "broken.csv", tmp_path / "rejects.csv"
        broken.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = desk.command("import", "open-data", broken, "--rejects", rejects)
        assert done.returncode == 1
        assert "4行" in done.stderr and "公表_年月日" in done.stderr and "2020-13-45" in done.stderr
        rows = list(csv.reader(rejects.read_text(encoding="utf-8-sig").splitlines()))
        assert len(rows) == 2 and any("2020-13-45" in cell for cell in rows[1])
        # Mended and loaded again, it is the same row as before.
        rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace("2020-13-45", "2020-01-30"), "utf-8")
        report = json.loads(desk.run("import", "open-data", rejects, "--json"))
        assert (report["rows"], report["added"], report["unchanged"]) == (1, 0, 1)

    @pytest.mark.parametrize("content", [
        b"", b"\x00\x01\x02", b"a,b\n1,2\n", "氏名,住所\n\"開いたまま".encode(), b"\xff\xfe\x00",
        "No,公表_年月日\n".encode("cp932"),
    ])
    def test_another_file_is_refused_in_words(self, desk, tmp_path, content):
        file = tmp_path / "other.csv"
        file.write_bytes(content)
        done = desk.command("import", "open-data", file)
        assert done.returncode == 1
        assert done.stderr.strip() and "Fatal error" not in done.stderr

    def test_cp932_reads_as_utf8_does(self, desk, tmp_path):
        lines = TOKYO.read_text(encoding="utf-8-sig").splitlines()[:50]
        file = tmp_path / "cp932.csv"
        file.write_bytes("\r\n".join(lines).encode("cp932"))
        report = json.loads(desk.run("import", "open-data", file, "--json"))
        assert (report["rows"], report["unchanged"]) == (49, 49)


def test_the_same_seed_makes_the_same_cases(tmp_path):
    seen = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        made = Server(folder, cases=40, seed=11)
        made.start()
        try:
            with made.api("pref-13") as client:
                cases = client.get("/api/v1/cases", params={"limit": 500}).json()["cases"]
        finally:
            made.stop()
        keys = ("family_name", "birth_date", "sex", "onset_on")
        seen.append(sorted(str([case["items"].get(key) for key in keys]) for case in cases))
    assert seen[0] == seen[1] and seen[0]


def test_an_account_is_issued_and_stopped(desk):
    arguments = ["account", "issue", "--login", "shiken-1", "--name", "試験 一郎", "--organisation", "hc-13104",
                 "--phone", "090-1111-2222"]
    assert desk.command(*arguments, stdin="short\n").returncode == 1
    assert desk.command(*arguments, stdin="").returncode in (1, 2)
    assert desk.command(*arguments, stdin="nagai-aikotoba-desu\n").returncode == 0
    assert desk.command(*arguments, stdin="nagai-aikotoba-desu\n").returncode == 1, "the login is taken"
    assert "shiken-1" in {account["login"] for account in desk.accounts()}
    desk.run("account", "stop", "shiken-1")
    assert next(a for a in desk.accounts() if a["login"] == "shiken-1").get("stopped")
