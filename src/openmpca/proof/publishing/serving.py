"""Serving over HTTP, with limits on what anybody may send and how long they may take.

A connection lasts a minute at most, but for the time in which an answer to it is made, however slowly bytes come or
are taken. That frees what slow clients hold; it does not stop somebody who opens hundreds of connections again and
again. So who serves beyond this machine puts a web server with TLS in front, which limits connections by address.
Nothing that is served here is secret, and nobody has to believe the connection: what is read is proven by signatures.
"""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from openmpca.proof.publishing.log_files import LogFiles
from openmpca.proof.publishing.urls import Urls
from openmpca.record import record
from openmpca.tlog.witness import MAX_REQUEST_BYTES

HEADER_BYTES: Final = 16 * 1024
SILENCE: Final = 30
LIFE: Final = 60.0
CONNECTIONS: Final = 100
THREADS: Final = 4


class Site(WSGIHandler):
    """The application over some addresses; several may stand in one process."""

    def __init__(self, urls: Urls) -> None:
        super().__init__()
        self.urls = urls

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        request.urlconf = self.urls  # type: ignore[assignment]  # patterns are taken as well as a module
        return super().get_response(request)


def server(urls: Urls, host: str, port: int) -> Any:
    """A server that listens, to be run with `.run()`; port 0 takes a free one (`.effective_port`)."""
    from waitress import create_server  # type: ignore[import-untyped]
    from waitress.channel import HTTPChannel  # type: ignore[import-untyped]

    class Channel(HTTPChannel):  # type: ignore[misc]  # waitress tells no types
        """A connection that ends after a while, though bytes still come or go."""

        def readable(self) -> bool:
            """Asked before each round of the server, at least once a second."""
            if self.connected and not self.requests and time.time() - self.creation_time > LIFE:
                self.handle_close()
            return bool(self.connected and super().readable())

        def writable(self) -> bool:
            return bool(self.connected and super().writable())

    made = create_server(
        Site(urls),
        host=host,
        port=port,
        ident="openmpca",
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=SILENCE,
        max_request_header_size=HEADER_BYTES,
        max_request_body_size=MAX_REQUEST_BYTES + 1,
    )
    for each in listening(made):
        each.channel_class = Channel
    return made


def listening(made: Any) -> list[Any]:
    """The server itself, or those in it where a host has several addresses."""
    within = getattr(made, "map", None)
    return [each for each in within.values() if hasattr(each, "channel_class")] if within else [made]


def serve(urls: Urls, host: str, port: int) -> None:
    """Serve until interrupted; what goes wrong is told on standard error."""
    logging.getLogger("django.request").addHandler(_errors())
    server(urls, host, port).run()


def _errors() -> logging.Handler:
    told = logging.StreamHandler(sys.stderr)
    told.setLevel(logging.ERROR)
    return told


def last_signed(latest: Callable[[], bytes | None]) -> Callable[[], LogFiles | None]:
    """What is shown of the log whenever somebody asks: the last signed checkpoint, checked once against the record."""
    tree = record.tree()
    shown: list[LogFiles] = []

    def files() -> LogFiles | None:
        note = latest()
        if note is None:
            return None
        if not shown or shown[0].note != note:
            shown[:] = [LogFiles.of(note, tree)]
        return shown[0]

    return files
