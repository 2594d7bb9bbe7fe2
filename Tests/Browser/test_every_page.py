"""Every page at the width of a desk and of a telephone: accessible, nothing sticks out, looked at by people."""

import re
from urllib.parse import urlsplit

import pytest
import ways
from axe_playwright_python.sync_playwright import Axe

from harness import csrf, notification
from people import PLAIN

KINDS = ["mhlw", "tokyo-hq", "shinjuku-hq", "shinjuku-hc", "shinjuku-clinic", "shinjuku-hospital", "tokyo-followup",
         "tokyo-hotel", "tokyo-analysis"]


@pytest.fixture(scope="session")
def numbers(server):
    """A case in each state: waiting, sent back."""
    with server.api(server.organisation("shinjuku-clinic")) as client:
        made = [client.post("/api/v1/cases", json=notification(800_000 + n)).json()["id"] for n in range(2)]
    with server.api("hc-13104") as client:
        answer = client.post(f"/api/v1/cases/{made[1]}/return", json={"reason": "検体採取年月日を確かめてください。"})
        assert answer.status_code == 200, answer.text
    for login, counts in {"shinjuku-hospital": {"bed_total": "12", "bed_used": "9", "severe_bed_total": "2",
                                                "severe_bed_used": "2"},
                          "tokyo-hotel": {"room_total": "120", "room_used": "48"}}.items():
        with server.sign_in(login) as client:
            fields = counts | {"csrf": csrf(client.get("/beds").text)}
            assert client.post("/beds", data=fields).status_code == 303
    return {"waiting": made[0], "returned": made[1]}


def code(desk, numbers):
    desk.goto("/sign-in")
    desk.page.fill("#field-login", "shibuya-hc")
    desk.page.fill("#field-password", "renshu-no-aikotoba-2020")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/sign-in/code")
    desk.server.code()


def sign_in_errors(desk, numbers):
    desk.goto("/sign-in")
    desk.page.locator("main button").first.click()
    desk.page.locator("#error-summary").wait_for()


def no_hits(desk, numbers):
    desk.goto("/cases")
    desk.page.fill("#field-q", "存在しない 名前")
    desk.page.keyboard.press("Enter")
    desk.page.locator(".nothing").wait_for()


def selecting(desk, numbers):
    """Cases ticked in the list, before something is done with them."""
    desk.goto("/cases?intake=submitted")
    desk.page.get_by_role("button", name="まとめて操作する").click()
    desk.page.locator('button[value="page"]').click()
    desk.page.locator(".selecting h2").wait_for()


def bulk_preview(desk, numbers):
    selecting(desk, numbers)
    desk.page.locator('select[name="to_status"]').select_option("home")
    desk.page.locator('button[value="status"]').click()
    desk.page.wait_for_url("**/preview?**")


def local_item(desk, numbers):
    desk.goto("/admin/local-items")
    page = desk.page
    page.fill("#field-label", "訪問の有無")
    page.fill("#field-name", f"visit_{page.viewport_size['width']}")
    page.locator("#field-section").select_option("memo")
    page.locator('[name="kind"][value="yes_no_unknown"]').check()
    page.get_by_role("button", name="項目を定める").click()
    page.locator(".banner-success").wait_for()
    page.locator("details.optional summary").click()


def local_item_errors(desk, numbers):
    desk.goto("/admin/local-items")
    desk.page.get_by_role("button", name="項目を定める").click()
    desk.page.locator("#error-summary").wait_for()


def form_filled(desk, numbers):
    desk.goto("/cases/new?form=2020-02")
    desk.fill()


def form_errors(desk, numbers):
    desk.goto("/cases/new?form=2020-02")
    desk.page.fill("#field-family_name", "誤記")
    desk.submit()
    desk.page.locator("#error-summary").wait_for()


def form_open(desk, numbers):
    desk.goto("/cases/new?form=2020-02")
    desk.page.locator("[data-open-all]").click()


def form_unlikely(desk, numbers):
    desk.goto("/cases/new?form=2020-02")
    desk.fill(family_name="長寿", birth_date="T3.5.5")
    desk.submit()
    desk.page.locator(".summary-warning").wait_for()


def reason_missing(desk, numbers):
    desk.goto(f"/cases/{numbers['waiting']}")
    desk.page.locator("details.send-back summary").click()
    desk.page.locator(f'form[action="/cases/{numbers["waiting"]}/return"] button').click()
    desk.page.locator("#error-reason").wait_for()


def conflict(desk, numbers):
    """Between opening the page and saving it, a colleague changes the same item."""
    address = f"/cases/{numbers['waiting']}/person"
    desk.goto(address)
    page = desk.page
    page.fill("#field-occupation", f"会社員{page.viewport_size['width']}")
    fields = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form[data-entry]')))")
    fields["occupation"] = f"自営業{page.viewport_size['width']}"
    with desk.server.sign_in("shinjuku-hc2") as client:
        fields["csrf"] = csrf(client.get(address).text)
        assert client.post(address, data=fields).status_code == 303
    desk.submit()
    page.locator(".doubts").wait_for()


def together(desk, numbers):
    """A colleague edits the case that is open."""
    address = f"/cases/{numbers['waiting']}"
    with desk.server.sign_in("shinjuku-hc2") as client:
        assert client.get(f"{address}/presence?page=0123456789ab&section=person").status_code == 200
    desk.goto(address)
    desk.page.locator(".presence p").wait_for()
    desk.page.locator("#timeline-table summary").click()


def client_issued(desk, numbers):
    desk.goto("/admin/clients")
    ways.choose_organisation(desk, "hc-13104")
    desk.page.fill("#field-name", "試験用の電子カルテ")
    desk.page.get_by_role("button", name="発行する").click()
    desk.page.get_by_text("秘密はこの画面でしか見られません").wait_for()


def client_page(desk, numbers):
    client_issued(desk, numbers)
    desk.page.get_by_role("link", name="写しました。次へ").click()
    desk.page.get_by_role("heading", name="秘密を交換する").wait_for()


def lost_session(desk, numbers):
    desk.goto("/cases/new?form=2020-02")
    desk.context.clear_cookies()
    desk.submit()
    desk.page.get_by_role("button", name="もう一度送信").wait_for()


def placement_full(desk, numbers):
    """A decision without a place and with a day that can't be."""
    desk.goto(f"/placement/{numbers['waiting']}")
    desk.page.fill("#field-place_from", "2020/1/1")
    desk.page.get_by_role("button", name="この療養先に決める").click()
    desk.page.locator("#error-summary").wait_for()


def beds_wrong(desk, numbers):
    desk.goto("/beds")
    desk.page.fill("#field-room_total", "3")
    desk.page.fill("#field-room_used", "5")
    desk.page.get_by_role("button", name="この数を報告する").click()
    desk.page.locator("#error-summary").wait_for()


SECTIONS = ["person", "welfare", "household", "memo", "interview", "condition", "past_admission", "test", "admission",
            "outcome", "whereabouts", "care_contact", "release", "severity", "link", "route", "management"]

# Who opens which address. A way instead of an address is named with the address to which it leads. Every page of the
# program has to stand here: Tests/WebTests/PageListTests.swift holds the list against the routes.
PAGES = {
    "sign-in": (None, "/sign-in"),
    "sign-in-errors": (None, sign_in_errors),
    "sign-in-code": (None, code, "/sign-in/code"),
    "sign-in-recovery": (None, ways.recovery, "/sign-in/recovery"),
    "sign-in-done": ("shinjuku-hc", "/sign-in/done"),
    "outbox": (None, "/outbox"),
    "manual": (None, "/manual"),
    "manual-own": ("shinjuku-clinic", "/manual"),
    "manual-chapter": (None, "/manual/medical"),
    "not-found": (None, "/no-such-page"),
    **{f"first-{login}": (login, "/") for login in KINDS},
    **{f"list-{login}": (login, "/cases") for login in KINDS},
    "list-nothing": ("shinjuku-hc", no_hits),
    "list-waiting": ("shinjuku-hc", "/cases?intake=submitted"),
    "list-columns": ("shinjuku-hc", "/cases/columns"),
    "local-items": ("tokyo-hq", local_item),
    "local-items-errors": ("tokyo-hq", local_item_errors),
    "local-items-of-city": ("shinjuku-hq", "/admin/local-items"),
    "list-saved": ("shinjuku-hc", "/cases/saved"),
    "list-by-name": ("shinjuku-hc", "/cases?order=name"),
    "list-selecting": ("shinjuku-hc", selecting),
    "list-bulk-preview": ("shinjuku-hc", bulk_preview, "/cases/selection/{selection}/preview"),
    "list-bulk-done": ("shinjuku-hc", ways.deed, "/cases/deeds/{deed}"),
    "list-letters": ("shinjuku-hc", ways.letters_of_some, "/cases/selection/{selection}/print"),
    "account": ("shinjuku-hc", "/account"),
    "authenticator": (None, ways.fresh("shibuya-hc", "/account/authenticator")),
    "passkeys": (None, ways.fresh("shibuya-hc", "/account/passkeys")),
    "confirm": (None, ways.confirm, "/account/confirm"),
    "confirm-wrong": (None, ways.confirm_wrong, "/account/confirm"),
    "password": ("shinjuku-hc", "/account/password"),
    "password-wrong": (None, ways.password_wrong, "/account/password"),
    "terms": ("shinjuku-hc", "/account/terms"),
    "kept-form": ("shinjuku-hc", ways.kept_form, "/account/forms/{form}/text"),
    "first-use-password": (None, ways.owing("--first-use"), "/first-use/password"),
    "first-use-terms": (None, ways.owing(), "/first-use/terms"),
    "form": ("shinjuku-clinic", "/cases/new?form=2020-02"),
    "form-filled": ("shinjuku-clinic", form_filled),
    "form-open": ("shinjuku-clinic", form_open),
    "form-errors": ("shinjuku-clinic", form_errors),
    "form-unlikely": ("shinjuku-clinic", form_unlikely),
    "form-fax": ("shinjuku-hc", "/cases/new?form=2020-02"),
    "case-waiting": ("shinjuku-hc", "/cases/{waiting}"),
    "case-of-clinic": ("shinjuku-clinic", "/cases/{waiting}"),
    "case-returned": ("shinjuku-clinic", "/cases/{returned}"),
    "case-of-ministry": ("mhlw", "/cases/{waiting}"),
    "case-reason-missing": ("shinjuku-hc", reason_missing),
    "case-together": ("shinjuku-hc", together),
    "placement": ("tokyo-hq", "/placement"),
    "placement-one": ("tokyo-hq", "/placement/{waiting}"),
    "placement-refused": ("tokyo-hq", placement_full),
    "case-of-headquarters": ("tokyo-hq", "/cases/{waiting}"),
    "inpatients": ("shinjuku-hospital", "/cared-for"),
    "guests": ("tokyo-hotel", "/cared-for"),
    "observed": ("tokyo-followup", "/cared-for"),
    "beds": ("shinjuku-hospital", "/beds"),
    "rooms-wrong": ("tokyo-hotel", beds_wrong),
    "keys": ("shinjuku-hc", "/keys"),
    **{f"edit-{section}": ("shinjuku-hc", f"/cases/{{waiting}}/{section}") for section in SECTIONS},
    "edit-notification": ("shinjuku-clinic", "/cases/{waiting}/notification"),
    "conflict": ("shinjuku-hc", conflict),
    "history": ("shinjuku-hc", "/cases/{waiting}/history"),
    "readings": ("shinjuku-hc", "/cases/{waiting}/readings"),
    "grants": ("shinjuku-hc", "/cases/{waiting}/grants"),
    "grant-defaults": ("tokyo-hq", "/settings/grants"),
    "transfer": ("shinjuku-hc", "/cases/{waiting}/transfer"),
    "transfers": ("shinjuku-hc", "/transfers"),
    "delete": ("shinjuku-hc", "/cases/{waiting}/delete"),
    "deleted": ("shinjuku-hc", "/deleted"),
    "notices": ("shinjuku-hc", "/notices"),
    "openings": ("shinjuku-hc", "/openings"),
    "reading-review": ("tokyo-hq", "/reading-review"),
    "totals": ("shinjuku-clinic", "/totals"),
    "totals-of-prefecture": ("tokyo-hq", "/totals"),
    "totals-of-a-day": ("shinjuku-hc", ways.totals_of_a_day, "/totals/{institution}/{day}"),
    "faxes": ("shinjuku-hc", "/faxes"),
    "fax-aside": ("shinjuku-hc", ways.fax_aside, "/faxes/{id}/aside"),
    "scan": ("shinjuku-hc", "/faxes/scan"),
    "letters": ("shinjuku-hc", "/print"),
    "print-notification": ("shinjuku-hc", "/cases/{waiting}/print/notification"),
    "print-letter": ("shinjuku-hc", "/cases/{waiting}/print/care"),
    "print-admission": ("shinjuku-hc", "/cases/{waiting}/print/admission"),
    "print-work": ("shinjuku-hc", "/cases/{waiting}/print/work-restriction"),
    "report-link": ("shinjuku-hc", "/cases/{waiting}/report-link"),
    "self-report": ("shinjuku-hc", ways.report_link, "/r/{secret}"),
    "case-not-found": ("yokohama-hc", "/cases/{waiting}"),
    "lost-session": ("shinjuku-clinic", lost_session),
    "clients": ("shinjuku-hc", "/admin/clients"),
    "client-issued": ("shinjuku-hc", client_issued),
    "client": ("shinjuku-hc", client_page, "/admin/clients/{client}"),
    **{f"admin-{login}": (login, "/admin") for login in ("mhlw", "tokyo-hq", "shinjuku-hc")},
    "accounts": ("shinjuku-hc", "/admin/accounts"),
    "accounts-of-ministry": ("mhlw", "/admin/accounts"),
    "accounts-nothing": ("shinjuku-hc", "/admin/accounts?q=nobody-of-this-name"),
    "account-of-other": ("shinjuku-hc", "/admin/accounts/shinjuku-clinic"),
    "factor-reset": ("shinjuku-hc", "/admin/accounts/shinjuku-clinic/second-factor"),
    "issue-choose": ("shinjuku-hc", "/admin/issue"),
    "issue-errors": ("shinjuku-hc", ways.issue_errors, "/admin/issue"),
    "slip": ("shinjuku-hc", ways.slip, "/admin/slips/{batch}"),
    "slip-gone": ("shinjuku-hc", "/admin/slips/none-of-mine"),
    "account-files": ("shinjuku-hc", "/admin/account-files"),
    "account-file": ("shinjuku-hc", ways.account_file, "/admin/account-files/{batch}"),
    "connection-test": (None, "/connection-test"),
    "connection-test-print": (None, "/connection-test/print"),
    "connection-tests": ("mhlw", "/admin/connection-tests"),
    "connection-tests-of-one": ("mhlw", "/admin/connection-tests/hc-13104"),
    "readiness": ("tokyo-hq", "/readiness"),
    "readiness-register": ("mhlw", "/admin/readiness"),
    "readiness-of-one": ("mhlw", "/admin/readiness/pref-13"),
}


def leads(address, pattern):
    """Whether an address is one of a pattern such as `/admin/slips/{batch}`."""
    return re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", pattern), urlsplit(address).path) is not None


@pytest.fixture
def visit(open_desk, numbers):
    """Opens a page as its reader does."""
    def visit(name, width):
        login, way, *to = PAGES[name]
        desk = open_desk(login, width)
        if callable(way):
            way(desk, numbers)
            assert not to or leads(desk.page.url, to[0]), desk.page.url
        else:
            desk.goto(way.format(**numbers))
        return desk
    return visit


def test_the_checks_are_awake(open_desk):
    """What would pass a bad page would be no check."""
    desk = open_desk(None, 375)
    desk.page.set_content(
        "<html><body><img src='x'><input><p style='color:#aaa;background:#fff'>とても薄い文字です</p>"
        "<div style='width:600px'>wide</div></body></html>")
    found = {violation["id"] for violation in Axe().run(desk.page).response["violations"]}
    assert {"image-alt", "label", "color-contrast", "html-has-lang"} <= found
    assert desk.overflow()


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", PAGES)
def test_page(visit, pictures, name, width):
    desk = visit(name, width)
    page = desk.page
    page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
    results = Axe().run(page)
    violations = [
        f"{v['id']} ({v['impact']}): {node['html'][:160]} … {(node.get('failureSummary') or '')[:300]}"
        for v in results.response["violations"] for node in v["nodes"][:3]]
    assert not violations, "\n".join(violations)
    assert desk.overflow() == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert page.title().endswith("HER-SYS") and PLAIN["family_name"] not in page.title()
    if width == 375:
        # WCAG 1.4.10: the width of a desktop at 400 %.
        page.set_viewport_size({"width": 320, "height": 700})
        assert desk.overflow() == [], "at 320 px"


@pytest.mark.parametrize("name", ["first-shinjuku-clinic", "form", "case-waiting", "list-shinjuku-hc"])
def test_the_focus_is_seen_everywhere(visit, name):
    """Tab reaches everything in order, shows where it is, and is never under something else."""
    page = visit(name, 1280).page
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.wait_for_timeout(200)
    seen = []
    for _ in range(150):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            const e = document.activeElement;
            if (!e || e === document.body) return null;
            const r = e.getBoundingClientRect(), s = getComputedStyle(e);
            const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
            const box = e.closest('label') || e;
            return { key: e.tagName + '#' + e.id + '.' + e.name + '@' + (e.getAttribute('href') || ''),
                     outlined: [s, getComputedStyle(box)].some((x) => x.outlineStyle !== 'none' &&
                       parseFloat(x.outlineWidth) >= 2) || s.boxShadow !== 'none',
                     inside: r.bottom > 0 && r.top < innerHeight,
                     covered: Boolean(top) && !(e.contains(top) || top.contains(e) || box.contains(top)) };
        }""")
        if at is None:
            break
        assert at["outlined"], f"no focus to be seen on {at['key']}"
        assert at["inside"], f"{at['key']} has the focus out of sight"
        assert not at["covered"], f"{at['key']} has the focus under something else"
        if seen and at["key"] == seen[0] and len(seen) > 3:
            break
        seen.append(at["key"])
    assert len(seen) >= 8


@pytest.mark.last
def test_the_log_holds_nothing_of_anybody(server):
    """After all pages: no name, telephone, code or session stands in the log."""
    words = server.secrets | {
        PLAIN[key] for key in ("family_name", "family_kana", "occupation", "address_line", "phone")}
    words |= {"差戻", "共有", "失効", "看護師", "存在しない", "確かめてください"}
    found = [word for word in words if word in server.log()]
    assert not found
