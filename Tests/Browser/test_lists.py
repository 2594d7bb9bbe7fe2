"""A list as somebody works with it: columns, an order, a saved filter, the same done with many cases."""

import re

from harness import notification


def number_of(text):
    return int(re.search(r"\d+", text).group())


def heads(page):
    return [head.split("\n")[0] for head in page.locator("#list thead th").all_inner_texts()]


def test_columns_order_and_a_saved_filter(open_desk):
    desk = open_desk("shibuya-hc")
    page = desk.page
    desk.goto("/cases")
    assert "職業" not in " ".join(heads(page))
    page.get_by_role("link", name="表示する項目を選ぶ").click()
    page.locator("#field-add_column").select_option("occupation")
    page.locator('button[value="add"]').click()
    page.locator('.chosen li:has-text("職業") button[name="up"]').click()
    page.locator('.chosen li:has-text("診断日・発病日") button[name="remove"]').click()
    page.get_by_role("link", name="対象者一覧へ").click()
    shown = " ".join(heads(page))
    assert "職業" in shown and "診断日・発病日" not in shown
    assert shown.index("職業") < shown.index("更新")

    # By the status, whose values stand in the clear, one way and the other.
    page.locator("#list thead a", has_text="状況").click()
    page.wait_for_url("**order=status**")
    assert page.locator('#list th[aria-sort="ascending"]').inner_text().startswith("状況")
    page.locator("#list thead a", has_text="状況").click()
    page.wait_for_url("**order=-status**")

    # By names, which stand sealed: few enough are put in order, and many say so.
    desk.goto("/cases?order=name")
    kana = page.locator("#list .kana").all_inner_texts()
    if page.get_by_text("の順ではなく").count() == 0:
        assert len(kana) > 1 and kana == sorted(kana)

    # A filter with a name in it, opened by one click from the first page; the address doesn't tell the name.
    family = page.locator("#list .name").first.inner_text().split(" ")[0]
    page.fill("#field-q", family)
    page.keyboard.press("Enter")
    page.wait_for_url("**find=**")
    found = page.locator("#list tr[data-case]").count()
    page.locator("summary", has_text="この条件を保存する").click()
    page.fill("#field-name", "よく見る方")
    page.get_by_role("button", name="保存する").click()
    desk.goto("/")
    page.get_by_role("link", name="よく見る方").click()
    page.wait_for_url("**/cases?**")
    assert page.locator("#field-q").input_value() == family
    assert page.locator("#list tr[data-case]").count() == found
    assert "%E" not in page.url
    page.get_by_role("link", name="整理する").click()
    page.locator("button", has_text="削除する").click()
    assert page.get_by_role("link", name="よく見る方").count() == 0

    desk.goto("/cases/columns")
    page.get_by_role("button", name="標準の項目に戻す").click()


def test_the_same_done_with_cases_of_two_pages(open_desk, server):
    # More than a page holds, each somebody else.
    with server.api(server.organisation("shinjuku-clinic")) as client:
        for index in range(52):
            answer = client.post("/api/v1/cases", json=notification(700_000 + index))
            assert answer.status_code == 201, answer.text
    desk = open_desk("shinjuku-hc")
    page = desk.page
    desk.goto("/cases?intake=submitted")
    page.get_by_role("button", name="まとめて操作する").click()
    boxes = page.locator('#list input[name="case"]')
    chosen = [boxes.nth(index).get_attribute("value") for index in (0, 1)]
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator('button[value="next"]').click()
    page.wait_for_url("**after=**")
    assert number_of(page.locator("#selecting-title").inner_text()) == 2
    assert not boxes.nth(0).is_checked()
    chosen.append(boxes.nth(0).get_attribute("value"))
    boxes.nth(0).check()
    page.locator('button[value="first"]').click()
    page.wait_for_url(lambda url: "after=" not in url)
    assert number_of(page.locator("#selecting-title").inner_text()) == 3
    assert boxes.nth(0).is_checked() and boxes.nth(1).is_checked() and not boxes.nth(2).is_checked()

    # Nothing is done before what would happen was shown.
    page.locator('button[value="assign"]').click()
    page.locator("#error-summary").wait_for()
    page.locator('select[name="to_assign"]').select_option(index=1)
    page.locator('button[value="assign"]').click()
    page.wait_for_url("**/preview?**")
    for number in chosen:
        assert page.locator(f'tr[data-case="{number}"]').count() == 1
    asked = page.get_by_role("button", name=re.compile("件を変更する"))
    count = number_of(asked.inner_text())
    asked.click()
    page.wait_for_url("**/cases/deeds/**")
    assert f"{count}件を変更しました" in page.locator("main").inner_text()

    # The file says the same, and the contractor has the cases now.
    with page.expect_download() as download:
        page.get_by_role("link", name="結果をCSVで保存する").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").strip().splitlines()
    assert lines[0] == "HER-SYS ID,操作,結果,理由" and len(lines) == count + 1
    contractor = open_desk("tokyo-followup")
    assert contractor.goto(f"/cases/{chosen[0]}").status == 200
    desk.goto(f"/cases/{chosen[0]}/history")
    assert "健康フォローアップ受託機関の割り当て" in page.locator("main").inner_text()
