"""What is answered over HTTP: the files of the log, and the requests to a witness. All deciding is elsewhere.

Source: C2SP tlog-tiles and tlog-witness for paths, types and codes.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from openmpca.proof.publishing.log_files import CHECKPOINT, LogFiles
from openmpca.proof.witnesses.witnessing import Witness
from openmpca.record.record import Refused
from openmpca.tlog.remote import NotThere
from openmpca.tlog.witness import MAX_REQUEST_BYTES, NOT_FOUND, PLAIN, Outcome, refused

FOR_EVER = "public, max-age=31536000, immutable"
FRESH = "no-cache"

View = Callable[..., HttpResponse]
Shown = Callable[[], LogFiles | None]


def file_of_log(shown: Shown) -> View:
    """The view of the checkpoint and the tiles of the log, as of what is signed when somebody asks."""

    def view(request: HttpRequest, path: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            files = shown()
            if files is None:
                return missing(request)
            content = files.content(path)
        except NotThere:
            return missing(request)
        except Refused:
            return _answer(refused(503, "the log cannot be shown now"))
        if path == CHECKPOINT:
            return _content(content, PLAIN, FRESH)
        return _content(content, "application/octet-stream", FOR_EVER)

    return view


def add_checkpoint(witness: Witness) -> View:
    """The view that a log's keeper asks for a cosignature."""

    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        body = request.read(MAX_REQUEST_BYTES + 1)
        return _answer(witness.add_checkpoint(body))

    return view


def latest_cosigned(witness: Witness) -> View:
    """The view of the last checkpoint that was cosigned of a log."""

    def view(request: HttpRequest, name: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        note = witness.latest(name)
        if note is None:
            return missing(request)
        return _content(note, PLAIN, FRESH)

    return view


def missing(request: HttpRequest, path: str = "") -> HttpResponse:
    """Nothing is there."""
    return _answer(refused(NOT_FOUND, "there is nothing here"))


def _answer(outcome: Outcome) -> HttpResponse:
    return _content(outcome.body, outcome.content_type, "no-store", outcome.status)


def _content(body: bytes, content_type: str, keep: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": keep, "Content-Length": str(len(body))}
    return HttpResponse(body, status=status, content_type=content_type, headers=headers)
