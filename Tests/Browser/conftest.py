"""A real browser (Debian's Chromium) in front of a demonstration server."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "System"))

import pytest  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from fixtures import *  # noqa: E402, F403
from people import PERSON, PLAIN, Desk  # noqa: E402


@pytest.fixture(autouse=True)
def people(server):
    """What the people at their desks type must stand in no log, see script/scan-logs."""
    for fields in (PERSON, PLAIN):
        server.secrets.update(text for text in fields.values() if isinstance(text, str) and len(text) > 1)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("HERSYS_CHROMIUM") or "/usr/bin/chromium",
            args=["--no-sandbox", "--force-prefers-reduced-motion"])
        yield browser
        browser.close()


@pytest.fixture
def open_desk(server, chromium):
    """Opens a browser window of its own for an account: `open_desk("shinjuku-hc")`; None for nobody."""
    desks = []

    def open_one(login=None, width=1280, **options):
        desk = Desk(server, chromium, login, width, **options)
        desks.append(desk)
        return desk

    yield open_one
    for desk in desks:
        desk.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Where pictures for people go."""
    folder = Path(os.environ.get("HERSYS_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
