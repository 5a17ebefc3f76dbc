"""What people come for, in a real browser: a receipt with a difference and its second person, a question about
the past, what somebody of one facility cannot find, everything by keyboard.
"""

from typing import Any

import pytest

from tests.browser.serving import PASSPHRASE, Served

pytestmark = pytest.mark.xdist_group("browser")


def filled(page: Any, **fields: str) -> None:
    """Fill fields of the form by name; two underscores stand for a colon, one word of capitals for a nuclide."""
    for name, text in fields.items():
        page.fill(f"[name='{name.replace('__', ':').replace('_U235', '/U235')}']", text)


def test_a_receipt_with_a_difference_is_approved_by_a_second_person(site: Served, browser: Any) -> None:
    lena, omar = browser.new_context().new_page(), browser.new_context().new_page()
    site.sign_in(lena, "lena")
    lena.click("main a[href*='accounting/receive']")
    filled(lena, measured__LEU="479.2", measured__LEU_U235="21.3", day="2025-11-20")
    lena.click("button[value=check]")
    effect = lena.inner_text("#effect")
    assert "DI" in effect
    assert "0.8" in effect
    lena.click("button[value=state]")
    assert "waits for a second person" in lena.inner_text("main")
    assert lena.query_selector("main form[action*='approve'], main button[value=approve]") is None
    site.sign_in(omar, "omar")
    omar.click("main a[href*='record/proposal?number=']")
    omar.click("main button:has-text('Approve')")
    lena.goto(f"{site.address}accounting/batch?mba=XTR1&batch=P-25-1")
    shown = lena.inner_text("main")
    assert "RD" in shown
    assert "479.2" in shown


def test_march_is_asked_as_it_was_known_in_april(site: Served, page: Any) -> None:
    site.sign_in(page, "jonas")
    page.goto(f"{site.address}accounting/book")
    page.fill("[name=as_of]", "2025-03-31")
    page.fill("[name=known_at]", "2025-04-30")
    page.click("form.times button")
    assert "as_of=2025-03-31&known_at=2025-04-30" in page.url
    assert page.query_selector("header.past") is not None
    told = site.command("book", "XTF1", "--as-of", "2025-03-31", "--known-at", "2025-04-30")
    figures = {each.replace("\u2009", "") for each in told.split("\n")[-2].split("  ") if "." in each}
    row = page.locator("tr", has=page.locator("text=XTF1")).first.inner_text().replace("\u2009", "")
    assert figures
    assert all(each.strip() in row for each in figures)
    page.click("a.now")
    assert page.query_selector("header.past") is None


def test_whoever_may_read_one_facility_finds_no_way_to_another(site: Served, page: Any) -> None:
    site.sign_in(page, "tara")
    for path in (
        "accounting/book?mba=XTR1",
        "accounting/ledger?mba=XTR1",
        "accounting/batches?mba=XTR1",
        "api/accounting/book?mba=XTR1",
        "accounting/book?mba=XTR1&as=csv",
        "accounting/report-file?number=1",
        "record/statement?number=9",
        "people",
    ):
        answer = page.goto(f"{site.address}{path}") if "as=" not in path else page.request.get(f"{site.address}{path}")
        assert answer.status in (403, 404), path
    page.goto(f"{site.address}search?text=XTR1")
    assert page.query_selector("main a[href*='mba=XTR1']") is None
    page.goto(f"{site.address}accounting/book")
    assert "XTF1" in page.inner_text("main")
    assert "XTR1" not in page.inner_text("main")


def test_one_signs_in_and_asks_by_keyboard_alone(site: Served, page: Any) -> None:
    site.sign_in(page, "mira")
    page.context.clear_cookies()
    page.goto(f"{site.address}account/login/")
    page.focus("[name=login]")
    page.keyboard.type("mira")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    page.wait_for_url(site.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.focus("[name=text]")
    page.keyboard.type("P-25-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert "P-25-1" in page.inner_text("main")
