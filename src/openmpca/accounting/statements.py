"""The statements of the accounting room.

Masses are decimal text in grams under weight keys: ``{"E": "9581", "E/U235": "1892"}`` (see `nuclear.categories`).
``day`` is the date on which something happened or from which it holds. A correction is a statement of the same kind
that names the one it replaces in ``corrects``; nothing is ever edited.

Sources: Code 10 (SG-FM-1172, 2011) for the fields of changes and listings; INFCIRC/153 for register, opening and
closing.
"""

from datetime import date
from typing import Final, TypedDict

from openmpca.record.statements import AUTHORITY, CUSTODIAN, OFFICER, Statement, kind


class _Roles(TypedDict):
    prepare: tuple[str, ...]
    approve: tuple[str, ...]


_BOOK: Final = _Roles(prepare=(AUTHORITY, OFFICER, CUSTODIAN), approve=(AUTHORITY, OFFICER))
_REGISTER: Final = _Roles(prepare=(AUTHORITY,), approve=(AUTHORITY,))


@kind("accounting.country", **_REGISTER, erasable=("note",))
class Country(Statement, frozen=True):
    """A State: ours (``own``) or another one, with the dates of its agreements."""

    day: date
    code: str
    name: str
    own: bool = False
    agreement_in_force: date | None = None
    protocol_in_force: date | None = None
    small_quantities: bool = False
    note: str = ""


@kind("accounting.facility", **_REGISTER, erasable=("note",))
class Facility(Statement, frozen=True):
    """A facility, or a location outside facilities, and the party that answers for it."""

    day: date
    code: str
    name: str
    for_party: str = ""
    outside_facilities: bool = False
    ended: bool = False
    note: str = ""


@kind("accounting.mba", **_REGISTER, erasable=("note",))
class Mba(Statement, frozen=True):
    """A material balance area.

    ``reference_only`` areas are foreign: they stand as shippers and receivers and have no book. Empty ``codes``,
    ``forms`` and ``categories`` allow all. ``unified`` areas keep all uranium in one category (U); ``follow_up``
    areas keep batch names from report to report; ``items_only`` areas expect no MUF. ``precision`` gives the decimals
    printed in reports by category.
    """

    day: date
    code: str
    facility: str
    name: str
    country: str = ""
    reference_only: bool = False
    unified: bool = False
    follow_up: bool = True
    items_only: bool = False
    codes: list[str] = []
    forms: list[str] = []
    categories: list[str] = []
    precision: dict[str, str] = {}
    custodian: str = ""
    profile: str = "agency"
    ended: bool = False
    note: str = ""


@kind("accounting.kmp", **_REGISTER)
class Kmp(Statement, frozen=True):
    """A key measurement point of an area: of flow or of inventory."""

    day: date
    mba: str
    code: str
    name: str
    inventory: bool = False
    ended: bool = False


@kind("accounting.place", **_BOOK)
class Place(Statement, frozen=True):
    """A place in the tree of places of an area: a building, a room, a position; ``within`` names the place
    around it.
    """

    day: date
    mba: str
    code: str
    name: str
    within: str = ""
    level: str = "position"
    kmp: str = ""
    custodian: str = ""
    ended: bool = False


@kind("accounting.holder", **_REGISTER, erasable=("name", "note"))
class Holder(Statement, frozen=True):
    """A holder of small amounts, member of an area of locations outside facilities."""

    day: date
    mba: str
    code: str
    name: str
    for_party: str = ""
    ended: bool = False
    note: str = ""


@kind("accounting.document", **_BOOK, erasable=("note",), refers=("about",))
class Document(Statement, frozen=True):
    """A document with a due date and an answer: design information, a declaration, a request, a notice, a special
    report.

    Stated again with the same code when it is sent or answered; ``digest`` is the SHA-256 of the file, kept elsewhere.
    """

    day: date
    code: str
    sort: str
    title: str
    mba: str = ""
    facility: str = ""
    due: date | None = None
    sent: date | None = None
    answered: date | None = None
    answer: str = ""
    digest: str = ""
    about: list[int] = []
    note: str = ""


@kind(
    "accounting.change",
    **_BOOK,
    erasable=("note", "reason", "operator_text"),
    refers=("shipment", "corrects"),
    event=True,
)
class Change(Statement, frozen=True):
    """An inventory change: one code, one batch, the weights that moved.

    ``batch`` is an identifier of its own, ``name`` the name on reports when that differs (names recur).
    ``counterpart`` is the other side of a receipt or shipment, ``COUNTRY/MBA`` or ``COUNTRY``. Receipts state the
    shipper's data. ``parents`` names the batches that this one came from. ``obligation`` is a set of obligation codes
    joined by ``+``. ``reported`` tells, in a history brought in, the report and entry (``7/1``) that reported it, and
    ``booked`` the date on which the books were changed.
    """

    day: date
    mba: str
    code: str
    batch: str
    weights: dict[str, str] = {}
    after_cutoff: bool = False
    name: str = ""
    kmp: str = ""
    description: str = ""
    basis: str = ""
    items: int = 0
    counterpart: str = ""
    shipper_batch: str = ""
    shipment: int | None = None
    parents: list[str] = []
    place: str = ""
    item_numbers: list[str] = []
    seals: list[str] = []
    method: str = ""
    measured_at: str = ""
    uncertainty: str = ""
    obligation: str = ""
    programme: str = ""
    owner: str = ""
    operator_code: str = ""
    operator_text: str = ""
    document: str = ""
    reference_date: date | None = None
    booked: date | None = None
    reported: str = ""
    corrects: int | None = None
    reason: str = ""
    note: str = ""


@kind("accounting.deletion", **_BOOK, erasable=("reason",), refers=("corrects",))
class Deletion(Statement, frozen=True):
    """Statement ``corrects`` (a change or a listed line of ``mba``) is deleted: it should not have been stated."""

    day: date
    mba: str
    corrects: int
    reason: str
    booked: date | None = None
    reported: str = ""


@kind("accounting.inventory", **_BOOK, erasable=("note",))
class Inventory(Statement, frozen=True):
    """A physical inventory taking of an area, as of its cut-off at 24:00 of ``day``; or its opening inventory."""

    day: date
    mba: str
    opening: bool = False
    note: str = ""


@kind("accounting.listed", **_BOOK, erasable=("note", "reason", "operator_text"), refers=("inventory", "corrects"))
class Listed(Statement, frozen=True):
    """A line of a physical inventory: a batch as found, rolled to the cut-off. ``inventory`` is the statement it
    belongs to.
    """

    day: date
    mba: str
    inventory: int
    batch: str
    weights: dict[str, str] = {}
    name: str = ""
    kmp: str = ""
    description: str = ""
    basis: str = ""
    items: int = 0
    place: str = ""
    item_numbers: list[str] = []
    seals: list[str] = []
    method: str = ""
    measured_at: str = ""
    uncertainty: str = ""
    holdup: bool = False
    counted: date | None = None
    obligation: str = ""
    programme: str = ""
    owner: str = ""
    operator_code: str = ""
    operator_text: str = ""
    reported: str = ""
    corrects: int | None = None
    reason: str = ""
    note: str = ""


@kind("accounting.closing", persons=2, **_BOOK, erasable=("note",), refers=("inventory",), event=True)
class Closing(Statement, frozen=True):
    """The material balance of an area is closed on its physical inventory: the book's batches go out, the found ones
    come in.

    What differs is MUF, or the opening itself for an opening inventory; it is derived, never stated.
    """

    day: date
    mba: str
    inventory: int
    note: str = ""


@kind("accounting.placement", **_BOOK, erasable=("note",), event=True)
class Placement(Statement, frozen=True):
    """A batch, or some of its items, now stands at another place of the same area; no mass changes."""

    day: date
    mba: str
    batch: str
    place: str
    kmp: str = ""
    item_numbers: list[str] = []
    seals: list[str] = []
    note: str = ""


@kind("accounting.exchange", persons=2, **_BOOK, erasable=("note",), event=True)
class Exchange(Statement, frozen=True):
    """Obligations change on material of an area without any movement: ``weights`` of set ``given`` become set
    ``taken``.
    """

    day: date
    mba: str
    given: str
    taken: str
    weights: dict[str, str]
    document: str = ""
    note: str = ""


@kind(
    "accounting.report",
    persons=2,
    prepare=(AUTHORITY, OFFICER),
    approve=(AUTHORITY, OFFICER),
    refers=("known", "entries"),
    event=True,
)
class Report(Statement, frozen=True):
    """A report as made or received: its text is kept word for word.

    ``sort`` is I, P, M or T. ``known`` is the number of the last statement that it knew. ``entries`` gives, for each
    accounting entry in order, the statement it reports, 0 for none. ``origin`` is "made" or "received".
    """

    day: date
    mba: str
    sort: str
    report: int
    begin: date
    end: date
    known: int
    text: str
    entries: list[int]
    origin: str = "made"


@kind("accounting.sending", **_BOOK, erasable=("note",), refers=("of",), event=True)
class Sending(Statement, frozen=True):
    """Report statement ``of`` was sent on ``day``."""

    day: date
    mba: str
    of: int
    note: str = ""


@kind("accounting.answer", **_BOOK, refers=("of",), event=True)
class Answer(Statement, frozen=True):
    """The receiver answered report statement ``of``: acknowledged it or returned it with remarks by entry number
    (0: whole).
    """

    day: date
    mba: str
    of: int
    acknowledged: bool
    remarks: dict[str, str] = {}
