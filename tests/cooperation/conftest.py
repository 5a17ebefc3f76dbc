"""The fixtures of pages, for the pages of cooperation."""

from tests.web.conftest import founded_site, pages_file, site

__all__ = ["founded_site", "pages_file", "site"]
