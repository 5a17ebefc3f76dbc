"""The page of results: each trial keeps its own section of `trials/README.md`."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).with_name("README.md")


def machine() -> str:
    """When and on what a trial ran, and how busy that was."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = platform.python_version()
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.system()}, {cores} cores, Python {python}{load}"


def keep(name: str, text: str, page: Path = PAGE) -> None:
    """Put a text between the marks of a section, which the page has."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"{page} has no section {name}")
    page.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def table(head: list[str], rows: list[list[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
