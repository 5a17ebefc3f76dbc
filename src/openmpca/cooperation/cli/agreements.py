"""The commands about agreements: terms, positions, texts, what expires, what follows when a clause lapses."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from datetime import date

    from openmpca.cooperation.agreements.lapse import Lapse, Outcome, Rest
    from openmpca.cooperation.agreements.resting import Told
    from openmpca.cooperation.agreements.terms import Held
    from openmpca.cooperation.claims import Claims

PANEL = "Cooperation"
Code = Annotated[str, typer.Argument(metavar="CODE", help="The code of the agreement.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(
        help="Agreements: clauses, positions, terms, and what lapses.", no_args_is_help=True, rich_markup_mode=None
    )
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="agreement", rich_help_panel=PANEL)


def list_agreements(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the agreements: how each stands, as each party has it."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.agreements.statements import Agreement
        from openmpca.cooperation.agreements.terms import agreements

        claims = claims_of(as_of, known_at, reader)
        said = claims.by_thing(Agreement)
        rows = [
            {**_held(each, claims.day), "layer": said[thing][0].said.layer, "under": said[thing][0].said.under}
            for thing, held in agreements(claims).items()
            for each in held
        ]
        heads = {"agreement": "Agreement", "title": "Title", "layer": "Layer", "under": "Rests on", "party": "As of"}
        more = {"standing": "Standing", "last": "Last day"}
        out.table(rows, {**heads, **more}, empty="There are no agreements: `openmpca state cooperation.agreement`.")


def _held(each: "Held", day: "date") -> dict[str, object]:
    return {
        "agreement": each.code,
        "title": each.title,
        "party": each.party,
        "standing": each.standing(day),
        "first": each.first and str(each.first),
        "last": each.last and str(each.last),
    }


def positions(
    code: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show what each party holds of each clause of an agreement."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.agreements.positions import stands

        claims = claims_of(as_of, known_at, reader)
        _must_be(claims, code)
        rows = [
            {
                "clause": each.clause.code,
                "title": each.clause.said.title,
                "standing": each.standing,
                "party": party,
                "position": position.said.stance if position else "",
                "since": position and str(position.said.day),
                "reason": position.said.reason if position else "",
                "wanted": position.said.wanted if position else "",
            }
            for each in stands(claims, code)
            for party, position in [*each.last.items(), *((silent, None) for silent in each.silent)]
        ]
        heads = {"clause": "Clause", "title": "Title", "standing": "Standing", "party": "Party", "position": "Position"}
        out.table(rows, {**heads, "since": "Since", "reason": "Reason"}, empty=f"{code} has no clauses.")


def _must_be(claims: "Claims", code: str) -> None:
    from openmpca.cooperation.agreements.statements import Agreement

    if not claims.about(Agreement, f"agreement:{code}"):
        console.not_found(f"There is no agreement {code}.", "See `openmpca agreement list`.")


def text(
    code: Code,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A text, to be held against the digests.")] = None,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Tell whether all parties have the same texts, and this file.

    All languages are equally authentic; what each party states of each is the SHA-256 digest of its file.
    """
    with console.opened(as_json) as out:
        from hashlib import sha256

        from openmpca.cooperation.agreements.positions import texts

        claims = claims_of(as_of, known_at, reader)
        _must_be(claims, code)
        own = sha256(file.read_bytes()).hexdigest() if file is not None else ""
        rows = [
            {
                "language": each.language,
                "party": party,
                "digest": digest,
                "same": not each.differs,
                "file": digest == own,
            }
            for each in texts(claims, code)
            for party, digest in each.digests.items()
        ]
        out.value({"agreement": code, "file": own, "texts": rows})
        for row in rows:
            apart = "" if row["same"] else "  the parties have different texts"
            here = "  this file" if row["file"] else ""
            out.say(f"{row['language']}  {row['party']}  {row['digest']}{here}{apart}")
        if file is not None and not any(row["file"] for row in rows):
            out.say(f"{own} is the digest of {file}: nobody states it.")


def expires(
    months: Annotated[int, typer.Option("--months", metavar="NUMBER", help="How many months ahead.")] = 24,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List what expires in the months ahead, the soonest first.

    Warnings begin 24, 12, 6 and 3 months before the last day; 0 is what lapsed in the year before.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.agreements.terms import expiring

        claims = claims_of(as_of, known_at, reader)
        rows = [
            {
                "within_months": each.months,
                "last": str(each.last),
                "thing": each.thing,
                "title": each.title,
                "parties": ", ".join(each.parties),
                "others_differ": each.disputed,
            }
            for each in expiring(claims, claims.day, months)
        ]
        heads = {"within_months": "Within months", "last": "Last day", "thing": "What", "title": "Title"}
        out.table(rows, {**heads, "parties": "As of", "others_differ": "Others differ"}, empty="Nothing expires.")


def lapses(
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The code of a clause or agreement, or SORT:CODE such as clause:UA.7.")
    ],
    on: Annotated[
        str, typer.Option("--on", metavar="YYYY-MM-DD", help="Its last day. Default: the last day that is stated.")
    ] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show what ends and what goes on when a clause lapses.

    For new authority, payment, access and protection apart, of all that rests on it over agreements and projects.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.agreements.resting import told_of, what_lapses

        claims = claims_of(as_of, known_at, reader)
        thing = _thing(claims, code)
        last = times.day_of(on, "--on") if on else _last(claims, thing)
        found = what_lapses(claims, thing, last)
        told = told_of(claims, found.fates)
        if out.as_json:
            out.value(_as_json(found, told))
            return
        out.say(f"{thing} has its last day on {last}: it touches {len(found.fates)}.")
        heads = {"thing": "What", "title": "Title", "authority": "New authority", "payment": "Payment"}
        out.table(_rows(found, told), {**heads, "access": "Access", "protection": "Protection"}, empty="Nothing.")
        for line in _remarks(found):
            out.say(line)


def _thing(claims: "Claims", code: str) -> str:
    """The clause or agreement that a code means."""
    from openmpca.cooperation.agreements.statements import Agreement, Clause
    from openmpca.cooperation.projects.statements import Project
    from openmpca.cooperation.statements import Said

    sorts: dict[str, type[Said]] = {"clause": Clause, "agreement": Agreement, "project": Project}
    asked = [code] if ":" in code else [f"{sort}:{code}" for sort in sorts]
    found = [each for each in asked if (kind := sorts.get(each.partition(":")[0])) and claims.about(kind, each)]
    if not found:
        console.not_found(f"There is no clause or agreement {code}.", "See `openmpca agreement list`.")
    if len(found) > 1:
        console.usage(f"{code} is the code of several things.", f"Say which: {', '.join(found)}.")
    return found[0]


def _last(claims: "Claims", thing: str) -> "date":
    """The last day of a thing as all have it."""
    from openmpca.cooperation.agreements.resting import spans

    span = spans(claims).get(thing)
    if span is None or span.last is None:
        console.usage(f"Nobody states a last day of {thing}.", "Say on which day it lapses, with --on.")
    return span.last


def _rows(found: "Lapse", told: "dict[str, Told]") -> list[dict[str, object]]:
    from openmpca.cooperation.agreements.statements import ASPECTS

    return [
        {
            "thing": thing,
            "title": told[thing].title if thing in told else "",
            **{name: _in_words(outcome) for name, outcome in zip(ASPECTS, fate, strict=True)},
        }
        for thing, fate in found.fates.items()
    ]


def _in_words(outcome: "Outcome | None") -> str:
    if outcome is None:
        return ""
    under = f" {outcome.rest.instead}" if outcome.answer == "under" else ""
    return f"{outcome.answer}{under}{f' {outcome.last}' if outcome.last else ''}"


def _remarks(found: "Lapse") -> Iterable[str]:
    for ring in found.circles:
        yield f"A circle, which has to be mended: {' rests on '.join(ring)}."
    for said in found.differing():
        parties = ", ".join(dict.fromkeys(each.party for each in said))
        yield f"{said[0].thing} on {said[0].ground}: {parties} give different answers; the earliest end is shown."


def _as_json(found: "Lapse", told: "dict[str, Told]") -> dict[str, object]:
    from openmpca.cooperation.agreements.statements import ASPECTS

    things = [
        {
            "thing": thing,
            "title": told[thing].title if thing in told else "",
            **{name: _outcome(outcome) for name, outcome in zip(ASPECTS, fate, strict=True)},
        }
        for thing, fate in found.fates.items()
    ]
    return {
        "thing": found.thing,
        "on": str(found.on),
        "counts": {name: found.counts(at) for at, name in enumerate(ASPECTS)},
        "things": things,
        "answers": [_rest(each) for each in found.rests],
        "circles": found.circles,
        "differing": [[_rest(each) for each in said] for said in found.differing()],
    }


def _outcome(outcome: "Outcome | None") -> dict[str, object] | None:
    if outcome is None:
        return None
    return {
        "answer": outcome.answer,
        "last": outcome.last and str(outcome.last),
        "under": outcome.rest.instead if outcome.answer in ("under", "lost") else "",
        "rests_on": outcome.rest.ground,
        "party": outcome.rest.party,
    }


def _rest(rest: "Rest") -> dict[str, object]:
    from openmpca.cooperation.agreements.statements import ASPECTS

    return {
        "thing": rest.thing,
        "rests_on": rest.ground,
        "party": rest.party,
        **dict(zip(ASPECTS, rest.answers, strict=True)),
        "instead": rest.instead,
        "until": rest.until and str(rest.until),
        "statement": rest.number,
    }


COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_agreements,
    "positions": positions,
    "text": text,
    "expiring": expires,
    "lapse": lapses,
}
