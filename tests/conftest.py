"""What tests of every part share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import cluster
from tests.skips import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401  hooks
from tests.state import State, postgresql_state, postgresql_template, sqlite_state, sqlite_template

TESTS = Path(__file__).parent
MEASURED = ("accounting", "formats", "nuclear", "tlog")
"""The folders whose tests reach every branch of what the coverage gate is about; others run quicker unmeasured."""

settings.register_profile("unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
"""No test asserts on time: hypothesis waits as long as a busy machine takes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no branches where the gate does not look for them."""
    for each in items:
        if each.path.is_relative_to(TESTS) and each.path.relative_to(TESTS).parts[0] not in MEASURED:
            each.add_marker("no_cover")


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


@pytest.fixture(params=["sqlite", "postgresql"])
def each_state_home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """An empty State, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        with sqlite_state(request.getfixturevalue("sqlite_file"), tmp_path / "home") as state:
            yield state
        return
    template = request.getfixturevalue("postgresql_database")
    with postgresql_state(request.getfixturevalue("postgresql_server"), template, tmp_path / "home") as state:
        yield state
