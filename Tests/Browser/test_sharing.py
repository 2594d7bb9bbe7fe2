"""Two health centres at two desks: the charge of a case goes from one to the other."""

import pytest
from harness import notification


@pytest.fixture(scope="session")
def shared(server):
    """A case of Shinjuku's health centre."""
    with server.api(server.organisation("shinjuku-clinic")) as client:
        return client.post("/api/v1/cases", json=notification(810_000)).json()["id"]


def unread(desk):
    return int(desk.page.locator("[data-notices]").get_attribute("data-notices"))


def test_a_transfer_between_two_desks(open_desk, shared):
    sender, receiver = open_desk("shinjuku-hc"), open_desk("yokohama-hc")
    receiver.goto("/account")
    before = unread(receiver)
    receiver.page.wait_for_timeout(500)

    sender.goto(f"/cases/{shared}")
    sender.page.locator(f'a[href="/cases/{shared}/transfer"]').first.click()
    sender.page.locator("#field-transfer_to").select_option("hc-14100")
    sender.page.fill("#field-reason", "横浜市へ転居したため")
    sender.page.get_by_role("button", name="移管を申し入れる").click()
    sender.page.wait_for_url(f"**/cases/{shared}?done=transfer-offer")

    # The receiver's page, which has no list, hears of it without being loaded again.
    receiver.page.locator(f'[data-notices="{before + 1}"]').wait_for(timeout=5000)
    receiver.page.locator(".notice-status", has_text="新しいお知らせ").wait_for(state="attached", timeout=2000)
    receiver.page.locator(".notice-link").click()
    receiver.page.wait_for_url("**/notices")
    receiver.page.locator(f'#notice-list a[href="/cases/{shared}/transfer"]').first.click()
    assert "横浜市へ転居したため" in receiver.page.locator("main").inner_text()
    receiver.page.get_by_role("button", name="承諾して管轄を引き継ぐ").click()
    receiver.page.wait_for_url(f"**/cases/{shared}?done=transfer-accept")

    # The sender, who has the case open, sees it.
    sender.page.locator(".strip", has_text="横浜市").wait_for(timeout=5000)
    assert sender.page.locator("#transfer-title").count() == 0


PAGES = [("notices", "/notices"), ("transfers", "/transfers"), ("openings", "/openings"),
         ("defaults", "/settings/grants"), ("review", "/reading-review")]


@pytest.mark.parametrize("width", [1280, 375])
def test_the_pages_of_sharing(open_desk, pictures, server, width):
    with server.api(server.organisation("shinjuku-clinic")) as client:
        number = client.post("/api/v1/cases", json=notification(811_000 + width)).json()["id"]
    desk = open_desk("shinjuku-hc", width=width)
    desk.goto(f"/cases/{number}/grants")
    desk.page.locator("#field-organisation").select_option(index=1)
    desk.page.locator("#field-section").select_option("severity")
    desk.page.fill("#field-until", "2030/1/1")
    desk.page.get_by_role("button", name="許可する").click()
    desk.page.locator("#error-summary").wait_for()
    pages = PAGES + [(name, f"/cases/{number}{path}") for name, path in
                     [("case", ""), ("transfer", "/transfer"), ("grants", "/grants"), ("readings", "/readings")]]
    for name, path in pages:
        assert desk.goto(path).status == 200
        assert desk.overflow() == [], name
        desk.page.screenshot(path=str(pictures / f"sharing-{name}-{width}.png"), full_page=True)
