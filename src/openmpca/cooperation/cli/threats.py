"""The commands about threats: who analyses what, comparisons on agreed scales, what converges."""

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.threats.comparing import Compared, Item

PANEL = "Cooperation"
Code = Annotated[str, typer.Argument(metavar="CODE", help="The code of the comparison.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Threats: analyses side by side.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="threat", rich_help_panel=PANEL)


def list_threats(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List threats with the analyses that may be read."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.threats.statements import Analysis, Threat

        claims = claims_of(as_of, known_at, reader)
        analysed = claims.by_thing(Analysis)
        rows = [
            {
                "threat": told[0].code,
                "title": " / ".join(dict.fromkeys(each.said.title for each in told)),
                "stated_by": list(dict.fromkeys(each.party for each in told)),
                "analysed_by": list(dict.fromkeys(each.party for each in analysed.get(thing, []))),
            }
            for thing, told in claims.by_thing(Threat).items()
        ]
        out.table(rows, empty="There are no threats: `openmpca state cooperation.threat`.")


def content(
    code: Code,
    party: Annotated[str, typer.Option("--party", metavar="PARTY", help="Whose analyses.")],
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    as_json: console.Json = False,
) -> None:
    """Write what a party's own analyses come to on agreed scales.

    The JSON that `openmpca seal` takes as content; look it over first.
    """
    with console.opened(as_json) as out:
        import msgspec

        from openmpca.cooperation.sealing import matters
        from openmpca.cooperation.threats.content import SORT, own
        from openmpca.cooperation.threats.statements import Comparison

        claims = claims_of(as_of, known_at, party)
        said = matters.terms(claims, f"{SORT}:{code}", party)
        if not isinstance(said, Comparison):
            console.not_found(
                f"There is no comparison {code}.", "State it with `openmpca state cooperation.comparison`."
            )
        held = own(claims, said, party)
        out.value(msgspec.to_builtins(held))
        out.say(msgspec.json.format(msgspec.json.encode(held)).decode())


def compare(
    code: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Lay the parties' analyses side by side, with distances."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.threats.comparing import compared

        found = compared(claims_of(as_of, known_at, reader), code, reader)
        if found is None:
            console.not_found(f"There is no comparison {code}.", "See `openmpca threat list`.")
        out.value(_compared(found))
        if out.as_json:
            return
        out.say(f"{code}: {found.claim.said.title}. Apart in all: {_percent(found.distance)}.")
        out.table([_line(found, each) for each in found.items], empty="Nothing is compared.")
        for item in found.items:
            for view in item.views.values():
                if view.reasons and item.scale == next(iter(found.claim.said.scales)):
                    out.say(f"{item.threat}, {view.party} ({view.confidence or 'no confidence given'}): {view.reasons}")
        for party, told in found.misfits:
            out.say(f"{party}: {told}")


def course(
    code: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show what converges over comparisons that repeat each other."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.threats.comparing import course as course_of
        from openmpca.cooperation.threats.comparing import moved

        found = course_of(claims_of(as_of, known_at, reader), code, reader)
        rows: list[dict[str, object]] = []
        for at, each in enumerate(found):
            steps = moved(found[at - 1], each) if at else []
            rows.append(
                {
                    "comparison": each.code,
                    "opened": str(each.day),
                    "apart": _percent(each.distance),
                    "nearer": sum(step.change < 0 for step in steps),
                    "further": sum(step.change > 0 for step in steps),
                    "who_changed": sorted({party for step in steps for party in step.changed}),
                }
            )
        out.table(rows, empty="Nothing can be compared yet.")


def _compared(found: "Compared") -> dict[str, Any]:
    return {
        "comparison": found.code,
        "parties": found.parties,
        "apart": _percent(found.distance),
        "pairs": [{"parties": list(pair), "apart": _percent(value)} for pair, value in found.pairs.items()],
        "averages": "agreed" if found.averaged else "not agreed",
        "items": [_item(found, each) for each in found.items],
        "misfits": [{"party": party, "message": told} for party, told in found.misfits],
    }


def _item(found: "Compared", item: "Item") -> dict[str, Any]:
    views = [
        {
            "party": each.party,
            "word": each.word,
            "place": each.place + 1,
            "confidence": each.confidence,
            "reasons": each.reasons,
            "since": each.day and str(each.day),
        }
        for each in item.views.values()
    ]
    told = {"threat": item.threat, "scale": item.scale, "words": list(item.words), "views": views}
    return {**told, "apart": _percent(item.distance), **_mean(found, item)}


def _mean(found: "Compared", item: "Item") -> dict[str, Any]:
    return {"mean_place": f"{float(item.mean):.2f} of {len(item.words)}"} if found.averaged and item.mean else {}


def _line(found: "Compared", item: "Item") -> dict[str, object]:
    views = {party: item.views[party].word if party in item.views else "" for party in found.parties}
    told = {"threat": item.threat, "scale": item.scale, **views, "apart": _percent(item.distance)}
    return {**told, **_mean(found, item)}


def _percent(value: Fraction | None) -> str:
    return "" if value is None else f"{float(value):.0%}"


COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_threats,
    "content": content,
    "compare": compare,
    "course": course,
}
