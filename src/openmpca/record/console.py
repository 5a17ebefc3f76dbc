"""What every command of `openmpca` shares: who acts, how results and problems are shown, and how a command ends.

    @app.command()
    def parties(as_json: console.Json = False) -> None:
        with console.opened(as_json) as out:
            out.table(rows)

Rules kept here:

1. With `--json` a command writes one JSON document to standard output and nothing else; without it, text for people.
   What tells how work is going (progress, waiting) goes to standard error.
2. One shape for whatever is wrong: rule, severity, record, field, message, mend. Rule 0 is no numbered rule: a wrong
   file, nobody of that name. In JSON it is `{"problems": [...]}`.
3. A command ends with one of the codes of `Exit`. A mistake of the user never shows a traceback.
4. Only the standard library and Typer are imported before a command runs.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from openmpca.problems import Problem
    from openmpca.record.act import Act
    from openmpca.record.commands import Stated

Json = Annotated[bool, typer.Option("--json", help="Write one JSON document instead of text.")]
By = Annotated[str, typer.Option("--by", help="Who acts: the handle of a person. Default: `by` of the configuration.")]
For = Annotated[str, typer.Option("--party", help="For which party, where a person acts for several.")]
Override = Annotated[
    list[str] | None, typer.Option("--override", metavar="RULE=REASON", help="Override a soft rule, with a reason.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")]

BAR_AFTER = 1.0
PERSON = re.compile(r"\bp-[0-9a-f]{10}\b")


class Exit(IntEnum):
    """The codes with which a command ends."""

    FINE = 0
    REFUSED = 1
    USAGE = 2
    NOT_VERIFIED = 3
    NOT_FOUND = 4
    BUSY = 5
    UNUSABLE = 6
    INTERRUPTED = 130


class Stop(Exception):  # noqa: N818
    """Ends a command with a code, a message and what would mend it."""

    def __init__(self, code: Exit, message: str, mend: str = "", *, record: str = "", field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.mend, self.record, self.field = code, message, mend, record, field


def not_found(message: str, mend: str = "") -> NoReturn:
    """End the command: what it was asked for is not there."""
    raise Stop(Exit.NOT_FOUND, message, mend)


def usage(message: str, mend: str = "") -> NoReturn:
    """End the command: it was not asked in a way that it understands."""
    raise Stop(Exit.USAGE, message, mend)


class Output:
    """Where a command's results go: text for people, or one JSON document."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def say(self, text: str) -> None:
        """A line for people; nothing in JSON."""
        if not self.as_json:
            sys.stdout.write(_with_handles(text) + "\n")

    def value(self, value: object) -> None:
        """The JSON document; nothing for people, who are told by `say`."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")

    def table(
        self,
        rows: Sequence[Mapping[str, object]],
        columns: Mapping[str, str] | None = None,
        empty: str = "Nothing.",
        totals: Sequence[Mapping[str, object]] = (),
    ) -> None:
        """Rows as a table, or as a JSON list; ``columns`` maps names to heads and says which stand in the text.

        ``totals`` stand under a rule, in the text only. A head that ends in g, kg or % makes a column of figures.
        """
        if self.as_json:
            self.value(list(rows))
        elif not rows:
            self.say(empty)
        else:
            from openmpca.record import layout

            heads = dict(columns or {name: name.replace("_", " ") for name in rows[0]})
            shown = [{name: _named(row[name]) for name in heads if name in row} for row in rows]
            for line in layout.table(shown, heads, width=width(), totals=totals):
                sys.stdout.write(line + "\n")

    def stated(self, made: "Stated", *, dry_run: bool = False) -> None:
        """What came of stating: numbers or a proposal, with the problems that did not refuse."""
        from openmpca.record.record import head

        size, root = head()
        self.value(
            {
                "numbers": [*made.numbers][:1] + [*made.numbers][-1:] if made.numbers else [],
                "proposal": made.proposal,
                "dry_run": dry_run,
                "problems": [problem_fields(each) for each in made.problems],
                "size": size,
                "root": root.hex(),
            }
        )
        self.say("\n".join([*map(problem_text, made.problems), _outcome(made, dry_run)]))

    def followed(self, made: "Stated") -> None:
        """What is due when many statements came at once: the rooms do it, and it is said beside the results."""
        from openmpca.record.rooms import ROOMS

        for room in ROOMS.values():
            if len(made.numbers) > 1 and (said := room.follows(made.numbers)):
                tell(said)

    def problems(self, problems: "Iterable[Problem]") -> None:
        """Problems, whether or not they refuse."""
        found = list(problems)
        self.value({"problems": [problem_fields(each) for each in found]})
        self.say("\n".join(map(problem_text, found)) or "No problems.")

    @contextmanager
    def progress(self, title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """A call that counts steps; a bar on standard error shows them once that takes more than a second."""
        shown = _Bar(title, total)
        try:
            yield shown.advance
        finally:
            shown.close()


class _Bar:
    def __init__(self, title: str, total: int | None) -> None:
        self._title, self._total, self._done = title, total, 0
        self._from = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def advance(self, steps: int) -> None:
        self._done += steps
        if self._bar is None and time.monotonic() - self._from > BAR_AFTER:
            self._open()
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._bar.start()
        self._task = self._bar.add_task(self._title, total=self._total, completed=self._done)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def opened(as_json: bool = False, *, figures: bool = True, founded: bool = True) -> Iterator[Output]:
    """The home, open, and where results go; with ``figures``, derived tables of another version end the command,
    with ``founded``, a record without a statement."""
    with reporting(as_json) as out:
        from openmpca.record.home import home

        folder = home()
        if not folder.is_dir():
            not_found(f"There is no home in {folder}.", "Make one with `openmpca init`, or name another with --home.")
        from openmpca.record.opening import open_home

        open_home()
        from openmpca.record import turn
        from openmpca.record.record import head

        turn.announce_to(tell)
        _made(figures)
        if head()[0]:
            _mark_demonstration()
        elif founded:
            not_found(f"The record in {folder} is not founded.", "Found it with `openmpca init`.")
        yield out


BANNER = "DEMONSTRATION: this State is not real."


def _mark_demonstration() -> None:
    """What is shown of a State that is not real says so, beside the results."""
    from openmpca.record.reading import stored

    if stored(0).fields.get("demonstration"):
        tell(BANNER)


def _made(figures: bool) -> None:
    from openmpca.record import versions

    missing = versions.not_migrated()
    if missing:
        raise Stop(
            Exit.UNUSABLE,
            f"The database lacks the tables of this version: {', '.join(missing)}.",
            "Make a backup, then run `openmpca migrate`.",
        )
    if figures and not versions.derived_by_this():
        raise Stop(
            Exit.UNUSABLE,
            "The derived tables were made by another version.",
            "Run `openmpca rebuild --replace`.",
        )


def to_errors(text: str) -> None:
    """Write lines to standard error, after what was written to standard output before them."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")


def tell(message: str) -> None:
    """A line beside the results, on standard error."""
    to_errors(message)


@contextmanager
def reporting(as_json: bool = False) -> Iterator[Output]:
    """Where results go, with no home: whatever goes wrong in the block is told in the one shape."""
    out = Output(as_json)
    try:
        yield out
    except (typer.Exit, typer.Abort, SystemExit):
        raise
    except BrokenPipeError:
        raise SystemExit(Exit.FINE) from None
    except BaseException as error:
        told = _told(error)
        if told is None:
            raise
        code, problems = told
        _report(problems, as_json)
        raise SystemExit(code) from error


def _told(error: BaseException) -> "tuple[Exit, list[Problem]] | None":
    """How an error is told and ends the command; None for what no user can have caused."""
    if isinstance(error, Stop):
        return error.code, [_unnumbered(error.message, error.mend, error.record, error.field)]
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED, [_unnumbered("Interrupted: nothing was half done.", "")]
    if isinstance(error, OSError):
        missing = isinstance(error, FileNotFoundError)
        mend = "Check the name, and who may read and write there."
        return (Exit.NOT_FOUND if missing else Exit.UNUSABLE), [_unnumbered(str(error), mend)]
    return _told_by_record(error)


def _told_by_record(error: BaseException) -> "tuple[Exit, list[Problem]] | None":
    if "django" not in sys.modules:
        return _told_by_configuration(error)
    from django.db import DatabaseError

    if isinstance(error, DatabaseError):
        text = f"The database refuses: {error}".strip()
        return Exit.UNUSABLE, [_unnumbered(text, "Run `openmpca doctor`.")]
    if "openmpca.record.record" in sys.modules:
        from openmpca.record.proposals import NoProposal
        from openmpca.record.record import Refused
        from openmpca.record.turn import Busy

        if isinstance(error, Refused):
            return Exit.REFUSED, error.problems
        if isinstance(error, Busy):
            return Exit.BUSY, [_unnumbered(str(error), "")]
        if isinstance(error, NoProposal):
            return Exit.NOT_FOUND, [_unnumbered(str(error), "See `openmpca proposals`.")]
    return _told_by_configuration(error)


def _told_by_configuration(error: BaseException) -> "tuple[Exit, list[Problem]] | None":
    from openmpca.record.home import ConfigurationError

    if isinstance(error, ConfigurationError):
        return Exit.UNUSABLE, [_unnumbered(str(error), "Mend openmpca.toml in the home, see docs/settings.md.")]
    return None


def _report(problems: "list[Problem]", as_json: bool) -> None:
    if as_json:
        Output(as_json).value({"problems": [problem_fields(each) for each in problems]})
    else:
        to_errors(_with_handles("\n".join(map(problem_text, problems))))


def width() -> int | None:
    """How wide the text may be: the terminal's width, or COLUMNS; None where nobody watches."""
    import os
    import shutil

    if not os.environ.get("COLUMNS") and not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def _named(value: object) -> object:
    """A value with handles in the place of opaque identifiers."""
    if isinstance(value, str):
        return _with_handles(value)
    if isinstance(value, (list, tuple)):
        return [_named(each) for each in value]
    return value


def _with_handles(text: str) -> str:
    """The text with handles in the place of opaque identifiers, as far as this machine knows them."""
    wanted = set(PERSON.findall(text))
    if not wanted or "openmpca.record.models" not in sys.modules:
        return text
    from django.db import DatabaseError

    from openmpca.record.models import PersonName

    try:
        names = dict(PersonName.objects.filter(person__in=wanted).values_list("person", "handle"))
    except DatabaseError:
        return text
    return PERSON.sub(lambda found: names.get(found[0], found[0]), text)


def _unnumbered(message: str, mend: str, record: str = "", field: str = "") -> "Problem":
    from openmpca.problems import Problem

    return Problem(rule=0, severity="error", record=record, field=field, message=message, mend=mend)


def problem_fields(problem: "Problem") -> dict[str, object]:
    """A problem as JSON shows it."""
    return {name: getattr(problem, name) for name in ("rule", "severity", "record", "field", "message", "mend")}


def problem_text(problem: "Problem") -> str:
    """A problem in two lines: what is wrong and where; how to mend it."""
    rule = f" {problem.rule}" if problem.rule else ""
    where = " ".join(part for part in (problem.record, problem.field) if part)
    first = f"{problem.severity}{rule}{': ' + where if where else ''}: {problem.message}"
    return f"{first}\n  mend: {problem.mend}" if problem.mend else first


def acting(by: str = "", party: str = "", override: Sequence[str] | None = None) -> "Act":
    """Who states: from the options, else from the configuration, else the person's only party."""
    from openmpca.record import clock, commands
    from openmpca.record.act import Act
    from openmpca.record.home import configuration

    person, said = who(by), configuration()
    chosen = party or ("" if by else said.party)
    try:
        chosen = chosen or commands.party_of(person, clock.day(clock.now_us()))
    except LookupError as error:
        usage(
            str(error).strip("'\""),
            "Name it with --party, or as `party` in openmpca.toml; who holds no grant gets one by `openmpca grant`.",
        )
    return Act(party=chosen, prepared_by=person, overrides=_overrides(override or []))


def who(by: str = "") -> str:
    """The identifier of the person who acts: from the option, else from the configuration."""
    from openmpca.record.commands import person_of
    from openmpca.record.home import configuration

    handle = by or configuration().by
    if not handle:
        usage("Nobody acts.", "Say who with --by HANDLE, or set `by` in openmpca.toml.")
    try:
        return person_of(handle)
    except KeyError:
        not_found(f"Nobody is called {handle}.", "See `openmpca people`.")


def _overrides(given: Sequence[str]) -> dict[str, str]:
    made = {}
    for each in given:
        number, equals, reason = each.partition("=")
        if not equals or not number.strip().isdecimal():
            usage(f"--override {each} does not read RULE=REASON.", "For example --override 503='agreed by letter'.")
        made[number.strip()] = reason.strip()
    return made


def _outcome(made: "Stated", dry_run: bool) -> str:
    if dry_run:
        return "Nothing was recorded: this only checked."
    if made.proposal is not None:
        return f"Proposal {made.proposal} waits for a second person: `openmpca approve {made.proposal} --by HANDLE`."
    first, last = made.numbers[0], made.numbers[-1]
    return f"Recorded as statement {first}." if first == last else f"Recorded as statements {first} to {last}."


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)
