"""Forms by date, and the daily totals of those whom the present one leaves out."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from people import slashed

# Beyond the values themselves.
MOST_KEYS = 20

SHORT = {
    "case_class": ["1"], "family_name": "山田", "given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ",
    "sex": ["2"], "birth_date": "S10.3.2", "postal_code": "", "stay_municipality": "東京都新宿区",
    "stay_line": "歌舞伎町9-9-9", "phone": "090-7123-4567", "first_visit_on": ["y"], "diagnosed_on": ["t"],
    "specimen_on": ["y"], "risk_factors": ["0"], "admission_needed": ["2"],
}


def type_short(desk, last, person=SHORT):
    """Goes through the form by keyboard until its last required field."""
    keys, met = desk.keyboard, []
    for _ in range(60):
        key = keys.at.split(".")[-1]
        met.append(key)
        if key.endswith("_kana") and desk.page.locator(f"#field-{key}").input_value() == person[key]:
            pass
        elif isinstance(person.get(key), list):
            keys.choose(person[key])
        elif person.get(key):
            keys.type(person[key])
        if key == last:
            return met
        keys.key("Tab")
    raise AssertionError(f"the form doesn't end: {met}")


def ready(desk, form):
    """The institution has reported before; the form is open."""
    desk.notify(family_name="先例", family_kana="センレイ")
    desk.goto(f"/cases/new?form={form}")


@pytest.mark.parametrize(("form", "last"), [("2022-06-30", "risk_factors"), ("2022-09-26", "specimen_on")])
def test_a_paper_of_2022_by_keyboard(open_desk, form, last):
    clinic = open_desk("shinjuku-clinic")
    ready(clinic, form)
    keys = clinic.keyboard
    keys.count = keys.choices = 0
    met = type_short(clinic, last)
    if form == "2022-09-26":
        assert met[0] == "birth_date", "the group is asked first"
        assert "65歳以上" in clinic.page.locator("[data-group-verdict]").inner_text()
    keys.key("Control+Enter")
    number = clinic.filed()
    print(f"\n{form}：キー操作 {keys.count}、選択肢・日付のキー {keys.choices}、欄 {len(met)}")
    assert keys.count <= MOST_KEYS
    centre = open_desk("shinjuku-hc")
    centre.goto(f"/cases/{number}")
    assert f"様式：{form.split('-')[0]}年" in centre.page.locator("#section-notification").inner_text()


def test_whoever_is_in_no_group_needs_no_report(open_desk):
    clinic = open_desk("shinjuku-clinic")
    ready(clinic, "2022-09-26")
    type_short(clinic, "risk_factors", SHORT | {"birth_date": "S60.3.2"})
    verdict = clinic.page.locator("[data-group-verdict]")
    verdict.filter(has_text="発生届は不要です").wait_for()
    clinic.page.locator("[data-group-not-needed] a").click()
    clinic.page.wait_for_url("**/totals")


def test_another_paper_keeps_what_was_typed(open_desk):
    clinic = open_desk("shinjuku-clinic")
    clinic.goto("/cases/new?form=2020-02")
    clinic.fill(family_name="転換", family_kana="テンカン")
    page = clinic.page

    def turn(form):
        page.locator("details.versions summary").click()
        page.locator("#field-to_form").select_option(form)
        page.locator('button[formaction="/cases/new/form"]').click()
        page.locator(f'input[name="shown_form"][value="{form}"]').wait_for(state="attached")

    turn("2022-06-30")
    assert page.locator("#field-family_name").input_value() == "転換"
    assert page.locator("#field-stay_line").input_value() == "歌舞伎町9-9-9"
    assert page.locator("#field-occupation").count() == 0
    turn("2020-02")
    assert page.locator("#field-occupation").input_value() == "小学校教諭"
    assert page.locator('[name="notified_symptoms"][value="fever"]').is_checked()
    clinic.submit()
    clinic.filed()


def look(desk, pictures, name):
    desk.page.screenshot(path=pictures / f"{name}.png", full_page=True)
    violations = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in Axe().run(desk.page).response["violations"]]
    assert not violations, "\n".join(violations)
    assert desk.overflow() == []


@pytest.mark.parametrize("width", [1280, 375])
def test_the_totals_of_a_day(open_desk, pictures, server, width):
    """Entered, corrected the same day, corrected by the headquarters, summed, and nobody else's."""
    clinic, centre = open_desk("shinjuku-clinic", width), open_desk("shinjuku-hc", width)
    centre.goto("/totals")
    name = clinic.goto("/totals") and clinic.page.locator(".identity-organisation").inner_text()
    clinic.page.locator("#field-u10").focus()
    clinic.page.keyboard.press("Control+A")
    clinic.page.keyboard.type("2")
    for _ in range(3):
        clinic.page.keyboard.press("Enter")
    clinic.page.keyboard.press("Control+A")
    clinic.page.keyboard.type(str(width))
    assert clinic.page.locator("[data-totals-sum]").inner_text() == str(width + 2)
    clinic.page.locator("[data-totals-send]").click()
    clinic.page.locator(".banner-success").wait_for()
    look(clinic, pictures, f"totals-clinic-{width}")
    clinic.page.fill("#field-u10", "3")
    clinic.page.locator("[data-totals-send]").click()
    clinic.page.locator(".banner-success", has_text=f"合計 {width + 3}人").wait_for()
    assert clinic.page.locator("td[data-label='30代']", has_text=str(width)).count() >= 2

    centre.goto("/totals")
    assert str(width + 3) in centre.page.locator(".totals-table tbody").first.inner_text()
    assert name not in [one.inner_text() for one in centre.page.locator(".totals-missing").first.locator("a").all()]
    look(centre, pictures, f"totals-centre-{width}")

    headquarters = open_desk("tokyo-hq", width)
    key = server.organisation("shinjuku-clinic")
    headquarters.goto(f"/totals/{key}/{clinic.page.locator('input[name=day]').get_attribute('value')}")
    headquarters.page.fill("#field-u10", "4")
    headquarters.page.locator("[data-totals-send]").click()
    headquarters.page.locator("#error-reason").wait_for()
    look(headquarters, pictures, f"totals-correction-{width}")
    headquarters.page.fill("#field-reason", "医療機関からの連絡による訂正")
    headquarters.page.locator("[data-totals-send]").click()
    headquarters.page.locator(".banner-success").wait_for()
    assert "医療機関からの連絡による訂正" in headquarters.page.locator(".totals-table").inner_text()
    headquarters.goto("/totals")
    look(headquarters, pictures, f"totals-headquarters-{width}")
    other = open_desk("yokohama-hc", width)
    other.goto("/totals")
    assert str(width + 4) not in other.page.locator("#main").inner_text()
    ministry = open_desk("mhlw", width)
    ministry.goto("/totals")
    assert str(width + 4) in ministry.page.locator("#main").inner_text()
    look(ministry, pictures, f"totals-ministry-{width}")


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("form", ["2021-02", "2022-06-30", "2022-09-26"])
def test_papers_are_accessible(open_desk, pictures, form, width):
    clinic = open_desk("shinjuku-clinic", width)
    clinic.goto(f"/cases/new?form={form}")
    assert slashed()[:4] in clinic.page.locator("#main").inner_text()
    look(clinic, pictures, f"form-{form}-{width}")
