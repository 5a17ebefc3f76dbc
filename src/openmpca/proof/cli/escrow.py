"""The commands of escrow: commit to a whole inventory now, open it step by step later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.proof.escrow.escrow_checking import Checked
    from openmpca.proof.escrow.escrows import Release
    from openmpca.tlog.policy import Policy

HELP = "Escrow: commit to a whole inventory, open it step by step."

Name = Annotated[str, typer.Argument(metavar="NAME", help="The escrow.")]
To = Annotated[str, typer.Option("--to", metavar="RECIPIENT", help="To whom it is opened.")]
Purpose = Annotated[str, typer.Option(help="What for.")]
Authority = Annotated[str, typer.Option(help="By what authority: a treaty, a decision.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    group = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
    for name, command in _COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="escrow", rich_help_panel="Proof")


@contextmanager
def _found() -> Iterator[None]:
    """What is not there ends the command in the one shape."""
    from openmpca.proof.escrow.escrows import NoEscrow

    try:
        yield
    except NoEscrow as missing:
        console.not_found(str(missing), "See `openmpca escrow list`.")


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name for it, for ever.")],
    file: Annotated[Path, typer.Option("--from", metavar="FILE", help="The records: .csv, .xlsx, .ods or .json.")],
    identifier: Annotated[
        str, typer.Option("--id", metavar="FIELD", help="The field that holds the id of each record.")
    ] = "id",
    size: Annotated[
        int, typer.Option(metavar="N", help="How many leaves, as agreed. Default: a power of two, 16 or more.")
    ] = 0,
    replaces: Annotated[str, typer.Option(metavar="NAME", help="The escrow whose place it takes.")] = "",
    about: Annotated[str, typer.Option(help="Anything else; may be withheld later.")] = "",
    seal: Annotated[bool, typer.Option("--seal", help="Seal the secret under a passphrase.")] = False,
    by: console.By = "",
    party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Commit to a list of records without showing it.

    The records are shuffled, filled up with decoys and salted. What opens them is kept in the folder of keys of the
    home and nowhere else: make a copy of it and keep that apart, for without it nothing can ever be opened. A second
    person approves; then size and root stand in the record, and the next checkpoint proves since when.

    The default size tells that more than half of the leaves are records; agree on a larger one where that is too much.
    A list of the batches of an area is made by `openmpca book MBA --by-batch --json > FILE`, and taken with --id
    batch. Fractions are written as text.
    """
    with console.opened(as_json) as out, _found():
        from openmpca.proof.escrow import escrow_files, escrows

        records = escrow_files.records_of(file, identifier)
        act = console.acting(by, party)
        made, path = escrows.declared(
            name, records, act, size=size, replaces=replaces, about=about, seal=seal, dry_run=dry_run
        )
        if not dry_run:
            out.say(f"{len(records)} records are in escrow. What opens them is {path}: keep a copy of it apart.")
        out.stated(made, dry_run=dry_run)


def open_(
    name: Name,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="The ids of the records.")],
    to: To,
    purpose: Purpose,
    authority: Authority,
    by: console.By = "",
    party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Release some records of an escrow.

    A second person approves. Then `openmpca escrow write` writes the file for the recipient.
    """
    with console.opened(as_json) as out, _found():
        from openmpca.proof.escrow import escrows

        act = console.acting(by, party)
        made = escrows.opened(name, ids, _release(to, purpose, authority), act, dry_run=dry_run)
        out.stated(made, dry_run=dry_run)


def finish(
    name: Name,
    to: To,
    purpose: Purpose,
    authority: Authority,
    with_records: Annotated[
        bool, typer.Option("--with-records", help="Open records that are still closed too.")
    ] = False,
    by: console.By = "",
    party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Release the leaves that are left, to show them as decoys.

    With the files of all releases to the recipient, `openmpca escrow check` proves that nothing is left unopened.
    """
    with console.opened(as_json) as out, _found():
        from openmpca.proof.escrow import escrows

        act, release = console.acting(by, party), _release(to, purpose, authority)
        made = escrows.finished(name, release, act, with_records=with_records, dry_run=dry_run)
        out.stated(made, dry_run=dry_run)


def _release(to: str, purpose: str, authority: str) -> "Release":
    from openmpca.proof.escrow.escrows import Release

    return Release(to, purpose, authority)


def write(
    release: Annotated[int, typer.Argument(metavar="RELEASE", help="The statement that released them.")],
    file: Annotated[Path, typer.Option("--file", metavar="OUT", help="A new file.")],
    as_json: console.Json = False,
) -> None:
    """Write the opening file of a release that was approved.

    It holds the released leaves with their salts and proofs. Where a checkpoint was made since, it also shows that
    the escrow was declared.
    """
    with console.opened(as_json) as out, _found():
        from openmpca.proof.escrow import escrows
        from openmpca.record.layout import counted

        made = escrows.written(release, file)
        shown = made.declared is not None
        records = sum(each.record is not None for each in made.opened)
        out.value({"file": str(file), "leaves": len(made.opened), "records": records, "declaration": shown})
        out.say(f"{file}: {counted(records, 'record')}, {counted(len(made.opened) - records, 'decoy')}.")
        if not shown:
            out.say("No checkpoint was made since the declaration, so the file does not show that it was declared.")


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Opening files, of one escrow or several.")],
    policy: Annotated[
        Path | None, typer.Option(metavar="POLICY", help="The policy that says whose signatures count.")
    ] = None,
    expect: Annotated[
        tuple[int, str] | None, typer.Option(metavar="SIZE ROOT", help="What was noted when it was declared.")
    ] = None,
    as_json: console.Json = False,
) -> None:
    """Check opening files, with nothing but them and a policy.

    It needs no home and no network. Several files of one escrow are taken together: what is opened, how many leaves
    may still hold anything, and whether nothing is left. It ends with 3 when something is not as it was declared, and
    when neither --policy nor --expect is given: a file alone does not show that anybody declared it.
    """
    with console.reporting(as_json) as out:
        from openmpca.record.opening import open_home

        open_home()  # the code is made ready; no home need be there, and no database is asked
        from openmpca.proof.escrow import escrow_checking

        noted = (expect[0], _root(expect[1])) if expect else None
        given = [(path.name, path.read_bytes()) for path in files]
        checked, problems = escrow_checking.check(given, _policy(policy), noted)
        out.value(
            {
                "escrows": [each.data() for each in checked],
                "problems": [console.problem_fields(each) for each in problems],
            }
        )
        for each in checked:
            if not as_json:
                _tell(out, each)
        if problems:
            out.say("\n".join(map(console.problem_text, problems)))
        if problems or not all(each.proven for each in checked):
            raise SystemExit(console.Exit.NOT_VERIFIED)


def _root(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        console.usage(f"{text} is no root.", "A root is 64 hexadecimal digits.")


def _policy(path: Path | None) -> "Policy | None":
    from openmpca.tlog.policy import Policy, PolicyError

    if path is None:
        return None
    try:
        return Policy.parse(path.read_bytes())
    except PolicyError as error:
        console.usage(f"{path} is no policy: {error}.", "Take the policy file that the parties agreed on.")


def _tell(out: console.Output, checked: "Checked") -> None:
    from openmpca.proof.legible import visible
    from openmpca.record.layout import counted

    seen = checked.openings
    records = [{name: visible(str(value)) for name, value in each.items()} for each in seen.records]
    heads = {name: visible(name) for each in records for name in each}
    out.table(records, heads, empty="No record is open.")
    opened = f"{counted(len(records), 'record')} and {counted(seen.decoys, 'decoy')} of {seen.size} leaves are open"
    out.say(f"Escrow {visible(checked.name)}: {opened}.")
    if checked.problems:
        out.say("NOT PROVEN: see the problems.")
    elif not checked.held:
        out.say(_unheld(seen.unopened))
    elif checked.whole:
        out.say("PROVEN: these are all records that were declared. Nothing is left unopened.")
    else:
        out.say(f"PROVEN: these were declared. {seen.unopened} leaves are unopened, each of them a record or a decoy.")
    out.say(f"size {seen.size}\nroot {seen.root.hex()}")
    if checked.held:
        for line in _declaration(checked):
            out.say(line)
        out.say("Not proven: that the list was complete or true when it was declared.")


def _unheld(unopened: int) -> str:
    left = f"{unopened} leaves are unopened" if unopened else "Nothing is left unopened"
    return (
        f"It fits the size and root in this file; not shown that anybody declared it. {left}.\n"
        "Give --policy, or --expect with the size and root that were noted when it was declared."
    )


def _declaration(checked: "Checked") -> Iterator[str]:
    from openmpca.proof.legible import visible
    from openmpca.proof.moments import moment

    standing = checked.declared
    if standing is None:
        yield "When it was declared is not shown: compare size and root with what was noted."
        return
    yield (
        f"Declared by {visible(str(standing.fields.get('party', '')))} as statement {standing.number} of the log"
        f" {visible(standing.checkpoint.origin)}."
    )
    if standing.judged is None:
        yield "Whose signatures stand under it was not checked: name a policy with --policy."
    elif standing.judged.no_later_than is None:
        yield "Signed by the log. The policy asks for no witness, so the time is the log's own word."
    else:
        time = moment(standing.judged.no_later_than)
        yield f"No later than {time}, cosigned by {', '.join(sorted(standing.judged.cosigned))}."


def list_(as_json: console.Json = False) -> None:
    """List the escrows: what is declared, opened, replaced."""
    with console.opened(as_json) as out:
        from openmpca.proof.escrow import escrows

        heads = {"escrow": "Escrow", "number": "Statement", "day": "Day", "party": "Party", "size": "Leaves"}
        heads |= {"opened": "Opened", "replaced_by": "Replaced by", "secret": "Secret here"}
        out.table(escrows.listed(), heads, empty="Nothing is in escrow.")


_COMMANDS: dict[str, Callable[..., None]] = {
    "new": new,
    "open": open_,
    "finish": finish,
    "write": write,
    "check": check,
    "list": list_,
}
