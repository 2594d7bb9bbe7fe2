"""`hersys import accounts` and accounts issued by a command: exit codes, files, first use."""

import csv
import json

import pytest

from harness import Server

HEADER = "ユーザーID,氏名,組織,電話番号,役割\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A database with organisations and accounts and no case; nothing serves it."""
    return Server(tmp_path_factory.mktemp("desk"), cases=0)


def logins(desk):
    return {account["login"] for account in desk.accounts()}


def test_a_dry_run_issues_nothing_and_names_each_reject(desk, tmp_path):
    clinic = desk.organisation("shinjuku-clinic")
    file, rejects = tmp_path / "accounts.csv", tmp_path / "rejects.csv"
    file.write_text(HEADER + f"dry-1,一,{clinic},03-7000-0001,\ndry-1,二,{clinic},03-7000-0001,\n"
                    "dry-2,三,nowhere,03-7000-0001,\n", encoding="utf-8")
    done = desk.command("import", "accounts", file, "--dry-run", "--rejects", rejects, "--as", "shinjuku-hc", "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout) == {"rows": 3, "issued": 0, "waiting": 1, "rejected": 2}
    assert "3行 ユーザーID" in done.stderr and "4行 組織コード" in done.stderr
    rows = list(csv.reader(rejects.read_text(encoding="utf-8-sig").splitlines()))
    assert [row[5] for row in rows] == ["行", "3", "4"]
    assert "dry-1" not in logins(desk)


def test_a_file_is_issued_once(desk, tmp_path):
    clinic = desk.organisation("shinjuku-clinic")
    file = tmp_path / "accounts.csv"
    file.write_bytes((HEADER + f"cli-1,試験一号,{clinic},03-7000-0001,\n").replace("\n", "\r\n").encode("cp932"))
    arguments = ["import", "accounts", file, "--as", "shinjuku-hc", "--json"]
    for _ in range(2):
        assert json.loads(desk.run(*arguments)) == {"rows": 1, "issued": 1, "waiting": 0, "rejected": 0}
    assert "cli-1" in logins(desk)


@pytest.mark.parametrize("login, words", [("nobody", "ありません"), ("shinjuku-clinic", "利用者認証実施者ではありません")])
def test_only_an_issuer_issues(desk, tmp_path, login, words):
    file = tmp_path / "accounts.csv"
    file.write_text(HEADER + "x-1,一,hc-13104,03-7000-0001,\n", encoding="utf-8")
    done = desk.command("import", "accounts", file, "--as", login)
    assert done.returncode == 1 and words in done.stderr
    assert "x-1" not in logins(desk)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\xff", "氏名,組織\n".encode("cp932")])
def test_another_file_is_refused_in_words(desk, tmp_path, content):
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    done = desk.command("import", "accounts", file, "--as", "shinjuku-hc")
    assert done.returncode == 1
    assert done.stderr.strip() and "Fatal error" not in done.stderr


def test_a_duty_is_named_by_its_word_and_fits_its_organisation(desk):
    arguments = ["account", "issue", "--name", "試験 一郎", "--phone", "090-1111-2222"]
    password = "nagai-aikotoba-desu\n"
    centre = arguments + ["--login", "duty-1", "--organisation", "hc-13104"]
    assert desk.command(*centre, "--duty", "chief", stdin=password).returncode == 2
    clinic = arguments + ["--login", "duty-2", "--organisation", desk.organisation("shinjuku-clinic")]
    assert desk.command(*clinic, "--duty", "issuer", stdin=password).returncode == 1
    assert desk.command(*centre, "--duty", "issuer", "--duty", "manager", "--first-use", stdin=password).returncode == 0
    assert "duty-1" in logins(desk) and "duty-2" not in logins(desk)
