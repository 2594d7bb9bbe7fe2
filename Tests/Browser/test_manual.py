"""The manual: its words stand on the pages, its pictures are of the pages as they are, and everybody can read it.

    HERSYS_MANUAL=write … pytest Tests/Browser/test_manual.py

makes the pictures anew, after which the program has to be built.
"""

import base64
import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from harness import PASSWORD, ROOT, Server
from manual_pages import PAGES, Cases
from people import Desk

CHAPTERS = ["common", "medical", "health-centre", "health-centre-care", "headquarters", "care", "analysis", "issuer",
            "technician"]
FOLDER = ROOT / "Sources/CManual/pictures"
PICTURES = [name for name, page in PAGES.items() if page.shown]
WRITES = os.environ.get("HERSYS_MANUAL") == "write"
HOW = "If the page is right, make the picture anew: HERSYS_MANUAL=write, this test, then build. See docs/decisions/0024-manual.md."

# All words of a page: its text, and what it says to those who don't see it.
WORDS = """() => {
    const said = [document.title];
    document.querySelectorAll('[aria-label], [title], [placeholder], [alt], input[value]').forEach((e) => {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'value']) said.push(e.getAttribute(name) || '');
    });
    const body = document.body.cloneNode(true);
    body.querySelectorAll('script, style, noscript').forEach((e) => e.remove());
    return (body.textContent + '\\n' + said.join('\\n')).replace(/\\s+/g, '');
}"""

# What a picture's reader goes by: headings, labels, columns and buttons; never a person's data.
OUTLINE = """(shown) => {
    const lines = [];
    const regions = shown.flatMap((s) => Array.from(document.querySelectorAll(s)));
    const marks = 'h1, h2, h3, legend, label.label, th[scope=col], dt, summary, button, a.button, .figure-label, .tabs a, .banner-title';
    for (const region of regions) {
        const all = [...(region.matches(marks) ? [region] : []), ...region.querySelectorAll(marks)];
        for (const e of all) {
            const box = e.getBoundingClientRect();
            if (!box.width || !box.height) continue;
            const text = e.textContent.replace(/\\s+/g, ' ').trim().replace(/[0-9０-９]+/g, '0').slice(0, 60);
            if (text && lines[lines.length - 1] !== text) lines.push(text);
        }
    }
    return lines;
}"""

MARK = """(selector) => {
    const e = document.querySelector(selector);
    e.style.outline = '4px solid #ce0000';
    e.style.outlineOffset = '3px';
}"""

REGION = """(shown) => {
    const boxes = shown.flatMap((s) => Array.from(document.querySelectorAll(s)))
        .map((e) => e.getBoundingClientRect()).filter((b) => b.width && b.height);
    if (!boxes.length) return null;
    const left = Math.min(...boxes.map((b) => b.left)), top = Math.min(...boxes.map((b) => b.top));
    // A page that is shorter than the window ends with its words.
    const ends = shown[0] === 'main' ? Array.from(document.querySelectorAll('main > *'))
        .filter((e) => getComputedStyle(e).position !== 'fixed').map((e) => e.getBoundingClientRect())
        : boxes;
    return { x: left + scrollX, y: top + scrollY, width: Math.max(...boxes.map((b) => b.right)) - left,
             height: Math.max(...ends.map((b) => b.bottom)) - top + (ends === boxes ? 0 : 24) };
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A demonstration of its own: what the pictures show is what was put there for them."""
    server = Server(tmp_path_factory.mktemp("manual"))
    server.secrets.add(PASSWORD)
    server.start()
    yield server
    server.stop()
    assert not [word for word in ("山田", "花子", "松風町") if word in server.log()]


@pytest.fixture(scope="module")
def cases(server):
    return Cases(server)


class Visits:
    """Pages that have been come to: their words and outlines, once each."""

    def __init__(self, server, chromium, cases):
        self.server, self.chromium, self.cases = server, chromium, cases
        self.known = {}

    def __call__(self, name):
        if name not in self.known:
            self.known[name] = self.visit(name)
        return self.known[name]

    def visit(self, name):
        page = PAGES[name]
        desk = Desk(self.server, self.chromium, None if page.fresh else page.login, page.width)
        # Passwords are hashed on the way to some pages, which takes seconds where tests share a machine.
        desk.context.set_default_timeout(30_000)
        try:
            if page.fresh:
                desk.take_session(page.login, fresh=True)
            if callable(page.way):
                page.way(desk, self.cases)
            else:
                desk.goto(page.way.format(**vars(self.cases)))
            words, outline = desk.page.evaluate(WORDS), desk.page.evaluate(OUTLINE, list(page.shown))
            if WRITES and page.shown:
                write(desk, name, page, outline)
            return words, outline
        finally:
            desk.close()


def write(desk, name, page, outline):
    """A picture of a page's region, and its outline beside it."""
    if page.mark:
        desk.page.evaluate(MARK, page.mark)
    # Who else has the case open is another one each time.
    desk.page.evaluate("""() => {
        document.activeElement?.blur();
        document.querySelectorAll('.presence').forEach((e) => e.remove());
        // What is said on practice servers only.
        document.querySelectorAll('main .support').forEach((e) => { if (e.textContent.startsWith('練習用')) e.remove(); });
    }""")
    box = desk.page.evaluate(REGION, list(page.shown))
    assert box, f"{name}: nothing of {page.shown} is on the page"
    # The whole of a page's contents has space around it already, and the menu above.
    pad = 0 if page.shown == ("main",) else 12
    left, top = max(0, box["x"] - pad), max(0, box["y"] - pad)
    clip = {"x": left, "y": top, "width": min(page.width, box["x"] + box["width"] + pad) - left,
            "height": min(box["height"] + 2 * pad, page.height), "scale": 1}
    made = desk.context.new_cdp_session(desk.page).send("Page.captureScreenshot", {
        "format": "webp", "quality": 60, "clip": clip, "captureBeyondViewport": True})
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(made["data"]))
    (FOLDER / f"{name}.txt").write_text("\n".join(outline) + "\n", encoding="utf-8")


def measures(file):
    """Width and height of a WebP file: the header of its extended form, or of its only frame."""
    data = file.read_bytes()
    assert data[:4] == b"RIFF" and data[8:12] == b"WEBP", file
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    assert data[12:16] == b"VP8 ", file
    return int.from_bytes(data[26:28], "little") & 0x3fff, int.from_bytes(data[28:30], "little") & 0x3fff


def write_list():
    """The list that puts the pictures into the program."""
    files = sorted(FOLDER.glob("*.webp"))
    for file in files:
        if file.stem not in PICTURES:
            file.unlink()
            file.with_suffix(".txt").unlink(missing_ok=True)
    names = [file.stem for file in files if file.stem in PICTURES]
    lines = ["// Written by Tests/Browser/test_manual.py together with the pictures.", ""]
    for name in names:
        lines += [f"static const unsigned char {name.replace('-', '_')}[] = {{", f'#embed "pictures/{name}.webp"', "};"]
    lines += ["", "static const struct manual_picture all[] = {"]
    for name in names:
        width, height = measures(FOLDER / f"{name}.webp")
        lines.append(f'    PICTURE("{name}", {name.replace("-", "_")}, {width}, {height}),')
    (FOLDER.parent / "pictures.inc").write_text("\n".join(lines + ["};"]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def visit(server, chromium, cases):
    yield Visits(server, chromium, cases)
    if WRITES:
        write_list()


@pytest.fixture
def read(open_desk):
    """Opens a page of the manual as somebody who can't sign in."""
    def read(address, width=1280, login=None):
        desk = open_desk(login, width)
        desk.goto(address)
        return desk
    return read


def steps(desk):
    """The steps of the chapter that is open: heading, quoted words, pages."""
    return desk.page.evaluate("""() => Array.from(document.querySelectorAll('.manual-step')).map((e) => ({
        heading: e.querySelector('h2').textContent, pages: e.dataset.pages.split(' ').filter(Boolean),
        quotes: Array.from(e.querySelectorAll('.manual-word')).map((w) => w.textContent.slice(1, -1)) }))""")


def missing(step, visit):
    """Quoted words of a step that stand on none of its pages."""
    said = [visit(name)[0] for name in step["pages"]]
    return [quote for quote in step["quotes"] if not any(re.sub(r"\s+", "", quote) in words for words in said)]


# The words

@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_word_that_a_step_quotes_is_on_its_page(read, visit, chapter):
    found = []
    for step in steps(read(f"/manual/{chapter}")):
        found += [f"{step['heading']}: 「{quote}」 is on none of {step['pages']}" for quote in missing(step, visit)]
    assert not found, "\n".join(found)


def test_a_word_that_is_not_there_is_noticed(visit):
    step = {"pages": ["sign-in"], "quotes": ["ユーザーID", "つぎへ進む"]}
    assert missing(step, visit) == ["つぎへ進む"]
    assert missing({"pages": [], "quotes": ["次へ"]}, visit) == ["次へ"]


def test_every_page_is_spoken_of(read):
    spoken = {name for chapter in CHAPTERS for step in steps(read(f"/manual/{chapter}")) for name in step["pages"]}
    assert spoken == set(PAGES)


# The pictures

@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_of_the_page_as_it_is(visit, name):
    _, outline = visit(name)
    assert outline, f"{name}: nothing of the page is pictured"
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert outline == kept, f"The page of the picture {name} has changed. {HOW}"


# The manual itself

@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("address", ["/manual"] + [f"/manual/{chapter}" for chapter in CHAPTERS])
def test_the_manual_is_read_by_everybody(read, pictures, address, width):
    desk = read(address, width)
    page = desk.page
    page.wait_for_load_state("networkidle")
    page.screenshot(path=pictures / f"{address[1:].replace('/', '-')}-{width}.png", full_page=True)
    violations = [f"{v['id']}: {node['html'][:160]}" for v in Axe().run(page).response["violations"]
                  for node in v["nodes"][:3]]
    assert not violations, "\n".join(violations)
    assert desk.overflow() == []
    assert page.locator("h1").count() == 1
    shown = page.evaluate("""() => Array.from(document.querySelectorAll('.manual-picture img')).map((e) =>
        [e.complete && e.naturalWidth === Number(e.getAttribute('width'))
             && e.naturalHeight === Number(e.getAttribute('height')), e.alt])""")
    assert all(loaded and alt for loaded, alt in shown), shown
    if width == 375:
        page.set_viewport_size({"width": 320, "height": 700})
        assert desk.overflow() == [], "at 320 px"


def test_the_contents_name_every_chapter(read):
    links = read("/manual").page.locator(".manual-cards a").evaluate_all("all => all.map((e) => e.getAttribute('href'))")
    assert links == [f"/manual/{chapter}" for chapter in CHAPTERS]


def test_from_the_sign_in_to_a_step_by_keyboard(open_desk):
    desk = open_desk()
    page, keys = desk.page, desk.keyboard
    desk.goto("/sign-in")
    keys.tab_to('a[href="/manual"]')
    keys.key("Enter")
    page.wait_for_url("**/manual")
    keys.tab_to('a[href="/manual/common"]')
    keys.key("Enter")
    page.wait_for_url("**/manual/common")
    keys.tab_to('a[href="#step-5"]')
    keys.key("Enter")
    page.wait_for_url("**#step-5")
    assert page.evaluate("Math.abs(document.querySelector('#step-5').getBoundingClientRect().top) < 40")


def test_somebody_signed_in_finds_their_own_chapter_first(read):
    desk = read("/", login="tokyo-hotel")
    desk.page.locator(".footer a", has_text="使い方").click()
    desk.page.wait_for_url("**/manual")
    assert desk.page.locator(".manual-cards a").first.get_attribute("href") == "/manual/care"


def test_on_paper_there_is_what_is_read_and_nothing_to_press(read, pictures):
    desk = read("/manual/medical")
    page = desk.page
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    assert not page.locator(".manual-places").is_visible() and not page.locator(".header").is_visible()
    assert page.locator(".manual-picture").first.is_visible()
    file = Path(pictures) / "manual-medical.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", file.read_bytes()))
    assert 2 <= sheets <= 12, sheets
