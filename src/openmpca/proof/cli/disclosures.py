"""The commands that disclose chosen fields to a recipient, and that check what was disclosed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openmpca.problems import Problem
    from openmpca.tlog.policy import Policy

PANEL = "Proof"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    app.command("disclose", rich_help_panel=PANEL)(disclose)
    app.command("check-disclosure", rich_help_panel=PANEL)(check_disclosure)


def disclose(
    chosen: Annotated[
        list[str] | None,
        typer.Argument(metavar="NUMBER:FIELD,...", help="Statements and their fields; a number alone: all it shows."),
    ] = None,
    to: Annotated[str, typer.Option("--to", help="The recipient.")] = "",
    purpose: Annotated[str, typer.Option(help="What it is released for.")] = "",
    authority: Annotated[str, typer.Option(help="What allows it: a treaty, an order, a letter.")] = "",
    day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The day of the release. Default: today, UTC.")] = "",
    release: Annotated[int | None, typer.Option(help="Write the file of this release, when it is recorded.")] = None,
    file: Annotated[Path | None, typer.Option(help="The file to write; none is ever overwritten.")] = None,
    proofs: Annotated[
        Path | None, typer.Option(help="A folder for the entry and .tlog-proof of each statement, for other tools.")
    ] = None,
    policy: Annotated[str, typer.Option(help="The name of the policy that the file is made for.")] = "",
    by: console.By = "",
    for_party: console.For = "",
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Release chosen fields of statements to a recipient.

    First one person names statements, fields, recipient, purpose and authority, and another approves; a checkpoint
    comes after that. Then --release NUMBER --file OUT writes one file that proves these fields and hides the rest.
    """
    with console.opened(as_json) as out:
        if bool(chosen) == (release is not None):
            console.usage("Give statements to release, or --release with --file.", "See `openmpca disclose --help`.")
        if release is None:
            _prepare(out, chosen or [], (to, purpose, authority, day), (by, for_party), dry_run)
        elif file is None:
            console.usage("--file is missing.", "Say which file to write.")
        else:
            _write(out, release, file, proofs, policy)


def _prepare(
    out: console.Output,
    chosen: "Sequence[str]",
    said: tuple[str, str, str, str],
    who: tuple[str, str],
    dry_run: bool,
) -> None:
    from datetime import date

    from openmpca.proof.disclosures import disclosing
    from openmpca.record import clock, commands

    act = console.acting(*who)
    *to, day = said
    try:
        spoken_of = date.fromisoformat(day) if day else clock.day(clock.now_us())
        stated = disclosing.release(chosen, disclosing.Purpose(*to), spoken_of)
    except ValueError as error:
        console.usage(f"{error}.", "For example 28:kind,day,weights; --day as 2026-03-31.")
    out.stated(commands.state([stated], act, dry_run=dry_run), dry_run=dry_run)


def _write(out: console.Output, release: int, file: Path, proofs: Path | None, policy: str) -> None:
    from openmpca.proof.disclosures import disclosing

    try:
        made, problems = disclosing.written(release, disclosing.last_checkpoint(), policy)
    except disclosing.NoRelease as error:
        console.not_found(
            str(error), "See `openmpca log --kind proof.disclosure`; a proposal has to be approved first."
        )
    wanted = {file: made.encode()}
    wanted |= {proofs / name: content for name, content in disclosing.proofs(made)} if proofs is not None else {}
    written = _new(wanted)
    numbers = [each.number for each in made.statements]
    found = [console.problem_fields(each) for each in problems]
    out.value({"file": str(file), "files": written, "release": release, "statements": numbers, "problems": found})
    out.say("\n".join([*map(console.problem_text, problems), *written]))


def _new(files: "dict[Path, bytes]") -> list[str]:
    """Write new files, or none when one of them is there already."""
    for path in files:
        if path.exists():
            raise console.Stop(console.Exit.UNUSABLE, f"{path} is there already.", "Name what is not there yet.")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as opened:
            opened.write(content)
    return [str(path) for path in files]


def check_disclosure(
    file: Annotated[Path, typer.Argument(help="The file that somebody disclosed.")],
    policy: Annotated[Path, typer.Option("--policy", help="Your policy: which logs and witnesses you accept.")],
    without_quorum: Annotated[
        bool, typer.Option("--without-quorum", help="Accept the log's signature alone, without its witnesses.")
    ] = False,
    as_json: console.Json = False,
) -> None:
    """Check a disclosure, and say what it proves and what not.

    It needs the file and the policy, and neither home, database nor network. It ends with 0 when all is proven, and
    with 3 when anything does not hold, or when the cosignatures are not those that the policy asks for.
    """
    with console.reporting(as_json) as out:
        from openmpca.proof.disclosures import checking, telling

        meant = _policy(policy)
        try:
            proven = checking.check(_content(file, checking.LARGEST), meant)
        except checking.NotProven as refused:
            _refuse(out, refused.problems)
        out.value({**telling.data(proven), "problems": [console.problem_fields(each) for each in proven.problems]})
        for line in telling.told(proven, policy.name):
            out.say(line)
        if proven.problems and not without_quorum:
            _tell(out, proven.problems)
            raise SystemExit(console.Exit.NOT_VERIFIED)


def _content(file: Path, largest: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(largest + 1)


def _policy(file: Path) -> "Policy":
    from openmpca.tlog.policy import MAX_POLICY_BYTES, Policy, PolicyError

    try:
        return Policy.parse(_content(file, MAX_POLICY_BYTES))
    except PolicyError as error:
        raise console.Stop(
            console.Exit.UNUSABLE, f"{file} is no policy: {error}.", "Mend the file, or ask for it again."
        ) from error


def _refuse(out: console.Output, problems: "Sequence[Problem]") -> None:
    out.value({"proven": False, "problems": [console.problem_fields(each) for each in problems]})
    out.say("NOTHING IS PROVEN by this file.")
    _tell(out, problems)
    raise SystemExit(console.Exit.NOT_VERIFIED)


def _tell(out: console.Output, problems: "Sequence[Problem]") -> None:
    if not out.as_json:
        console.tell("\n".join(map(console.problem_text, problems)))
