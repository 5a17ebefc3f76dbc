"""A connection of the server: a request comes whole in time, and what the server itself refuses has the same headers.

Rules kept here:

1. The head of a request comes within `HEAD_SECONDS`, its body at `BYTES_A_SECOND` at least, however its bytes drip: who
   holds connections open and says nothing keeps nobody out for longer.
2. What never reaches the application, because it is no request or too large, is answered with headers that let a
   browser do nothing with it.
3. Where several processes serve, a connection is for one request, so that the next one goes to who is free.

Source: waitress' own time limit counts silence alone; OWASP Denial of Service and HTTP Headers Cheat Sheets.
"""

import time
from typing import Any, Final

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.task import ErrorTask, WSGITask  # type: ignore[import-untyped]

HEAD_SECONDS: Final = 20.0
BYTES_A_SECOND: Final = 16 * 1024
HEADERS: Final = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)


class Refusal(ErrorTask):  # type: ignore[misc]  # waitress tells no types
    """What the server refuses by itself."""

    def execute(self) -> None:
        """Answer, with headers (rule 2)."""
        self.response_headers.extend(HEADERS)
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection on which no request takes for ever to come."""

    error_task_class = Refusal
    begun = 0.0

    def received(self, data: bytes) -> Any:
        """Take bytes, noting when those of a request began."""
        if self.request is None:
            self.begun = time.monotonic()
        return super().received(data)

    def readable(self) -> bool:
        """Asked before each round of the server, at least once a second."""
        if self.connected and self.request is not None and time.monotonic() - self.begun > self._allowed():
            self.handle_close()
        return bool(self.connected and super().readable())

    def writable(self) -> bool:
        """Whether there is something to send, to somebody who is there."""
        return bool(self.connected and super().writable())

    def _allowed(self) -> float:
        came = self.request
        length = came.content_length if came is not None and came.headers_finished else 0
        return HEAD_SECONDS + length / BYTES_A_SECOND


class Only(WSGITask):  # type: ignore[misc]  # waitress tells no types
    """A request after whose answer the connection is closed."""

    def start(self) -> None:
        """Before the answer."""
        super().start()
        self.set_close_on_finish()


class Once(Channel):
    """A connection for one request (rule 3)."""

    task_class = Only
