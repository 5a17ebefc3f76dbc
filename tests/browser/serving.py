"""A State served by the command, and people who sign in to it with a browser: Chromium, driven by Playwright."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PASSPHRASE = "seven quiet lamps at dusk"  # noqa: S105  of a State that is not real
CHROMIUM = shutil.which("chromium") or ""
PROGRAM = ("-m", "openmpca.cli")


@dataclass
class Served:
    """A home whose pages are served at an address, by a process."""

    home: Path
    address: str
    process: "subprocess.Popen[str]"
    known: set[str] = field(default_factory=set)
    remembered: dict[str, Any] = field(default_factory=dict)

    def command(self, *words: str) -> str:
        """Run a command of the State; gives what it prints."""
        environment = {**os.environ, "OPENMPCA_HOME": str(self.home)}
        ran = subprocess.run(
            [sys.executable, "-m", "openmpca.cli", *words], env=environment, capture_output=True, text=True, check=True
        )
        return ran.stdout

    def first(self) -> str:
        """The address with the one-time secret of the first administrator, printed where nobody has an account."""
        said = self.process.stdout or ()
        return next(found[1] for line in said if (found := re.search(r"makes an account at (\S+)", line)))

    def sign_in(self, page: Any, handle: str) -> None:
        """Sign somebody in, as they do it: by their one-time secret the first time, then by their passphrase."""
        if handle in self.known:
            page.goto(f"{self.address}account/login/")
            page.fill("input[name=login]", handle)
            page.fill("input[name=password]", PASSPHRASE)
            page.click("main form button")
        else:
            secret = re.search(r"One-time secret of \S+: (\S+)", self.command("invite", handle))
            assert secret is not None
            page.goto(f"{self.address}invitation#{secret[1]}")
            page.fill("input[name=passphrase]", PASSPHRASE)
            page.fill("input[name=again]", PASSPHRASE)
            page.click("main form button")
            self.known.add(handle)
        page.wait_for_url(self.address)


@contextmanager
def served(home: Path, program: Sequence[str] = PROGRAM, port: int = 0, **environment: str) -> Iterator[Served]:
    """Serve the pages of a home for the length of a block, by the command or a program that stands in for it; by one
    process unless more are asked for, which would take their time to begin."""
    server = subprocess.Popen(
        [sys.executable, *program, "serve", "--port", str(port)],
        env={**os.environ, "OPENMPCA_PROCESSES": "1", "OPENMPCA_HOME": str(home), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for line in server.stdout or ():
            if (found := re.search(r"The pages are at (\S+)", line)) is not None:
                yield Served(home, found[1], server)
                return
        raise RuntimeError("the server ended before it listened")
    finally:
        server.terminate()
        server.wait(timeout=30)


def let_in(home: Path) -> set[str]:
    """Give everybody of a State an account; gives their handles."""
    environment = {**os.environ, "OPENMPCA_HOME": str(home)}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.browser.letting_in"], env=environment, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
