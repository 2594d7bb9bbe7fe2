"""Nobody is there: a warning with its seconds, what was typed kept on the server, and back to the filled form."""

import re

import pytest

from people import PLAIN


def wait(desk, minutes, seconds=0):
    """Lets the browser's clock run on; the server's stands nearly still, so the page ends the session by itself."""
    desk.page.clock.fast_forward(1000 * (60 * minutes + seconds))


def open_page(desk, address):
    desk.page.clock.install()
    desk.goto(address)


def sign_in_again(desk, login):
    """From the sign-in that the page went to, with the keyboard, to where one was."""
    page, keys = desk.page, desk.keyboard
    page.get_by_text("操作がなかったため、ログアウトしました").wait_for()
    # The clock that a page was given stands: the pages from here on go by it, too.
    known = desk.server.messages()
    page.fill("#field-login", login)
    page.fill("#field-password", "renshu-no-aikotoba-2020")
    keys.key("Enter")
    page.wait_for_url("**/sign-in/code")
    ending = page.locator("strong.number").inner_text()
    page.fill("#field-code", desk.server.code(known, ending))
    keys.key("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    desk.remember()
    desk.server.sessions.pop(login, None)


def test_the_warning_is_said_and_works_with_the_keyboard(open_desk):
    desk = open_desk()
    desk.take_session("shinjuku-hc", fresh=True)
    page = desk.page
    open_page(desk, "/cases")
    page.focus("#field-q")
    wait(desk, 27, 50)
    assert page.locator("[role=alertdialog]").count() == 0, "nothing is said before the last two minutes"
    wait(desk, 0, 12)
    box = page.get_by_role("alertdialog", name="まもなくログアウトします")
    box.wait_for()
    assert page.evaluate("document.querySelector('.idle').matches(':modal')")
    assert page.evaluate("document.activeElement.textContent") == "続ける"
    described = page.locator(".idle").get_attribute("aria-describedby")
    assert "まもなくログアウト" in page.locator(f"#{described}").inner_text()
    assert page.locator("[data-idle-said]").get_attribute("aria-live") == "assertive"
    assert "2分" in page.locator("[data-idle-said]").inner_text()
    assert re.fullmatch(r"1:5\d|2:00", page.locator("[data-idle-left]").inner_text())
    # Tab stays inside, and moving about in the dialog is no answer yet.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "ログアウト"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "続ける"
    wait(desk, 1, 2)
    assert "1分" in page.locator("[data-idle-said]").inner_text() or "秒" in page.locator("[data-idle-said]").inner_text()
    page.keyboard.press("Enter")
    box.wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "field-q", "the reader is where they were"
    # The half hour has begun anew, and Escape means to go on as well.
    wait(desk, 27, 50)
    assert page.locator("[role=alertdialog]").count() == 0
    wait(desk, 0, 15)
    box.wait_for()
    page.keyboard.press("Escape")
    box.wait_for(state="detached")
    assert desk.page.url.endswith("/cases")


def test_signing_out_from_the_warning(open_desk):
    desk = open_desk()
    desk.take_session("shinjuku-hc2", fresh=True)
    open_page(desk, "/cases")
    wait(desk, 28, 5)
    desk.page.get_by_role("alertdialog").get_by_role("button", name="ログアウト").click()
    desk.page.get_by_text("ログアウトしました").wait_for()
    assert desk.goto("/cases").url.split("?")[0].endswith("/sign-in")
    desk.server.sessions.pop("shinjuku-hc2", None)


def test_a_report_left_behind_is_filled_again(open_desk):
    desk = open_desk()
    desk.take_session("shinjuku-clinic", fresh=True)
    page = desk.page
    open_page(desk, "/cases/new?form=2020-02")
    page.fill("#field-family_name", "離席")
    page.fill("#field-occupation", PLAIN["occupation"])
    page.locator('[name="notified_symptoms"][value="fever"]').check()
    wait(desk, 0, 6)
    page.locator("[data-saved]", has_text="下書きを保存しました").wait_for()
    wait(desk, 28, 5)
    page.get_by_role("alertdialog").wait_for()
    wait(desk, 2, 5)
    page.wait_for_url("**/sign-in?idle=kept**")
    assert page.get_by_text("続きから入力できます").count() == 1
    sign_in_again(desk, "shinjuku-clinic")
    assert "/cases/new?draft=" in page.url
    assert page.input_value("#field-family_name") == "離席"
    assert page.input_value("#field-occupation") == PLAIN["occupation"]
    assert page.locator('[name="notified_symptoms"][value="fever"]').is_checked()


@pytest.fixture
def case(open_desk):
    return open_desk("shinjuku-clinic").notify(family_name="留守", family_kana="ルス")


def test_an_edit_left_behind_is_filled_again_and_a_colleague_is_not_overwritten(open_desk, case):
    desk, colleague = open_desk(), open_desk("shinjuku-hc2")
    desk.take_session("shinjuku-hc", fresh=True)
    page = desk.page
    open_page(desk, f"/cases/{case}/person")
    page.fill("#field-occupation", "保育士")
    page.fill("#field-given_name", "次郎")
    wait(desk, 28, 65)
    page.get_by_role("alertdialog").wait_for()
    # Meanwhile somebody else changes one of the two.
    colleague.goto(f"/cases/{case}/person")
    colleague.page.fill("#field-occupation", "看護師")
    colleague.submit()
    colleague.page.wait_for_url(re.compile("done=revise"))
    wait(desk, 2, 5)
    page.wait_for_url("**/sign-in?idle=kept**")
    assert desk.context.request.get("/account/keep", max_redirects=0).status == 303, "the session is over on the server"
    sign_in_again(desk, "shinjuku-hc")
    page.get_by_text("入力の途中だった内容を戻しました").wait_for()
    assert page.input_value("#field-occupation") == "保育士"
    assert page.input_value("#field-given_name") == "次郎"
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0], "nothing stays on the device"
    desk.submit()
    doubts = page.locator(".doubts")
    doubts.wait_for()
    assert "看護師" in doubts.inner_text() and "保育士" in doubts.inner_text()
    page.locator('[name="resolve.occupation"][value="mine"]').check()
    desk.submit()
    page.wait_for_url(re.compile("done=revise"))
    text = page.locator("#section-person").inner_text()
    assert "保育士" in text and "次郎" in text


def test_another_form_left_behind_is_filled_again(open_desk, case):
    desk = open_desk()
    desk.take_session("shinjuku-hc", fresh=True)
    page = desk.page
    open_page(desk, f"/cases/{case}/transfer")
    box = page.locator('form[action$="/transfer"] textarea').first
    name = box.get_attribute("name")
    box.fill("転居先の保健所へ\n引き継ぎます")
    wait(desk, 28, 65)
    page.get_by_role("alertdialog").wait_for()
    wait(desk, 2, 5)
    page.wait_for_url("**/sign-in?idle=kept**")
    sign_in_again(desk, "shinjuku-hc")
    page.locator("[data-kept-note]").wait_for()
    assert page.input_value(f'textarea[name="{name}"]') == "転居先の保健所へ\n引き継ぎます"
    # Whoever else signs in at this desk is shown the page without it.
    address = page.url
    other = open_desk("shinjuku-hc2")
    other.goto(address)
    assert other.page.locator("[data-kept-note]").count() == 0
    assert "引き継ぎます" not in other.page.content()


def test_what_a_sleeping_computer_has_not_kept_stays_on_its_page(open_desk, case):
    """The clock jumps over the warning: the page has nowhere to keep anything, so it stays as it is."""
    desk = open_desk()
    desk.take_session("shinjuku-hc", fresh=True)
    page = desk.page
    open_page(desk, f"/cases/{case}/person")
    page.fill("#field-occupation", "美容師")
    with desk.server.client() as client:
        client.cookies.set("__Host-session", desk.server.sessions["shinjuku-hc"], domain="127.0.0.1", path="/")
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/account").text).group(1)
        client.post("/account/leave", data={"csrf": token})
    wait(desk, 61)
    box = page.get_by_role("alertdialog", name="ログインの有効期限が切れました")
    box.wait_for()
    assert page.input_value("#field-occupation") == "美容師"
    desk.server.sessions.pop("shinjuku-hc", None)


def test_typing_keeps_the_session_and_one_tab_speaks_for_all(open_desk):
    desk = open_desk()
    desk.take_session("shinjuku-hc", fresh=True)
    page = desk.page
    open_page(desk, "/cases")
    page.fill("#field-q", "")
    wait(desk, 20)
    with page.expect_response("**/account/keep"):
        page.focus("#field-q")
        page.keyboard.press("a")
        wait(desk, 0, 2)
    wait(desk, 20)
    assert page.locator("[role=alertdialog]").count() == 0


def test_no_page_asks_anybody_else_for_anything(open_desk, server):
    """Every request of the browser goes to the server itself, and nothing is kept on the device."""
    desk = open_desk("shinjuku-hc")
    page, hosts = desk.page, set()
    page.on("request", lambda request: request.url.startswith("data:") or hosts.add(
        re.sub(r"^(\w+://[^/]+).*$", r"\1", request.url)))
    addresses, seen = ["/", "/cases", "/account", "/sign-in", "/nowhere"], set()
    while addresses and len(seen) < 40:
        address = addresses.pop(0)
        if address in seen or "/sign-out" in address:
            continue
        seen.add(address)
        page.goto(address, wait_until="load")
        for link in page.eval_on_selector_all("a[href^='/']", "all => all.map(one => one.getAttribute('href'))"):
            plain = link.split("#")[0]
            # One case stands for all.
            shape = re.sub(r"\d{12}", "N", plain.split("?")[0])
            if plain and shape not in {re.sub(r"\d{12}", "N", one.split("?")[0]) for one in [*seen, *addresses]} and not (
                    "csv" in plain or "/print" in plain):
                addresses.append(plain)
        kept = page.evaluate("""async () => [localStorage.length, sessionStorage.length, document.cookie.length,
            (await indexedDB.databases()).length, (await caches.keys()).length,
            (await navigator.serviceWorker.getRegistrations()).length]""")
        assert kept == [0, 0, 0, 0, 0, 0], (address, kept)
    assert len(seen) > 15, seen
    assert hosts == {server.address}, hosts
