"""The commands of the record: who may do what, statements, proposals; those of its upkeep are in `upkeep`."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmpca.record import console, upkeep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openmpca.record.reading import Stored
    from openmpca.record.statements import Statement

PANEL = "Record"
PEOPLE = "People"
Day = Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="The day it speaks of. Default: today, UTC.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    upkeep.add(app)
    for name, command in _COMMANDS.items():
        app.command(name, rich_help_panel=PEOPLE if command in _OF_PEOPLE else PANEL)(command)
    app.add_typer(LOG, name="log", rich_help_panel=PANEL)


def people(as_json: console.Json = False) -> None:
    """List the persons, with their grants in force today."""
    with console.opened(as_json) as out:
        from openmpca.record import people

        rows = people.listed()
        heads = {"handle": "Handle", "name": "Name", "party": "Party", "grants": "May act as (grant)"}
        out.table(rows, heads)


def party(
    code: Annotated[str, typer.Argument(help="A short code, for ever.")],
    name: Annotated[str, typer.Argument(help="Its name.")],
    note: Annotated[str, typer.Option(help="Anything else; may be withheld later.")] = "",
    day: Day = "",
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Introduce a party: an operator, a holder, an organisation."""
    fields = {"day": day, "code": code, "name": name, "note": note}
    _state("record.party", fields, by, for_party, dry_run, as_json)


def person(
    handle: Annotated[str, typer.Argument(help="A short name to type; no part of the record.")],
    name: Annotated[str, typer.Option(help="The name, kept outside the record, where it can be erased.")] = "",
    of: Annotated[str, typer.Option(help="The party that the person belongs to. Default: yours.")] = "",
    forget: Annotated[
        bool, typer.Option("--forget", help="Erase handle and name; the record keeps the identifier.")
    ] = False,
    day: Day = "",
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Introduce a person, or forget the name of one.

    The record knows a person by an opaque identifier alone. Handle and name are kept beside it on this machine;
    --forget erases them.
    """
    with console.opened(as_json) as out:
        from openmpca.record import people

        act = console.acting(by, for_party)
        if forget:
            identifier = console.who(handle)
            people.forget(identifier, act)
            out.value({"forgotten": identifier})
            out.say(f"Forgotten; in the record stands {identifier}.")
            return
        stated_day = date.fromisoformat(_day(day))
        _, made = people.introduce(handle, name or handle, of or act.party, stated_day, act, dry_run=dry_run)
        out.say(f"{handle} is introduced. No name goes into the record.")
        out.stated(made, dry_run=dry_run)


def grant(
    handle: Annotated[str, typer.Argument(help="Whom.")],
    role: Annotated[str, typer.Argument(help="As what: see `openmpca kinds` for the roles.")],
    scope: Annotated[str, typer.Option(help="* or facility:CODE or mba:CODE.")] = "*",
    to_party: Annotated[str, typer.Option("--for", help="For which party the person acts. Default: yours.")] = "",
    until: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The last day.")] = "",
    deputy_for: Annotated[str, typer.Option(help="Whose place the person takes.")] = "",
    day: Day = "",
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Let a person act for a party in a role.

    The scope says where (everywhere, a facility, an area), --day and --until say when. A deputy has a grant that
    names whose place is taken.
    """
    with console.opened(as_json) as out:
        act = console.acting(by, for_party)
        fields = {
            "day": day,
            "person": console.who(handle),
            "for_party": to_party or act.party,
            "role": role,
            "scope": scope,
            "until": until,
            "deputy_for": console.who(deputy_for) if deputy_for else "",
        }
        _state_opened(out, "record.grant", fields, act, dry_run)


def grant_end(
    number: Annotated[int, typer.Argument(help="The statement that gave the grant: see `openmpca people`.")],
    whose: Annotated[str, typer.Option("--person", help="Whose, where that statement gave several.")] = "",
    reason: Annotated[str, typer.Option(help="Why; may be withheld later.")] = "",
    day: Day = "",
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Withdraw a grant; the day is the first without it."""
    with console.opened(as_json) as out:
        act = console.acting(by, for_party)
        of = console.who(whose) if whose else ""
        fields = {"day": day, "grant": str(number), "person": of, "reason": reason}
        _state_opened(out, "record.grant_end", fields, act, dry_run)


def duty(
    kind: Annotated[str, typer.Argument(help="The kind of statement.")],
    persons: Annotated[int, typer.Option(help="How many persons it takes: 1 or 2.")],
    prepare: Annotated[str, typer.Option(metavar="ROLE,...", help="Which roles prepare it.")],
    approve: Annotated[str, typer.Option(metavar="ROLE,...", help="Which roles approve it.")] = "",
    day: Day = "",
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Say who may prepare and approve a kind of statement.

    And how many persons it takes. A kind that takes two by its meaning cannot be made to take one.
    """
    roles = {"prepare": _listed(prepare), "approve": _listed(approve)}
    fields = {"day": day, "of": kind, "persons": str(persons), **roles}
    _state("record.duty", fields, by, for_party, dry_run, as_json)


def withhold(
    number: Annotated[int, typer.Argument(help="The statement.")],
    fields: Annotated[list[str], typer.Argument(help="Its fields to be withheld.")],
    reason: Annotated[str, typer.Option(help="Why; stays readable.")],
    day: Day = "",
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Turn fields of a stored statement into digests, for ever.

    Only fields on which no figure depends; the record still verifies, and counts what is withheld.
    """
    given = {"day": day, "statement": str(number), "fields": fields, "reason": reason}
    _state("record.withholding", given, by, for_party, dry_run, as_json)


def state(
    kind: Annotated[str, typer.Argument(help="The kind: see `openmpca kinds`.")] = "",
    fields: Annotated[list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="Its fields.")] = None,
    file: Annotated[
        str, typer.Option(help="A JSON list of statements, each with `kind`; - reads standard input.")
    ] = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """State anything: one statement, or many from a file.

    From a file all are recorded, or none.
    """
    with console.opened(as_json) as out:
        from openmpca.record import commands, entry

        if bool(kind) == bool(file):
            console.usage("Give a kind with its fields, or --file.", "See `openmpca kinds`.")
        if file:
            data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            stated = entry.statements(entry.from_json(data))
        else:
            stated = entry.statements([entry.from_text(kind, fields or [])], as_text=True)
        act = console.acting(by, party, override)
        with out.progress("Recording", len(stated)) as step:
            made = commands.state(stated, act, dry_run=dry_run, progress=step)
        out.stated(made, dry_run=dry_run)


def kinds(
    kind: Annotated[str, typer.Argument(help="One kind, to see its fields.")] = "",
    as_json: console.Json = False,
) -> None:
    """List the kinds of statement, or the fields of one.

    With who may prepare and approve them by default.
    """
    with console.reporting(as_json) as out:
        from openmpca.record.opening import open_home

        open_home()
        from openmpca.record import kinds as described
        from openmpca.record.statements import KINDS

        if kind and kind not in KINDS:
            console.not_found(f"There is no kind {kind}.", "`openmpca kinds` lists them.")
        if kind:
            shown = described.one(kind)
            out.value(shown)
            out.say(f"{kind}\n\n{shown['meaning']}\n")
        heads = {"kind": "Kind", "persons": "Persons", "prepare": "Prepared by", "approve": "Approved by"}
        heads |= {"title": "What it says"}
        rows = described.fields(kind) if kind else described.every()
        if not (kind and as_json):
            out.table(rows, None if kind else heads)


def show(
    number: Annotated[int, typer.Argument(help="The number of the statement.")], as_json: console.Json = False
) -> None:
    """Show one statement: who, when, its fields, its commitment."""
    with console.opened(as_json, figures=False) as out:
        from openmpca.record import reading

        try:
            found = reading.stored(number)
        except KeyError:
            console.not_found(f"There is no statement {number}.", "`openmpca log` lists the last ones.")
        fate = _fate(found)
        shown = reading.commitment_of(number)
        out.value({"number": number, **_envelope(found), "fields": found.fields, "standing": fate, **shown})
        out.say(f"Statement {number}{f', {fate}' if fate else ''}")
        rows = [{"name": name, "value": value} for name, value in {**_envelope(found), **found.fields, **shown}.items()]
        if not as_json:
            out.table(rows, {"name": "Field", "value": "Value"})


def _fate(found: "Stored") -> str:
    """What became of a statement, as far as the derived tables can be asked."""
    from openmpca.record import versions
    from openmpca.record.rooms import ROOMS

    asked = not versions.missing_tables() and versions.derived_by_this()
    return ROOMS[found.kind.room].fate(found.number) if asked else ""


def _envelope(found: "Stored") -> dict[str, object]:
    from openmpca.record.statements import ENVELOPE

    return {name: found.body[name] for name in ENVELOPE if name in found.body}


LOG = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
"""`openmpca log` lists statements; a room above adds what else there is to do with the log."""


@LOG.callback()
def log(
    asked: typer.Context,
    last: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    before: Annotated[int | None, typer.Option(help="Only those before this number.")] = None,
    kind: Annotated[str, typer.Option(help="Only of this kind.")] = "",
    as_json: console.Json = False,
) -> None:
    """List the last statements, the newest last."""
    if asked.invoked_subcommand is not None:
        return
    with console.opened(as_json, figures=False) as out:
        from openmpca.record import reading

        rows = [
            {
                "number": each.number,
                "recorded": each.recorded[:19].replace("T", " "),
                "kind": each.kind.name,
                "party": each.party,
                "prepared_by": each.prepared_by,
                "approved_by": each.approved_by,
                "day": str(each.fields.get("day", "")),
            }
            for each in reading.last(last, before, kind)
        ]
        out.table(rows)


def proposals(
    number: Annotated[int | None, typer.Argument(help="One proposal, to see its statements.")] = None,
    closed: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    as_json: console.Json = False,
) -> None:
    """List what waits for a second person, or show one proposal."""
    with console.opened(as_json) as out:
        from openmpca.record import proposals as kept
        from openmpca.record.statements import KINDS

        rows = kept.listed(number, closed=closed)
        if number is not None and not rows:
            console.not_found(f"There is no proposal {number}.", "See `openmpca proposals --all`.")
        heads = {"proposal": "Proposal", "title": "What", "party": "Party", "prepared_by": "Prepared by"}
        heads |= {"prepared": "When", "status": "Status"}
        if number is None:
            out.table(rows, heads, empty="Nothing waits.")
            return
        contents, foreseen = kept.contents(number), kept.foreseen(number)
        out.value({**rows[0], "statements": contents, "foreseen": [each.rows for each in foreseen]})
        if not as_json:
            out.table(rows, heads)
            for each in contents:
                out.say(f"\n{each['kind']}")
                refers = KINDS[str(each["kind"])].refers
                fields = [
                    {"name": name, "value": _to_come(value) if name in refers else value}
                    for name, value in each.items()
                    if name != "kind"
                ]
                out.table(fields, {"name": "Field", "value": "Value"})
            for told in foreseen:
                out.say("\nIf it is approved now:")
                out.table(told.rows, told.heads, empty="Nothing moves.")


def _to_come(value: object) -> object:
    """A number of a statement, in words where it is one of the same proposal."""
    return f"statement {-value} of this proposal" if isinstance(value, int) and value < 0 else value


def approve(
    proposal: Annotated[int, typer.Argument(help="The proposal.")],
    by: console.By = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Record what another person prepared. It is checked again on the book as it is now."""
    with console.opened(as_json) as out:
        from openmpca.record import commands

        made = commands.approve(proposal, console.who(by), dry_run=dry_run)
        out.stated(made, dry_run=dry_run)
        if not dry_run:
            out.followed(made)


def reject(
    proposal: Annotated[int, typer.Argument(help="The proposal.")],
    reason: Annotated[str, typer.Option(help="Why, for who prepared it.")] = "",
    by: console.By = "",
    as_json: console.Json = False,
) -> None:
    """Close a proposal without recording it.

    Who prepared it takes it back so.
    """
    with console.opened(as_json) as out:
        from openmpca.record import commands

        commands.reject(proposal, console.who(by), reason)
        out.value({"rejected": proposal})
        out.say(f"Proposal {proposal} is closed; nothing was recorded.")


def _state(kind: str, fields: "dict[str, Any]", by: str, party: str, dry_run: bool, as_json: bool) -> None:
    with console.opened(as_json) as out:
        _state_opened(out, kind, fields, console.acting(by, party), dry_run)


def _state_opened(out: console.Output, kind: str, fields: "dict[str, Any]", act: Any, dry_run: bool) -> None:
    from openmpca.record import commands, entry

    given = {name: value for name, value in fields.items() if value != "" and name != "day"}
    stated: Sequence[Statement] = entry.statements(
        [entry.Given(kind, {"day": _day(str(fields["day"])), **given})], as_text=True
    )
    out.stated(commands.state(stated, act, dry_run=dry_run), dry_run=dry_run)


def _day(given: str) -> str:
    from openmpca.record import clock

    try:
        return date.fromisoformat(given).isoformat() if given else clock.day(clock.now_us()).isoformat()
    except ValueError:
        console.usage(f"--day {given} is no date.", "Write it as 2026-03-31.")


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


_COMMANDS: dict[str, Callable[..., None]] = {
    "people": people,
    "party": party,
    "person": person,
    "grant": grant,
    "grant-end": grant_end,
    "duty": duty,
    "kinds": kinds,
    "state": state,
    "proposals": proposals,
    "approve": approve,
    "reject": reject,
    "withhold": withhold,
    "show": show,
}

_OF_PEOPLE = (people, party, person, grant, grant_end, duty, kinds)
