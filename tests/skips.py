"""No silent skips: with ``OPENMPCA_NO_SKIP`` set, as ``.ci/run`` does, a test that is skipped fails.

A skip is a hole that looks like a pass. On a developer's machine without hledger, say, it is a help; where the whole is
judged it is a fault, unless its reason is listed here.
"""

import os
from collections.abc import Generator

import pytest

ALLOWED: tuple[str, ...] = ()


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test or a file was skipped, without the place."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip that is not allowed into a failure."""
    if not os.environ.get("OPENMPCA_NO_SKIP") or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = reason_of(report)
    if not any(reason.startswith(allowed) for allowed in ALLOWED):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    judge(report)
    return report
