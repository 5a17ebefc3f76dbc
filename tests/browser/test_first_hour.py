"""The first hour of an authority in a real browser: from the one-time secret of a new home to its opening balance."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import CHROMIUM, PASSPHRASE
from tests.web.first_hour import FOUNDING, REGISTER, messy


@pytest.fixture
def first_address(tmp_path: Path) -> Iterator[str]:
    """The address that `openmpca serve` prints in a home that is not there yet."""
    if not CHROMIUM:
        pytest.skip("no Chromium: Debian's package chromium has it")
    server = subprocess.Popen(
        [sys.executable, "-m", "openmpca.cli", "serve", "--port", "0"],
        env={**os.environ, "OPENMPCA_HOME": str(tmp_path / "norland")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        printed = (re.search(r"The State is founded at (\S+)", line) for line in server.stdout or ())
        yield next(found[1] for found in printed if found)
    finally:
        server.terminate()
        server.wait(timeout=30)


def founded(page: Any, address: str) -> None:
    page.goto(address)
    assert page.input_value("[name=secret]") == address.partition("#")[2]
    assert "#" not in page.url
    for name in ("code", "name", "handle", "handle_name", "second", "second_name"):
        page.fill(f"[name={name}]", FOUNDING[name])
    for name in ("passphrase", "again"):
        page.fill(f"[name={name}]", PASSPHRASE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/begin")


def second_let_in(amal: Any, bela: Any) -> None:
    """The first leads the second in, with an address that is handed over."""
    amal.click("a.action")
    amal.click("button[value=invite]")
    bela.goto(re.search(r"http\S+/invitation#\S+", amal.inner_text("main"))[0])  # type: ignore[index]
    for name in ("passphrase", "again"):
        bela.fill(f"[name={name}]", PASSPHRASE)
    bela.keyboard.press("Enter")
    bela.wait_for_url(re.compile(r"/$"))


def to(page: Any, path: str) -> None:
    """Go to another page of the same server."""
    page.goto(f"http://{page.url.split('/')[2]}/{path}")


def registered(page: Any) -> None:
    to(page, "begin")
    page.click("a.action")
    assert "thing=country" in page.url
    for each in REGISTER:
        to(page, f"accounting/register-entry?thing={each['thing']}")
        for name, text in {**each, "day": "2024-12-02"}.items():
            field = page.locator(f"main [name={name}]")
            if name == "thing":
                continue
            if field.evaluate("it => it.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)
        page.click("button[value=state]")


def brought_in(page: Any) -> None:
    """The store keeper's workbook: its second sheet, what its columns mean, what only a person can tell."""
    to(page, "begin")
    page.click("a.action")
    page.fill("[name=day]", "2024-12-31")
    page.set_input_files("[name=file]", {"name": "stock.xlsx", "mimeType": "application/zip", "buffer": messy()})
    page.click("button[value=upload]")
    page.click("a:has-text('Sheet Stock 2024')")
    assert page.input_value("[name=heading]") == "4"
    for name, field in {"field-2": "category", "field-4": "element", "field-5": "fissile", "field-6": "kmp"}.items():
        page.select_option(f"[name={name}]", field)
    page.click("button[value=check]")
    for name, text in {"unit-4": "kg", "unit-5": "g", "word-2:natural": "N"}.items():
        page.select_option(f"[name='{name}']", text)
    page.fill("[name=const-basis]", "N")
    page.fill("[name=const-description]", "BQ2F")
    page.click("button[value=check]")


def shown(page: Any) -> str:
    return str(page.inner_text("main")).replace("\u2009", " ")


def test_an_authority_goes_from_the_one_time_secret_to_its_opening_balance(first_address: str, browser: Any) -> None:
    amal, bela = browser.new_context().new_page(), browser.new_context().new_page()
    founded(amal, first_address)
    second_let_in(amal, bela)
    registered(amal)
    brought_in(amal)
    assert "1 705" in shown(amal)
    amal.click("button[value=state]")
    assert "waits for a second person" in shown(amal)
    bela.goto(amal.url)
    assert "1 705" in shown(bela)
    bela.click("button[value=approve]")
    bela.wait_for_load_state()
    to(amal, "accounting/book?as_of=2024-12-31")
    assert "1 705" in shown(amal)
    to(amal, "begin")
    assert "Initial listing (PIL) of XNR1" in amal.inner_text("a.action")
