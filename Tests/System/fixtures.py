"""Fixtures that both folders of tests share."""

import pytest

from harness import PASSWORD, Server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A demonstration of 300 cases that serves for the whole run; its log is looked through at the end."""
    # A line for each request: what there is to say of one is in the log that is looked through.
    server = Server(tmp_path_factory.mktemp("hersys"), environment={"HERSYS_LOG_LEVEL": "info"})
    server.secrets.add(PASSWORD)
    server.start()
    yield server
    server.stop()


def pytest_collection_modifyitems(items):
    """What looks at the log of everything before it comes last."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)
