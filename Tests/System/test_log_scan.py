"""script/scan-logs finds what must stand in no log, and lets pass what servers do write."""

import json
import subprocess
import sys

import pytest

from harness import ROOT

WHEN = "2026-11-22T01:02:03+0000"
GOOD = [
    f"{WHEN} info hersys: hb.request.id=0011223344556677889900112233445566 method=GET ms=3 route=/cases/{{id}} status=200 "
    "[Web] request",
    f"{WHEN} error hersys: error=StorageFailure hb.request.id=123456789012123456789012 [Web] failed",
    f"{WHEN} notice hersys: book=history hash=123456789012abcd lane=0 position=123 [hersys] chain end",
    "HER-SYS: https://127.0.0.1:44321", "データベースに接続できるまで待っています。",
]
BAD = {
    "a number": f"{WHEN} info hersys: route=/cases/123456789012 [Web] request",
    "a number as it is shown": f"{WHEN} info hersys: case=1234-5678-9012 [Web] request",
    "a telephone": f"{WHEN} info hersys: to=090-7123-4567 [Web] call",
    "a telephone without signs": f"{WHEN} info hersys: to=09071234567 [Web] call",
    "a birth date": f"{WHEN} info hersys: born=1985-03-02 [Web] x",
    "a name": f"{WHEN} info hersys: name=山田 [Web] x",
    "a name among words": "HER-SYS: 山田",
    "a code": f"{WHEN} info hersys: text=1 2 3 4 5 6 [Web] x",
    "a code that a test was told": f"{WHEN} info hersys: x=482913 [Web] x",
    "a word that a test typed": f"{WHEN} info hersys: x=yamada-no-himitsu [Web] x",
    "a session": f"{WHEN} info hersys: x=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE [Web] x",
    "a cookie": f"{WHEN} info hersys: cookie=__Host-session=x [Web] x",
    "a search": f"{WHEN} info hersys: uri=/cases?q=x [Web] request",
    "a search in percent signs": f"{WHEN} info hersys: uri=%E5%B1%B1 [Web] request",
    "an e-mail": f"{WHEN} info hersys: to=a.b@example.com [Web] x",
}


def scan(folder, *lines, words=("482913", "yamada-no-himitsu", "山")):
    (folder / "server-1.log").write_text("\n".join(lines), encoding="utf-8")
    if words:
        (folder / "words-1.json").write_text(json.dumps(words), encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(ROOT / "script/scan-logs"), str(folder)], capture_output=True, text=True, timeout=60)


def test_what_servers_write_passes(tmp_path):
    done = scan(tmp_path, *GOOD)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", BAD)
def test_what_tells_of_somebody_is_found_and_not_repeated(tmp_path, kind):
    done = scan(tmp_path, *GOOD, BAD[kind])
    assert done.returncode == 1
    assert f"server-1.log:{len(GOOD) + 1}: " in done.stdout
    assert not any(word in done.stdout for word in ("482913", "山田", "himitsu", "7123", "AbCd")), "not said again"


def test_a_run_without_logs_or_words_has_looked_at_nothing(tmp_path):
    assert scan(tmp_path, *GOOD, words=None).returncode == 1
    (tmp_path / "words-1.json").write_text('["yamada-no-himitsu"]')
    (tmp_path / "server-1.log").unlink()
    done = subprocess.run([sys.executable, str(ROOT / "script/scan-logs"), str(tmp_path)], capture_output=True)
    assert done.returncode == 1
