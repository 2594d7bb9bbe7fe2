"""Ways to pages that have no address of their own until something was done: sheets, files, codes, first use."""

import base64
import hmac
import secrets
import sqlite3
import struct
import time

from harness import PASSWORD, csrf, today


def issued(server, *options):
    """A fresh account of a health centre, by command; its user ID."""
    login = f"page-{secrets.token_hex(4)}"
    done = server.command(
        "account", "issue", "--login", login, "--name", "確認 花", "--organisation", "hc-13104", "--phone",
        f"03-0000-{secrets.randbelow(9000) + 1000}", *options, stdin=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr
    return login


def accepted(server, login):
    """Signs an account in and accepts the terms; the session's secret."""
    with server.sign_in(login) as client:
        fields = {"csrf": csrf(client.get("/first-use/terms").text), "accepted": "1", "version": "1"}
        assert client.post("/first-use/terms", data=fields).status_code == 303
        return client.cookies["__Host-session"]


def fresh(login, address):
    """A page that is shown only soon after a sign-in."""
    def way(desk, numbers):
        desk.take_session(login, fresh=True)
        desk.goto(address)
    return way


def owing(*options):
    """What comes before everything else."""
    def way(desk, numbers):
        desk.take_session(issued(desk.server, *options), fresh=True)
        desk.goto("/")
    return way


def confirm(desk, numbers):
    """The question who is there, some minutes after the sign-in."""
    login = issued(desk.server)
    desk.server.sessions[login] = accepted(desk.server, login)
    desk.take_session(login)
    with sqlite3.connect(desk.server.folder / "hersys.db", timeout=10) as database:
        database.execute("UPDATE sessions SET created_at = created_at - 400 WHERE account = "
                         "(SELECT id FROM accounts WHERE login = ?)", [login])
    desk.goto("/account/passkeys")


def confirm_wrong(desk, numbers):
    confirm(desk, numbers)
    desk.goto("/account")
    desk.page.get_by_role("link", name="認証アプリを設定する").click()
    desk.page.fill("#field-confirm-password", "chigau-aikotoba-2020")
    desk.page.get_by_role("button", name="確認して続ける").click()
    desk.page.locator("#error-summary").wait_for()


def password_wrong(desk, numbers):
    desk.take_session("shibuya-hc", fresh=True)
    desk.goto("/account/password")
    desk.page.get_by_role("button", name="変更する").click()
    desk.page.locator("#error-summary").wait_for()


def recovery(desk, numbers):
    """Where the authenticator app is out of reach."""
    login = issued(desk.server)
    with desk.server.client() as client:
        client.cookies.set("__Host-session", accepted(desk.server, login))
        page = client.get("/account/authenticator").text
        secret = page.split('name="secret" value="')[1].split('"')[0]
        desk.server.secrets.add(secret)
        mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time() // 30)), "sha1").digest()
        offset = mac[19] & 15
        number = (struct.unpack(">I", mac[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000
        answer = client.post("/account/authenticator", data={
            "csrf": csrf(page), "secret": secret, "address": "", "code": f"{number:06}"})
        assert answer.status_code == 200
    desk.goto("/sign-in")
    desk.page.fill("#field-login", login)
    desk.page.fill("#field-password", PASSWORD)
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/sign-in/code")
    desk.page.get_by_role("link", name="回復コードを使う").click()
    desk.page.locator("#field-recovery").wait_for()


def kept_form(desk, numbers):
    """What stood in a form whose page is no longer the same."""
    desk.goto("/account")
    token = desk.page.locator('[name="csrf"]').first.get_attribute("value")
    kept = desk.page.request.post(f"{desk.server.address}/account/forms", form={
        "csrf": token, "action": "/cases/new", "body": "family_name=%E5%B1%B1%E7%94%B0&occupation=%E6%95%99%E8%AB%AD"},
        headers={"Sec-Fetch-Site": "same-origin"})
    assert kept.status == 200
    desk.goto(f"/account/forms/{kept.json()['kept']}/text")


def slip(desk, numbers):
    """An ID通知票 as the issuer sees it once."""
    page = desk.page
    desk.goto(f"/admin/issue?organisation={desk.server.organisation('shinjuku-clinic')}")
    page.fill("#field-login", f"slip-{secrets.token_hex(4)}")
    page.fill("#field-name", "佐々木 花")
    page.fill("#field-phone", "090-7000-1234")
    # Hashing a password takes a second, and more where tests share a machine.
    page.get_by_role("button", name="発行する").click(timeout=60_000)
    page.wait_for_url("**/admin/slips/*")
    desk.server.secrets.add("".join(page.locator(".slip-group").all_inner_texts()))


def issue_errors(desk, numbers):
    desk.goto(f"/admin/issue?organisation={desk.server.organisation('shinjuku-clinic')}")
    desk.page.fill("#field-login", "")
    desk.page.fill("#field-phone", "12")
    desk.page.get_by_role("button", name="発行する").click()
    desk.page.locator("#error-summary").wait_for()


def choose_organisation(desk, key):
    """For whom a client is issued: from a list, or typed where the list would be long."""
    field = desk.page.locator("#field-organisation")
    if field.evaluate("(e) => e.tagName") == "SELECT":
        field.select_option(key)
    else:
        field.fill(key)


def account_file(desk, numbers):
    """A file with one row that is taken and one that isn't."""
    mark, place = secrets.token_hex(3), desk.server.organisation("shinjuku-clinic")
    text = f"ユーザーID,氏名,組織,電話番号,役割\r\nrow-{mark},試験一号,{place},03-7000-0001,\r\nx,,なし,12,\r\n"
    desk.goto("/admin/account-files")
    desk.page.set_input_files("#field-file", {
        "name": "accounts.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8")})
    desk.page.get_by_role("button", name="確認する").click()
    desk.page.get_by_role("heading", name="発行する内容の確認").wait_for()


def deed(desk, numbers):
    """What became of many cases at once; at each width another case, for what is so already isn't changed."""
    page = desk.page
    which = 0 if page.viewport_size["width"] > 1000 else 1
    desk.goto("/cases?intake=submitted")
    page.get_by_role("button", name="まとめて操作する").click()
    page.locator('#list tr[data-case] input[type="checkbox"]').nth(which).check()
    page.locator('select[name="to_assign"]').select_option(index=1)
    page.locator('button[value="assign"]').click()
    page.wait_for_url("**/preview?**")
    page.get_by_role("button", name="件を変更する").click()
    page.wait_for_url("**/cases/deeds/**")


def letters_of_some(desk, numbers):
    page = desk.page
    desk.goto("/cases?intake=submitted")
    page.get_by_role("button", name="まとめて操作する").click()
    page.locator('#list tr[data-case] input[type="checkbox"]').first.check()
    page.locator('select[name="to_letter"]').select_option("care")
    page.locator('button[value="letter"]').click()
    page.wait_for_url("**/print**")


def fax_aside(desk, numbers):
    desk.goto("/faxes")
    if desk.page.locator('a[href$="/aside"]').count() == 0:
        desk.page.locator("#field-sender").fill("試験医院")
        desk.page.get_by_role("button", name="受信を記録する").click()
    desk.page.locator('a[href$="/aside"]').first.click()
    desk.page.wait_for_url("**/aside")


def totals_of_a_day(desk, numbers):
    desk.goto(f"/totals/{desk.server.organisation('shinjuku-clinic')}/{today(-1)}")


def report_link(desk, numbers):
    """A person's own page, as its link opens it."""
    desk.goto(f"/cases/{numbers['waiting']}/report-link")
    desk.page.get_by_role("button", name="URLを発行する").click()
    path = "/r/" + desk.page.locator("#report-link").inner_text().split("/r/")[1]
    desk.server.secrets.add(path[3:])
    desk.context.clear_cookies()
    desk.goto(path)
