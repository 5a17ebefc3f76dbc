"""The commands that bring in what others kept and write out what is here: tables, histories, lists, the journal."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.accounting.cli import times
from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.formats.code10.profile import Profile
    from openmpca.formats.tables.mapping import Mapping

PANEL = "Exchange"

Table = Annotated[Path, typer.Argument(metavar="FILE", help="A table: .csv, .xlsx or .ods.")]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="What its rows state: change, listed, mba ...")]
Area = Annotated[list[str] | None, typer.Option("--mba", help="Only this area; may be given several times.")]
OneArea = Annotated[str, typer.Option("--mba", help="Only this area.")]
Sheet = Annotated[str, typer.Option(help="The sheet of a spreadsheet. Default: the first that is not hidden.")]
Replace = Annotated[bool, typer.Option("--replace", help="Write over files that are there.")]
ProfileName = Annotated[str, typer.Option("--profile", help="How reports are written. Default: as configured.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    for name, (text, commands) in _GROUPS.items():
        group = typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None)
        for own, command in commands.items():
            group.command(own)(command)
        app.add_typer(group, name=name, rich_help_panel=PANEL)
    app.command("template", rich_help_panel=PANEL)(template)


def import_table(
    file: Table,
    kind: Annotated[str, typer.Option("--as", metavar="KIND", help="What the rows state: change, listed, mba ...")],
    mapping: Annotated[str, typer.Option(help="The name of a saved mapping, or a file of one.")] = "",
    constants: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A field that is the same in every row.")
    ] = None,
    sheet: Sheet = "",
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Bring in a table of statements, all of it or nothing.

    Where something is wrong, every problem is told by row and column.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.importing import tables
        from openmpca.record.layout import counted

        source = tables.Source(
            file,
            _kind(kind),
            sheet=sheet or None,
            mapping=_mapping(kind, mapping) if mapping else None,
            constants=_constants(constants or []),
        )
        act = console.acting(by, party, override)
        with out.progress("Recording") as progress:
            made = tables.import_table(source, act, dry_run=dry_run, progress=progress)
        out.say(f"{counted(made.rows, 'row')} read.")
        out.stated(made.stated, dry_run=dry_run)
        if not dry_run:
            out.followed(made.stated)


def import_history(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Code 10 files, in any order.")],
    register: Annotated[
        bool, typer.Option("--register", help="Register what the files name: country, facilities, areas, points.")
    ] = False,
    profile: ProfileName = "",
    limit: Annotated[int, typer.Option(help="The most MiB that the files may have together.")] = 64,
    by: console.By = "",
    party: console.For = "",
    override: console.Override = None,
    dry_run: console.DryRun = False,
    as_json: console.Json = False,
) -> None:
    """Bring in the reports of a former system.

    The book is rebuilt from them. A second person approves.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.importing import history
        from openmpca.record.layout import counted

        act = console.acting(by, party, override)
        with out.progress("Recording") as progress:
            made = history.import_history(
                files,
                act,
                register=register,
                profile=_profile(profile),
                limit=limit << 20,
                dry_run=dry_run,
                progress=progress,
            )
        out.say(f"{counted(made.reports, 'report')}, {counted(made.statements, 'statement')}.")
        out.stated(made.stated, dry_run=dry_run)
        if not dry_run:
            out.followed(made.stated)


def export_history(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go, one for each area.")],
    mba: Area = None,
    known_at: times.KnownAt = "",
    replace: Replace = False,
    as_json: console.Json = False,
) -> None:
    """Write all reports as Code 10 files, one for each area.

    Word for word as they were made.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.exporting import files as exporting

        try:
            made = exporting.export_history(folder, mba, known=times.known_at(known_at), replace=replace)
        except FileExistsError as error:
            _is_there(error)
        rows = [{"mba": each.mba, "reports": each.reports, "file": str(each.path)} for each in made]
        out.table(rows, {"mba": "Area", "reports": "Reports", "file": "File"}, empty="There are no reports.")


def export_journal(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The journal to write.")],
    known_at: times.KnownAt = "",
    replace: Replace = False,
    as_json: console.Json = False,
) -> None:
    """Write the book as a journal for hledger and ledger.

    Masses are in grams.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.exporting import files as exporting
        from openmpca.accounting.exporting import journal

        _free(file, replace)
        with out.progress("Writing") as progress, exporting.written(file) as target:
            count = journal.write(lambda text: target.write(text.encode()), times.known_at(known_at), progress)
        out.value({"file": str(file), "transactions": count})
        out.say(f"{count} transactions in {file}.")


def export_list(
    name: Annotated[str, typer.Argument(metavar="LIST", help="accounts, batches, book, changes, due, problems ...")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv, .xlsx or .json file.")],
    mba: OneArea = "",
    as_of: times.AsOf = "",
    known_at: times.KnownAt = "",
    replace: Replace = False,
    as_json: console.Json = False,
) -> None:
    """Write a list as CSV, spreadsheet or JSON."""
    with console.opened(as_json) as out:
        from openmpca.accounting.exporting import files as exporting
        from openmpca.accounting.exporting import lists
        from openmpca.record.layout import counted

        _free(file, replace)
        asked = lists.Asked(times.day_of(as_of, "--as-of"), times.known_at(known_at), mba)
        if name not in lists.LISTS:
            console.usage(f"There is no list {name}.", f"Name one of {', '.join(lists.names())}.")
        try:
            rows = exporting.export_list(lists.made(name, asked), file)
        except exporting.NoForm as error:
            console.usage(f"{error}.", "Give the file one of these endings.")
        out.value({"file": str(file), "rows": rows})
        out.say(f"{counted(rows, 'row')} in {file}.")


def template(
    kind: Kind,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv or .xlsx file.")],
    replace: Replace = False,
    as_json: console.Json = False,
) -> None:
    """Write an empty table to fill in.

    It says what its columns mean and which values they take.
    """
    with console.opened(as_json) as out:
        from openmpca.accounting.exporting import files as exporting
        from openmpca.accounting.importing.templates import FORMS, template_of

        if file.suffix.lower() not in FORMS:
            console.usage(
                f"{file.name} does not end in {', '.join(FORMS)}: tables are written as these.",
                f"Name it {file.with_suffix('.xlsx').name}; an .ods made of it is read too.",
            )
        made = template_of(_kind(kind), file.suffix.lower())
        _free(file, replace)
        with exporting.written(file) as target:
            target.write(made)
        out.value({"file": str(file)})
        out.say(f"Fill in {file}, then `openmpca import table {file} --as {kind}`.")


def mapping_list(as_json: console.Json = False) -> None:
    """List the mappings of columns that have a name."""
    with console.opened(as_json) as out:
        from openmpca.accounting.importing import mappings

        rows = [{"kind": kind.removeprefix("accounting."), "name": name} for kind, name in mappings.names()]
        out.table(rows, {"kind": "Kind", "name": "Name"}, empty="No mapping has a name yet.")


def mapping_show(
    kind: Kind,
    name: Annotated[
        str, typer.Argument(metavar="NAME|TABLE", help="A saved mapping; or a table, to see how it is read.")
    ],
    as_json: console.Json = False,
) -> None:
    """Show a mapping as JSON, saved or fitted to a table.

    The one that a table would be read with may be changed and saved.
    """
    with console.opened(as_json):
        from openmpca.accounting.importing import mappings, tables
        from openmpca.formats.tables.mapping import to_json

        found = mappings.named(f"accounting.{_kind(kind)}", name)
        if found is None and Path(name).is_file():
            found = tables.fit(tables.Source(Path(name), _kind(kind))).mapping
        if found is None:
            console.not_found(
                f"There is no mapping {name} for {kind}, and no such file.", "See `openmpca mapping list`."
            )
        typer.echo(to_json(found).decode())


def mapping_save(
    kind: Kind,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name that it gets.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The mapping: .json or .toml.")],
    as_json: console.Json = False,
) -> None:
    """Save a mapping of columns under a name."""
    with console.opened(as_json) as out:
        from openmpca.accounting.importing import mappings
        from openmpca.accounting.importing.fields import fields_of
        from openmpca.formats.tables.mapping import unusable
        from openmpca.record.record import Refused

        short, given = _kind(kind), _mapping_file(file)
        if wrong := unusable(given, fields_of(short)):
            raise Refused(wrong)
        mappings.save(f"accounting.{short}", name, given)
        out.value({"kind": kind, "name": name})
        out.say(f"Saved: `openmpca import table FILE --as {kind} --mapping {name}`.")


def _kind(kind: str) -> str:
    from openmpca.accounting.importing.fields import TABLES, kind_named

    try:
        return kind_named(kind).removeprefix("accounting.")
    except KeyError:
        console.usage(f"No table holds {kind!r}.", f"Tables hold {', '.join(TABLES)}.")


def _mapping(kind: str, name: str) -> "Mapping":
    from openmpca.accounting.importing import mappings

    found = mappings.named(f"accounting.{_kind(kind)}", name)
    if found is None and not Path(name).is_file():
        console.not_found(f"There is no mapping {name} for {kind}.", "See `openmpca mapping list`.")
    return found or _mapping_file(Path(name))


def _mapping_file(path: Path) -> "Mapping":
    from openmpca.formats.tables.mapping import from_json, from_toml
    from openmpca.record.record import Refused

    found, problems = (from_toml if path.suffix.lower() == ".toml" else from_json)(path.read_bytes())
    if found is None:
        raise Refused(problems)
    return found


def _constants(given: list[str]) -> dict[str, str]:
    made = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            console.usage(f"--set {each} does not read FIELD=VALUE.", "For example --set mba=ZZA1.")
        made[name.strip()] = value.strip()
    return made


def _profile(name: str) -> "Profile":
    from openmpca.accounting.reporting.practice import profile_of_name
    from openmpca.record.home import configuration

    try:
        return profile_of_name(name or configuration().profile)
    except KeyError as error:
        console.usage(str(error).strip("'\""), "Name one of these with --profile.")


def _free(file: Path, replace: bool) -> None:
    if file.exists() and not replace:
        _is_there(FileExistsError(f"{file} is there already"))


def _is_there(error: FileExistsError) -> None:
    console.usage(f"{error}.", "Name another, or write over it with --replace.")


_GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "import": (
        "Bring in tables, or the history of a former system.",
        {"table": import_table, "history": import_history},
    ),
    "export": (
        "Write reports, the journal or a list to files.",
        {"history": export_history, "journal": export_journal, "list": export_list},
    ),
    "mapping": (
        "What the columns of others' tables mean.",
        {"list": mapping_list, "show": mapping_show, "save": mapping_save},
    ),
}
