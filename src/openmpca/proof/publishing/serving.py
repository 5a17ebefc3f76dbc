"""Serving over HTTP, with limits on what anybody may send and how long they may take.

Who serves beyond this machine puts a web server with TLS in front. Nothing that is served here is secret, and nobody
has to believe the connection: what is read is proven by signatures.
"""

import logging
import sys
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

    return create_server(
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
