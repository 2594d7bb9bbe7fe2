"""Three desks: a headquarters places people, a hospital and a lodging facility see them come."""

from harness import notification

HEADQUARTERS, HOSPITAL, HOTEL = "tokyo-hq", "shinjuku-hospital", "tokyo-hotel"


def count(desk, kind, total, used):
    """Reports beds or rooms by keyboard."""
    desk.goto("/beds")
    desk.page.locator(f"#field-{kind}_total").focus()
    for value in (total, used, ""):
        desk.page.keyboard.press("Control+a")
        desk.page.keyboard.press("Backspace")
        desk.keyboard.type(str(value))
        desk.keyboard.key("Tab")
    desk.page.get_by_role("button", name="この数を報告する").click()
    desk.page.wait_for_url("**/beds?done=1")


def figure(desk, name):
    return int("".join(filter(str.isdigit, desk.page.locator(f'[data-figure="{name}"]').first.inner_text())))


def file(server, number):
    with server.api(server.organisation("shinjuku-clinic")) as client:
        return client.post("/api/v1/cases", json=notification(number)).json()["id"]


def choose(desk, number, place, reason=""):
    """From the case's page to the decision; the radio is the keyboard's."""
    desk.goto(f"/cases/{number}")
    desk.page.get_by_role("link", name="入院・療養先を決める").click()
    desk.page.wait_for_url(f"**/placement/{number}")
    radio = desk.page.locator(f'input[name="place"][value="{place}"]')
    if not radio.is_visible():
        desk.page.locator("fieldset details summary").focus()
        desk.keyboard.key("Enter")
    radio.focus()
    desk.keyboard.key("Space")
    if reason:
        desk.page.locator("#field-reason").fill(reason)
    desk.page.locator("#field-place_from").focus()
    desk.keyboard.key("Enter")


def test_three_desks(open_desk, server, pictures):
    first, second, third = (file(server, 820_000 + n) for n in range(3))
    hospital, hotel = open_desk(HOSPITAL), open_desk(HOTEL)
    count(hospital, "bed", 3, 2)
    count(hotel, "room", 50, 10)
    places = {"bed": f"{server.organisation(HOSPITAL)}/bed", "room": f"{server.organisation(HOTEL)}/room"}

    desk = open_desk(HEADQUARTERS)
    desk.goto("/")
    beds, waiting = figure(desk, "bed"), figure(desk, "waiting")
    assert beds >= 1 and waiting >= 1
    desk.page.locator(".nav a", has_text="入院・宿泊調整").click()
    desk.page.wait_for_url("**/placement")
    desk.page.screenshot(path=str(pictures / "placement-list.png"), full_page=True)

    # The hospital's list is open; the patient appears without being loaded again.
    hospital.goto("/cared-for")
    hospital.page.wait_for_timeout(500)
    choose(desk, first, places["bed"])
    desk.page.wait_for_url(f"**/placement?done={first}")
    row = hospital.page.locator(f'tr[data-case="{first}"]')
    row.wait_for(timeout=5000)
    assert "入院予定" in row.inner_text()
    hospital.page.screenshot(path=str(pictures / "placement-hospital.png"), full_page=True)
    # Where somebody comes from, and how they fell ill, is none of the hospital's.
    row.locator("a").click()
    hospital.page.wait_for_url(f"**/cases/{first}")
    assert "行動歴" not in hospital.page.locator("main").inner_text()
    hospital.goto("/notices")
    assert "入院・入所する方が決まりました" in hospital.page.locator("#notice-list").inner_text()

    # The last bed is taken: another needs a reason.
    choose(desk, second, places["bed"])
    desk.page.locator("#error-summary").wait_for()
    assert "空きがありません" in desk.page.locator("#error-summary").inner_text()
    desk.page.screenshot(path=str(pictures / "placement-full.png"), full_page=True)
    choose(desk, second, places["bed"], reason="電話で受け入れを確認")
    desk.page.wait_for_url(f"**/placement?done={second}")

    # A facility sees its guest, and neither the stay nor anything of the illness.
    hotel.goto("/cared-for")
    before = figure(hotel, "held")
    hotel.page.wait_for_timeout(500)
    choose(desk, third, places["room"])
    desk.page.wait_for_url(f"**/placement?done={third}")
    guest = hotel.page.locator(f'tr[data-case="{third}"]')
    guest.wait_for(timeout=5000)
    assert figure(hotel, "held") == before + 1
    assert hotel.page.locator(f'tr[data-case="{first}"]').count() == 0
    assert hotel.goto(f"/cases/{first}").status == 404
    hotel.goto("/")
    assert figure(hotel, "free") == 39
    hotel.page.screenshot(path=str(pictures / "placement-hotel.png"), full_page=True)


def test_a_count_shows_at_the_headquarters_without_loading(open_desk):
    desk, hotel = open_desk(HEADQUARTERS), open_desk(HOTEL)
    desk.goto("/placement")
    desk.page.wait_for_timeout(500)
    count(hotel, "room", 60, 3)
    desk.page.locator(".room-free", has_text="57").wait_for(timeout=5000)


def test_without_a_script(open_desk, server):
    number = file(server, 820_010)
    hotel = open_desk(HOTEL, java_script_enabled=False)
    hotel.goto("/beds")
    hotel.page.fill("#field-room_total", "６０")
    hotel.page.fill("#field-room_used", "61")
    hotel.page.fill("#field-room_free", "")
    hotel.page.get_by_role("button", name="この数を報告する").click()
    assert "超えています" in hotel.page.locator("#error-summary").inner_text()
    hotel.page.fill("#field-room_used", "20")
    hotel.page.get_by_role("button", name="この数を報告する").click()
    hotel.page.wait_for_url("**/beds?done=1")
    desk = open_desk(HEADQUARTERS, java_script_enabled=False)
    desk.goto(f"/placement/{number}")
    desk.page.fill("#field-place_from", "あさって")
    desk.page.get_by_role("button", name="この療養先に決める").click()
    desk.page.locator("#error-summary").wait_for()
    desk.page.fill("#field-place_from", "今日")
    desk.page.locator(f'input[value="{server.organisation(HOTEL)}/room"]').check()
    desk.page.get_by_role("button", name="この療養先に決める").click()
    desk.page.wait_for_url(f"**/placement?done={number}")
    hotel.goto("/cared-for")
    assert hotel.page.locator(f'tr[data-case="{number}"]').count() == 1
