"""What tests of every part share."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from tests.demonstration_built import Built, built
from tests.postgres import cluster
from tests.skips import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401  hooks
from tests.state import State, postgresql_state, postgresql_template, sqlite_state, sqlite_template

MEASURED = (
    "tests/accounting/inventory/test_closing.py",
    "tests/accounting/inventory/test_holdup.py",
    "tests/accounting/obligations/test_replay.py",
    "tests/accounting/reporting/test_rules.py",
    "tests/accounting/test_answering.py",
    "tests/accounting/test_balance_rules.py",
    "tests/accounting/test_book_side_by_side.py",
    "tests/accounting/test_book_stories.py",
    "tests/accounting/test_rules.py",
    "tests/accounting/transit/test_rules.py",
    "tests/formats/",
    "tests/nuclear/",
    "tests/tlog/",
    "src/",
)
"""Whose tests reach every branch of what the coverage gate is about; measuring others too takes half as long again."""

settings.register_profile("unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
"""No test asserts on time: hypothesis waits as long as a busy machine takes."""

TOGETHER = {
    "tests/browser/": "one browser, one State that is served",
    "tests/demonstration/": "the demonstration State, played once",
    "tests/house/test_json_names.py": "the demonstration State, played once",
    "tests/interop/test_sumdb.py": "one program that is built",
    "tests/trials/test_kills_served.py": "one State that is served",
    "tests/web/test_matrix.py": "one State of all cases",
    "tests/web/test_once_everywhere.py": "the pages that were tried",
}
"""What the tests of a folder or file share, which therefore one process runs; all others go where there is room."""


class Together(LoadScopeScheduling):
    """Hands out tests one by one, but those that share something to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return next((shared for begin, shared in TOGETHER.items() if nodeid.startswith(begin)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """How tests are handed out where several processes run them."""
    return Together(config, log)


def measured(nodeid: str) -> bool:
    """Whether branches are measured in a test; which of them it goes through is the same on both databases."""
    return nodeid.startswith(MEASURED) and "[postgresql" not in nodeid


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure no branches where the gate does not look for them, nor while what such a test needs is set up.

    The mark of pytest-cov for this does not do: in each process of several a second measurement goes on below it.
    """
    coverage = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if coverage is None or measured(item.nodeid):
        return (yield)
    here, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(in_threads)
        sys.settrace(here)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Iterator[None]:
    """Look for no examples in docstrings of tests: those of the programs alone are run."""
    return [each for each in (yield) if not isinstance(each, DoctestModule)]


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of published test vectors, which lies beside the checkout or where OPENMPCA_SHARED says."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("OPENMPCA_SHARED") or beside)
    if not folder.is_dir():
        pytest.skip(f"no test vectors: {folder} is not there; name their folder in OPENMPCA_SHARED")
    return folder


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database file of an empty State, to be copied."""
    return sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def played_file(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The database of the demonstration State once played, to be copied, and what came of playing it."""
    home = tmp_path_factory.mktemp("tessara") / "home"
    with sqlite_state(sqlite_file, home):
        from openmpca.demonstration.generator import whole_state
        from openmpca.demonstration.player import play

        played = play(whole_state("2024"))
    return home / "openmpca.sqlite3", played


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The demonstration State as its command builds it, to be copied; one for all processes of the test run."""
    folder = tmp_path_factory.getbasetemp()
    return built(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server; tests that need one are skipped where there is none."""
    with cluster() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the database of an empty State, to be copied."""
    with postgresql_template(postgresql_server, tmp_path_factory.mktemp("template")) as name:
        yield name


@pytest.fixture
def state_home(sqlite_file: Path, tmp_path: Path) -> Iterator[State]:
    """An empty State on SQLite, open: tables made, nothing recorded. See `tests.state.founded`."""
    with sqlite_state(sqlite_file, tmp_path / "home") as state:
        yield state


@contextmanager
def state_on(vendor: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[State]:
    """An empty State on the database of a vendor."""
    if vendor == "sqlite":
        with sqlite_state(request.getfixturevalue("sqlite_file"), folder) as state:
            yield state
        return
    template = request.getfixturevalue("postgresql_database")
    with postgresql_state(request.getfixturevalue("postgresql_server"), template, folder) as state:
        yield state


@pytest.fixture(params=["sqlite", "postgresql"])
def each_state_home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """An empty State, once on SQLite and once on PostgreSQL."""
    with state_on(request.param, request, tmp_path / "home") as state:
        yield state


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def usual_state_home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """An empty State on SQLite, and in trials on PostgreSQL too: for what asks the database nothing that a test with
    `each_state_home` does not ask it."""
    with state_on(request.param, request, tmp_path / "home") as state:
        yield state
