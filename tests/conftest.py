"""What tests of every part share."""

import os
from pathlib import Path

import pytest

from tests.skips import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401  hooks


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of published test vectors, which lies beside the checkout or where OPENMPCA_SHARED says."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("OPENMPCA_SHARED") or beside)
    if not folder.is_dir():
        pytest.skip(f"no test vectors: {folder} is not there; name their folder in OPENMPCA_SHARED")
    return folder
