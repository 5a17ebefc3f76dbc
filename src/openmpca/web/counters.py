"""Counters of failed attempts and the like, the same for all processes that serve: they stand in the pages' database.

Rules kept here:

1. What is added stands once until it ends, whoever adds it at the same moment, in whatever process: codes of a second
   factor work once, and limits count what all processes saw.
2. What ended goes; nothing goes before, so nobody pushes out the counters of others.
3. Values are kept as JSON: whoever writes in the database makes no program of them.

Source: django-allauth's documentation of its rate limits; OWASP Deserialization Cheat Sheet.
"""

import json
import time
from hashlib import sha256
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections

from openmpca.web.databases import WEB

SWEPT_EACH: Final = 60.0
FOR_EVER: Final = float(1 << 53)
_PUT: Final = "INSERT INTO web_counter (name, value, ends) VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE SET"
_SET: Final = f"{_PUT} value = excluded.value, ends = excluded.ends"
_ADD: Final = f"{_SET} WHERE web_counter.ends <= %s"


class Counters(BaseCache):
    """A cache of Django's in a table (`models.Counter`)."""

    def __init__(self, _location: str, parameters: dict[str, Any]) -> None:
        super().__init__(parameters)
        self._swept = 0.0

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Put a value where there is none; whether there was none (rule 1)."""
        self._sweep()
        return self._do(_ADD, self._name(key, version), json.dumps(value), self._ends(timeout), time.time()) == 1

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Put a value."""
        self._sweep()
        self._do(_SET, self._name(key, version), json.dumps(value), self._ends(timeout))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value that stands, or another where none does."""
        with connections[WEB].cursor() as cursor:
            asked = (self._name(key, version), time.time())
            cursor.execute("SELECT value FROM web_counter WHERE name = %s AND ends > %s", asked)
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Have what stands end at another time; whether it stands."""
        sql = "UPDATE web_counter SET ends = %s WHERE name = %s AND ends > %s"
        return self._do(sql, self._ends(timeout), self._name(key, version), time.time()) == 1

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Take a value away; whether there was one."""
        return self._do("DELETE FROM web_counter WHERE name = %s", self._name(key, version)) == 1

    def clear(self) -> None:
        """Take all values away."""
        self._do("DELETE FROM web_counter")

    def _name(self, key: Any, version: int | None) -> str:
        return sha256(self.make_key(key, version).encode("utf-8", "surrogateescape")).hexdigest()

    def _ends(self, timeout: Any) -> float:
        ends = self.get_backend_timeout(timeout)
        return FOR_EVER if ends is None else float(ends)

    def _sweep(self) -> None:
        now = time.time()
        if now - self._swept >= SWEPT_EACH:
            self._swept = now
            self._do("DELETE FROM web_counter WHERE ends <= %s", now)

    def _do(self, sql: str, *values: str | float) -> int:
        with connections[WEB].cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)
