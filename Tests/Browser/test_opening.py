"""接続環境の確認, 導入準備状況 and the opening day in a real browser, on a server of their own."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from harness import PASSWORD, Server, today

MACHINE = "試験室の端末"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A common day set on the shared server would shut out everybody else's tests."""
    server = Server(tmp_path_factory.mktemp("opening"), cases=20)
    server.secrets.add(PASSWORD)
    server.start()
    yield server
    server.stop()
    assert MACHINE not in server.log() and "佐藤" not in server.log()


def slashed(days):
    year, month, day = today(days).split("-")
    return f"{year}/{int(month)}/{int(day)}"


def row(page, check):
    return page.locator(f'[data-check="{check}"]')


def results(desk):
    """Opens the page and waits until everything has been looked at."""
    desk.goto("/connection-test")
    desk.page.locator("[data-done]").wait_for(timeout=60_000)
    return desk.page


def looked_at(desk, pictures, name):
    """A picture for people, and what a machine can say of the page."""
    page = desk.page
    width = page.viewport_size["width"]
    page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
    found = [f"{v['id']}: {node['html'][:160]}" for v in Axe().run(page).response["violations"]
             for node in v["nodes"][:3]]
    assert not found, "\n".join(found)
    assert desk.overflow() == []
    assert page.locator("h1").count() == 1
    if width == 375:
        page.set_viewport_size({"width": 320, "height": 700})
        assert desk.overflow() == [], "at 320 px"
        page.set_viewport_size({"width": 375, "height": 900})


def set_day(server, open_desk, text, answer_by=""):
    """The ministry sets the common day."""
    page = open_desk("mhlw").page
    page.goto("/admin/readiness")
    page.fill("#field-common", text)
    page.fill("#field-answer_by", answer_by)
    page.locator("[name=confirmed]").check()
    page.get_by_role("button", name="日付を設定する").click()
    page.locator(".banner-success").wait_for()


# 接続環境の確認

@pytest.mark.parametrize("width", [1280, 375])
def test_a_machine_is_tested_and_sent_to_the_list(open_desk, pictures, width):
    desk = open_desk(None, width)
    page = results(desk)
    for check in ["tls", "javascript", "cookie", "clock", "events", "upload", "latency"]:
        assert "○" in row(page, check).inner_text(), row(page, check).inner_text()
    assert "TLS 1.3" in row(page, "tls").inner_text() and "HTTP/2" in row(page, "tls").inner_text()
    assert ("○" if width == 1280 else "△") in row(page, "display").inner_text()
    assert "－ 未確認" in row(page, "print").inner_text()
    with page.expect_popup() as popup:
        row(page, "print").get_by_role("link").click()
    popup.value.get_by_role("button", name="印刷する").wait_for()
    popup.value.close()
    page.get_by_label("印刷できた").check()
    assert "○ 良好" in row(page, "print").inner_text()
    page.locator("#field-prefecture").select_option("13")
    page.locator("#field-organisation").select_option("hc-13104")
    page.fill("#field-machine", MACHINE)
    looked_at(desk, pictures, "connection")
    page.get_by_role("button", name="この結果を送る").click()
    page.locator(".banner-success").wait_for()
    assert "○ 良好" in row(page, "upload").inner_text()
    looked_at(desk, pictures, "connection-sent")
    # The same machine once more is one machine.
    ministry = open_desk("mhlw", width)
    ministry.goto("/admin/connection-tests?prefecture=13&state=done")
    line = ministry.page.locator('[data-tested="hc-13104"]')
    assert "1台" in line.inner_text()
    looked_at(ministry, pictures, "connection-list")
    line.get_by_role("link").click()
    assert MACHINE in ministry.page.locator("main").inner_text()
    looked_at(ministry, pictures, "connection-machines")


def test_on_paper_there_are_results_and_demands_but_no_form(open_desk, pictures):
    desk = open_desk(None)
    page = results(desk)
    page.emulate_media(media="print")
    assert not page.locator("[data-connection-form]").is_visible()
    assert not page.get_by_role("button", name="結果を印刷する").is_visible()
    assert page.locator("#demands-title").is_visible()
    assert row(page, "tls").is_visible()
    page.screenshot(path=pictures / "connection-paper.png", full_page=True)


def test_without_a_script_the_server_says_what_it_sees(open_desk, pictures):
    desk = open_desk(None, 375, java_script_enabled=False)
    page = desk.page
    desk.goto("/sign-in")
    page.get_by_role("link", name="接続環境の確認").click()
    assert "○" in row(page, "tls").inner_text()
    assert "× 不可" in row(page, "javascript").inner_text()
    assert "JavaScriptが必要です" in row(page, "events").inner_text()
    assert "－ 未確認" in row(page, "cookie").inner_text()
    page.get_by_role("link", name="Cookieを確かめる").click()
    assert "○ 良好" in row(page, "cookie").inner_text()
    page.screenshot(path=pictures / "connection-plain.png", full_page=True)
    page.locator("#field-prefecture").select_option("14")
    page.fill("#field-machine", "スクリプトなしの端末")
    page.get_by_label("印刷できない").check()
    page.get_by_role("button", name="次へ（組織を選ぶ）").click()
    options = page.locator("#field-organisation option")
    assert options.count() > 1
    page.locator("#field-organisation").select_option(index=1)
    page.get_by_role("button", name="この結果を送る").click()
    page.locator(".banner-success").wait_for()
    assert "× 不可" in row(page, "print").inner_text()
    assert "× 不可" in row(page, "javascript").inner_text()


def test_a_blocked_event_stream_is_noticed(open_desk):
    desk = open_desk(None)
    desk.page.route("**/connection-test/events", lambda route: route.abort())
    page = results(desk)
    assert "× 不可" in row(page, "events").inner_text()
    assert "ためずに" in row(page, "events").inner_text()


def test_a_proxy_that_keeps_events_back_is_noticed(open_desk):
    desk = open_desk(None)
    text = "".join(f"event: test\ndata: {number}\n\n" for number in (1, 2, 3))
    desk.page.route("**/connection-test/events", lambda route: route.fulfill(
        status=200, content_type="text/event-stream", body=text))
    page = results(desk)
    assert "△ 注意" in row(page, "events").inner_text()
    assert "ためて" in row(page, "events").inner_text()


def test_a_refused_large_body_is_noticed(open_desk):
    desk = open_desk(None)
    desk.page.route("**/connection-test/upload", lambda route: route.fulfill(status=413, body=""))
    page = results(desk)
    assert "× 不可" in row(page, "upload").inner_text()


def test_a_busy_place_waits_for_its_turn(open_desk):
    desk = open_desk(None)
    answers = iter([429, 429])

    def answer(route):
        status = next(answers, None)
        route.fulfill(status=status, body="") if status else route.continue_()

    desk.page.route("**/connection-test/upload", answer)
    page = results(desk)
    assert "○ 良好" in row(page, "upload").inner_text()


@pytest.mark.parametrize("shift,sign,words", [
    (0, "○ 良好", "合っています"), (120_000, "△ 注意", "進んで"), (-7_200_000, "× 不可", "約120分遅れて")])
def test_a_clock_that_is_wrong_is_noticed(open_desk, shift, sign, words):
    desk = open_desk(None)
    desk.page.add_init_script(f"const right = Date.now.bind(Date); Date.now = () => right() + ({shift});")
    text = row(results(desk), "clock").inner_text()
    assert sign in text and words in text, text


def test_a_browser_that_keeps_no_cookie_is_noticed(open_desk):
    desk = open_desk(None)
    desk.page.route("**/connection-test/cookie", lambda route: route.continue_(
        headers={name: value for name, value in route.request.headers.items() if name != "cookie"}))
    desk.page.route("**/connection-test/cookie", lambda route: route.fulfill(
        status=200, content_type="application/json", body='{"cookie":false}'))
    assert "× 不可" in row(results(desk), "cookie").inner_text()


# 導入準備状況

@pytest.mark.parametrize("width", [1280, 375])
def test_a_government_answers_and_the_ministry_sees_the_map(server, open_desk, pictures, width):
    login, key = ("tokyo-hq", "pref-13") if width == 1280 else ("osaka-hq", "pref-27")
    office = open_desk(login, width)
    page = office.page
    office.goto("/readiness")
    page.get_by_role("button", name="回答を登録する").click()
    page.locator("#error-summary").wait_for()
    page.get_by_label("遅らせる", exact=True).check()
    page.get_by_role("button", name="回答を登録する").click()
    page.locator("#error-summary").wait_for()
    looked_at(office, pictures, "readiness-errors")
    page.fill("#field-starts_on", slashed(20))
    page.fill("#field-reason", "保健所の端末の準備が遅れるため")
    page.fill("#field-contact", "感染症対策課 佐藤")
    page.fill("#field-phone", "03-0000-1111")
    page.fill("#field-mail", "kansen@example.lg.jp")
    page.get_by_role("button", name="回答を登録する").click()
    page.locator(".banner-success").wait_for()
    assert "回答の履歴" in page.locator("main").inner_text()
    looked_at(office, pictures, "readiness")
    ministry = open_desk("mhlw", width)
    ministry.goto("/admin/readiness")
    shown = ministry.page
    assert shown.locator("svg.tilemap rect").count() == 47
    assert "感染症対策課 佐藤" in shown.locator(f'[data-government="{key}"]').inner_text()
    looked_at(ministry, pictures, "readiness-register")
    shown.locator("svg.tilemap").screenshot(path=pictures / f"readiness-map-{width}.png")


def test_governments_without_an_answer_are_reminded_once_a_day(open_desk, pictures):
    ministry = open_desk("mhlw")
    page = ministry.page
    ministry.goto("/admin/readiness")
    page.get_by_role("button", name="未回答の自治体に督促する").click()
    page.locator(".banner-success").wait_for()
    page.get_by_role("button", name="未回答の自治体に督促する").click()
    page.locator(".banner-info").wait_for()
    office = open_desk("shinjuku-hq")
    office.goto("/notices")
    assert office.page.get_by_role("link", name="導入準備状況の回答").count() == 1
    office.page.get_by_role("link", name="導入準備状況の回答").click()
    office.page.wait_for_url("**/readiness")
    # Without a script everything of it works as well.
    plain = open_desk("mhlw", java_script_enabled=False)
    plain.goto("/admin/readiness?state=unanswered&prefecture=13")
    plain.page.locator('[data-government="city-13104"]').get_by_role("link").click()
    plain.page.get_by_label("共通の日").check()
    for name, value in {"contact": "保健予防課", "phone": "03-0000-2222", "mail": "hoken@example.lg.jp"}.items():
        plain.page.fill(f"#field-{name}", value)
    plain.page.get_by_role("button", name="回答を登録する").click()
    assert "メールで受けた回答" in plain.page.locator("main").inner_text()


# 利用開始日

def sign_in(desk, login):
    """The whole way of the sign-in; where it leads is the question."""
    page, server = desk.page, desk.server
    known = server.messages()
    desk.goto("/sign-in")
    page.fill("#field-login", login)
    page.fill("#field-password", PASSWORD)
    page.get_by_role("button", name="次へ").click()
    page.wait_for_url("**/sign-in/code")
    ending = page.locator("strong.number").inner_text()
    page.fill("#field-code", server.code(known, ending))
    page.get_by_role("button", name="ログイン").click()


@pytest.mark.parametrize("width", [1280, 375])
def test_before_the_day_only_who_prepares_comes_in_and_on_it_everybody(server, open_desk, pictures, width):
    set_day(server, open_desk, slashed(1))
    try:
        year, month, day = today(1).split("-")
        words = f"神奈川県の利用開始は{int(month)}月{int(day)}日です。"
        desk = open_desk(None, width)
        sign_in(desk, "kanagawa-hotel")
        desk.page.get_by_role("heading", name=words).wait_for()
        assert not [one for one in desk.context.cookies() if one["name"] == "__Host-session"]
        looked_at(desk, pictures, "opening-closed")
        office = open_desk(None, width)
        sign_in(office, "kanagawa-hq")
        office.page.wait_for_url("**/readiness")
        assert [link.inner_text() for link in office.page.locator(".nav a").all()] == [
            "導入準備状況", "接続環境の確認", "アカウント"]
        office.goto("/cases")
        office.page.get_by_role("heading", name=words).wait_for()
        looked_at(office, pictures, "opening-preparing")
        office.page.get_by_role("button", name="ログアウト").click()
        office.page.wait_for_url("**/sign-in?out=1")
        set_day(server, open_desk, slashed(0))
        sign_in(desk, "kanagawa-hotel")
        desk.page.wait_for_url(lambda address: "/sign-in" not in address)
        assert desk.goto("/cases").status == 200
    finally:
        set_day(server, open_desk, "")
