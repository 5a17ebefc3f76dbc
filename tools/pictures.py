"""Takes pictures of the main pages of the demonstration State, to be looked at: `make pictures`.

Each page in light and dark, at a phone's width, right to left and as it is printed; into build/pictures. And the
picture of the README, which is in the tree.
"""

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser.serving import Served, chromium, served

TARGET = Path("build/pictures")
OF_README = Path("docs/pictures/pages.webp")
PAGES = {
    "sign-in": "account/login/",
    "home": "",
    "you": "me",
    "book": "accounting/book",
    "past": "accounting/book?as_of=2025-03-31&known_at=2025-04-30",
    "ledger": "accounting/ledger?mba=XTF2&since=2025-09-01",
    "batch": "accounting/batch?batch=P-25-1&mba=XTF2",
    "receive": "accounting/receive?mba=XTR1&shipment=832",
    "transit": "accounting/transit",
    "reports": "accounting/reports",
    "balance": "accounting/balance?mba=XTF2",
    "inventories": "accounting/inventories?mba=XTF2",
    "picture": "accounting/picture",
    "statement": "record/statement?number=832",
    "people": "people",
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
    "right-to-left": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
}
RIGHT_TO_LEFT = "ar-xb"


def take(site: Served, wanted: list[str]) -> None:
    """Every look of every page that is wanted."""
    with chromium() as browser:
        for look, options in LOOKS.items():
            context = browser.new_context(**options)
            if look == "right-to-left":
                context.add_cookies([{"name": "django_language", "value": RIGHT_TO_LEFT, "url": site.address}])
            page = context.new_page()
            site.sign_in(page, "jonas")
            for name in wanted:
                page.goto(f"{site.address}{PAGES[name]}")
                page.screenshot(path=TARGET / f"{name}-{look}.png", full_page=True)
                if look == "light":
                    page.pdf(path=TARGET / f"{name}-print.pdf")
            context.close()


def take_for_readme(site: Served) -> None:
    """What the first page of the documentation shows: where the material went, as of the end of the story."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        site.sign_in(page, "jonas")
        page.goto(f"{site.address}accounting/picture?as_of=2026-01-15")
        asked = {"format": "webp", "quality": 80}
        made = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    OF_README.write_bytes(base64.b64decode(made["data"]))


def main() -> int:
    """Build the State, serve it, take the pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        environment = {**os.environ, "OPENMPCA_HOME": str(home)}
        subprocess.run([sys.executable, "-m", "openmpca.cli", "demonstration"], env=environment, check=True)
        with served(home, OPENMPCA_PSEUDO="1") as site:
            take(site, sys.argv[1:] or list(PAGES))
            take_for_readme(site)
    print(f"{len(list(TARGET.iterdir()))} pictures in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
