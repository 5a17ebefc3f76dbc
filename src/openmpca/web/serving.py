"""Serving the pages: one home, a production-grade server (waitress) in a few processes, nothing from outside."""

import logging
import sys
import time
from collections.abc import Callable
from threading import Thread
from typing import Any, Final

HEADER_BYTES: Final = 32 * 1024
BODY_BYTES: Final = 64 * 1024 * 1024
FIRST_PAGES: Final = 2.0
"""Seconds for which whoever comes first has the server for themselves, before it counts the whole State."""


def application() -> Any:
    """The WSGI application of the home that is open, its tables made."""
    from django.core.management import call_command

    from openmpca.web.databases import make_tables

    made = another_application()
    make_tables()
    call_command("clearsessions")
    return made


def another_application() -> Any:
    """The WSGI application of the home that is open, where its tables are made."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from openmpca.pages import uploads
    from openmpca.record.databases import follow_files
    from openmpca.web.databases import point

    made = get_wsgi_application()
    follow_files()
    point()
    settings.FILE_UPLOAD_TEMP_DIR = str(uploads.begin())
    return made


def server(application: Any, threads: int, *, kept: bool = True, **place: Any) -> Any:
    """A server that listens, to be run with `.run()`: at a ``host`` and ``port``, of which 0 takes a free one
    (`.effective_port`), or at ``sockets``. Connections are ``kept`` for the next request unless others serve beside it:
    then each request goes to who is free.
    """
    from waitress import create_server  # type: ignore[import-untyped]

    from openmpca.proof.publishing.serving import listening
    from openmpca.web.channel import Channel, Once

    made = create_server(
        application,
        **place,
        ident="",
        threads=threads,
        connection_limit=200,
        channel_timeout=60,
        max_request_header_size=HEADER_BYTES,
        max_request_body_size=BODY_BYTES,
        **_proxy(),
    )
    for each in listening(made):
        each.channel_class = Channel if kept else Once
        each.readable = each.readable if kept else _free_to_take(each, threads)
    return made


def _free_to_take(made: Any, threads: int) -> Callable[[], bool]:
    """Whether a server takes another connection: not while all its threads answer; others serve beside it."""
    takes = made.readable

    def readable() -> bool:
        answering = sum(bool(each.requests) for each in made.active_channels.values())
        return bool(takes() and answering < threads)

    return readable


def _proxy() -> dict[str, Any]:
    """What is believed of the proxy before the server: from which address one asks, and that it was by TLS."""
    from django.conf import settings

    if not behind_tls():
        return {}
    return {
        "trusted_proxy": settings.PROXY_ADDRESS,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


def prepare() -> Thread:
    """Count, soon after the first pages, what is asked of the whole State; and read what pages show later."""
    from openmpca.accounting import warming
    from openmpca.accounting.rule_list import all_rules
    from openmpca.web.processes import pass_over

    return warming.start(lambda: time.sleep(FIRST_PAGES), pass_over, all_rules)


def first_secret() -> tuple[str, str] | None:
    """A one-time secret for the first administrator, with their handle; None when somebody has an account."""
    from openmpca.record.models import PersonName
    from openmpca.record.opening import readable
    from openmpca.record.reading import stored
    from openmpca.web.models import Account
    from openmpca.web.signing_in import invite

    if not readable() or Account.objects.exists():
        return None
    person = str(stored(0).fields["persons"][0])  # type: ignore[index]
    handle = PersonName.handle_of(person)
    return invite(person), handle


def founding_secret() -> str | None:
    """A one-time secret with which the State of an empty record is founded; None when it is founded."""
    from openmpca.record.record import head
    from openmpca.web.signing_in import FOUNDING, invite

    return None if head()[0] else invite(FOUNDING)


def tell_errors() -> None:
    """What goes wrong is told on standard error, without what was typed. That requests wait in line is not wrong."""
    told = logging.StreamHandler(sys.stderr)
    told.setLevel(logging.ERROR)
    for name in ("django.request", "openmpca"):
        logging.getLogger(name).addHandler(told)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def is_own(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    return host in ("127.0.0.1", "::1", "localhost")


def called(host: str) -> str:
    """What a browser calls an address: passkeys work under a name, and not under a number."""
    return "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host


def behind_tls() -> bool:
    """Whether a web server with TLS is said to stand in front."""
    from django.conf import settings

    return bool(settings.BEHIND_TLS)
