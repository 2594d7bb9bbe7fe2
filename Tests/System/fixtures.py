"""Fixtures that both folders of tests share."""

import pytest

from harness import PASSWORD, Server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A demonstration of 300 cases that serves for the whole run; its log is looked through at the end."""
    server = Server(tmp_path_factory.mktemp("hersys"))
    server.secrets.add(PASSWORD)
    server.start()
    yield server
    server.stop()


def pytest_collection_modifyitems(items):
    """What looks at the log of everything before it comes last."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)
