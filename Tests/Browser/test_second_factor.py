"""Ways to prove who one is: telephone or SMS, authenticator app with recovery codes, passkeys; and a lost telephone."""

import base64
import hashlib
import hmac
import os
import re
import sqlite3
import struct
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe

from harness import PASSWORD

HEALTH_CENTRE = "hc-13104"


@pytest.fixture(scope="session")
def trusting(server, chromium):
    """A browser for which the server's certificate is a good one: with a bad one there are no passkeys."""
    public = subprocess.run(["openssl", "x509", "-in", str(server.certificate), "-noout", "-pubkey"], check=True,
                            capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public, check=True,
                         capture_output=True).stdout
    pin = base64.b64encode(hashlib.sha256(der).digest()).decode()
    browser = chromium.browser_type.launch(
        executable_path=os.environ.get("HERSYS_CHROMIUM") or "/usr/bin/chromium",
        args=["--no-sandbox", "--force-prefers-reduced-motion", f"--ignore-certificate-errors-spki-list={pin}"])
    yield browser
    browser.close()


class Person:
    """Somebody with an account of their own and a browser at https://localhost."""

    def __init__(self, server, browser, login, phone, width=1280, javascript=True):
        self.server, self.login, self.phone = server, login, phone
        self.origin = f"https://localhost:{server.port}"
        self.context = browser.new_context(
            base_url=self.origin, locale="ja-JP", timezone_id="Asia/Tokyo", viewport={"width": width, "height": 900},
            java_script_enabled=javascript)
        # Hashing a password takes a second, and more where tests share a machine.
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self.complaints.append(message.text)
                     if "Content Security Policy" in message.text else None)

    def password(self):
        self.page.goto("/sign-in")
        self.page.fill("#field-login", self.login)
        self.page.fill("#field-password", PASSWORD)
        self.page.get_by_role("button", name="次へ").click()
        self.page.wait_for_url("**/sign-in/code")

    def code(self, known):
        return self.server.code(known, re.sub(r"\D", "", self.phone)[-4:])

    def sign_in(self):
        known = self.server.messages()
        self.password()
        self.page.fill("#field-code", self.code(known))
        self.page.get_by_role("button", name="ログイン", exact=True).click()
        self.arrive()

    def arrive(self):
        """Into the session; at the first time past the terms."""
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        if "/first-use/terms" in self.page.url:
            self.page.locator('[name="accepted"]').check()
            self.page.get_by_role("button", name="利用を始める").click()
            self.page.wait_for_url(lambda url: "/first-use" not in url)

    def sign_out(self):
        self.page.get_by_role("button", name="ログアウト").click()
        self.page.wait_for_url("**/sign-in?out=1")

    def device(self, **options):
        """A device that keeps passkeys and says that it knows its owner's finger."""
        cdp = self.context.new_cdp_session(self.page)
        cdp.send("WebAuthn.enable")
        made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True} | options})
        return Device(cdp, made["authenticatorId"])

    def register(self, name="職場のパソコン"):
        self.page.goto("/account/passkeys")
        self.page.fill("#field-name", name)
        self.page.get_by_role("button", name="パスキーを登録する").click()
        self.page.wait_for_url("**/account?done=passkey")


class Device:
    def __init__(self, cdp, name):
        self.cdp, self.name = cdp, name

    def credentials(self):
        return self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.name})["credentials"]

    def add(self, credential):
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.name, "credential": credential})

    def verifies(self, does):
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.name, "isUserVerified": does})


@pytest.fixture(scope="session")
def issued(server):
    """Issues an account: `issued("issuer")`; each call another one with a mobile number of its own."""
    made = []

    def issue(duty=None, prefix="factor"):
        login = f"{prefix}-{len(made)}"
        phone = f"090-0000-{6000 + len(made)}"
        made.append(login)
        arguments = ["account", "issue", "--login", login, "--name", f"確認 {login}", "--organisation", HEALTH_CENTRE,
                     "--phone", phone] + (["--duty", duty] if duty else [])
        done = server.command(*arguments, stdin=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
        server.secrets.add(phone)
        return login, phone

    return issue


@pytest.fixture
def person(server, trusting, issued):
    people = []

    def make(account=None, **options):
        one = Person(server, trusting, *(account or issued()), **options)
        people.append(one)
        return one

    yield make
    for one in people:
        one.context.close()
        assert not one.complaints, one.complaints


def look(page, pictures, name):
    """Accessible at both widths, nothing sticks out; a picture of each for people."""
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=pictures / f"factor-{name}-{width}.png", full_page=True)
        found = [f"{v['id']}: {node['html'][:160]}" for v in Axe().run(page).response["violations"]
                 for node in v["nodes"][:3]]
        assert not found, f"{name} {width}: {found}"
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    page.set_viewport_size({"width": 1280, "height": 900})


def totp(secret, at=None):
    counter = int((at or time.time()) // 30)
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), "sha1").digest()
    offset = mac[19] & 15
    return f"{(struct.unpack('>I', mac[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def set_app(one):
    """Sets an authenticator app; gives its secret and the recovery codes."""
    page = one.page
    page.goto("/account/authenticator")
    secret = page.locator("input[name=secret]").input_value()
    one.server.secrets.add(secret)
    page.fill("#field-code", totp(secret))
    page.get_by_role("button", name="設定する").click()
    page.locator(".recovery").wait_for()
    codes = page.locator(".recovery li").all_inner_texts()
    one.server.secrets.update(codes)
    return secret, codes


# Passkeys

def test_a_passkey_from_its_registration_to_its_removal(person, pictures):
    one = person()
    page = one.page
    one.sign_in()
    device = one.device()
    page.goto("/account/passkeys")
    page.locator("[data-passkey-block]").wait_for()
    look(page, pictures, "passkey-new")
    page.get_by_role("button", name="パスキーを登録する").click()
    page.locator("#error-summary").wait_for()
    assert "パスキーの名前を" in page.locator("#error-summary").inner_text()
    assert device.credentials() == [], "nothing is left on the device"
    one.register()
    assert "職場のパソコン" in page.locator(".passkeys").inner_text()
    assert "まだ使っていません" in page.locator(".passkeys").inner_text()
    [credential] = device.credentials()
    assert credential["rpId"] == "localhost" and credential["isResidentCredential"]
    # The same device once more: the browser knows it by what the server has excluded.
    page.goto("/account/passkeys")
    page.fill("#field-name", "もう一度")
    page.get_by_role("button", name="パスキーを登録する").click()
    page.get_by_text("この端末のパスキーはすでに登録されています。").wait_for()
    one.sign_out()

    # As the second step after the password: nothing is sent unless it is asked for.
    known = one.server.messages()
    one.password()
    assert one.server.messages() == known
    assert page.locator("#field-code").get_attribute("name") is None
    look(page, pictures, "second-step")
    page.get_by_role("button", name="パスキーで確認する").click()
    one.arrive()
    page.goto("/account")
    assert "最終使用" in page.locator(".passkeys").inner_text()
    look(page, pictures, "account-passkey")
    one.sign_out()

    # Alone, and on to where one wanted to go.
    page.goto("/cases")
    page.wait_for_url("**/sign-in?return=**")
    look(page, pictures, "sign-in")
    page.get_by_role("button", name="パスキーでログイン").click()
    page.wait_for_url("**/cases")
    page.goto("/account")
    page.get_by_role("button", name="「職場のパソコン」を削除する").click()
    page.wait_for_url("**/account?done=passkey-removed")
    one.sign_out()

    # The device still has it; the server doesn't.
    page.goto("/sign-in")
    page.get_by_role("button", name="パスキーでログイン").click()
    page.locator("#error-summary").wait_for()
    assert "パスキーを確認できませんでした" in page.locator("#error-summary").inner_text()
    look(page, pictures, "sign-in-refused")
    one.sign_in()


def test_alone_a_passkey_needs_its_owners_finger(person):
    one = person()
    one.sign_in()
    device = one.device()
    one.register()
    one.sign_out()
    device.verifies(False)
    one.page.goto("/sign-in")
    one.page.get_by_role("button", name="パスキーでログイン").click()
    one.page.get_by_text("パスキーの確認が中止されました").wait_for()
    assert "/sign-in" in one.page.url
    # After the password the device alone will do.
    one.password()
    one.page.get_by_role("button", name="パスキーで確認する").click()
    one.arrive()


class Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<!DOCTYPE html><title>偽のページ</title>".encode())

    def log_message(self, *_):
        pass


SIGN = """async (options) => {
    const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')),
      (letter) => letter.charCodeAt(0));
    const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-')
      .replaceAll('/', '_').replaceAll('=', '');
    const made = await navigator.credentials.get({ publicKey: {
      rpId: options.party, challenge: bytes(options.challenge), userVerification: 'required' } });
    return { credential: text(made.rawId), client: text(made.response.clientDataJSON),
      data: text(made.response.authenticatorData), signature: text(made.response.signature),
      handle: text(made.response.userHandle) };
}"""


def test_what_was_signed_on_another_page_signs_nobody_in(server, person):
    """A page of another origin that passes our challenge on: the signature is right, and is refused."""
    one = person()
    one.sign_in()
    device = one.device()
    one.register()
    [credential] = device.credentials()
    other = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=other.serve_forever)
    thread.start()
    try:
        fake = one.context.new_page()
        fake.goto(f"http://localhost:{other.server_port}/")
        cdp = one.context.new_cdp_session(fake)
        cdp.send("WebAuthn.enable")
        copied = Device(cdp, cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True}})["authenticatorId"])
        copied.add(credential | {"signCount": credential["signCount"] + 100})
        device.cdp.send("WebAuthn.removeCredential",
                        {"authenticatorId": device.name, "credentialId": credential["credentialId"]})
        device.add(credential | {"signCount": credential["signCount"] + 500})

        def attempt(page):
            with server.client() as client:
                options = client.post("/sign-in/passkey/options").json()
                return client.post("/sign-in/passkey", data=page.evaluate(SIGN, options)).status_code

        assert attempt(fake) == 422
        # The same, honestly: what refused it was the page.
        one.page.goto("/sign-in")
        assert attempt(one.page) == 303
    finally:
        other.shutdown()
        thread.join()
        other.server_close()


def test_without_a_script_or_at_another_address_the_other_ways_are_there(server, person, issued, pictures):
    account = issued()
    plain = person(account, javascript=False)
    plain.page.goto("/sign-in")
    assert not plain.page.get_by_role("button", name="パスキーでログイン").is_visible()
    plain.sign_in()
    plain.page.goto("/account/passkeys")
    assert plain.page.get_by_text("このままではパスキーを登録できません").is_visible()
    assert not plain.page.get_by_role("button", name="パスキーを登録する").is_visible()
    other = person(account)
    other.page.goto(f"https://127.0.0.1:{server.port}/sign-in")
    other.page.wait_for_load_state("networkidle")
    assert not other.page.get_by_role("button", name="パスキーでログイン").is_visible()


# Authenticator app, recovery codes

def test_an_app_with_its_recovery_codes(person, pictures):
    one = person()
    page = one.page
    one.sign_in()
    page.goto("/account/authenticator")
    assert page.locator("svg.matrix").bounding_box()["width"] >= 200
    look(page, pictures, "authenticator")
    secret, codes = set_app(one)
    assert len(set(codes)) == 10
    look(page, pictures, "recovery-codes")
    with page.expect_download() as download:
        page.get_by_role("button", name="ファイルに保存する").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert all(code in text for code in codes)
    assert page.get_by_role("button", name="印刷する").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".recovery").is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="控えました").click()
    page.wait_for_url("**/account")
    assert not any(code in page.content() for code in codes)
    one.sign_out()

    one.password()
    look(page, pictures, "code-app")
    page.get_by_role("link", name="回復コードを使う").click()
    page.fill("#field-recovery", "aaaaa-aaaaa")
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.locator("#error-summary").wait_for()
    look(page, pictures, "recovery")
    page.fill("#field-recovery", codes[0].lower().replace("-", ""))
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.wait_for_url("**/account?next=**")
    assert "回復コードでログインしました" in page.locator(".news").inner_text()
    look(page, pictures, "account-news")
    page.get_by_role("button", name="確認しました").click()
    page.wait_for_url(lambda url: url.endswith("/"))
    one.sign_out()

    # Used up until two are left: then it is time for new ones.
    for code in codes[1:8]:
        one.password()
        page.goto("/sign-in/recovery")
        page.fill("#field-recovery", code)
        page.get_by_role("button", name="ログイン", exact=True).click()
        one.arrive()
        one.sign_out()
    one.password()
    page.fill("#field-code", totp(secret, time.time() + 30))
    page.get_by_role("button", name="ログイン", exact=True).click()
    one.arrive()
    page.goto("/account")
    assert page.get_by_text("回復コードの残りが2個です").is_visible()
    look(page, pictures, "account-short")
    page.get_by_role("button", name="新しい回復コードを作る").click()
    page.locator(".recovery").wait_for()
    fresh = page.locator(".recovery li").all_inner_texts()
    one.server.secrets.update(fresh)
    assert not set(fresh) & set(codes)


# Telephone or SMS

def test_sms_by_choice(person, pictures):
    one = person()
    page = one.page
    one.sign_in()
    page.goto("/account")
    page.get_by_label("SMS").check()
    page.get_by_role("button", name="受け取り方を保存する").click()
    page.wait_for_url("**/account?done=channel")
    look(page, pictures, "account-channel")
    one.sign_out()
    known = one.server.messages()
    one.password()
    assert "SMSを送りました" in page.locator("main").inner_text()
    look(page, pictures, "code-sms")
    code = one.code(known)
    message = one.server.messages()[0]
    assert message["kind"] == "sms" and len(message["text"]) <= 70
    page.fill("#field-code", code)
    page.get_by_role("button", name="ログイン", exact=True).click()
    one.arrive()
    # For one sign-in only: where a passkey is there, nothing has gone out yet.
    one.device()
    one.register()
    one.sign_out()
    one.password()
    known = one.server.messages()
    page.get_by_role("button", name="電話で受け取る").click()
    page.wait_for_url("**/sign-in/code?sent=1")
    assert one.server.messages() != known and one.server.messages()[0]["kind"] == "call"
    page.fill("#field-code", one.code(known))
    page.get_by_role("button", name="ログイン", exact=True).click()
    one.arrive()


def test_one_code_a_minute_even_by_a_new_sign_in(server, trusting, issued, pictures, tmp_path):
    """The limit as it is in use, at a second server on the same database."""
    strict = server.beside(tmp_path, environment={"HERSYS_SENDS": None})
    strict.start()
    one = Person(strict, trusting, *issued())
    try:
        known = strict.messages()
        one.password()
        assert strict.messages() != known
        known = strict.messages()
        one.password()
        page = one.page
        assert strict.messages() == known
        assert page.get_by_text("まだ数字をお知らせしていません").is_visible()
        look(page, pictures, "code-wait")
        assert re.search(r"あと\d+(秒|分)お待ちになってから", page.locator("main").inner_text())
        # Without the script, or where it doesn't know, the button can be pressed and the answer is the same.
        page.evaluate("document.querySelectorAll('.ways button').forEach((one) => { one.disabled = false; })")
        page.get_by_role("button", name="電話で受け取る").click()
        page.locator("#error-summary").wait_for()
        assert re.search(r"あと\d+秒お待ちください", page.locator("#error-summary").inner_text())
        assert strict.messages() == known
        look(page, pictures, "code-wait-refused")
    finally:
        one.context.close()
        strict.stop()


# Who changes a factor says again who they are

def aged(one, seconds=400):
    """As if this account's sessions had been opened some minutes earlier."""
    with sqlite3.connect(one.server.folder / "hersys.db", timeout=10) as database:
        database.execute("UPDATE sessions SET created_at = created_at - ?, confirmed_at = confirmed_at - ? WHERE account = "
                         "(SELECT id FROM accounts WHERE login = ?)", [seconds, seconds, one.login])


def test_after_five_minutes_one_says_again_who_one_is(person, pictures):
    one = person()
    page = one.page
    one.sign_in()
    one.device()
    one.register()
    aged(one)
    # A form that comes late: nothing is done yet, nothing typed is lost, the password finishes it.
    page.goto("/account")
    page.get_by_label("SMS").check()
    page.get_by_role("button", name="受け取り方を保存する").click()
    page.get_by_role("heading", name="本人の確認").wait_for()
    assert page.get_by_text("入力した内容は残っています").is_visible()
    look(page, pictures, "confirm")
    page.fill("#field-confirm-password", "chigau-aikotoba-2020")
    page.get_by_role("button", name="確認して続ける").click()
    page.locator("#error-summary").wait_for()
    look(page, pictures, "confirm-wrong")
    page.fill("#field-confirm-password", PASSWORD)
    page.get_by_role("button", name="確認して続ける").click()
    page.wait_for_url("**/account?done=channel")
    assert page.get_by_label("SMS").is_checked()
    # A page that comes late, and the passkey in the password's place.
    aged(one)
    page.goto("/account")
    page.get_by_role("link", name="認証アプリを設定する").click()
    page.wait_for_url("**/account/confirm?next=*")
    page.get_by_role("button", name="パスキーで確認する").click()
    page.wait_for_url("**/account/authenticator")
    assert page.locator("input[name=secret]").input_value()
    # A device that doesn't know whose finger it is confirms nobody.
    aged(one)
    page.goto("/account")
    page.get_by_role("button", name="を削除する").click()
    page.get_by_role("heading", name="本人の確認").wait_for()
    page.get_by_role("button", name="やめる").or_(page.get_by_role("link", name="やめる")).click()
    page.wait_for_url("**/account")
    assert page.get_by_text("職場のパソコン").first.is_visible()


def test_without_a_script_the_password_is_asked_again_as_well(person):
    one = person(javascript=False)
    page = one.page
    one.sign_in()
    aged(one)
    page.goto("/account/passkeys")
    page.fill("#field-confirm-password", PASSWORD)
    page.get_by_role("button", name="確認して続ける").click()
    page.wait_for_url("**/account/passkeys")
    aged(one)
    page.goto("/account")
    page.get_by_label("SMS").check()
    page.get_by_role("button", name="受け取り方を保存する").click()
    page.fill("#field-confirm-password", PASSWORD)
    page.get_by_role("button", name="確認して続ける").click()
    page.wait_for_url("**/account?done=channel")


def test_the_screen_counts_the_minute_down_and_offers_the_other_way(server, trusting, issued, pictures, tmp_path):
    """As it is in use: no second code within the minute, by whichever way."""
    strict = server.beside(tmp_path, environment={"HERSYS_SENDS": None})
    strict.start()
    one = Person(strict, trusting, *issued())
    try:
        one.context.clock.install()
        one.password()
        page = one.page
        known = strict.messages()
        assert known[0]["kind"] == "call"
        sms = page.get_by_role("button", name="SMSで受け取る")
        assert sms.is_disabled()
        assert re.search(r"あと\d+(秒|分)でできるようになります", page.locator("main").inner_text())
        look(page, pictures, "code-minute")
        page.clock.fast_forward(61_000)
        page.wait_for_function("!document.querySelector('.ways button').disabled")
        assert "下のボタンで、数字をお知らせできます" in page.locator("main").inner_text()
        look(page, pictures, "code-minute-over")
        # The page's clock ran ahead of the server's: it says how long, and sends nothing.
        sms.click()
        page.locator("#error-summary").wait_for()
        assert strict.messages() == known
        with sqlite3.connect(server.folder / "hersys.db", timeout=10) as database:
            database.execute("UPDATE code_sends SET at1 = at1 - 60")
            database.execute("UPDATE sign_ins SET sent_at = sent_at - 60")
        page.goto("/sign-in/code")
        page.get_by_role("button", name="SMSで受け取る").click()
        page.wait_for_url("**/sign-in/code?sent=1")
        assert strict.messages()[0]["kind"] == "sms"
        page.fill("#field-code", one.code(known))
        page.get_by_role("button", name="ログイン", exact=True).click()
        one.arrive()
    finally:
        one.context.close()
        strict.stop()


# A lost telephone

def test_a_lost_telephone_is_set_back_by_the_issuer(person, issued, pictures):
    owner = person()
    owner.sign_in()
    owner.device()
    owner.register()
    issuer = person(issued("issuer", "issuer"))
    issuer.sign_in()
    page = issuer.page
    page.goto(f"/admin/accounts/{owner.login}/second-factor")
    look(page, pictures, "reset")
    page.get_by_role("button", name="再設定する").click()
    page.locator("#error-summary").wait_for()
    look(page, pictures, "reset-errors")
    page.fill("#field-phone", "090-0000-7777")
    page.fill("#field-reason", "スマートフォンを紛失。対面で本人を確認。")
    page.get_by_role("button", name="再設定する").click()
    page.wait_for_url("**?done=1")
    look(page, pictures, "reset-done")

    assert owner.page.goto("/account").url.endswith("/sign-in?return=%2Faccount")
    owner.phone = "090-0000-7777"
    owner.server.secrets.add(owner.phone)
    owner.sign_in()
    assert "/account?next=" in owner.page.url
    news = owner.page.locator(".news").inner_text()
    assert "確認方法が再設定されました" in news and "対面で本人を確認" in news
    assert owner.page.locator(".passkeys").count() == 0
    look(owner.page, pictures, "account-reset")
