"""The commands about parties: what each is, its roles, whom one reaches there, the drills that confirm it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.cooperation.parties.standing import Holding, Point

PANEL = "Cooperation"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(
        help="Parties: what they are, their roles and contact points.", no_args_is_help=True, rich_markup_mode=None
    )
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="parties", rich_help_panel=PANEL)


def list_parties(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the parties, and what each says that they are."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.parties.statements import Profile

        rows = [
            {
                "party": each.code,
                "title": each.said.title,
                "sort": each.said.sort,
                "within": each.said.within,
                "said_by": each.party,
                "statement": each.number,
            }
            for each in claims_of(as_of, known_at, reader).of(Profile)
        ]
        heads = {"party": "Party", "title": "Title", "sort": "Sort", "within": "Within", "said_by": "Said by"}
        out.table(rows, heads, empty="There are no profiles: `openmpca state cooperation.profile`.")


def roles(
    holder: Annotated[str, typer.Argument(metavar="PARTY", help="Only the roles of this party.")] = "",
    within: Annotated[str, typer.Option("--in", metavar="SORT:CODE", help="Only in this, such as project:P-07.")] = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List who has which role in which project or cost line."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.parties import standing

        rows = [_role(each) for each in standing.roles(claims_of(as_of, known_at, reader), thing=within, holder=holder)]
        heads = {"in": "In", "party": "Party", "role": "Role", "since": "Since", "until": "Until", "standing": ""}
        out.table(rows, {**heads, "said_by": "Said by"}, empty="There are no roles: `openmpca state cooperation.role`.")


def _role(each: "Holding") -> dict[str, object]:
    said = each.claim.said
    return {
        "in": said.within,
        "party": said.holder,
        "role": said.role,
        "since": str(said.day),
        "until": said.until and str(said.until),
        "standing": each.standing,
        "said_by": each.claim.party,
        "statement": each.claim.number,
    }


def contacts(
    failing: Annotated[bool, typer.Option("--failing", help="Only those that may not be reached.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the contact points, and who is reachable.

    A contact point is reachable while its last answer in a drill is no older than it asks to be confirmed.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.parties import standing

        found = standing.points(claims_of(as_of, known_at, reader))
        rows = [_point(each) for each in found if not failing or each.standing in standing.NOBODY]
        heads = {"contact": "Contact", "party": "Party", "matter": "For", "name": "Name", "address": "Address"}
        empty = "Nobody." if failing else "There are no contact points: `openmpca state cooperation.contact`."
        out.table(rows, {**heads, "standing": "Standing", "answered": "Answered"}, empty=empty)


def _point(each: "Point") -> dict[str, object]:
    said = each.claim.said
    return {
        "contact": each.claim.code,
        "party": said.holder,
        "matter": said.matter,
        "name": said.name,
        "address": said.address,
        "standing": each.standing,
        "answered": each.answered and str(each.answered),
        "said_by": each.claim.party,
        "statement": each.claim.number,
    }


def drills(
    open_ones: Annotated[bool, typer.Option("--open", help="Only what is not answered.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the confirmation drills: asked, answered, overdue."""
    with console.opened(as_json) as out:
        from openmpca.cooperation.parties import standing

        rows = [
            {
                "drill": each.drill.code,
                "asked": str(each.drill.said.day),
                "contact": each.contact,
                "due": str(each.drill.said.answer_by),
                "standing": each.standing,
                "answered": each.answered and str(each.answered),
                "outcome": each.outcome,
                "said_by": each.by,
            }
            for each in standing.drills(claims_of(as_of, known_at, reader))
            if not open_ones or each.answered is None
        ]
        heads = {"drill": "Drill", "asked": "Asked", "contact": "Contact", "due": "Due", "standing": "Standing"}
        more = {"answered": "Answered", "outcome": "Outcome"}
        out.table(rows, {**heads, **more}, empty="Nobody is asked: `openmpca state cooperation.drill`.")


COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_parties,
    "roles": roles,
    "contacts": contacts,
    "drills": drills,
}
