"""Papers and pages that are open to everybody, in Japanese and English: read, printed, and looked at."""

import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = {
    "leaflet-patients": ("/leaflets/patients", "ja"),
    "leaflet-patients-en": ("/leaflets/patients?lang=en", "en"),
    "leaflet-security": ("/leaflets/security", "ja"),
    "api": ("/api", "ja"),
    "api-en": ("/api?lang=en", "en"),
}


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", PAGES)
def test_page(open_desk, pictures, name, width):
    path, language = PAGES[name]
    desk = open_desk(None, width)
    assert desk.goto(path).status == 200
    page = desk.page
    page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
    violations = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in Axe().run(page).response["violations"]]
    assert not violations, "\n".join(violations)
    assert desk.overflow() == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.lang") == language
    assert page.title().endswith("HER-SYS")
    if width == 375:
        page.set_viewport_size({"width": 320, "height": 700})
        assert desk.overflow() == [], "at 320 px"


@pytest.mark.parametrize("name, sheets", [
    ("leaflet-patients", 2), ("leaflet-patients-en", 2), ("leaflet-security", 1)])
def test_paper(open_desk, pictures, name, sheets):
    """On A4, as many sheets as are meant, and nothing of the screen around them."""
    desk = open_desk(None)
    desk.goto(PAGES[name][0])
    paper = pictures / f"{name}.pdf"
    desk.page.pdf(path=paper, format="A4", prefer_css_page_size=True)
    told = subprocess.run(["pdfinfo", str(paper)], capture_output=True, text=True, check=True).stdout
    assert int(re.search(r"Pages:\s+(\d+)", told).group(1)) == sheets
    assert re.search(r"Page size:\s+59[45]\S* x 84[12]", told)
    text = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    assert "印刷する" not in text and "Print" not in text and "English" not in text and "練習用" not in text


@pytest.mark.parametrize("name, other", [("leaflet-patients", "en"), ("api", "en"), ("api-en", "ja")])
def test_the_other_language_is_one_link_away(open_desk, name, other):
    desk = open_desk(None, 375)
    desk.goto(PAGES[name][0])
    desk.page.locator("a.language").click()
    assert desk.page.evaluate("document.documentElement.lang") == other


def test_a_browser_that_asks_for_english_gets_it(server, chromium):
    context = chromium.new_context(base_url=server.address, ignore_https_errors=True, locale="en-US")
    page = context.new_page()
    for path in ("/leaflets/patients", "/api", "/r/aaaaaaaaaaaaaaaaaaaaaa"):
        page.goto(path)
        assert page.evaluate("document.documentElement.lang") == "en", path
    context.close()
