"""The HTTP API as a whole: its description. What it does stands where the pages do, for each page has a twin in it."""

from importlib.metadata import version

import msgspec

from openmpca.pages.describing import openapi
from openmpca.pages.routes import ROUTES


def description() -> bytes:
    """The description of all pages in OpenAPI, as JSON."""
    return msgspec.json.format(msgspec.json.encode(openapi(ROUTES.values(), version("openmpca"))), indent=1)
