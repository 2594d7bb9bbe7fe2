"""Keys for those who work here all day: where they lead, and when they keep still."""

import re

import pytest


@pytest.fixture
def centre(open_desk):
    """A health centre's desk and the number of a case that waits for it."""
    clinic = open_desk("shinjuku-clinic")
    number = clinic.notify(family_name="鍵盤", family_kana="ケンバン")
    return open_desk("shinjuku-hc"), number


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_through_a_case_by_keys(centre):
    desk, number = centre
    page, press = desk.page, desk.page.keyboard.press
    desk.goto(f"/cases/{number}")
    headings = page.locator(".case-section h2")
    names = [headings.nth(index).get_attribute("id") for index in range(headings.count())]
    press("t")
    assert focused(page) == "timeline-title"
    press("n")
    assert focused(page) == names[0]
    press("n")
    assert focused(page) == names[1]
    press("p")
    assert focused(page) == names[0]
    # The section that has the focus is edited.
    press("n")
    press("e")
    page.wait_for_url(f"**/cases/{number}/{names[1].removeprefix('title-')}")
    page.go_back()
    press("h")
    page.wait_for_url(f"**/cases/{number}/history")
    press("g")
    press("c")
    page.wait_for_url("**/cases")
    press("/")
    assert focused(page) == "field-q"
    page.locator("#field-q").blur()
    press("n")
    assert re.fullmatch(r".*/cases/\d{12}", page.evaluate("document.activeElement.href"))
    press("Enter")
    page.wait_for_url(re.compile(r"/cases/\d{12}"))
    press("g")
    press("t")
    page.wait_for_url(lambda url: url.endswith("/"))
    press("?")
    page.wait_for_url("**/keys")
    page.locator(".footer a", has_text="キーボード操作").wait_for()


def test_keys_keep_still_while_somebody_types(centre):
    desk, number = centre
    page = desk.page
    desk.goto("/cases")
    page.focus("#field-q")
    page.keyboard.type("gc?/nte")
    desk.keyboard.compose("やまだ", "山田")
    assert page.input_value("#field-q") == "gc?/nte山田"
    assert page.url.endswith("/cases")
    # A key of the input method outside of a field, a key with Ctrl, a key that is held.
    desk.goto(f"/cases/{number}")
    for options in ("{isComposing: true}", "{ctrlKey: true}", "{altKey: true}", "{metaKey: true}", "{repeat: true}",
                    "{keyCode: 229}"):
        page.evaluate(f"""() => document.body.dispatchEvent(
            new KeyboardEvent('keydown', Object.assign({{ key: 'h', bubbles: true }}, {options})))""")
    page.wait_for_timeout(500)
    assert page.url.endswith(f"/cases/{number}")
    # What is typed into a form isn't left by a single key.
    desk.goto(f"/cases/{number}/person")
    page.fill("#field-occupation", "入力中")
    page.locator("h1").click()
    with page.context.expect_page() as other:
        page.keyboard.press("?")
    other.value.wait_for_url("**/keys")
    other.value.close()
    assert page.input_value("#field-occupation") == "入力中"


def test_keys_can_be_turned_off(centre):
    desk, number = centre
    page = desk.page
    desk.goto("/keys")
    page.get_by_role("button", name="キーボード操作を使わない").click()
    page.locator(".banner", has_text="使わない設定です").wait_for()
    desk.goto(f"/cases/{number}")
    page.keyboard.press("h")
    page.wait_for_timeout(500)
    assert page.url.endswith(f"/cases/{number}")
    desk.goto("/keys")
    page.get_by_role("button", name="キーボード操作を使う").click()
    page.get_by_role("button", name="キーボード操作を使わない").wait_for()
    desk.goto(f"/cases/{number}")
    page.keyboard.press("h")
    page.wait_for_url("**/history")
