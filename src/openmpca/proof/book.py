"""The derivation of the room: keys, origins, releases, what came in, escrows."""

import polars as pl

from openmpca.proof import models
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.rooms import Tables


def derive(segment: Segment, known: Known) -> Tables:
    """The derived rows of a segment of this room."""
    return _DERIVATIONS[segment.kind.name](segment.frame)


def _key(frame: pl.DataFrame) -> Tables:
    return {models.Key: frame.select("number", "of", "use", "vkey", "replaces", from_day="day")}


def _partner(frame: pl.DataFrame) -> Tables:
    persons = pl.col("person_keys").list.join(" ").fill_null("")
    return {models.Partner: frame.select("number", "of", "party_key", "log_key", person_keys=persons, from_day="day")}


def _origin(frame: pl.DataFrame) -> Tables:
    return {models.Origin: frame.select("number", "origin", "previous", from_day="day")}


def _filler(frame: pl.DataFrame) -> Tables:
    return {}


def _release(frame: pl.DataFrame) -> Tables:
    sort = pl.lit("bundle" if "attachments" in frame.columns else "disclosure")
    return {models.Release: frame.select("number", "day", "recipient", "purpose", "authority", sort=sort)}


def _received(frame: pl.DataFrame) -> Tables:
    return {models.Received: frame.select("number", "day", "sender", "sha256", "origin", "size", "root", "release")}


def _escrow(frame: pl.DataFrame) -> Tables:
    return {models.Escrow: frame.select("number", "day", "party", "name", "size", "root", "replaces")}


def _escrow_opening(frame: pl.DataFrame) -> Tables:
    leaves = frame.select("number", "day", "escrow", "recipient", leaf="leaves").explode("leaf").drop_nulls("leaf")
    return {models.EscrowOpening: leaves}


_DERIVATIONS = {
    "proof.key": _key,
    "proof.partner": _partner,
    "proof.origin": _origin,
    "proof.filler": _filler,
    "proof.disclosure": _release,
    "proof.bundle": _release,
    "proof.received": _received,
    "proof.escrow": _escrow,
    "proof.escrow_opening": _escrow_opening,
}
