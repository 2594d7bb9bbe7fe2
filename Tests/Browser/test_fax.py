"""Paper and back: the FAX受信簿, the printed 発生届, and what a FAX of it still says."""

import json
import re

import pytest

import fax
from harness import binary


def scan(server, *files):
    """`hersys scan`: what it printed, and its exit code."""
    done = server.command("scan", *files, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()], done


def printed(desk, number, folder):
    """The 発生届 of a case as Chromium prints it."""
    desk.goto(f"/cases/{number}/print/notification")
    file = folder / f"{number}.pdf"
    desk.page.pdf(path=file, prefer_css_page_size=True, print_background=False)
    return file


@pytest.fixture(scope="module")
def report(server, chromium, tmp_path_factory):
    """A filed report, its print, and what its codes say unfaxed."""
    from people import Desk

    clinic = Desk(server, chromium, "shinjuku-clinic")
    number = clinic.notify(family_name="印刷", family_kana="インサツ")
    file = printed(clinic, number, tmp_path_factory.mktemp("print"))
    clinic.close()
    lines, done = scan(server, file)
    assert done.returncode == 0, done.stderr
    assert len(lines) == 1 and lines[0]["hersysID"] == number
    items = lines[0]["items"]
    assert items["family_name"] == "印刷" and items["family_kana"] == "インサツ" and items["birth_date"] == "1985/3/2"
    assert lines[0]["tests"][0]["result"] == "positive"
    return number, file, lines[0]


def test_a_report_is_one_sheet(report):
    _, file, _ = report
    import subprocess
    text = subprocess.run(["pdfinfo", str(file)], check=True, capture_output=True, text=True).stdout
    assert "Pages:           1\n" in text
    assert "(A4)" in text


@pytest.mark.parametrize("degrees,noise,seed", [(0, 0, 1), (1.2, 0.003, 2), (-1.8, 0.003, 3), (2.0, 0.006, 4)])
def test_a_fax_of_standard_resolution_is_read_back_whole(report, server, tmp_path, degrees, noise, seed):
    _, file, told = report
    paper = tmp_path / "fax.png"
    paper.write_bytes(fax.png(fax.faxed(fax.page_picture(file), degrees, noise, seed)))
    lines, done = scan(server, paper)
    assert done.returncode == 0, done.stderr
    assert len(lines) == 1
    assert {key: lines[0][key] for key in ("hersysID", "form", "items", "tests")} == \
        {key: told[key] for key in ("hersysID", "form", "items", "tests")}


def test_broken_files_are_refused_with_a_reason(server, tmp_path):
    empty, text, broken = tmp_path / "empty", tmp_path / "text", tmp_path / "broken.pdf"
    empty.write_bytes(b"")
    text.write_text("本日は晴天なり")
    broken.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>")
    for file, word in [(empty, "空"), (text, "形式"), (broken, "壊れ"), (tmp_path / "none", "読めません")]:
        lines, done = scan(server, file)
        assert done.returncode == 1 and lines == []
        assert word in done.stderr and "Fatal" not in done.stderr
    blank = tmp_path / "blank.png"
    blank.write_bytes(fax.png((200, 100, b"\xff" * 20_000)))
    lines, done = scan(server, blank)
    assert done.returncode == 1 and "コードが見つかりません" in done.stderr
    assert binary()


@pytest.mark.parametrize("width", [1280, 375])
def test_from_the_register_to_the_case(open_desk, pictures, width):
    centre = open_desk("shinjuku-hc", width)
    centre.goto("/")
    page = centre.page
    # Other tests on this server may have left papers.
    shown = page.locator("#fax-backlog .figure-number")
    before = int(shown.inner_text().removesuffix("件")) if shown.count() else 0
    page.locator('a[href="/faxes"]').first.click()
    page.locator("#field-sender").fill(f"くすのき医院{width}")
    page.locator("#field-pages").fill("2")
    page.locator('form[action="/faxes"] button').click()
    page.wait_for_url("**/faxes?done=logged")
    row = page.locator("#fax-waiting tr", has_text=f"くすのき医院{width}")
    assert "2枚" in row.inner_text()
    assert centre.overflow() == []
    page.screenshot(path=pictures / f"faxes-{width}.png", full_page=True)
    centre.goto("/")
    waiting = page.locator("#fax-backlog .figure-number").inner_text()
    assert waiting == f"{before + 1}件"
    headquarters = open_desk("tokyo-hq", width)
    headquarters.goto("/")
    assert re.search(r"[1-9]\d*件", headquarters.page.locator("#fax-backlog").inner_text())

    centre.goto("/faxes")
    page.locator("#fax-waiting tr", has_text=f"くすのき医院{width}").locator("a", has_text="入力する").click()
    page.wait_for_url("**/cases/new?draft=*")
    assert page.locator("#field-notifier_institution").input_value() == f"くすのき医院{width}"
    # The paper that came is of an earlier year: another form, and still of the same line of the register.
    page.locator("details.versions summary").click()
    page.locator("#field-to_form").select_option("2020-02")
    page.get_by_role("button", name="この様式にする").click()
    page.locator("#field-stay_same").wait_for()
    centre.fill(
        family_name="受信", family_kana="ジュシン", notifier_address="東京都新宿区1-1", notifier_phone="03-0000-0002")
    centre.submit()
    number = centre.filed()
    centre.goto("/faxes")
    done = page.locator("#fax-closed tr", has_text=f"くすのき医院{width}")
    assert "入力済" in done.inner_text()
    assert done.locator("a").get_attribute("href") == f"/cases/{number}"
    assert page.locator("#fax-waiting tr", has_text=f"くすのき医院{width}").count() == 0


def test_a_scanned_paper_fills_the_form(open_desk, report, pictures):
    _, file, _ = report
    centre = open_desk("yokohama-hc")
    centre.goto("/faxes/scan")
    page = centre.page
    page.screenshot(path=pictures / "scan-1280.png", full_page=True)
    page.locator("#field-file").set_input_files(file)
    page.locator('form[action="/faxes/scan"] button').click()
    page.wait_for_url("**/cases/new?draft=*")
    assert page.locator("#field-family_name").input_value() == "印刷"
    assert page.locator("#field-birth_date").input_value() == "1985/3/2"


@pytest.mark.parametrize("width", [1280, 375])
def test_papers_fit_the_screen(open_desk, report, pictures, width):
    number, _, _ = report
    centre = open_desk("shinjuku-hc", width)
    for paper in ["notification", "work-restriction", "admission", "care"]:
        assert centre.goto(f"/cases/{number}/print/{paper}").status == 200
        assert centre.overflow() == []
        centre.page.screenshot(path=pictures / f"print-{paper}-{width}.png", full_page=True)
    centre.goto("/print")
    centre.page.locator('[name="letter"][value="care"]').check()
    centre.page.locator("#field-numbers").fill(number)
    centre.page.locator('form[action="/print"] button').click()
    assert centre.page.locator(".sheet").count() == 1


def test_letters_for_what_is_ticked_in_the_list(open_desk, pictures):
    clinic = open_desk("shinjuku-clinic")
    numbers = [clinic.notify(family_name="束", family_kana="タバ", given_name=name) for name in ("一", "二")]
    centre = open_desk("shinjuku-hc")
    centre.goto("/cases")
    page = centre.page
    page.get_by_role("button", name="まとめて操作する").click()
    page.locator('button[value="letter"]').click()
    assert "対象者を1件以上選んで" in page.locator("#error-summary").inner_text()
    for number in numbers:
        page.locator(f'input[name="case"][value="{number}"]').check()
    page.locator('button[value="letter"]').click()
    assert "印刷する文書を選んで" in page.locator("#error-summary").inner_text()
    page.locator('select[name="to_letter"]').select_option("work-restriction")
    page.locator('button[value="letter"]').click()
    page.wait_for_url("**/print?**")
    assert page.locator(".sheet").count() == 2
    text = page.locator("main").inner_text()
    assert "就業制限通知書：2枚" in text and "束 一" in text and "束 二" in text
    page.get_by_role("link", name="戻る").click()
    assert page.locator('input[name="case"]:checked').count() == 2, "what was ticked is still ticked"
