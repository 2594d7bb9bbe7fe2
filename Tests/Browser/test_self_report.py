"""A person's own health report on a telephone: no account, no script, thumbs and screen readers."""

import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe

from harness import notification

BORN = ("昭和", "60", "3", "2")


@pytest.fixture
def link(open_desk, server):
    """Gives a person a link as staff do; returns its path and the case's number."""
    with server.api(server.organisation("shinjuku-clinic")) as client:
        body = notification(810_000 + link.count)
        link.count += 1
        body["items"]["birth_date"] = "1985-03-02"
        number = client.post("/api/v1/cases", json=body).json()["id"]
    desk = open_desk("shinjuku-hc")
    desk.goto(f"/cases/{number}")
    desk.page.get_by_role("link", name="健康観察用のURLを発行").click()
    desk.page.get_by_role("button", name="URLを発行する").click()
    shown = desk.page.locator("#report-link").inner_text()
    assert shown.startswith(f"https://127.0.0.1:{server.port}/r/"), shown
    assert Axe().run(desk.page).response["violations"] == []
    path = "/r/" + shown.split("/r/")[1]
    server.secrets.add(path[3:])
    return path, number, desk


link.count = 0


def looked_at(desk, pictures, name):
    desk.page.screenshot(path=pictures / f"{name}.png", full_page=True)
    violations = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in Axe().run(desk.page).response["violations"]]
    assert not violations, "\n".join(violations)
    assert desk.overflow() == []
    desk.page.set_viewport_size({"width": 320, "height": 700})
    assert desk.overflow() == [], "at 320 px"
    desk.page.set_viewport_size({"width": 375, "height": 700})
    small = desk.page.evaluate("""() => Array.from(document.querySelectorAll('.report button, .report .input, .report .choice'))
        .filter((e) => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44; })
        .map((e) => e.outerHTML.slice(0, 80))""")
    assert small == [], "a thumb needs 44 px"


def born(page, era, year, month, day):
    page.locator('[name="birth_era"]').select_option(label=era)
    page.fill('[name="birth_year"]', year)
    page.fill('[name="birth_month"]', month)
    page.fill('[name="birth_day"]', day)
    page.get_by_role("button", name="次へ").click()


def answer(page, **others):
    for fieldset in page.locator(".report-form fieldset").all():
        name = fieldset.locator("input").first.get_attribute("name")
        if name != "reported_by":
            fieldset.locator(f'input[value="{others.get(name, "no")}"]').check()


@pytest.mark.parametrize("script", [True, False])
def test_a_person_reports(open_desk, link, pictures, script):
    path, number, staff = link
    desk = open_desk(None, 375, java_script_enabled=script) if not script else open_desk(None, 375)
    page = desk.page
    desk.goto(path)
    if script:
        looked_at(desk, pictures, "report-birth-375")
    born(page, "西暦", "1985", "3", "3")
    assert "あと9回" in page.content()
    if script:
        looked_at(desk, pictures, "report-birth-wrong-375")
    born(page, *BORN)
    page.wait_for_selector(".report-form")
    if script:
        looked_at(desk, pictures, "report-questions-375")
    page.fill('[name="body_temperature"]', "365")
    page.get_by_role("button", name="送信する").click()
    assert page.locator("#error-body_temperature").count() == 1
    page.fill('[name="body_temperature"]', "38.6")
    answer(page, symptom_breath="yes")
    if script:
        looked_at(desk, pictures, "report-answered-375")
    page.get_by_role("button", name="送信する").click()
    page.get_by_role("heading", name="報告を受け付けました").wait_for()
    if script:
        looked_at(desk, pictures, "report-thanks-375")
    assert "38.6" not in page.content()
    # The device is remembered: the next report begins with the questions.
    desk.goto(path)
    assert page.locator(".report-form").count() == 1
    assert page.input_value('[name="body_temperature"]') == ""
    if script:
        # Nothing stays on the device but that it was asked once.
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    staff.goto(f"/cases/{number}")
    section = staff.page.locator("#section-observation")
    assert "38.6" in section.inner_text() and "緊急" in section.inner_text()
    assert Axe().run(staff.page).response["violations"] == []
    assert path[3:] not in staff.server.log()


def test_by_keyboard_alone(open_desk, link):
    path, _, _ = link
    desk = open_desk(None, 375)
    page, keys = desk.page, desk.keyboard
    desk.goto(path)
    keys.tab_to('[name="birth_year"]')
    for text in ("1985", "3", "2"):
        keys.type(text)
        keys.key("Tab")
    keys.key("Enter")
    page.wait_for_selector(".report-form")
    keys.tab_to('[name="body_temperature"]')
    keys.type("36.5")
    for name in re.findall(r'name="(symptom_\w+|antipyretic)" type="radio" value="no"', page.content()):
        keys.tab_to(f'[name="{name}"]')
        # The first press chooses the first answer, the arrow goes on to the second.
        keys.key("Space")
        keys.key("ArrowRight")
        assert page.evaluate("document.activeElement.value") == "no"
    keys.tab_to(".report-form button")
    keys.key("Enter")
    page.get_by_role("heading", name="報告を受け付けました").wait_for()


def test_in_english_by_keyboard_alone(open_desk, link, pictures):
    """The choice of the first page lasts to the thanks, and what is stored is what staff read in Japanese."""
    path, number, staff = link
    desk = open_desk(None, 375)
    page, keys = desk.page, desk.keyboard
    desk.goto(path)
    keys.tab_to("a.language")
    keys.key("Enter")
    page.get_by_role("heading", name="Who is reporting").wait_for()
    assert page.locator('[name="birth_era"]').count() == 0
    keys.tab_to('[name="birth_year"]')
    for text in ("1985", "3", "3"):
        keys.type(text)
        keys.key("Tab")
    keys.key("Enter")
    page.get_by_text("Tries left before this link stops working: 9.").first.wait_for()
    looked_at(desk, pictures, "report-birth-wrong-en-375")
    keys.tab_to('[name="birth_day"]')
    page.keyboard.press("Control+a")
    keys.type("2")
    keys.key("Enter")
    page.wait_for_selector(".report-form")
    looked_at(desk, pictures, "report-questions-en-375")
    keys.tab_to('[name="body_temperature"]')
    keys.type("101.3")
    keys.key("Enter")
    page.locator("#error-body_temperature").wait_for()
    assert "Temperature (°C)" in page.locator("#error-summary").inner_text()
    looked_at(desk, pictures, "report-wrong-en-375")
    keys.tab_to('[name="body_temperature"]')
    page.keyboard.press("Control+a")
    keys.type("38.5")
    for name in re.findall(r'name="(symptom_\w+|antipyretic)" type="radio" value="no"', page.content()):
        keys.tab_to(f'[name="{name}"]')
        keys.key("Space")
        keys.key("ArrowRight")
    keys.tab_to(".report-form button")
    keys.key("Enter")
    page.get_by_role("heading", name="Your report has been received").wait_for()
    looked_at(desk, pictures, "report-thanks-en-375")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    staff.goto(f"/cases/{number}")
    assert "38.5" in staff.page.locator("#section-observation").inner_text()


def test_the_slip_is_one_sheet_in_both_languages(link, pictures):
    _, _, staff = link
    page = staff.page
    page.screenshot(path=pictures / "report-slip-1280.png", full_page=True)
    page.pdf(path=pictures / "report-slip.pdf", format="A4", prefer_css_page_size=True)
    told = subprocess.run(["pdfinfo", str(pictures / "report-slip.pdf")], capture_output=True, text=True, check=True)
    assert re.search(r"Pages:\s+1\b", told.stdout)
    text = subprocess.run(
        ["pdftotext", str(pictures / "report-slip.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    text = " ".join(text.split())
    assert "English is available" in text and "健康状態の報告のお願い" in text and "SMS・メールの文例" not in text
    page.set_viewport_size({"width": 375, "height": 800})
    page.screenshot(path=pictures / "report-slip-375.png", full_page=True)
    assert staff.overflow() == []


def test_pages_that_end_say_whom_to_call(open_desk, link, pictures):
    path, number, staff = link
    desk = open_desk(None, 375)
    desk.goto("/r/aaaaaaaaaaaaaaaaaaaaaa")
    looked_at(desk, pictures, "report-unknown-375")
    desk.goto(path)
    for _ in range(10):
        born(desk.page, "西暦", "1985", "3", "3")
    assert "使えなくなりました" in desk.page.content() and "新宿" in desk.page.content()
    looked_at(desk, pictures, "report-locked-375")
    staff.goto(f"/cases/{number}/report-link")
    staff.page.get_by_role("button", name="URLを発行する").click()
    staff.page.locator("#report-link").wait_for()
    desk.goto(path)
    assert "終わりました" in desk.page.content()
    looked_at(desk, pictures, "report-closed-375")
