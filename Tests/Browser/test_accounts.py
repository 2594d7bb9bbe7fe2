"""Accounts: from the ministry's ID to a clinic's first page, on screen, on paper and from a file."""

import re
import secrets

import pytest
from test_forms import look

FRESH = "atarashii-aikotoba-2020"


def issue(desk, organisation, login, duty=None, name=None, width=1280, pictures=None):
    """Issues an account on screen and returns the initial password that its sheet shows."""
    page = desk.page
    desk.goto("/admin")
    page.get_by_role("link", name="アカウントの発行").click()
    page.fill("#field-q", organisation)
    page.get_by_role("button", name="探す").click()
    if pictures:
        look(desk, pictures, f"issue-choose-{width}")
    page.locator(f'a[href$="organisation={organisation}"]').click()
    page.fill("#field-login", login)
    page.fill("#field-name", name or "佐々木 花")
    page.fill("#field-phone", "090-7000-1234")
    if duty:
        page.get_by_label(duty).check()
    if pictures:
        look(desk, pictures, f"issue-form-{width}")
    page.get_by_role("button", name="発行する").click()
    page.wait_for_url("**/admin/slips/*")
    password = page.locator(".slip-group").all_inner_texts()
    if pictures:
        look(desk, pictures, f"slip-{width}")
    password = "".join(password)
    desk.server.secrets.add(password)
    assert re.fullmatch("[a-hjkmnp-z2-9]{16}", password), "letters that aren't taken for each other"
    return password


def enter(desk, login, password):
    """Signs in by the pages with whatever password."""
    page, known = desk.page, desk.server.messages()
    desk.goto("/sign-in")
    page.fill("#field-login", login)
    page.fill("#field-password", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code")
    page.fill("#field-code", desk.server.code(known, page.locator("strong.number").inner_text()))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    desk.remember()


def first_use(desk, width=1280, pictures=None):
    """A password of one's own and the terms, up to the first page."""
    page = desk.page
    page.wait_for_url("**/first-use/password")
    if pictures:
        look(desk, pictures, f"first-use-password-{width}")
    page.fill("#field-password", "mijikai")
    page.fill("#field-again", "mijikai")
    page.get_by_role("button", name="次へ").click()
    page.locator("#error-password").wait_for()
    if pictures:
        look(desk, pictures, f"first-use-password-error-{width}")
    page.fill("#field-password", FRESH)
    page.fill("#field-again", FRESH)
    page.get_by_role("button", name="次へ").click()
    page.wait_for_url("**/first-use/terms")
    # Nothing else opens before.
    desk.goto("/cases")
    assert page.url.endswith("/first-use/terms")
    page.get_by_role("button", name="利用を始める").click()
    page.locator("#error-accepted").wait_for()
    if pictures:
        look(desk, pictures, f"first-use-terms-{width}")
    page.locator("#field-accepted").check()
    page.get_by_role("button", name="利用を始める").click()
    page.locator(".nav").wait_for()
    assert page.url == f"{desk.server.address}/"


@pytest.mark.parametrize("width", [1280, 375])
def test_from_the_ministry_to_a_clinic(open_desk, server, pictures, width):
    server.secrets.add(FRESH)
    mark = secrets.token_hex(3)
    issuer, clinic = f"minato-{mark}", f"clinic-{mark}"
    institution = server.organisation("shibuya-clinic")
    ministry = open_desk("mhlw", width)
    ministry.goto("/admin")
    look(ministry, pictures, f"admin-{width}")
    password = issue(ministry, "hc-13113", issuer, width=width, pictures=pictures)

    centre = open_desk(None, width)
    enter(centre, issuer, password)
    first_use(centre, width, pictures)
    password = issue(centre, institution, clinic, duty="システム利用管理者", name="試験クリニック", width=width)
    centre.page.get_by_role("button", name="印刷を終えたので表示を消す").click()
    centre.page.wait_for_url("**/admin/accounts")
    centre.page.go_back()
    centre.page.reload()
    centre.page.get_by_role("heading", name="ID通知票は表示できません").wait_for()

    desk = open_desk(None, width)
    enter(desk, clinic, password)
    first_use(desk)
    desk.page.get_by_role("link", name="管理", exact=True).click()
    issue(desk, institution, f"nurse-{mark}", name="看護 花子")
    desk.goto("/account/password")
    look(desk, pictures, f"account-password-{width}")
    desk.goto("/account/terms")
    look(desk, pictures, f"account-terms-{width}")

    # The health centre sees all of it, stops the clinic's ID, and the clinic is out with its next step.
    centre.goto(f"/admin/accounts?q={mark}")
    rows = centre.page.locator("tbody th").all_inner_texts()
    assert [row.strip() for row in rows] == [clinic, issuer, f"nurse-{mark}"]
    look(centre, pictures, f"accounts-{width}")
    centre.goto(f"/admin/accounts/{clinic}")
    centre.page.get_by_text("氏名・電話番号・役割を変更する").click()
    centre.page.fill("#field-name", "試験クリニック渋谷")
    centre.page.get_by_role("button", name="変更する").click()
    centre.page.locator(".banner-success").wait_for()
    centre.page.locator("summary", has_text="停止する").click()
    centre.page.get_by_role("button", name="停止する").click()
    centre.page.locator("#error-stop-reason").wait_for()
    look(centre, pictures, f"account-stop-{width}")
    centre.page.fill("#field-stop-reason", "廃院のため")
    centre.page.get_by_role("button", name="停止する").click()
    centre.page.locator(".banner-success").wait_for()
    look(centre, pictures, f"account-stopped-{width}")
    history = centre.page.locator('td[data-label="したこと"]').all_inner_texts()
    assert [line.split("\n")[0] for line in history] == [
        "停止", "変更", "利用規約への同意", "本人によるパスワードの設定", "発行"]
    desk.goto("/cases")
    assert "/sign-in" in desk.page.url


@pytest.mark.parametrize("width", [1280, 375])
def test_from_a_file(open_desk, server, pictures, tmp_path, width):
    """Duplicates and unknown organisations are refused by row, the rest is issued in the background and printed."""
    mark = secrets.token_hex(3)
    institution = server.organisation("shinjuku-clinic")
    elsewhere = next(a["organisation"] for a in server.accounts() if a["organisation"].startswith("med-14"))
    rows = [
        f"f1-{mark},試験一号,{institution},03-7000-0001,システム利用管理者",
        f"f1-{mark},おなじID,{institution},03-7000-0001,",
        f"f2-{mark},知らない機関,med-0000000000,03-7000-0001,",
        f"f3-{mark},よその機関,{elsewhere},03-7000-0001,",
        f"shinjuku-hc,すでにあるID,{institution},03-7000-0001,",
        f"f4-{mark},電話が違う,{institution},12,",
        f"f5-{mark},試験二号,{institution},03-7000-0002,",
    ]
    file = tmp_path / "accounts.csv"
    file.write_bytes(("ユーザーID,氏名,組織コード,電話番号,役割\r\n" + "\r\n".join(rows) + "\r\n").encode("cp932"))
    desk = open_desk("shinjuku-hc", width)
    page = desk.page
    desk.goto("/admin/account-files")
    look(desk, pictures, f"account-files-{width}")
    page.set_input_files("#field-file", file)
    page.get_by_role("button", name="確認する").click()
    page.get_by_role("heading", name="発行する内容の確認").wait_for()
    assert page.locator(".figure-number").all_inner_texts() == ["2", "0", "5"]
    reasons = page.locator(".reason").all_inner_texts()
    for reason, words in zip(reasons, ["2行目と同じ", "登録されていません", "発行できません", "すでに発行", "電話番号"]):
        assert words in reason
    look(desk, pictures, f"account-file-check-{width}")
    with page.expect_download() as download:
        page.get_by_role("link", name="受け付けられない行をCSVで保存する").click()
    assert download.value.suggested_filename == "受け付けられない行.csv"
    saved = download.value.path().read_text(encoding="utf-8-sig")
    assert len(saved.strip().splitlines()) == 6 and "理由" in saved.splitlines()[0]
    page.get_by_role("button", name="2件を発行する").click()
    page.get_by_role("button", name="ID通知票を表示する").wait_for(timeout=60_000)
    look(desk, pictures, f"account-file-done-{width}")
    page.get_by_role("button", name="ID通知票を表示する").click()
    page.wait_for_url("**/admin/slips/*")
    assert page.locator(".slip").count() == 2
    passwords = ["".join(slip.locator(".slip-group").all_inner_texts()) for slip in page.locator(".slip").all()]
    server.secrets.update(passwords)
    page.emulate_media(media="print")
    pdf = page.pdf(format="A4") if width == 1280 else b""
    assert width != 1280 or len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2, "a sheet for each"
    page.emulate_media(media="screen")
    with server.sign_in(f"f5-{mark}", passwords[1]) as client:
        assert client.get("/").headers["location"] == "/first-use/password"
