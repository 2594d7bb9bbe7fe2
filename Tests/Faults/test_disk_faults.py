"""A disk that is full, and one that is slow."""

import statistics
import tempfile
import time
from pathlib import Path

import pytest

from checker import check
from database import Postgres
from disk import SlowDisk, SmallDisk
from harness import Server
from load import Load, refused, undone


@pytest.fixture(scope="module")
def small_sqlite(tmp_path_factory):
    disk = SmallDisk(tmp_path_factory.mktemp("disk") / "disk", 64)
    try:
        yield disk, Server(
            tmp_path_factory.mktemp("house"), cases=0, database=f"sqlite:{disk.folder / 'hersys.db'}")
    finally:
        disk.remove()


def test_the_disk_of_the_file_is_full(small_sqlite, serve, round):
    disk, house = small_sqlite
    server = serve(house)
    with Load(server) as load, undone(disk.relieve):
        load.gather(20)
        full = time.monotonic()
        disk.fill()
        load.until(lambda: refused(load, ("notify", "draft"), full))
        time.sleep(2)
        # Who reads of a person is written down first: where that can't be, nobody reads, and is told so. What
        # tells of nobody is there all the while.
        with server.client() as passer_by:
            assert passer_by.get("/readyz").status_code == 200
            assert passer_by.get("/sign-in").status_code == 200
        disk.relieve()
        relieved = time.monotonic()
        healed = load.healed(relieved)
    print(f"\n空きができてから全員の成功まで{healed:.2f}秒、{load.summary()}")
    check(load, server)


@pytest.fixture(scope="module")
def small_postgres(tmp_path_factory):
    postgres = Postgres("max_wal_size=32MB", "min_wal_size=32MB", "checkpoint_timeout=30s", "autovacuum=off")
    disk = SmallDisk(postgres.folder / "data", 256)
    try:
        postgres.start()
        yield disk, postgres, Server(tmp_path_factory.mktemp("house"), cases=0, database=postgres.address)
    finally:
        postgres.remove()
        disk.remove()
        postgres.remove()


def test_the_disk_of_the_tables_is_full(small_postgres, serve, round):
    """Tables can't grow while the log still has room of its own."""
    disk, postgres, house = small_postgres
    server = serve(house)
    with Load(server) as load, undone(disk.relieve):
        load.gather(20)
        full = time.monotonic()
        disk.fill()
        load.until(lambda: refused(load, ("notify",), full))
        time.sleep(2)
        with server.client() as passer_by:
            assert passer_by.get("/readyz").status_code == 200
        assert postgres.pid() is not None
        disk.relieve()
        relieved = time.monotonic()
        healed = load.healed(relieved)
    print(f"\n表の領域が満杯：空きができてから全員の成功まで{healed:.2f}秒、{load.summary()}")
    check(load, server)


def test_the_disk_of_the_log_is_full(small_postgres, serve, round):
    """PostgreSQL ends where it can't write its log; somebody makes room and starts it."""
    disk, postgres, house = small_postgres
    server = serve(house)
    panics = postgres.log().count("PANIC")
    with Load(server) as load, undone(disk.relieve):
        load.gather(20)
        full = time.monotonic()
        disk.fill()
        # Each switch takes a new file of the log, until there is none.
        for _ in range(40):
            try:
                postgres.ask("INSERT INTO counters (name, value) VALUES ('log', 0) ON CONFLICT (name) DO NOTHING; "
                             "UPDATE counters SET value = value + 1 WHERE name = 'log'; SELECT pg_switch_wal()")
            except AssertionError:
                break
        load.until(lambda: postgres.log().count("PANIC") > panics)
        load.until(lambda: refused(load, ("notify",), full))
        disk.relieve()
        time.sleep(1)
        if postgres.pid() is None:
            postgres.start()
        relieved = time.monotonic()
        healed = load.healed(relieved, seconds=15)
    print(f"\nログの領域が満杯：空きができてから全員の成功まで{healed:.2f}秒、{load.summary()}")
    check(load, server)


@pytest.fixture(scope="module")
def slow():
    # The user postgres has to read the library; pytest closes its own folders whenever another run begins.
    with tempfile.TemporaryDirectory(prefix="hersys-slow-") as folder:
        Path(folder).chmod(0o755)
        yield SlowDisk(Path(folder))


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def slow_house(request, slow, tmp_path_factory):
    """A database whose disk is slow while we want it so, and what the serving process needs for that."""
    if request.param == "sqlite":
        yield Server(tmp_path_factory.mktemp("house"), cases=0), slow.environment
        return
    postgres = Postgres(environment=slow.environment)
    try:
        postgres.start()
        yield Server(tmp_path_factory.mktemp("house"), cases=0, database=postgres.address), {}
    finally:
        postgres.remove()


def test_a_slow_disk(slow_house, slow, serve, round):
    house, environment = slow_house
    server = serve(house, environment=environment)
    glances = []
    with Load(server) as load, server.client() as passer_by:
        load.gather(20)
        began = time.monotonic()
        with slow.slow():
            goal = len(load.acknowledged) + 20
            while len(load.acknowledged) < goal:
                # What isn't about a person is read without a line in the reading log.
                asked = time.monotonic()
                assert passer_by.get("/readyz").status_code == 200
                glances.append(time.monotonic() - asked)
                time.sleep(0.05)
                assert asked < began + 60, load.summary()
        ended = time.monotonic()
        load.healed(ended)

    def durations(*kinds):
        return [told.at - told.began for told in load.told
                if told.kind in kinds and told.began >= began and told.at <= ended]

    writes, reads = durations("notify"), durations("read", "list page")
    print(f"\n遅いディスク：登録の中央値{statistics.median(writes):.2f}秒、最大{max(writes):.2f}秒、"
          f"閲覧の中央値{statistics.median(reads):.2f}秒、最大{max(reads):.2f}秒、"
          f"記録のない閲覧の最大{max(glances):.2f}秒")
    assert statistics.median(writes) >= 0.25, "the disk wasn't slow"
    assert max(writes) <= 5
    # Who reads of a person is written down before it is shown: that waits for the disk as a write does.
    assert max(reads) <= 5
    assert statistics.median(glances) <= 0.2, "who reads waits for those who write"
    assert not [told for told in load.told if told.status == 503]
    check(load, server)
