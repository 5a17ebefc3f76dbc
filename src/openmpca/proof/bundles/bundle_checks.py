"""What is checked before a partner, a bundle to send or a received bundle is recorded: rules 49, 81 and 86 to 89.

Rules kept here:

1. What is released stands open in the record, and the files that go with it are kept here under their digests, so that
   who approves can look at all of it.
2. A party releases what it stated itself; the party that keeps the record may release all of it.
3. A bundle is received once. One whose checkpoint is older than what came from the same log is taken only with a
   reason; one that contradicts it is never taken.

Source: design, ideas 6 and 7.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from openmpca.problems import Problem
from openmpca.proof import releasing
from openmpca.proof.bundles import partners
from openmpca.proof.bundles.bundle_form import MOST_ATTACHMENTS, MOST_STATEMENTS, FormError, check_names
from openmpca.proof.bundles.bundle_rules import FORK, KEPT, PARTNER, SENT, STALE
from openmpca.proof.models import BundleFile
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.reading import stored_many

_FIELD: Final = re.compile(r"(0|[1-9][0-9]{0,18}):(.+)", re.ASCII)
_ATTACHMENT: Final = re.compile(r"(.+) ([0-9a-f]{64})")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_RECEIVED: Final = {"number": pl.Int64, "sha256": pl.String, "size": pl.Int64, "root": pl.String}
Row = dict[str, Any]


def fields_by_number(listed: list[str]) -> dict[int, list[str]]:
    """NUMBER:FIELD texts as fields of each statement. Raises ValueError for a text that reads otherwise."""
    found: dict[int, list[str]] = {}
    for each in listed:
        parts = _FIELD.fullmatch(each)
        if parts is None:
            raise ValueError(f"{each!r} does not read NUMBER:FIELD")
        found.setdefault(int(parts[1]), []).append(parts[2])
    return found


def digests_by_name(listed: list[str]) -> dict[str, str]:
    """NAME SHA256 texts as digests by name. Raises ValueError for a text that reads otherwise."""
    found: dict[str, str] = {}
    for each in listed:
        parts = _ATTACHMENT.fullmatch(each)
        if parts is None or parts[1] in found:
            raise ValueError(f"{each!r} does not read NAME SHA256, or repeats a name")
        found[parts[1]] = parts[2]
    return found


def partner(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of statements about partners."""
    rows = list(segment.frame.iter_rows(named=True))
    if len({row["of"] for row in rows}) < len(rows):
        return [PARTNER.problem("A partner stands here twice.", record=segment.kind.name, field="of")]
    return [found for row in rows for found in partners.unfit(row, known)]


def bundle(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of bundles to be sent."""
    return [found for row in segment.frame.iter_rows(named=True) for found in _bundle(row, known, act)]


def _bundle(row: Row, known: Known, act: Act) -> Iterator[Problem]:
    if str(row["recipient"]) not in partners.partners(row["day"], known):
        message = f"The keys of {row['recipient']} are not known here."
        yield PARTNER.problem(message, record="proof.bundle", field="recipient")
    for name in ("purpose", "authority"):
        if not str(row[name]).strip():
            yield _sent(f"A release has its {name}.", name)
    yield from _statements(row, known, act)
    yield from _attachments(row)


def _statements(row: Row, known: Known, act: Act) -> Iterator[Problem]:
    try:
        chosen = fields_by_number(list(row["fields"]))
    except ValueError as error:
        yield _sent(f"{error}.", "fields")
        return
    if sorted(chosen) != sorted(set(row["statements"])) or not 0 < len(chosen) < MOST_STATEMENTS:
        yield _sent(f"From 1 to {MOST_STATEMENTS - 1} statements, each with a field that is shown.", "statements")
        return
    there = {each.number: each.body for each in stored_many([n for n in chosen if 0 <= n < known.number], known.using)}
    yield from releasing.unfit(there, str(row["recipient"]), known, act, "proof.bundle")
    for number, names in chosen.items():
        if number not in there:
            yield _sent(f"There is no statement {number}.", "statements")
        elif unknown := sorted(set(names) - there[number].keys()):
            yield _sent(f"Statement {number} has no open field {', '.join(unknown)}.", "fields")
        elif len(set(names)) < len(names):
            yield _sent(f"A field of statement {number} is named twice.", "fields")


def _attachments(row: Row) -> Iterator[Problem]:
    try:
        named = digests_by_name(list(row["attachments"]))
        check_names(list(named))
    except (FormError, ValueError) as error:
        yield _sent(f"{error}.", "attachments")
        return
    if len(named) > MOST_ATTACHMENTS:
        yield _sent(f"More than {MOST_ATTACHMENTS} files.", "attachments")
    kept = set(BundleFile.objects.filter(sha256__in=named.values()).values_list("sha256", flat=True))
    for name, digest in named.items():
        if digest not in kept:
            yield _sent(f"The file {name} with this digest is not kept here.", "attachments")


def _sent(message: str, field: str) -> Problem:
    return SENT.problem(message, record="proof.bundle", field=field)


def received(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of bundles that came in."""
    rows = list(segment.frame.iter_rows(named=True))
    if len({row["sha256"] for row in rows}) < len(rows):
        return [KEPT.problem("A file stands here twice.", record="proof.received", field="sha256")]
    return [found for row in rows for found in _received(row, known)]


def _received(row: Row, known: Known) -> Iterator[Problem]:
    name = "proof.received"
    for field in ("sha256", "root"):
        if not _DIGEST.fullmatch(str(row[field])):
            yield KEPT.problem("It is no SHA-256 in lower-case hexadecimal.", record=name, field=field)
    if str(row["sender"]) not in partners.partners(row["day"], known):
        yield PARTNER.problem(f"The keys of {row['sender']} are not known here.", record=name, field="sender")
    sql = "SELECT number, sha256, size, root FROM proof_received WHERE (origin = %s OR sha256 = %s) AND number < %s"
    before = known.frame(sql, [row["origin"], row["sha256"], known.number], _RECEIVED)
    for number, sha256, size, root in before.iter_rows():
        if sha256 == row["sha256"]:
            mend = f"Nothing is to be done: see `openmpca bundle show {number}`."
            yield KEPT.problem(f"It was received as statement {number}.", record=name, field="sha256", mend=mend)
        elif size == row["size"] and root != row["root"]:
            message = f"With statement {number} came another root of {row['origin']} at size {size}."
            yield FORK.problem(message, record=name, field="root")
    newest = before.filter(pl.col("size") > row["size"]).sort("size", descending=True)
    if newest.height:
        number, size = newest.row(0, named=True)["number"], newest["size"][0]
        message = f"Its checkpoint has {row['size']} statements, that of {number} had {size}."
        yield STALE.problem(message, record=name, field="size")


CHECKS: Final = {"proof.partner": partner, "proof.bundle": bundle, "proof.received": received}
