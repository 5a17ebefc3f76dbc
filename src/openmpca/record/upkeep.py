"""The commands of the record's upkeep: init, migrate, verify, rebuild, backup, restore, doctor."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.record.founding import Named
    from openmpca.record.home import Configuration

PANEL = "Upkeep"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    for name, command in _COMMANDS.items():
        app.command(name, rich_help_panel="Start" if command is init else PANEL)(command)


def init(
    code: Annotated[str, typer.Option("--party", "--state", help="Code of the first party, such as a State's.")] = "",
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    people: Annotated[
        list[str] | None, typer.Option("--person", metavar="HANDLE[=NAME]", help="A first person; at least two.")
    ] = None,
    roles: Annotated[
        list[str] | None, typer.Option("--role", help="A role that they hold besides administrator; may be repeated.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Handle of the person who acts by default on this machine.")] = "",
    database: Annotated[str, typer.Option(help="postgresql://... Default: a SQLite file in the home.")] = "",
    demonstration: Annotated[bool, typer.Option("--demonstration", help="Not a real State.")] = False,
    as_json: console.Json = False,
) -> None:
    """Make a home and found its record.

    The founding statement names the first party and two persons or more, who become its administrators. Give each
    person as HANDLE=NAME: the handle is typed later with --by, the name stays outside the record. --role gives all
    of them further roles (authority, officer, custodian, inspector).
    """
    with console.reporting(as_json) as out:
        from openmpca.record import home

        asked = _Asked(code, name, people or [])
        given = home.Configuration(database=database, by=by)
        make_home(home.home(), given)
        from openmpca.record.opening import make_tables, open_home

        open_home()
        make_tables()
        from openmpca.record.founding import found

        _, made = found(asked.code, asked.name, asked.people(), roles or [], demonstration=demonstration)
        out.say(f"The home is {home.home()}. Who acts when nobody is named: {home.configuration().by or 'nobody'}.")
        out.stated(made)


class _Asked:
    """What a founding needs, asked for on a terminal where it was not given."""

    def __init__(self, code: str, name: str, people: list[str]) -> None:
        self.code = code or _ask("Code of the first party (for example SRA)", "--party")
        self.name = name or _ask("Its name", "--name")
        self._people = people or [
            _ask(f"Handle of the {which} person, or HANDLE=NAME", "--person") for which in ("first", "second")
        ]

    def people(self) -> "list[Named]":
        """The first persons, each with a handle of their own."""
        from openmpca.record.founding import Named

        pairs = [each.partition("=")[::2] for each in self._people]
        found = [Named(handle.strip(), name.strip()) for handle, name in pairs]
        if len({each.handle for each in found}) != len(found):
            console.usage("Two persons have one handle.", "Give each a handle of their own.")
        return found


def _ask(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        console.usage(f"{option} is missing.", "Give it; nobody can be asked here.")
    return str(typer.prompt(question, err=True)).strip()


def make_home(folder: Path, given: "Configuration") -> None:
    """Make the folder of a home with its configuration, where they are not there yet."""
    from openmpca.record import home

    if given.database:
        home.database(given.database, folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / home.CONFIGURATION
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(home.written(given), encoding="utf-8")
        return
    if given.database and home.configuration().database != given.database:
        console.usage(f"{path} names another database.", "Leave --database away, or use another home.")
    if given.by and not home.configuration().by:
        text = home.written(home.Configuration(by=given.by))
        path.write_text(text + path.read_text(encoding="utf-8"), encoding="utf-8")


def migrate(as_json: console.Json = False) -> None:
    """Bring the tables of the home to this version of OpenMPCA. Make a backup first."""
    with console.reporting(as_json) as out:
        from openmpca.record import home

        if not home.home().is_dir():
            console.not_found(f"There is no home in {home.home()}.", "Make one with `openmpca init`.")
        from openmpca.record.opening import make_tables, open_home

        open_home()
        make_tables()
        from openmpca.record import versions

        current = versions.derived_by_this()
        out.value({"migrated": True, "derived_tables_current": current})
        out.say("The tables are those of this version.")
        if not current:
            out.say("The derived tables are not: run `openmpca rebuild --replace`.")


def verify(
    expect: Annotated[
        tuple[int, str] | None, typer.Option(metavar="SIZE ROOT", help="A checkpoint that was kept elsewhere.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--backup", help="Verify a backup file instead.")] = None,
    as_json: console.Json = False,
) -> None:
    """Prove the record: recompute all of it, name what is wrong.

    Every commitment and the whole tree are made again; the first statement that does not hold is named. With
    --expect it also shows that what was there at a checkpoint, noted elsewhere, is still there unchanged. It ends
    with 3 when the record does not hold.
    """
    with console.opened(as_json, figures=False) as out:
        from openmpca.record import backup, layout
        from openmpca.record import verify as verification
        from openmpca.record.record import head

        checkpoint = _checkpoint(*expect) if expect else None
        with out.progress("Verifying", head()[0] if file is None else None) as step:
            found = backup.check(file, checkpoint, step) if file else verification.verify(checkpoint, step)
        out.value(
            {
                "size": found.size,
                "root": found.root.hex(),
                "withheld": found.withheld,
                "holds": found.holds,
                "problems": [console.problem_fields(each) for each in found.problems],
            }
        )
        if found.holds:
            sizes = layout.counted(found.size, "statement"), layout.counted(found.withheld, "line")
            out.say(f"The record holds: {sizes[0]}, {sizes[1]} withheld.")
        else:
            out.say("The record does not hold.\n" + "\n".join(map(console.problem_text, found.problems)))
        out.say(f"size {found.size}\nroot {found.root.hex()}")
        if not found.holds:
            raise SystemExit(console.Exit.NOT_VERIFIED)


def _checkpoint(size: int, root: str) -> tuple[int, bytes]:
    try:
        return size, bytes.fromhex(root)
    except ValueError:
        console.usage(f"{root} is no root: 64 hexadecimal digits.")


def rebuild(
    replace: Annotated[bool, typer.Option("--replace", help="Put the rebuilt tables in place.")] = False,
    as_json: console.Json = False,
) -> None:
    """Derive every table anew and compare it with the one in use.

    The tables are made from the record alone, beside those in use. With --replace they take their place.
    """
    with console.opened(as_json, figures=False) as out:
        from openmpca.record import rebuild as rebuilding
        from openmpca.record.record import head

        with out.progress("Rebuilding", head()[0]) as step:
            made = rebuilding.rebuild(replace=replace, progress=step)
        out.value(
            {
                "size": made.size,
                "root": made.root.hex(),
                "replaced": made.replaced,
                "problems": [console.problem_fields(each) for each in made.problems],
            }
        )
        said = "\n".join(map(console.problem_text, made.problems)) or "The tables are what the record gives."
        out.say(f"{said}\nsize {made.size}\nroot {made.root.hex()}")
        if made.replaced:
            out.say("The rebuilt tables are in place.")
        elif made.problems:
            raise SystemExit(console.Exit.NOT_VERIFIED)


def backup(
    file: Annotated[Path | None, typer.Argument(help="Default: a new file in the folder for backups.")] = None,
    as_json: console.Json = False,
) -> None:
    """Write the whole State to one file, and print size and root.

    Others may go on working meanwhile. Note size and root elsewhere: `openmpca verify --expect SIZE ROOT` needs
    them.
    """
    with console.opened(as_json, figures=False) as out:
        from openmpca.record import backup as backups
        from openmpca.record.record import head

        target = file or backups.default_file()
        with out.progress("Backing up", head()[0]) as step:
            made = backups.backup(target, step)
        out.value({"file": str(target), "size": made.size, "root": made.root, "made": made.made})
        out.say(f"{target}\nsize {made.size}\nroot {made.root}")


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    database: Annotated[str, typer.Option(help="postgresql://... Default: a SQLite file in the home.")] = "",
    as_json: console.Json = False,
) -> None:
    """Verify a backup and restore it into an empty home.

    The derived tables are made anew from the record. The backup may come from another kind of database.
    """
    with console.reporting(as_json) as out:
        if not file.is_file():
            console.not_found(f"There is no backup {file}.")
        from openmpca.record import home

        make_home(home.home(), home.Configuration(database=database))
        from openmpca.record.opening import make_tables, open_home

        open_home()
        make_tables()
        from openmpca.record import backup as backups

        with out.progress("Restoring") as step:
            made = backups.restore(file, step)
        out.value({"size": made.size, "root": made.root.hex(), "withheld": made.verdict.withheld})
        out.say(f"Restored into {home.home()}.\nsize {made.size}\nroot {made.root.hex()}")


def doctor(as_json: console.Json = False) -> None:
    """Look over the home, and say how to mend what is wrong.

    Database, record, derived tables, clock, disk, backups and key files. It changes nothing. It ends with 1 when
    something is wrong.
    """
    with console.reporting(as_json) as out:
        from openmpca.record.opening import open_home

        open_home()
        from openmpca.record.doctor import examine

        found = examine()
        rows = [
            {"check": each.name, "status": each.status, "message": each.message, "mend": each.mend} for each in found
        ]
        out.value(rows)
        for each in found:
            out.say(
                f"{each.status:<9}{each.name}: {each.message}" + (f"\n         mend: {each.mend}" if each.mend else "")
            )
        if any(each.status == "wrong" for each in found):
            raise SystemExit(console.Exit.REFUSED)


_COMMANDS: dict[str, Callable[..., None]] = {
    "init": init,
    "doctor": doctor,
    "verify": verify,
    "rebuild": rebuild,
    "backup": backup,
    "restore": restore,
    "migrate": migrate,
}
