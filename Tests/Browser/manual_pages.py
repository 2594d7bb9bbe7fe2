"""The pages of which the manual speaks: how each is come to, as whom, and what of it is pictured.

A page is made by a function that leaves the browser on it; `PAGES` names it. `shown` picks the region of a picture by
selectors, `mark` frames what is pressed. Every page stands for itself: in whatever order they are come to, they show
the same.
"""

import base64
import hashlib
import hmac
import re
import struct
import time
from dataclasses import dataclass
from typing import Callable, Optional

import ways
from harness import PASSWORD, csrf, notification, today
from people import PLAIN, slashed

# Made up like everybody in the demonstration; whoever reads the manual sees them.
PEOPLE = [("山田", "花子", "ヤマダ", "ハナコ"), ("川島", "実", "カワシマ", "ミノル"), ("大塚", "恵", "オオツカ", "メグミ"),
          ("山田", "花子", "ヤマダ", "ハナコ")]


@dataclass
class Page:
    """A page of the manual."""

    login: Optional[str]
    way: object
    # The region of the picture; what has none is looked at for its words only.
    shown: tuple = ()
    mark: Optional[str] = None
    # The most of the page that a picture shows, in pixels.
    height: int = 900
    # As wide as the pages still are those of a desk, and no wider: the words have to be read on A4. Tables need more.
    width: int = 1024
    fresh: bool = False


PAGES: dict[str, Page] = {}


def page(name, login, way=None, **options):
    """Adds a page; as a decorator where coming to it takes more than an address."""
    if way is not None:
        PAGES[name] = Page(login, way, **options)
        return None

    def add(function: Callable):
        PAGES[name] = Page(login, function, **options)
        return function
    return add


class Cases:
    """What has to have happened before; made once, by the API and by forms."""

    def __init__(self, server):
        self.server = server
        with server.api(server.organisation("shinjuku-clinic")) as client:
            self.numbers = []
            for number, (family, given, family_kana, given_kana) in enumerate(PEOPLE):
                sent = notification(
                    830_000 + number, family_name=family, given_name=given, family_kana=family_kana,
                    given_kana=given_kana, notifier_institution={"name": "新宿あかつきクリニック"},
                    notifier_name="青木 健", notifier_address="東京都新宿区松風町5丁目29番5号",
                    birth_date=f"19{52 + 16 * (number % 3)}-03-02",
                    address_line=f"新宿区松風町{number + 1}-2-3", stay_line=f"新宿区松風町{number + 1}-2-3",
                    physician_remarks=None)
                answer = client.post("/api/v1/cases", json=sent)
                assert answer.status_code in (200, 201), answer.text
                self.numbers.append(answer.json()["id"])
        self.twin, self.returned, self.offered, self.waiting = self.numbers
        with server.api("hc-13104") as client:
            answer = client.post(
                f"/api/v1/cases/{self.returned}/return", json={"reason": "検体採取年月日と結果判明年月日が同じです。確かめてください。"})
            assert answer.status_code == 200, answer.text
        self.form("shinjuku-hc", f"/cases/{self.offered}/transfer", transfer_to="hc-13113",
                  reason="転居先が渋谷区のため")
        self.form("shinjuku-hc", "/faxes", received_at=f"{slashed(0)} 0:10", sender="すずかけ医院", pages="1", memo="")
        self.form("shinjuku-clinic", f"/totals?day={today(-1)}", **{"20s": "3", "40s": "2", "70s": "1"})
        for login, counts in {
            "shinjuku-hospital": {"bed_total": "12", "bed_used": "9", "severe_bed_total": "2", "severe_bed_used": "2"},
            "tokyo-hotel": {"room_total": "120", "room_used": "48"},
        }.items():
            self.form(login, "/beds", **counts)

    def form(self, login, address, **fields):
        """Sends the form of a page as its script-less reader would."""
        with self.server.sign_in(login) as client:
            text = client.get(address).text
            # Hidden fields of the form, its version among them.
            for name, value in re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', text):
                fields.setdefault(name, value)
            fields["csrf"] = csrf(text)
            answer = client.post(address, data=fields)
            assert answer.status_code == 303, f"{address}: {answer.status_code} {answer.text[:2000]}"


def go(address):
    """A way that is an address of a case."""
    return lambda desk, cases: desk.goto(address.format(**vars(cases)))


# Everybody

page("sign-in", None, "/sign-in", shown=("main .narrow h1", "main form.card"), mark="main form.card button")
page("idle-out", None, "/sign-in?idle=kept")


def password(desk, login, word=PASSWORD):
    desk.goto("/sign-in")
    desk.page.fill("#field-login", login)
    desk.page.fill("#field-password", word)
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/sign-in/code")


def code_of(desk, known):
    return desk.server.code(known, desk.page.locator("strong.number").first.inner_text())


def enter(desk, login, word=PASSWORD):
    known = desk.server.messages()
    password(desk, login, word)
    desk.page.fill("#field-code", code_of(desk, known))
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(lambda url: "/sign-in" not in url)
    desk.remember()


@page("sign-in-code", None, shown=("main .narrow",), mark="form.card button", height=560)
def sign_in_code(desk, cases):
    known = desk.server.messages()
    password(desk, "shibuya-hc")
    desk.server.code(known)


def issue(desk, login, organisation="hc-13113", name="佐々木 花"):
    """An ID of one's own; returns its initial password. The browser is the ministry's and stays on the sheet."""
    desk.take_session("mhlw")
    desk.goto(f"/admin/issue?organisation={organisation}")
    desk.page.fill("#field-login", login)
    desk.page.fill("#field-name", name)
    desk.page.fill("#field-phone", "090-0000-1234")
    desk.page.get_by_label("利用者認証実施者").check()
    desk.page.get_by_role("button", name="発行する").click()
    desk.page.wait_for_url("**/admin/slips/*")
    word = "".join(desk.page.locator(".slip-group").all_inner_texts())
    desk.server.secrets.add(word)
    return word


@page("first-password", None, shown=("main .narrow",), mark="form.card button")
def first_password(desk, cases):
    word = issue(desk, f"hajimete-{time.time_ns() % 10**8}")
    login = desk.page.locator(".slip-code").first.inner_text()
    desk.context.clear_cookies()
    enter(desk, login, word)
    desk.page.wait_for_url("**/first-use/password")


@page("first-terms", None)
def first_terms(desk, cases):
    first_password(desk, cases)
    for field in ("password", "again"):
        desk.page.fill(f"#field-{field}", "atarashii-aikotoba-2020")
    desk.page.get_by_role("button", name="次へ").click()
    desk.page.wait_for_url("**/first-use/terms")




@page("account-factors", "tokyo-hq", shown=("#pictured",))
def account_factors(desk, cases):
    desk.goto("/account")
    desk.page.evaluate("""() => {
        const head = Array.from(document.querySelectorAll('main h2')).find((e) => e.textContent === 'ログインの確認方法');
        const section = document.createElement('section');
        section.id = 'pictured';
        head.before(section);
        do section.append(section.nextElementSibling);
        while (!section.nextElementSibling.matches('h2, :has(h2)'));
    }""")


page("authenticator", "shinjuku-hc", "/account/authenticator")
page("passkeys", "shinjuku-hc", "/account/passkeys")
page("keys", "shinjuku-hc", "/keys")
page("notices", "shinjuku-clinic", "/notices")


@page("account-sessions", "shinjuku-hq")
def account_sessions(desk, cases):
    desk.server.sessions.pop("shinjuku-hq", None)
    desk.take_session("shinjuku-hq")
    desk.take_session("shinjuku-hq", fresh=True)
    desk.goto("/account")


@page("idle-warning", "shinjuku-hc2", shown=("dialog.idle, .idle",), fresh=True)
def idle_warning(desk, cases):
    desk.page.clock.install()
    desk.goto("/cases")
    desk.page.clock.fast_forward(1000 * 60 * 28 + 5000)
    desk.page.get_by_role("alertdialog").wait_for()


def totp(secret, moment=None):
    """RFC 6238 with SHA-1, 30 seconds and 6 digits."""
    key = base64.b32decode(secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(moment or time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 10**6:06}"


@page("recovery-codes", "yokohama-hc")
def recovery_codes(desk, cases):
    desk.goto("/account/authenticator")
    secret = desk.page.locator(".secret").first.inner_text()
    desk.server.secrets.add(secret)
    desk.page.fill("#field-code", totp(secret))
    desk.page.get_by_role("button", name="設定する").click()
    desk.page.get_by_text("この画面を閉じる前に").wait_for()
    desk.server.secrets.update(desk.page.locator("main code, main .recovery li").all_inner_texts())


@page("sign-in-app", "yokohama-hc")
def sign_in_app(desk, cases):
    recovery_codes(desk, cases)
    desk.context.clear_cookies()
    password(desk, "yokohama-hc")


@page("recovery", "yokohama-hc")
def recovery(desk, cases):
    sign_in_app(desk, cases)
    desk.page.get_by_role("link", name="回復コードを使う").click()
    desk.page.wait_for_url("**/sign-in/recovery")


@page("factor-changed", "mhlw")
def factor_changed(desk, cases):
    login = f"nakushita-{time.time_ns() % 10**8}"
    word = issue(desk, login)
    desk.goto(f"/admin/accounts/{login}/second-factor")
    desk.page.fill("#field-phone", "090-0000-4321")
    desk.page.fill("#field-reason", "スマートフォンを紛失。対面で本人を確認。")
    desk.page.get_by_role("button", name="再設定する").click()
    desk.page.get_by_text("確認方法を再設定しました").wait_for()
    desk.context.clear_cookies()
    enter(desk, login, word)
    for field in ("password", "again"):
        desk.page.fill(f"#field-{field}", "atarashii-aikotoba-2020")
    desk.page.get_by_role("button", name="次へ").click()
    desk.page.wait_for_url("**/first-use/terms")
    desk.page.locator("#field-accepted").check()
    desk.page.get_by_role("button", name="利用を始める").click()
    desk.page.wait_for_url(lambda url: "/first-use" not in url)
    desk.goto("/account")


# 医療機関

@page("clinic-top", "shinjuku-clinic", shown=("main",), mark="main a[href='/cases/new']", height=780, width=1280)
def clinic_top(desk, cases):
    desk.goto("/cases/new?form=2020-02")
    desk.page.fill("#field-family_name", "小林")
    desk.page.get_by_role("button", name="下書き保存").click()
    desk.page.get_by_text("下書きを保存しました").first.wait_for()
    desk.goto("/")


page("clinic-form", "shinjuku-clinic", "/cases/new", shown=(".entry",), height=860)


@page("clinic-errors", "shinjuku-clinic", shown=("#error-summary",))
def clinic_errors(desk, cases):
    desk.goto("/cases/new?form=2020-02")
    desk.fill()
    for field in ("family_kana", "birth_date", "occupation"):
        desk.page.fill(f"#field-{field}", "")
    desk.submit()
    desk.page.locator("#error-summary").wait_for()


@page("clinic-unlikely", "shinjuku-clinic")
def clinic_unlikely(desk, cases):
    desk.goto("/cases/new?form=2020-02")
    desk.fill(family_name="長寿", birth_date="T3.5.5")
    desk.submit()
    desk.page.locator(".summary-warning").wait_for()


@page("clinic-filed", "shinjuku-clinic", shown=(".banner-success", ".case-head, main h1"), height=420)
def clinic_filed(desk, cases):
    desk.notify(family_name="中村", given_name="薫", family_kana="ナカムラ", given_kana="カオル")


page("clinic-case", "shinjuku-clinic", "/cases/{waiting}")
page("clinic-edit", "shinjuku-clinic", "/cases/{waiting}/notification")
page("clinic-print", "shinjuku-clinic", "/cases/{waiting}/print/notification")
page("clinic-returned", "shinjuku-clinic", "/cases/{returned}", shown=("main",), height=620,
     mark="form[action$='/resubmit'] button")
page("clinic-totals", "shinjuku-clinic", "/totals", shown=("main",), height=900)
page("hospital-inpatients", "shinjuku-hospital", "/cared-for", shown=("main",), height=420)
page("hospital-beds", "shinjuku-hospital", "/beds", shown=("main h1", "main form"), height=700,
     mark="main form .button-primary")


@page("hospital-case", "shinjuku-hospital")
def hospital_case(desk, cases):
    desk.goto("/cared-for")
    desk.page.locator("main tbody a").first.click()
    desk.page.wait_for_url("**/cases/*")


# 保健所

page("hc-top", "shinjuku-hc", "/", shown=("main",), height=640, width=1280)


@page("hc-decision", "shinjuku-hc", shown=(".next-steps", ".decision"), mark=".decision-buttons .button-primary",
      height=800)
def hc_decision(desk, cases):
    desk.goto(f"/cases/{cases.waiting}")
    desk.page.locator("details.send-back summary").click()


page("hc-faxes", "shinjuku-hc", "/faxes", shown=("main",), height=860)
page("hc-scan", "shinjuku-hc", "/faxes/scan")
page("hc-form", "shinjuku-hc", "/cases/new")
page("hc-list", "shinjuku-hc", "/cases", shown=("main",), height=760, width=1280)
page("hc-list-waiting", "shinjuku-hc", "/cases?intake=submitted")
page("hc-columns", "shinjuku-hc", "/cases/columns")


@page("hc-selecting", "shinjuku-hc", shown=("main",), height=1300, width=1280)
def hc_selecting(desk, cases):
    desk.goto("/cases?intake=submitted")
    desk.page.get_by_role("button", name="まとめて操作する").click()
    desk.page.locator('button[value="page"]').click()
    desk.page.locator(".selecting h2").wait_for()


@page("hc-bulk", "shinjuku-hc")
def hc_bulk(desk, cases):
    hc_selecting(desk, cases)
    desk.page.locator('select[name="to_status"]').select_option("home")
    desk.page.locator('button[value="status"]').click()
    desk.page.wait_for_url("**/preview?**")


page("hc-case", "shinjuku-hc", "/cases/{waiting}", shown=("main",), height=760)
page("hc-transfer", "shinjuku-hc", "/cases/{waiting}/transfer")
page("hc-transfer-answer", "shibuya-hc", "/cases/{offered}/transfer")
page("hc-grants", "shinjuku-hc", "/cases/{waiting}/grants", shown=("main",), height=980)
page("hc-readings", "shinjuku-hc", "/cases/{waiting}/readings", shown=("main",), height=460)
page("hc-history", "shinjuku-hc", "/cases/{waiting}/history")
page("hc-notices", "shinjuku-hc", "/notices")
page("hc-openings", "shinjuku-hc", "/openings")
page("hc-delete", "shinjuku-hc", "/cases/{waiting}/delete")
page("hc-deleted", "shinjuku-hc", "/deleted")
page("hc-edit", "shinjuku-hc", "/cases/{waiting}/memo")
page("hc-admission", "shinjuku-hc", "/cases/{waiting}/admission")
page("hc-severity", "shinjuku-hc", "/cases/{waiting}/severity")
page("hc-care-contact", "shinjuku-hc", "/cases/{waiting}/care_contact")
page("hc-link", "shinjuku-hc", "/cases/{waiting}/link")
page("hc-route", "shinjuku-hc", "/cases/{waiting}/route")
page("hc-household", "shinjuku-hc", "/cases/{waiting}/household")
page("hc-outcome", "shinjuku-hc", "/cases/{waiting}/outcome")
page("hc-letters", "shinjuku-hc", "/print")
page("hc-letter", "shinjuku-hc", "/cases/{waiting}/print/care")
page("hc-release", "shinjuku-hc", "/cases/{waiting}/release", shown=("main",), height=480)
page("hc-timeline", "shinjuku-hc", "/cases/{waiting}", shown=("section:has(> .section-row #timeline-title)",), height=560)


@page("hc-place", "shinjuku-hc", shown=("main",), height=760)
def hc_place(desk, cases):
    desk.goto(f"/cases/{cases.waiting}/whereabouts")
    if not desk.page.locator('[name="whereabouts.0.place_from"]').is_visible():
        desk.page.locator("summary", has_text="居所を追加").click()


@page("hc-conflict", "shinjuku-hc")
def hc_conflict(desk, cases):
    address = f"/cases/{cases.returned}/person"
    desk.goto(address)
    stamp = time.time_ns() % 10**6
    desk.page.fill("#field-occupation", f"会社員{stamp}")
    cases.form("shinjuku-hc2", address, **{
        **desk.page.evaluate("Object.fromEntries(new FormData(document.querySelector('form[data-entry]')))"),
        "occupation": f"自営業{stamp}", "csrf": ""})
    desk.submit()
    desk.page.locator(".doubts").wait_for()


@page("hc-report-link", "shinjuku-hc", shown=("main > .narrow",), height=900)
def hc_report_link(desk, cases):
    desk.goto(f"/cases/{cases.waiting}/report-link")
    desk.page.get_by_role("button", name="URLを発行する").click()
    desk.page.locator("#report-link").wait_for()
    hide_link(desk)


def hide_link(desk):
    """The link opens a report to whoever has it, and differs each time."""
    shown = desk.page.locator("#report-link").inner_text()
    desk.server.secrets.add(shown.split("/r/")[1])
    desk.page.evaluate("""(secret) => {
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replace(secret, 'https://…/r/…');
        document.querySelectorAll('textarea').forEach((e) => { e.value = e.value.replace(secret, 'https://…/r/…'); });
    }""", shown)


# 本庁・調整本部

page("hq-top", "tokyo-hq", "/", shown=("main",), height=560)
page("hq-placement", "tokyo-hq", "/placement", shown=("main",), height=900, width=1280)
page("hq-choose", "tokyo-hq", "/placement/{waiting}", shown=("main",), height=1100,
     mark="main form .button-primary")
page("hq-list", "tokyo-hq", "/cases")
page("hq-case", "tokyo-hq", "/cases/{waiting}")
page("hq-totals", "tokyo-hq", "/totals")
page("hq-local-items", "tokyo-hq", "/admin/local-items")
page("hq-readiness", "tokyo-hq", "/readiness", shown=("main > .narrow",), height=1240)
page("hq-review", "tokyo-hq", "/reading-review")

# 委託先・宿泊療養施設

page("follow-up-today", "tokyo-followup", "/cared-for", shown=("main",), height=480)
page("hotel-guests", "tokyo-hotel", "/cared-for")
page("hotel-rooms", "tokyo-hotel", "/beds", shown=("main h1", "main form"), height=600, mark="main form .button-primary")


@page("follow-up-case", "tokyo-followup")
def follow_up_case(desk, cases):
    desk.goto("/cared-for")
    desk.page.locator("main tbody a").first.click()
    desk.page.wait_for_url("**/cases/*")


@page("follow-up-link", "tokyo-followup")
def follow_up_link(desk, cases):
    follow_up_case(desk, cases)
    desk.page.get_by_role("link", name="健康観察用のURLを発行").first.click()
    desk.page.wait_for_url("**/report-link")


# 国・分析

page("ministry-top", "mhlw", "/")
page("ministry-list", "mhlw", "/cases", shown=("main",), height=700, width=1280)
page("ministry-case", "mhlw", "/cases/{waiting}")
page("ministry-totals", "mhlw", "/totals")
page("ministry-readiness", "mhlw", "/admin/readiness", shown=("main",), height=1160)
page("ministry-connections", "mhlw", "/admin/connection-tests")
page("ministry-admin", "mhlw", "/admin")

# IDの発行

page("issuer-admin", "shinjuku-hc", "/admin", shown=("main",), height=700)
page("issue-choose", "shinjuku-hc", "/admin/issue")
page("account-files", "shinjuku-hc", "/admin/account-files")
page("accounts", "shinjuku-hc", "/admin/accounts", shown=("main",), height=760)
page("factor-reset", "shinjuku-hc", "/admin/accounts/shinjuku-clinic2/second-factor", shown=("main > .narrow",), height=980)


@page("issue-form", "shinjuku-hc", shown=("main > .narrow",), height=1040, mark="main form .button-primary")
def issue_form(desk, cases):
    organisation = desk.server.organisation("shinjuku-clinic3")
    desk.goto(f"/admin/issue?organisation={organisation}")
    desk.page.fill("#field-login", "aoba-clinic")
    desk.page.fill("#field-name", "新宿あおばクリニック")
    desk.page.fill("#field-phone", "03-0000-1234")


@page("slip", "mhlw", shown=("main",), height=1300)
def slip(desk, cases):
    issue(desk, f"tsuuchi-{time.time_ns() % 10**8}")
    # Nobody's real password, but one that would open this server while the picture is made.
    desk.page.evaluate("""() => {
        document.querySelectorAll('.slip-group').forEach((e) => { e.textContent = '····'; });
        document.querySelectorAll('.slip-code').forEach((e) => {
            if (e.textContent.includes('tsuuchi-')) e.textContent = 'tsuuchi-1';
        });
        document.querySelectorAll('.slip-address').forEach((e) => { e.textContent = 'https://her-sys.example/sign-in'; });
    }""")


def check_file(desk, mark):
    organisation = desk.server.organisation("shinjuku-clinic")
    rows = [f"kango1-{mark},看護 一郎,{organisation},03-0000-0001,", f"kango2-{mark},看護 花子,{organisation},03-0000-0002,",
            f"kango1-{mark},おなじID,{organisation},03-0000-0003,", f"kango4-{mark},知らない機関,med-0000000000,03-0000-0004,"]
    desk.goto("/admin/account-files")
    desk.page.set_input_files("#field-file", {
        "name": "accounts.csv", "mimeType": "text/csv",
        "buffer": ("ユーザーID,氏名,組織,電話番号,役割\r\n" + "\r\n".join(rows) + "\r\n").encode("cp932")})
    desk.page.get_by_role("button", name="確認する").click()
    desk.page.get_by_role("heading", name="発行する内容の確認").wait_for()


@page("account-file-check", "shinjuku-hc", shown=("main",), height=900)
def account_file_check(desk, cases):
    check_file(desk, "a")


@page("account-file-done", "shinjuku-hc")
def account_file_done(desk, cases):
    check_file(desk, time.time_ns() % 10**8)
    desk.page.get_by_role("button", name="2件を発行する").click()
    desk.page.get_by_role("button", name="ID通知票を表示する").wait_for(timeout=60_000)


@page("account-stop", "shinjuku-hc", shown=("main",), height=1000)
def account_stop(desk, cases):
    desk.goto("/admin/accounts/shinjuku-clinic2")
    desk.page.locator("summary", has_text="停止する").click()


@page("account-stopped", "shinjuku-hc")
def account_stopped(desk, cases):
    desk.goto("/admin/accounts/shinjuku-hospital3")
    if desk.page.locator("summary", has_text="再開する").count() == 0:
        desk.page.locator("summary", has_text="停止する").click()
        desk.page.fill("#field-stop-reason", "廃院のため")
        desk.page.get_by_role("button", name="停止する").click()
        desk.page.locator(".banner-success").wait_for()


# 情報システム担当

@page("connection", None, shown=("main",), height=1050, width=1280)
def connection(desk, cases):
    desk.goto("/connection-test")
    desk.page.locator("[data-done]").wait_for(timeout=60_000)


page("clients", "shinjuku-hc", "/admin/clients")


@page("client-issued", "shinjuku-hc", shown=("main",), height=600)
def client_issued(desk, cases):
    desk.goto("/admin/clients")
    desk.page.fill("#field-name", "新宿区 住民システム")
    ways.choose_organisation(desk, "hc-13104")
    desk.page.get_by_role("button", name="発行する").click()
    desk.page.get_by_text("秘密はこの画面でしか見られません").first.wait_for()
    for text in desk.page.locator("main code").all_inner_texts():
        desk.server.secrets.add(text)
    desk.page.evaluate("document.querySelectorAll('main code').forEach((e) => { e.textContent = '················'; })")


@page("client", "shinjuku-hc")
def client(desk, cases):
    client_issued(desk, cases)
    desk.page.get_by_role("link", name="写しました。次へ").click()
    desk.page.get_by_role("heading", name="秘密を交換する").wait_for()
