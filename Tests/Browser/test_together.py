"""Several people on one case at the same time: who is here, what was saved, whose value it is."""

import re

import pytest

LINE = ".presence p"


def name(desk):
    """The signed-in person's name as their own page shows it."""
    return desk.page.locator(".identity-name").inner_text()


def seen(desk, *words, timeout=8000):
    """Waits until the page says who else is here."""
    for word in words:
        desk.page.locator(LINE, has_text=word).wait_for(timeout=timeout)
    return desk.page.locator(LINE).inner_text()


def alone(desk, timeout=8000):
    desk.page.locator(LINE).wait_for(state="detached", timeout=timeout)


@pytest.fixture
def case(open_desk):
    """A fresh case and the desk of the clinic that filed it."""
    clinic = open_desk("shinjuku-clinic")
    return clinic, clinic.notify(family_name="共同", family_kana="キョウドウ")


def test_people_see_who_else_is_here(open_desk, case):
    clinic, number = case
    first, second, headquarters = open_desk("shinjuku-hc"), open_desk("shinjuku-hc2"), open_desk("tokyo-hq")
    first.goto(f"/cases/{number}")
    second.goto(f"/cases/{number}/person")
    assert "個人基本情報を編集中" in seen(first, name(second))
    assert "開いています" in seen(second, name(first))
    headquarters.goto(f"/cases/{number}")
    text = seen(headquarters, name(first), name(second))
    assert "保健所）" in text, "people of another organisation are named with it"
    seen(first, name(headquarters))
    # The institution is told of the health centre and of nobody by name; the headquarters isn't there for it.
    clinic.goto(f"/cases/{number}")
    text = seen(clinic, "保健所の職員")
    for desk in (first, second, headquarters):
        assert name(desk) not in clinic.page.content()
    assert "調整本部" not in text and "の職員" in text
    seen(first, "の方")
    # Whoever goes is gone at once.
    second.goto("/cases")
    first.page.wait_for_function(
        "name => !document.querySelector('.presence').textContent.includes(name)", arg=name(second), timeout=8000)
    headquarters.page.close()
    first.page.wait_for_function(
        "() => !document.querySelector('.presence').textContent.includes('本部')", timeout=8000)
    first.goto("/")
    alone(clinic)


def test_an_edit_page_hears_who_saved_and_keeps_what_is_typed(open_desk, case):
    _, number = case
    first, second, third = open_desk("shinjuku-hc"), open_desk("shinjuku-hc2"), open_desk("shinjuku-hc")
    second.goto(f"/cases/{number}/person")
    second.page.fill("#field-occupation", "介護福祉士")
    first.goto(f"/cases/{number}/person")
    first.page.fill("#field-address_line", "歌舞伎町1-1-1")
    first.submit()
    first.page.wait_for_url(re.compile("done=revise"))
    note = second.page.locator(".case-note", has_text=f"{name(first)}さん")
    note.wait_for(timeout=8000)
    assert "保存しました" in note.inner_text() and "保存するときに確かめます" in note.inner_text()
    assert second.page.input_value("#field-occupation") == "介護福祉士"
    # The newest is looked at beside it.
    assert note.locator("a").get_attribute("target") == "_blank"
    # An edit page in which nothing has been typed hears it, too.
    third.goto(f"/cases/{number}/test")
    second.submit()
    second.page.wait_for_url(re.compile("done=revise"))
    third.page.locator(".case-note", has_text=f"{name(second)}さん").wait_for(timeout=8000)


def test_the_list_and_the_first_page_follow(open_desk, case):
    _, number = case
    listing, first_page, centre = open_desk("shinjuku-hc2"), open_desk("shinjuku-hc2"), open_desk("shinjuku-hc")
    listing.goto("/cases?intake=submitted")
    first_page.goto("/")
    row = f'[data-case="{number}"]'
    listing.page.locator(row).first.wait_for()
    # The first page has the ten that wait longest, which this one needn't be among: its count is what falls.
    waiting = int(first_page.page.locator("#waiting .figure-number").first.inner_text().removesuffix("件"))
    for desk in (listing, first_page):
        desk.page.evaluate("window.sameDocument = true")
    centre.goto(f"/cases/{number}")
    centre.page.get_by_role("button", name="保健所確認済にする").click()
    centre.page.wait_for_url(re.compile("done=confirm"))
    listing.page.locator(row).wait_for(state="detached", timeout=8000)
    first_page.page.wait_for_function(
        "count => document.querySelector('#waiting .figure-number').textContent === `${count}件`",
        arg=waiting - 1, timeout=8000)
    for desk in (listing, first_page):
        assert desk.page.evaluate("window.sameDocument"), "in place, not by loading the page anew"


def test_a_conflict_shows_both_values_and_keeps_everything_typed(open_desk, case):
    """Also where a third change comes in between."""
    _, number = case
    first, second = open_desk("shinjuku-hc"), open_desk("shinjuku-hc2")
    third = open_desk("shinjuku-hc")
    for desk in (first, second):
        desk.goto(f"/cases/{number}/person")
    page = second.page
    page.fill("#field-occupation", "介護福祉士")
    page.fill("#field-given_name", "三郎")
    page.fill("#field-address_line", "歌舞伎町8-8-8")
    first.page.fill("#field-occupation", "看護師")
    first.submit()
    first.page.wait_for_url(re.compile("done=revise"))
    second.submit()
    doubts = page.locator(".doubts")
    doubts.wait_for()
    text = doubts.inner_text()
    assert "あなたの入力：介護福祉士" in text and "看護師" in text
    assert name(first) in text and re.search(r"\d+月\d+日 \d+:\d\d", text), "by whom and when"
    for field, value in {"given_name": "三郎", "address_line": "歌舞伎町8-8-8", "occupation": "介護福祉士"}.items():
        assert page.input_value(f"#field-{field}") == value
    # A third change while the second person decides: asked again, with the newest value.
    third.goto(f"/cases/{number}/person")
    third.page.fill("#field-occupation", "薬剤師")
    third.submit()
    third.page.wait_for_url(re.compile("done=revise"))
    page.locator('[name="resolve.occupation"][value="mine"]').check()
    second.submit()
    page.locator(".doubts", has_text="薬剤師").wait_for()
    text = page.locator(".doubts").inner_text()
    assert "あなたの入力：介護福祉士" in text and "看護師" not in text
    for field, value in {"given_name": "三郎", "address_line": "歌舞伎町8-8-8", "occupation": "介護福祉士"}.items():
        assert page.input_value(f"#field-{field}") == value
    assert page.locator('[name="resolve.occupation"]:checked').count() == 0, "the new question has no answer yet"
    # Nothing of it is stored before it is decided.
    assert "三郎" not in open_and_read(third, number)
    page.locator('[name="resolve.occupation"][value="theirs"]').check()
    second.submit()
    page.wait_for_url(re.compile("done=revise"))
    text = page.locator("#section-person").inner_text()
    assert "薬剤師" in text and "三郎" in text and "歌舞伎町8-8-8" in text
    history = second
    history.goto(f"/cases/{number}/history")
    lines = history.page.locator("table.history").inner_text()
    assert "看護師" in lines and "薬剤師" in lines


def open_and_read(desk, number):
    desk.goto(f"/cases/{number}")
    return desk.page.locator("#section-person").inner_text()
