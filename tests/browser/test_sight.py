"""What every page keeps: nothing that axe-core calls serious, in English and right to left, in light and dark."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.serving import Served
from tools.pictures import PAGES, RIGHT_TO_LEFT

PATHS = [path for name, path in PAGES.items() if name != "sign-in"]
MORE = [
    "accounting/enter",
    "accounting/import",
    "accounting/totals",
    "accounting/register",
    "accounting/mba?mba=XTF2",
    "accounting/documents",
    "accounting/due",
    "accounting/obligations",
    "accounting/correct?number=832",
    "record/log",
    "record/doctor",
    "record/proposals",
    "rules",
    "rules?number=351",
    "glossary",
    "search?text=P-25-1",
    "tokens",
    "description",
    "drafts",
    "people/events",
    "people/why",
]


def found_by_axe(page: Any) -> list[str]:
    """What axe-core finds serious or critical, with the places."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in violations
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("scheme", "language", "paths"),
    [("light", "en", PATHS + MORE), ("dark", "en", PATHS[:6]), ("light", RIGHT_TO_LEFT, PATHS[:6])],
    ids=["light", "dark", "right to left"],
)
def test_axe_finds_nothing_serious_on_any_page(
    site: Served, context: Any, scheme: Any, language: str, paths: list[str]
) -> None:
    context.add_cookies([{"name": "django_language", "value": language, "url": site.address}])
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site.address}account/login/")
    assert not found_by_axe(page)
    assert page.get_attribute("html", "dir") == ("rtl" if language == RIGHT_TO_LEFT else "ltr")
    site.sign_in(page, "jonas")
    found = {}
    for path in paths:
        answer = page.goto(f"{site.address}{path}")
        if problems := [*found_by_axe(page), *([] if answer.status == 200 else [f"status {answer.status}"])]:
            found[path] = problems
    assert found == {}
