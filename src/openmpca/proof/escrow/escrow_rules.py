"""What is checked before an escrow, or an opening of one, is recorded: rules 90 to 94.

The record holds name, size and root alone, so these rules see nothing of what is in the escrow; that its leaves keep
theirs is checked where it is made (`tlog.escrow`) and where it is opened (`escrow_checking`).

Source: design, ideas 6 and 7.
"""

import re
from typing import Any, Final

import polars as pl

from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.tlog.escrow import LEAST_SIZE, MOST_SIZE

ESCROW: Final = "proof.escrow"
OPENING: Final = "proof.escrow_opening"
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_ROOT: Final = re.compile("[0-9a-f]{64}")

FORM = rule(
    90,
    "An escrow has a name, a size and a root",
    source="design idea 6; format escrow/v1",
    mend=f"A name of letters, digits, full stops and hyphens; {LEAST_SIZE} to {MOST_SIZE} leaves; a root of 64"
    " hexadecimal digits. A larger list goes into several escrows.",
)
ONCE = rule(
    91,
    "A name and a root are declared once",
    source="format escrow/v1: salts are never used again",
    mend="Choose another name and make the escrow anew, with fresh salts; --replaces says whose place it takes.",
)
REPLACES = rule(
    92,
    "An escrow takes the place of one that stands",
    source="format escrow/v1: an old and a new declaration are linked",
    mend="Name an escrow of the same party that no other has replaced: see `openmpca escrow list`.",
)
KNOWN_ESCROW = rule(
    93,
    "What is opened is an escrow of the party that opens it",
    source="design idea 7: each party decides what of its own is shown",
    mend="Give the statement of the escrow: see `openmpca escrow list`.",
)
LEAVES = rule(
    94,
    "An opening names leaves of the escrow, each once",
    source="format escrow/v1",
    mend="Name leaves from 0 to before the size; `openmpca escrow open` finds them by the ids of the records.",
)

Row = dict[str, Any]


def check_escrow(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of escrows that are declared."""
    found = []
    names: set[str] = set()
    roots: set[str] = set()
    for row in segment.frame.iter_rows(named=True):
        found += [*_form(row), *_once(row, known, names, roots), *_replaces(row, known, act)]
        names.add(row["name"])
        roots.add(row["root"])
    return found


def _form(row: Row) -> list[Problem]:
    wrong = [
        (not NAME.fullmatch(row["name"]), "name", f"{row['name']!r} is no name of an escrow."),
        (not LEAST_SIZE <= row["size"] <= MOST_SIZE, "size", f"{row['size']} is no size of an escrow."),
        (not _ROOT.fullmatch(row["root"]), "root", f"{row['root']!r} is no root."),
    ]
    return [FORM.problem(message, record=ESCROW, field=field) for bad, field, message in wrong if bad]


def _once(row: Row, known: Known, names: set[str], roots: set[str]) -> list[Problem]:
    sql = "SELECT name, root FROM proof_escrow WHERE number < %s AND (name = %s OR root = %s)"
    stand = known.frame(sql, [known.number, row["name"], row["root"]], {"name": pl.String, "root": pl.String})
    found = []
    if row["name"] in names or row["name"] in stand["name"]:
        found.append(ONCE.problem(f"There is an escrow {row['name']}.", record=ESCROW, field="name"))
    if row["root"] in roots or row["root"] in stand["root"]:
        found.append(
            ONCE.problem("This root was declared before: its salts are used again.", record=ESCROW, field="root")
        )
    return found


def _replaces(row: Row, known: Known, act: Act) -> list[Problem]:
    old = row["replaces"]
    if old is None:
        return []
    sql = "SELECT party FROM proof_escrow WHERE number = %s AND number < %s"
    stands = known.frame(sql, [old, known.number], {"party": pl.String})
    if act.party not in stands["party"]:
        return [
            REPLACES.problem(f"{act.party} declared no escrow with statement {old}.", record=ESCROW, field="replaces")
        ]
    sql = "SELECT name FROM proof_escrow WHERE replaces = %s AND number < %s"
    taken = known.frame(sql, [old, known.number], {"name": pl.String})
    if taken.height:
        message = f"{taken['name'][0]} has taken the place of statement {old}."
        return [REPLACES.problem(message, record=ESCROW, field="replaces")]
    return []


def check_opening(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of openings."""
    return [each for row in segment.frame.iter_rows(named=True) for each in _opening(row, known, act)]


def _opening(row: Row, known: Known, act: Act) -> list[Problem]:
    sql = "SELECT party, size FROM proof_escrow WHERE number = %s AND number < %s"
    escrow = known.frame(sql, [row["escrow"], known.number], {"party": pl.String, "size": pl.Int64})
    if act.party not in escrow["party"]:
        message = f"{act.party} declared no escrow with statement {row['escrow']}."
        return [KNOWN_ESCROW.problem(message, record=OPENING, field="escrow")]
    leaves, size = list(row["leaves"]), int(escrow["size"][0])
    outside = [each for each in leaves if not 0 <= each < size]
    if outside or not leaves or len(set(leaves)) < len(leaves):
        message = f"No leaf {outside[0]} among {size}." if outside else "No leaf, or one twice."
        return [LEAVES.problem(message, record=OPENING, field="leaves")]
    return []
