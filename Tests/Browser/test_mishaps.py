"""What goes wrong while typing: nothing typed is lost, nothing is filed twice."""

import re

import ways
from people import PLAIN, slashed


def test_an_empty_form_leads_to_its_fields(open_desk):
    clinic = open_desk("shinjuku-clinic")
    clinic.goto("/cases/new?form=2020-02")
    page = clinic.page
    page.fill("#field-family_name", "残存")
    page.fill("#field-phone", "12")
    page.fill("#field-birth_date", "2020/13/45")
    page.locator('[name="notified_symptoms"][value="fever"]').check()
    clinic.submit()
    summary = page.locator("#error-summary")
    summary.wait_for()
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.title().startswith("エラー：")
    links = summary.locator("a")
    assert links.count() >= 10
    targets = [links.nth(index).get_attribute("href") for index in range(links.count())]
    assert len(targets) == len(set(targets)), "one line for each field"
    for index, target in enumerate(targets):
        links.nth(index).click()
        assert page.evaluate("document.activeElement.id") == target[1:], target
        described = page.evaluate("document.activeElement.getAttribute('aria-describedby') || ''")
        assert f"error-{target[7:]}" in described, target
        assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true", target
    assert page.input_value("#field-family_name") == "残存"
    assert page.input_value("#field-phone") == "12"
    assert page.input_value("#field-birth_date") == "2020/13/45"
    assert page.locator('[name="notified_symptoms"][value="fever"]').is_checked()

    # Mended in the same page it goes out.
    clinic.fill()
    clinic.submit()
    clinic.filed()


def test_the_focus_goes_to_what_is_wrong(open_desk):
    """Of any form, signed in or not; a page that has the focus in its one field keeps it there."""
    desk = open_desk("shinjuku-hc")
    page = desk.page
    focus = "document.activeElement.id"
    ways.issue_errors(desk, {})
    page.wait_for_function(f"{focus} === 'error-summary'")
    desk.context.clear_cookies()
    desk.goto("/sign-in")
    page.wait_for_function(f"{focus} === 'field-login'")
    page.get_by_role("button", name="次へ").click()
    page.wait_for_function(f"{focus} === 'error-summary'")


def test_unlikely_values_can_be_kept(open_desk):
    clinic = open_desk("shinjuku-clinic")
    clinic.goto("/cases/new?form=2020-02")
    clinic.fill(family_name="長寿", family_kana="チョウジュ", birth_date="T3.5.5")
    clinic.submit()
    clinic.page.locator(".summary-warning").wait_for()
    assert "このまま提出する" in clinic.page.locator("[data-submit]").inner_text()
    clinic.submit()
    clinic.filed()


def test_a_double_click_makes_one_case(open_desk, server):
    clinic = open_desk("shinjuku-clinic")
    clinic.goto("/cases/new?form=2020-02")
    clinic.fill(family_name="二重", family_kana="ニジュウ")
    clinic.page.locator("[data-submit]").dblclick()
    number = clinic.filed()
    # Going back and pressing once more leads to the same case.
    clinic.page.go_back()
    if clinic.page.locator("[data-submit]").count():
        clinic.submit()
    clinic.filed()
    assert clinic.number() == number
    clinic.goto("/cases")
    clinic.page.fill("#field-q", "二重")
    clinic.page.keyboard.press("Enter")
    clinic.page.wait_for_url("**/cases?**")
    assert clinic.page.locator("#list tr[data-case]").count() == 1


def test_a_lost_session_keeps_what_was_typed(open_desk, server):
    clinic = open_desk("shinjuku-clinic")
    clinic.goto("/cases/new?form=2020-02")
    clinic.fill(family_name="失効", family_kana="シッコウ")
    clinic.context.clear_cookies()
    clinic.submit()
    page = clinic.page
    page.get_by_role("heading", name="ログインの有効期限が切れました").wait_for()
    # Signing in again in another tab, then back here.
    clinic.take_session("shinjuku-clinic", fresh=True)
    page.get_by_role("button", name="もう一度送信").click()
    page.get_by_role("heading", name="もう一度送信してください").wait_for()
    page.get_by_role("button", name="送信する").click()
    clinic.filed()
    assert "失効" in page.locator(".case-name").inner_text()
    assert PLAIN["occupation"] in page.content()


def test_another_site_can_send_no_form(open_desk, server):
    clinic = open_desk("shinjuku-clinic")
    clinic.goto("/cases/new?form=2020-02")
    page = clinic.page
    statuses = page.evaluate("""async () => {
        const body = new URLSearchParams({ family_name: 'x', csrf: 'wrong' });
        const answer = await fetch('/cases/new', { method: 'POST', body, redirect: 'manual' });
        return [answer.status, (await answer.text()).includes('もう一度送信してください')];
    }""")
    assert statuses == [409, True]


def test_a_draft_waits_on_the_server(open_desk):
    clinic = open_desk("shinjuku-hospital")
    clinic.goto("/cases/new?form=2020-02")
    page = clinic.page
    page.fill("#field-family_name", "下書")
    page.locator('button[formaction="/cases/new/draft"]').click()
    page.wait_for_url("**&saved=1")
    page.goto("/")
    page.locator("a", has_text="続きを入力").first.click()
    assert page.input_value("#field-family_name") == "下書"
    # Quietly, while typing goes on.
    page.fill("#field-given_name", "太郎")
    page.locator("[data-saved]", has_text="下書きを保存しました").wait_for(timeout=8000)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0], "nothing stays on the device"
    page.goto("/")
    page.locator("a", has_text="続きを入力").first.click()
    assert page.input_value("#field-given_name") == "太郎"
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".entry-discard").click()
    page.wait_for_url(lambda url: "/cases" not in url)


def test_two_people_edit_one_case(open_desk):
    clinic, first, second = open_desk("shinjuku-clinic"), open_desk("shinjuku-hc"), open_desk("shinjuku-hc2")
    number = clinic.notify(family_name="同時", family_kana="ドウジ")
    for desk in (first, second):
        desk.goto(f"/cases/{number}/person")
    # Different items: both stand.
    first.page.fill("#field-occupation", "保育士")
    first.submit()
    first.page.wait_for_url(re.compile("done=revise"))
    second.page.fill("#field-given_name", "次郎")
    second.submit()
    second.page.wait_for_url(re.compile("done=revise"))
    text = second.page.locator("#section-person").inner_text()
    assert "保育士" in text and "次郎" in text
    # The same item: both values are shown, and one is chosen.
    for desk in (first, second):
        desk.goto(f"/cases/{number}/person")
    first.page.fill("#field-occupation", "看護師")
    first.submit()
    first.page.wait_for_url(re.compile("done=revise"))
    second.page.fill("#field-occupation", "介護福祉士")
    second.page.fill("#field-given_name", "三郎")
    second.submit()
    doubts = second.page.locator(".doubts")
    doubts.wait_for()
    assert "看護師" in doubts.inner_text() and "介護福祉士" in doubts.inner_text()
    assert second.page.input_value("#field-given_name") == "三郎", "the rest of what was typed is still there"
    second.page.locator('[name="resolve.occupation"][value="mine"]').check()
    second.submit()
    second.page.wait_for_url(re.compile("done=revise"))
    text = second.page.locator("#section-person").inner_text()
    assert "介護福祉士" in text and "三郎" in text


def test_dates_in_every_notation(open_desk):
    clinic = open_desk("shinjuku-clinic")
    clinic.goto("/cases/new?form=2020-02")
    page = clinic.page
    for typed in ("S60.3.2", "昭和60年3月2日", "1985/3/2", "19850302", "1985-03-02", "Ｓ６０．３．２"):
        page.fill("#field-birth_date", typed)
        page.locator("#field-birth_date").blur()
        page.locator("#echo-birth_date", has_text="1985年3月2日").wait_for(timeout=3000)
        page.fill("#field-birth_date", "")
        page.locator("#field-birth_date").blur()
        page.wait_for_function("document.getElementById('echo-birth_date').textContent === ''")
    page.focus("#field-onset_on")
    page.keyboard.press("t")
    assert page.input_value("#field-onset_on") == slashed(0)


def test_a_minor_needs_a_guardian(open_desk):
    clinic = open_desk("shinjuku-clinic")
    clinic.goto("/cases/new?form=2020-02")
    clinic.fill(family_name="年少", family_kana="ネンショウ", birth_date=slashed(-3000))
    clinic.page.locator("#field-birth_date").blur()
    clinic.page.locator("#field-guardian_name").wait_for(timeout=3000)
    clinic.submit()
    clinic.page.locator("#error-guardian_name").wait_for()
    clinic.page.fill("#field-guardian_name", "年長 太郎")
    clinic.page.fill("#field-guardian_address", "東京都新宿区歌舞伎町9-9-9")
    clinic.submit()
    clinic.filed()
