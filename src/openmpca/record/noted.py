"""Small named values of this machine (`models.Setting`), read as often as a page is asked for."""

import json

from django.db import connections


def noted(name: str, using: str = "default") -> object:
    """The value under a name; None where there is none."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT value FROM record_setting WHERE name = %s", [name])
        found = cursor.fetchone()
    return None if found is None else json.loads(found[0])
