"""Somebody at a desk: a browser window, a keyboard whose keys are counted, and a person to report."""

import re

from harness import PASSWORD, today

# A complete report in the order of the form: what a person types, or the keys that choose.
PERSON = {
    "case_class": ["1"],
    "family_name": "山田",
    "given_name": "花子",
    "family_kana": "ヤマダ",
    "given_kana": "ハナコ",
    "sex": ["2"],
    "birth_date": "S60.3.2",
    "occupation": "小学校教諭",
    "postal_code": "",
    "address_municipality": "東京都新宿区",
    "address_line": "歌舞伎町9-9-9",
    "phone": "090-7123-4567",
    "notified_symptoms": ["1", "2"],
    "diagnosis_method": ["2"],
    "specimen": ["8"],
    "specimen_on": ["y"],
    "result": ["1"],
    "first_visit_on": ["y"],
    "diagnosed_on": ["t"],
    "infected_on": ["u"],
    "onset_on": ["y"],
    "route_certainty": ["3"],
    "region_certainty": ["3"],
}


def slashed(days=0):
    """A day as the form writes it: 2020/5/22."""
    year, month, day = today(days).split("-")
    return f"{year}/{int(month)}/{int(day)}"


# The same report for forms without a script: fields by name, choices by value.
PLAIN = {
    "family_name": "山田", "given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ",
    "birth_date": "1985/3/2", "occupation": "小学校教諭", "address_municipality": "東京都新宿区",
    "address_line": "歌舞伎町9-9-9", "phone": "090-7123-4567",
    "tests.0.specimen_on": slashed(-1), "first_visit_on": slashed(-1),
    "diagnosed_on": slashed(0), "onset_on": slashed(-1),
}
PLAIN_CHOICES = {
    "case_class": ["confirmed"], "sex": ["female"], "notified_symptoms": ["fever", "cough"],
    "diagnosis_method": ["pcr"], "tests.0.specimen": ["saliva"], "tests.0.method": ["pcr"],
    "tests.0.result": ["positive"], "route_certainty": ["unknown"], "region_certainty": ["unknown"],
}


class Keyboard:
    """Types, and counts the keys that are no value: Tab, Enter, Space, arrows, shortcuts."""

    def __init__(self, page):
        self.page = page
        self.count = 0
        self.choices = 0
        self.imes = page.context.new_cdp_session(page)

    def key(self, name):
        self.count += 1
        self.page.keyboard.press(name)

    def choose(self, keys):
        """The number of a choice, or the letter that stands for a day: a value like any other typed one."""
        for key in keys:
            self.choices += 1
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def compose(self, kana, text):
        """As an input method does: kana letter by letter, then the kanji that were chosen."""
        for end in range(1, len(kana) + 1):
            self.imes.send("Input.imeSetComposition", {
                "text": kana[:end], "selectionStart": end, "selectionEnd": end})
        self.imes.send("Input.insertText", {"text": text})

    @property
    def at(self):
        """The name of the field that has the focus."""
        return self.page.evaluate("document.activeElement.name || ''")

    def tab_to(self, selector, most=60):
        """Goes on by Tab until an element has the focus."""
        for _ in range(most):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.key("Tab")
        raise AssertionError(f"the keyboard doesn't reach {selector}")


class Desk:
    """A browser context with one page."""

    def __init__(self, server, chromium, login, width=1280, **options):
        self.server = server
        self.context = chromium.new_context(
            base_url=server.address, ignore_https_errors=True, locale="ja-JP", timezone_id="Asia/Tokyo",
            viewport={"width": width, "height": 900}, **options)
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        # What a page's script complains about, and what its policy refuses.
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.listen)
        self.keyboard = Keyboard(self.page)
        if login:
            self.take_session(login)

    def listen(self, message):
        # A page that is answered with 4xx on purpose is no complaint.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def take_session(self, login, fresh=False):
        """A session as the sign-in gives it, without its pages; an earlier desk's unless a fresh one is asked."""
        if fresh or login not in self.server.sessions:
            with self.server.sign_in(login) as client:
                self.server.sessions[login] = client.cookies["__Host-session"]
        self.context.add_cookies([{
            "name": "__Host-session", "value": self.server.sessions[login], "url": self.server.address,
            "secure": True, "httpOnly": True, "sameSite": "Lax"}])

    def close(self):
        self.context.close()
        assert not self.complaints, self.complaints

    def goto(self, path):
        return self.page.goto(path)

    def sign_in(self, login):
        """The whole way by keyboard: user ID, password, the code from the demonstration telephone."""
        page, keys = self.page, self.keyboard
        known = self.server.messages()
        page.goto("/sign-in")
        keys.tab_to("#field-login")
        keys.type(login)
        keys.key("Tab")
        keys.type(PASSWORD)
        keys.key("Enter")
        page.wait_for_url("**/sign-in/code")
        assert keys.at == "code", "the field of the code has the focus"
        ending = page.locator("strong.number").inner_text()
        keys.type(self.server.code(known, ending))
        keys.key("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        self.remember()

    def remember(self):
        for cookie in self.context.cookies():
            if cookie["name"].startswith("__Host-"):
                self.server.secrets.add(cookie["value"])

    def enter(self, person=PERSON):
        """Fills the form by keyboard from its first field to its last; returns the names in the order met."""
        keys, met = self.keyboard, []
        for _ in range(80):
            name = keys.at
            key = name.split(".")[-1]
            if key in met and key == name:
                raise AssertionError(f"the focus came to {name} twice")
            met.append(key)
            if key == "stay_same":
                keys.key("Space")
            elif key == "family_name" and person[key] == "山田":
                keys.compose("やまだ", "山田")
            elif key == "given_name" and person[key] == "花子":
                keys.compose("はなこ", "花子")
            elif key.endswith("_kana") and self.page.locator(f"#field-{key}").input_value() == person[key]:
                pass
            elif isinstance(person.get(key), list):
                keys.choose(person[key])
            elif person.get(key):
                keys.type(person[key])
            if key == "region_certainty":
                return met
            keys.key("Tab")
        raise AssertionError(f"the form doesn't end: {met}")

    def fill(self, fields=PLAIN, choices=PLAIN_CHOICES, **others):
        """Fills the form field by field, as a mouse would; works with and without a script."""
        page = self.page
        for name, values in choices.items():
            for value in values:
                box = page.locator(f'[name="{name}"][value="{value}"]')
                if box.is_visible():
                    box.check()
        page.locator("#field-stay_same").check()
        page.locator("#field-infected_unknown").check()
        self.complete_head()
        for name, value in (fields | others).items():
            page.locator(f'[id="field-{name}"]').fill(value)

    def complete_head(self):
        """What an account types once for ever: the physician and whatever else the institution's record lacks."""
        for name, value in {"notifier_name": "試験 医師"}.items():
            field = self.page.locator(f"#field-{name}")
            if not field.input_value():
                field.fill(value)

    def filed(self):
        """Waits until the report is filed; says what stands against it where it comes back."""
        page = self.page
        for _ in range(300):
            if re.search(r"/cases/\d{12}", page.url):
                page.wait_for_load_state()
                return self.number()
            summary = page.locator("#error-summary")
            if summary.count():
                raise AssertionError(summary.inner_text())
            page.wait_for_timeout(100)
        raise AssertionError(f"nothing has come of it: {page.url}")

    def submit(self):
        self.page.locator("[data-submit]").click()

    def number(self):
        """The HER-SYS ID in the address of the page."""
        return re.search(r"/cases/(\d{12})", self.page.url).group(1)

    def notify(self, **others):
        """Files a complete report and returns its number."""
        self.goto("/cases/new?form=2020-02")
        self.fill(**others)
        self.submit()
        return self.filed()

    def overflow(self):
        """By how many pixels the page is wider than the window, and the elements that make it so."""
        return self.page.evaluate("""() => {
            const wide = document.documentElement.clientWidth;
            const over = document.documentElement.scrollWidth - wide;
            if (over <= 0) return [];
            return [over + ' px'].concat(Array.from(document.querySelectorAll('body *'))
                .filter((e) => e.getBoundingClientRect().right > wide + 1).slice(0, 5)
                .map((e) => e.tagName + '.' + e.className + '#' + e.id));
        }""")
