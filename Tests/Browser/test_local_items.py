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
    look(clinic, pictures, f"local-item-form-{width}")
    clinic.submit()
    number = clinic.filed()
    centre = open_desk("shinjuku-hc", width)
    centre.goto(f"/cases/{number}")
    section = centre.page.locator("#section-notification")
    assert f"訪問の有無{width}" in section.inner_text() and "訪問した" in section.inner_text()
    look(centre, pictures, f"local-item-case-{width}")
    centre.goto(f"/cases/{number}/notification")
    centre.page.locator(f'[name$=".visit{width}"][value="not"]').check()
    look(centre, pictures, f"local-item-edit-{width}")
    centre.page.get_by_role("button", name="保存する").click()
    centre.page.wait_for_url(f"**/cases/{number}**")
    assert "訪問していない" in centre.page.locator("#section-notification").inner_text()
    centre.goto("/cases/columns")
    centre.page.locator('select[name="add_column"]').select_option(label=f"独自項目・発生届情報：訪問の有無{width}")
    centre.page.get_by_role("button", name="加える").click()
    centre.page.locator(".chosen").get_by_text(f"訪問の有無{width}", exact=True).wait_for()
    centre.goto("/cases")
    assert centre.page.locator(f'td[data-label="訪問の有無{width}"]').first.inner_text() == "訪問していない"
    look(centre, pictures, f"local-item-list-{width}")
    centre.goto("/cases/columns")
    centre.page.get_by_role("button", name="標準の項目に戻す").click()
    page.get_by_role("button", name=f"訪問の有無{width}").click()
    page.locator(".banner-success").wait_for()
