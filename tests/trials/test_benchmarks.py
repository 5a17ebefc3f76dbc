"""The benchmarks run through, at a size at which they say nothing about speed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from trials._state import ROOT


@pytest.mark.long
def test_the_benchmark_of_the_book_runs_through(tmp_path: Path) -> None:
    into = tmp_path / "results.json"
    subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "book.py"), "--quick", "--into", str(into)],
        check=True,
        capture_output=True,
        timeout=600,
        cwd=ROOT,
    )
    results = json.loads(into.read_text())
    assert results["import"]["changes"] == 5000
    assert results["single statements"]["eight writers, SQLite"]["lost"] == 0
    assert {results["journal"][name].get("same_answer", True) for name in ("hledger", "ledger")} == {True}


@pytest.mark.slow
def test_the_benchmark_of_the_record_runs_through(tmp_path: Path) -> None:
    into = tmp_path / "results.json"
    subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "record.py"), "--quick", "--into", str(into)],
        check=True,
        capture_output=True,
        timeout=600,
        cwd=ROOT,
    )
    results = json.loads(into.read_text())
    assert results["statements"]["fields"] == 18
    assert results["verify"]["statements"] > 2000
    assert results["pymerkle"].get("same_root", True)
