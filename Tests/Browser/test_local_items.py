"""An item of the prefecture's own: defined, entered, shown."""

import pytest
from test_forms import look


@pytest.mark.parametrize("width", [1280, 375])
def test_a_local_item(open_desk, pictures, width):
    headquarters = open_desk("tokyo-hq", width)
    headquarters.goto("/admin/local-items")
    page = headquarters.page
    look(headquarters, pictures, f"local-items-empty-{width}")
    page.fill("#field-label", f"訪問の有無{width}")
    page.fill("#field-name", f"visit{width}")
    page.locator("#field-section").select_option("notification")
    page.locator('[name="kind"][value="choice"]').check()
    page.get_by_role("button", name="項目を定める").click()
    page.locator("#error-choices").wait_for()
    page.fill("#field-choices", "done 訪問した\nnot 訪問していない")
    page.get_by_role("button", name="項目を定める").click()
    page.locator(".banner-success").wait_for()
    look(headquarters, pictures, f"local-items-{width}")

    clinic = open_desk("shinjuku-clinic", width)
    clinic.goto("/cases/new?form=2020-02")
    clinic.fill(family_name="独自", family_kana="ドクジ")
    clinic.page.locator(f'[name$=".visit{width}"][value="done"]').check()
    clinic.submit()
    number = clinic.filed()
    centre = open_desk("shinjuku-hc", width)
    centre.goto(f"/cases/{number}")
    section = centre.page.locator("#section-notification")
    assert f"訪問の有無{width}" in section.inner_text() and "訪問した" in section.inner_text()
    look(centre, pictures, f"local-item-case-{width}")
    page.get_by_role("button", name=f"訪問の有無{width}").click()
    page.locator(".banner-success").wait_for()
