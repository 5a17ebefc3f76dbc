"""The commands about priorities: proposals, rounds of scoring, how far scores agree, what was negotiated."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.priorities.agreement import Correlation
    from openmpca.cooperation.priorities.rounds import Agreement, Result

PANEL = "Cooperation"
Code = Annotated[str, typer.Argument(metavar="CODE", help="The code of the round.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help="Priorities: proposals and scores.", no_args_is_help=True, rich_markup_mode=None)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="priority", rich_help_panel=PANEL)


def list_proposals(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the proposals: by whom, for what need, at what cost."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.priorities.statements import Proposal

        rows = [
            {
                "proposal": each.code,
                "party": each.party,
                "title": each.said.title,
                "need": each.said.need,
                "benefit": each.said.benefit,
                "cost": f"{each.said.cost} {each.said.currency}".strip(),
            }
            for each in claims_of(as_of, known_at, reader).of(Proposal)
        ]
        out.table(rows, empty="There are no proposals: `openmpca state cooperation.proposal`.")


def rounds(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the rounds of scoring, and how each stands."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.priorities.rounds import results
        from openmpca.cooperation.priorities.statements import Round

        claims = claims_of(as_of, known_at, reader)
        codes = list(dict.fromkeys(each.code for each in claims.of(Round)))
        rows = [
            {
                "round": each.code,
                "title": each.claim.said.title,
                "parties": [f"{one.party}: {one.stands}" for one in each.matter.standings],
                "adopted": list(each.negotiated.adopted or ()),
            }
            for each in results(claims, codes, reader)
        ]
        out.table(rows, empty="There are no rounds: `openmpca state cooperation.round`.")


def score(
    code: Code,
    scores: Annotated[list[str], typer.Argument(metavar="PROPOSAL=SCORE...", help="A score for each proposal.")],
    reason: Annotated[
        list[str] | None, typer.Option("--reason", metavar="PROPOSAL=TEXT", help="Why; give it for each that needs it.")
    ] = None,
    by: console.By = "",
    party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Seal scores of the party that keeps this record.

    They are shown to nobody until all parties have sealed and `openmpca seal open` opens them.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.sealing import keeping

        held: dict[str, Any] = {"scores": {name: _score(text) for name, text in map(_pair, scores)}}
        if reason:
            held["reasons"] = dict(map(_pair, reason))
        act = console.acting(by, party)
        out.stated(keeping.seal(f"round:{code}", held, act, dry_run=dry_run), dry_run=dry_run)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        console.usage(f"{text!r} does not read PROPOSAL=VALUE.", "For example PR-1=5.")
    return name.strip(), value.strip()


def _score(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        console.usage(f"{text!r} is no score.", "Give a whole number of the scale, for example PR-1=5.")
    return int(text)


def show(
    code: Code,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Show a round: scores, agreement, the outcome.

    Show a round: scores, agreement, what is opposed, the outcome.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.priorities.rounds import result

        found = result(claims_of(as_of, known_at, reader), code, reader)
        if found is None:
            console.not_found(f"There is no round {code}.", "See `openmpca priority rounds`.")
        told = _told(found)
        out.value(told)
        if not out.as_json:
            _say(out, found, told)


def _say(out: console.Output, found: "Result", told: dict[str, Any]) -> None:
    out.say(f"{found.code}: {found.claim.said.title}")
    out.table([_scores(each, found.parties) for each in found.scored])
    out.table(told["agreement"], empty="There are no two parties.")
    for each in found.opposed:
        out.say(f"{each.proposal}: high with {', '.join(each.high)}, low with {', '.join(each.low)}.")
    if found.negotiated.adopted is not None:
        out.say(f"Agreed on: {', '.join(found.negotiated.adopted) or 'nothing'}.")
    elif found.negotiated.by_party:
        out.say("Not agreed on: the parties state different outcomes, or not all have stated one.")
    for party, proposal, reason in found.negotiated.dissent:
        out.say(f"Dissent of {party} on {proposal}: {reason}")
    for party, message in found.misfits:
        out.say(f"{party}: {message}")


def _scores(each: Any, parties: list[str]) -> dict[str, object]:
    return {"proposal": each.proposal, **{party: str(each.scores.get(party, "")) for party in parties}}


def _told(found: "Result") -> dict[str, Any]:
    negotiated = found.negotiated
    return {
        "round": found.code,
        "parties": found.parties,
        "scores": [
            {
                "proposal": each.proposal,
                "by_party": [
                    {"party": party, "score": value, "reason": each.reasons.get(party, "")}
                    for party, value in each.scores.items()
                ],
            }
            for each in found.scored
        ],
        "agreement": [_agreement(each) for each in found.agreements],
        "opposed": [
            {"proposal": each.proposal, "high": list(each.high), "low": list(each.low)} for each in found.opposed
        ],
        "outcomes": [
            {"party": party, "adopted": each.said.adopted, "declined": each.said.declined}
            for party, each in negotiated.by_party.items()
        ],
        "agreed_on": None if negotiated.adopted is None else list(negotiated.adopted),
        "dissent": [
            {"party": party, "proposal": proposal, "reason": reason} for party, proposal, reason in negotiated.dissent
        ],
        "misfits": [{"party": party, "message": message} for party, message in found.misfits],
    }


def _agreement(each: "Agreement") -> dict[str, Any]:
    own = {"parties": f"{each.one}, {each.other}", "common": each.common, "alike": each.alike}
    return {**own, "tau_b": _value(each.tau), "tau_p": _p(each.tau), "rho": _value(each.rho), "rho_p": _p(each.rho)}


def _value(found: "Correlation | None") -> float | None:
    return None if found is None else round(found.value, 4)


def _p(found: "Correlation | None") -> str:
    return "" if found is None else f"{found.p:.4f} {'exact' if found.exact else 'approximate'}"


COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_proposals,
    "rounds": rounds,
    "score": score,
    "show": show,
}
