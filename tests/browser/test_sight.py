"""What every page keeps: nothing that axe-core calls serious, in English and right to left, in light and dark."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.serving import Served

PATHS = ["", "me", "accounting/book", "accounting/ledger?mba=XTF2"]


def found_by_axe(page: Any) -> list[str]:
    """What axe-core finds serious or critical, with the places."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in violations
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(site: Served, page: Any, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site.address}account/login/")
    assert not found_by_axe(page)
    site.sign_in(page, "jonas")
    for path in PATHS:
        page.goto(f"{site.address}{path}")
        assert (path, found_by_axe(page)) == (path, [])
