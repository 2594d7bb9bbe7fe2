"""The database is gone, or can't be reached, and comes back."""

import time

import pytest

from checker import check
from load import Load, refused, undone
from network import Cable


def test_the_database_is_killed(postgres, postgres_house, serve, round):
    server = serve(postgres_house)
    with Load(server) as load:
        load.gather(30)
        killed = time.monotonic()
        postgres.kill()
        try:
            time.sleep(2)
        finally:
            postgres.start()
        started = time.monotonic()
        healed = load.healed(started)
    print(f"\n強制終了：{started - killed:.1f}秒の停止、再開から全員の成功まで{healed:.2f}秒、{load.summary()}")
    check(load, server)


def test_a_database_that_is_away_for_longer_is_told(postgres, postgres_house, serve, round):
    server = serve(postgres_house)
    with Load(server) as load:
        load.gather(20)
        stopped = time.monotonic()
        postgres.stop()
        try:
            load.until(lambda: refused(load, ("notify", "read", "list page", "draft"), stopped), seconds=45)
            with server.client() as client:
                assert client.get("/healthz").status_code == 200, "the process lives"
                assert client.get("/readyz").status_code == 503, "and says that it can't serve"
        finally:
            postgres.start()
        started = time.monotonic()
        healed = load.healed(started)
    longest = max(told.at - told.began for told in load.told)
    print(f"\n長い停止：{started - stopped:.1f}秒、最も長い応答{longest:.1f}秒、再開から{healed:.2f}秒、"
          f"{load.summary()}")
    check(load, server)


def test_the_database_is_stopped_in_order(postgres, postgres_house, serve, round):
    server = serve(postgres_house)
    with Load(server) as load:
        load.gather(30)
        postgres.stop()
        try:
            time.sleep(3)
        finally:
            postgres.start()
        started = time.monotonic()
        healed = load.healed(started)
    print(f"\n通常の停止：再開から全員の成功まで{healed:.2f}秒、{load.summary()}")
    check(load, server)


def test_the_database_doesn_t_move(postgres, postgres_house, serve, round):
    """Stopped in the middle, as a machine that swaps or a disk that hangs: its connections stay open."""
    server = serve(postgres_house)
    with Load(server) as load, undone(postgres.go_on):
        load.gather(30)
        postgres.pause()
        time.sleep(5)
        postgres.go_on()
        ended = time.monotonic()
        healed = load.healed(ended)
    print(f"\n凍結：再開から全員の成功まで{healed:.2f}秒、{load.summary()}")
    check(load, server)


@pytest.fixture
def cable(postgres):
    made = Cable(postgres.port)
    yield made
    made.end()


@pytest.fixture
def far_server(postgres_house, serve, cable):
    """A server that reaches its database through a cable."""
    address = postgres_house.database
    head, _, tail = address.rpartition(":")
    return serve(postgres_house, served=f"{head}:{cable.port}/{tail.split('/', 1)[1]}")


def test_connections_are_reset(far_server, cable, round):
    with Load(far_server) as load:
        load.gather(30)
        cable.reset()
        time.sleep(3)
        cable.heal()
        healed_at = time.monotonic()
        healed = load.healed(healed_at)
    print(f"\n切断（RST）：復旧から全員の成功まで{healed:.2f}秒、{load.summary()}")
    check(load, far_server)


@pytest.mark.parametrize("late", [True, False], ids=["late", "never"])
def test_the_network_swallows_everything(far_server, cable, round, late):
    """`late`: what was under way arrives after all; `never`: old connections stay dumb, nobody is told."""
    with Load(far_server) as load:
        load.gather(30)
        cut = time.monotonic()
        cable.swallow()
        time.sleep(5)
        cable.heal(late=late)
        ended = time.monotonic()
        # An end that answers TCP and nothing else is given up after 15 s; a cut that swallows TCP too, after 10.
        healed = load.healed(ended, seconds=10 if late else 20)
    longest = max(told.at - told.began for told in load.told if told.at >= cut)
    print(f"\n無応答（{'遅れて届く' if late else '届かない'}）：復旧から全員の成功まで{healed:.2f}秒、"
          f"最も長い応答{longest:.1f}秒、{load.summary()}")
    check(load, far_server)
