"""The statements about keys, releases, what others sent, and escrow.

Nothing here is a secret: private keys, salts and what is withheld never enter a statement.

Source: design, ideas 6 and 7; C2SP signed-note for the text form of a public key.
"""

from datetime import date

from openmpca.record.statements import ADMINISTRATOR, AUTHORITY, OFFICER, Statement, kind


@kind("proof.key", persons=2, prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR, AUTHORITY), erasable=("reason",))
class Key(Statement, frozen=True):
    """A public key of a party or a person (``of``) is in use from ``day`` on.

    ``use`` is log, witness, party or person; ``vkey`` is its text form; ``replaces`` that of the key whose place it
    takes, which signs no more.
    """

    day: date
    of: str
    use: str
    vkey: str
    replaces: str = ""
    reason: str = ""


@kind("proof.partner", persons=2, prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR, AUTHORITY), erasable=("note",))
class Partner(Statement, frozen=True):
    """A party with a record of its own (``of``) signs with these keys from ``day`` on, as it handed them over.

    ``party_key`` signs its bundles, ``log_key`` the checkpoints of its log, ``person_keys`` what its persons sign. All
    of them take the place of those that were stated before.
    """

    day: date
    of: str
    party_key: str
    log_key: str
    person_keys: list[str] = []
    note: str = ""


@kind("proof.origin", persons=2, prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR, AUTHORITY))
class Origin(Statement, frozen=True):
    """The log goes on under a new origin, because signed statements of the old one are lost.

    ``previous`` is the last checkpoint that the old origin signed, whole, so that nobody can say it was never made.
    """

    day: date
    origin: str
    previous: str
    reason: str


@kind(
    "proof.filler",
    prepare=(ADMINISTRATOR, AUTHORITY, OFFICER),
    approve=(ADMINISTRATOR, AUTHORITY, OFFICER),
    silent=True,
)
class Filler(Statement, frozen=True):
    """A statement that says nothing: it fills a checkpoint up, so that the growth of the log tells no tempo of work."""

    day: date


@kind("proof.disclosure", persons=2, prepare=(AUTHORITY, OFFICER), approve=(AUTHORITY,), refers=("statements",))
class Disclosure(Statement, frozen=True):
    """Fields of statements are released to a recipient; ``fields`` holds NUMBER:FIELD for each."""

    day: date
    recipient: str
    purpose: str
    authority: str
    statements: list[int]
    fields: list[str]


@kind("proof.bundle", persons=2, prepare=(AUTHORITY, OFFICER), approve=(AUTHORITY,), refers=("statements",))
class Bundle(Statement, frozen=True):
    """Statements are sent to another party in one signed file; ``fields`` holds NUMBER:FIELD for each that is open.

    ``attachments`` holds NAME SHA256 (in hexadecimal) for each file that goes with them.
    """

    day: date
    recipient: str
    purpose: str
    authority: str
    statements: list[int]
    fields: list[str]
    attachments: list[str] = []


@kind("proof.received", prepare=(AUTHORITY, OFFICER, ADMINISTRATOR), approve=(AUTHORITY, OFFICER, ADMINISTRATOR))
class Received(Statement, frozen=True):
    """A bundle of another party came in and was checked: the digest of the file, and the log it is proven from.

    ``sender`` is our code for the party. ``origin``, ``size`` and ``root`` are those of the checkpoint; ``release`` is
    the number, in the sender's record, of the statement by which it was released.
    """

    day: date
    sender: str
    sha256: str
    origin: str
    size: int
    root: str
    release: int


@kind(
    "proof.escrow",
    persons=2,
    prepare=(AUTHORITY, OFFICER),
    approve=(AUTHORITY,),
    erasable=("about",),
    refers=("replaces",),
)
class Escrow(Statement, frozen=True):
    """A whole inventory is committed to, to be opened step by step: a root over ``size`` leaves, decoys among them.

    ``root`` stands in hexadecimal digits; ``replaces`` is the statement of the escrow whose place this one takes.
    """

    day: date
    name: str
    size: int
    root: str
    replaces: int | None = None
    about: str = ""


@kind("proof.escrow_opening", persons=2, prepare=(AUTHORITY, OFFICER), approve=(AUTHORITY,), refers=("escrow",))
class EscrowOpening(Statement, frozen=True):
    """Leaves of an escrow, counted from 0, are opened for a recipient; ``escrow`` is the statement that declared it."""

    day: date
    escrow: int
    leaves: list[int]
    recipient: str
    purpose: str
    authority: str
