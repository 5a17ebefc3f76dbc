"""The times of a question on the command line: as of a day, as known at a time or a statement; and as reported."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.queries import View
    from openmpca.accounting.reporting.standing import State

CLAIMED = "claimed:"

AsOf = Annotated[str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="As of the end of this day. Default: today.")]
KnownAt = Annotated[
    str,
    typer.Option(
        "--known-at",
        metavar="TIME|NUMBER|claimed:DAY",
        help="As known at a time or a statement, or as reports brought in claim for a day. Default: now.",
    ),
]
Day = Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="The day, whose cut-off is at 24:00.")]

AsReported = Annotated[
    str,
    typer.Option("--as-reported", metavar="STATE", help="As reported, not as booked: made, sent or acknowledged."),
]


def day_of(text: str, option: str = "--day") -> date:
    """The day that an option gives; today, in UTC, when it is blank."""
    from openmpca.record import clock

    if not text:
        return clock.day(clock.now_us())
    try:
        return date.fromisoformat(text)
    except ValueError:
        console.usage(f"{option} {text!r} is no day.", "Write it as YYYY-MM-DD.")


def known_at(text: str) -> int | None:
    """The statement number that is meant, None for all that is known."""
    if not text:
        return None
    if text.isdecimal() and text.isascii():
        return _number(int(text))
    if text.startswith(CLAIMED):
        return _claimed(text.removeprefix(CLAIMED))
    from openmpca.record.reading import moment

    try:
        known = moment(text)
    except ValueError:
        console.usage(f"--known-at {text!r} is no time and no statement.", "For example 2026-03-31T12:00:00Z, or 4711.")
    if known < 0:
        console.tell(f"Nothing was known yet at {text}: the record begins later.")
    return known


def _number(number: int) -> int:
    from openmpca.record.record import head

    if number >= head()[0]:
        console.not_found(
            f"There is no statement {number} yet: the last is {head()[0] - 1}.",
            "Leave out --known-at for all that is known.",
        )
    return number


def _claimed(text: str) -> int:
    """The last statement that reports brought in claim to be no later than a day."""
    from openmpca.accounting.importing.history import claimed_number

    number = claimed_number(day_of(text or "-", f"--known-at {CLAIMED}"))
    if number < 0:
        console.usage(f"No report that was brought in is dated up to {text}.", "`openmpca reports` shows their dates.")
    return number


def reported(text: str) -> "State | None":
    """How far reports must have come to count, None where the book is asked."""
    if not text:
        return None
    from openmpca.accounting.reporting.standing import STATES

    found: dict[str, State] = {each: each for each in STATES}
    if text not in found:
        console.usage(f"--as-reported {text} is none of {', '.join(STATES)}.", "Say how far reports must have come.")
    return found[text]


def must_know_area(mba: str, view: "View") -> None:
    """End the command where the book has no area of that code."""
    if not view.opened.has(mba):
        console.not_found(f"There is no area {mba}.", "See `openmpca register mba`.")
