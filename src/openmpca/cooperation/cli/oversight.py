"""The commands of following up: what to examine first, requests for access, deliverables, actions."""

from collections.abc import Callable
from typing import Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.cooperation.cli.asked import Viewpoint, claims_of
from openmpca.record import console

PANEL = "Cooperation"
Project = Annotated[str, typer.Argument(metavar="[PROJECT]", help="The code of a project. Default: all.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(
        help="Following up: examinations, access, deliverables, actions.", no_args_is_help=True, rich_markup_mode=None
    )
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="audit", rich_help_panel=PANEL)


def plan(
    project: Project = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """Rank assets by what to examine first.

    Rank assets by what to examine first: value x (1 - assurance) x days since the last check.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.oversight.examining import ranked

        rows = [
            {
                "asset": each.claim.code,
                "title": each.claim.said.title,
                "place": each.claim.said.place,
                "condition": each.claim.said.condition,
                "custodian": each.claim.said.custodian,
                "title_holder": each.claim.said.holder,
                "value": f"{each.claim.said.value} {each.claim.said.currency}",
                "checked": str(each.last.said.day) if each.last else "never",
                "method": each.last.said.method if each.last else "",
                "assurance": each.assurance,
                "days": each.days,
                "access": "was denied" if each.denied else "",
            }
            for each in ranked(claims_of(as_of, known_at, reader), project)
        ]
        heads = {"asset": "Asset", "place": "Place", "value": "Value", "checked": "Checked", "assurance": "Assured, %"}
        out.table(rows, {**heads, "days": "Days ago", "access": "Access"}, empty="There are no assets.")


def access(
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the requests for access with their answers.

    List the requests for access with their answers and clocks; denied ones stay in the list.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.oversight.following import requests

        rows = [
            {
                "access": each.claim.code,
                "asked_by": each.claim.party,
                "host": each.claim.said.host,
                "place": each.claim.said.place,
                "wanted": str(each.claim.said.wanted),
                "answer_by": str(each.claim.said.answer_by),
                "standing": each.standing,
                "days_late": each.late,
                "reason": each.answer.said.reason if each.answer else "",
            }
            for each in requests(claims_of(as_of, known_at, reader))
        ]
        heads = {"access": "Request", "asked_by": "By", "host": "Host", "place": "Place", "answer_by": "Answer by"}
        out.table(rows, {**heads, "standing": "Standing", "reason": "Reason"}, empty="Nobody has asked for access.")


def deliverables(
    project: Project = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the deliverables, offered or accepted.

    List the deliverables: offered, accepted by whom, awaited from whom.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.oversight.following import deliverables as delivered

        rows = [
            {
                "deliverable": each.claim.code,
                "title": each.claim.said.title,
                "giver": each.claim.said.giver,
                "offered": each.offered and str(each.offered),
                "standing": each.standing,
                "accepted": ", ".join(each.accepted),
                "awaited": ", ".join(each.awaited),
                "refused": "; ".join(f"{party}: {why}" for party, why in each.refused),
            }
            for each in delivered(claims_of(as_of, known_at, reader), project)
        ]
        heads = {"deliverable": "Deliverable", "title": "Title", "offered": "Offered", "standing": "Standing"}
        out.table(rows, {**heads, "awaited": "Awaits", "refused": "Not accepted"}, empty="There are no deliverables.")


def actions(
    waiting: Annotated[bool, typer.Option("--open", help="Only those that are not done.")] = False,
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    reader: Viewpoint = "",
    as_json: console.Json = False,
) -> None:
    """List the actions, the longest late first.

    List the actions, the longest late first, and to whom each has gone up.
    """
    with console.opened(as_json) as out:
        from openmpca.cooperation.oversight.following import actions as due

        rows = [
            {
                "action": each.claim.code,
                "title": each.claim.said.title,
                "owner": each.claim.said.owner,
                "due": str(each.claim.said.due),
                "standing": each.standing,
                "days_late": each.late,
                "gone_up_to": each.level,
            }
            for each in due(claims_of(as_of, known_at, reader), waiting=waiting)
        ]
        heads = {"action": "Action", "title": "Title", "owner": "Owner", "due": "Due", "standing": "Standing"}
        out.table(rows, {**heads, "days_late": "Days late", "gone_up_to": "Gone up to"}, empty="There are no actions.")


COMMANDS: dict[str, Callable[..., None]] = {
    "plan": plan,
    "access": access,
    "deliverables": deliverables,
    "actions": actions,
}
