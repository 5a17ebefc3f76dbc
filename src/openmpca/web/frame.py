"""What stands around every page: the State, its banner, the rooms and their pages, the record's size and root."""

from functools import cache
from importlib.metadata import version
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages import state
from openmpca.pages.reach import Reach
from openmpca.pages.routes import Open, address, in_menu
from openmpca.record import record
from openmpca.record.opening import readable

ROOMS: Final = {
    "": gettext_lazy("Home"),
    "accounting": gettext_lazy("Accounting"),
    "cooperation": gettext_lazy("Cooperation"),
    "record": gettext_lazy("Record"),
    "proof": gettext_lazy("Proof"),
    "people": gettext_lazy("People"),
}


class Way(NamedTuple):
    """An entry of the rail."""

    text: str
    address: str
    here: bool
    pages: list["Way"]


@cache
def _version() -> str:
    return version("openmpca")


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page, for templates."""
    size, root = record.head() if readable() else (0, b"")
    if not size:
        return {"frame": {"version": _version(), "size": None}}
    return {
        "frame": {
            "version": _version(),
            "size": size,
            "root": root.hex()[:16],
            "state": state.name(root),
            "banner": state.banner(root),
            "rooms": _rooms(request.path, getattr(request, "reach", None)),
            "reported": [
                ("", _("as booked")),
                ("made", _("reports made")),
                ("sent", _("reports sent")),
                ("acknowledged", _("acknowledged")),
            ],
        }
    }


def _rooms(path: str, reach: Reach | None) -> list[Way]:
    here = path.strip("/")
    room = here.partition("/")[0]
    found = [Way(str(ROOMS[""]), "/", not here, [])]
    for name, text in ROOMS.items():
        pages = [
            Way(str(each.title), address(each.path), each.path == here, [])
            for each in in_menu(name)
            if each.needs is not Open.ADMINISTRATOR or (reach is not None and reach.administers)
        ]
        if name and pages:
            found.append(Way(str(text), pages[0].address, name == room, pages))
    return found
