"""How other parties are reached: over HTTP, with limits, or in a folder of files.

Rules kept here:

1. Nothing larger than a limit is read, and nothing is waited for longer than a limit, however slowly it comes: the
   limit is of the whole exchange, from the look-up of the name to the last byte.
2. Only http and https; no redirect is followed; no cookie, no credential is sent. What comes back is not believed
   because of where it comes from: signatures and proofs are (see `tlog`), so http is as good as https for integrity.
3. A folder is read below its own path alone: the paths of a log are made by `tlog.tiles`, never taken from outside.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, UnknownHandler

from openmpca.tlog.note import MAX_NOTE_BYTES
from openmpca.tlog.remote import Fetch, NotThere
from openmpca.tlog.tiles import MAX_ENTRY_BYTES
from openmpca.tlog.tree import TILE_BYTES, TILE_WIDTH

PATIENCE: Final = 30.0
CHUNK: Final = 1 << 16
BUSY: Final = frozenset({429, 500, 502, 503, 504})
WAITS: Final = (1.0, 2.0, 4.0)
LONGEST_WAIT: Final = 30.0
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Unreachable(Exception):  # noqa: N818  the word of the field
    """The other side does not answer, or not in a way that can be read."""


@dataclass(frozen=True)
class Answer:
    """What an HTTP server said."""

    status: int
    body: bytes
    retry_after: float = 0.0


Sleep = Callable[[float], None]


def is_address(text: str) -> bool:
    """Whether this is an address of the network rather than a folder."""
    return text.startswith(("http://", "https://"))


def _opener(host: str | None) -> OpenerDirector:
    """An opener that speaks http and https and nothing else, and follows no redirect; a proxy is for other machines."""
    made = OpenerDirector()
    for each in (ProxyHandler({} if host in HERE else None), UnknownHandler(), HTTPHandler(), HTTPSHandler()):
        made.add_handler(each)
    return made


def send(url: str, body: bytes | None = None, *, limit: int = MAX_NOTE_BYTES, patience: float = PATIENCE) -> Answer:
    """Ask once. Raises `Unreachable`; any status is an answer."""
    if not is_address(url):
        raise Unreachable(f"{url} is no address that begins with http:// or https://")
    got: list[Answer | Unreachable] = []
    talk = threading.Thread(target=lambda: got.append(_exchanged(url, body, limit, patience)), daemon=True)
    talk.start()
    talk.join(patience)
    answer = got[0] if got else Unreachable(f"{url} takes longer than {patience:g} seconds")
    if isinstance(answer, Unreachable):
        raise answer
    return answer


def _exchanged(url: str, body: bytes | None, limit: int, patience: float) -> Answer | Unreachable:
    """What comes of one exchange; whoever drips bytes is left to it by `send`, which waits no longer."""
    headers = {"User-Agent": "openmpca", **({"Content-Type": "text/plain; charset=utf-8"} if body is not None else {})}
    end = time.monotonic() + patience
    try:
        request = Request(url, data=body, headers=headers)  # noqa: S310  the scheme is checked above
        with _opener(urlsplit(url).hostname).open(request, timeout=patience) as found:
            data = bytearray()
            while part := found.read1(min(CHUNK, limit + 1 - len(data))):
                data += part
                if len(data) > limit:
                    return Unreachable(f"{url} sends more than {limit} bytes")
                if time.monotonic() > end:
                    return Unreachable(f"{url} takes longer than {patience:g} seconds")
            return Answer(found.status, bytes(data), _seconds(found.headers.get("Retry-After")))
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        return Unreachable(f"{url}: {reason}")


def _seconds(text: str | None) -> float:
    return min(float(text), LONGEST_WAIT) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0.0


def from_address(url: str, sleep: Sleep = time.sleep) -> Fetch:
    """The log below an address: asked again, after a while, where the server is busy."""
    prefix = url.rstrip("/")

    def fetch(path: str) -> bytes:
        for wait in (*WAITS, None):
            answer = send(f"{prefix}/{path}", limit=_limit(path))
            if answer.status not in BUSY or wait is None:
                break
            sleep(max(wait, answer.retry_after))
        if answer.status in (404, 410):
            raise NotThere(f"{prefix}/{path}")
        if answer.status != 200:
            raise Unreachable(f"{prefix}/{path} answers {answer.status}")
        return answer.body

    return fetch


def from_folder(folder: Path) -> Fetch:
    """The log in a folder, such as one on a stick."""

    def fetch(path: str) -> bytes:
        file = folder / path
        if not file.is_file():
            raise NotThere(str(file))
        if file.stat().st_size > _limit(path):
            raise Unreachable(f"{file} has more than {_limit(path)} bytes")
        try:
            return file.read_bytes()
        except OSError as error:
            raise Unreachable(str(error)) from error

    return fetch


def log_at(place: str) -> Fetch:
    """The log at an address or in a folder."""
    return from_address(place) if is_address(place) else from_folder(Path(place))


def _limit(path: str) -> int:
    if path.startswith("tile/entries/"):
        return TILE_WIDTH * (2 + MAX_ENTRY_BYTES)
    return TILE_BYTES if path.startswith("tile/") else MAX_NOTE_BYTES
