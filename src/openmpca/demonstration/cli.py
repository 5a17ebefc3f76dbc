"""The commands of the demonstration: build and show the State, play scenario files."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openmpca.problems import Problem

PANEL = "Demonstration"
BANNER = f"{console.BANNER} It is Tessara, a country in no atlas."
NEXT = (
    ("what the State holds, by area", "openmpca book"),
    ("what is on its way", "openmpca transit --other-side {abroad}"),
    ("the balance with the MUF that was explained", "openmpca balance XTF2 --period 2025-06-13"),
    ("what is late", "openmpca due --late --as-of 2026-01-15"),
    ("whether the record holds", "openmpca verify"),
)

Home = Annotated[
    Path | None,
    typer.Option(
        "--home", metavar="FOLDER", help="Where the State lives. Default: OPENMPCA_HOME, else ./demonstration."
    ),
]
Seed = Annotated[str, typer.Option(help="What the routine and the salts are made from.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    app.command("demonstration", rich_help_panel=PANEL)(demonstration)
    app.command("play", rich_help_panel=PANEL)(play)


def demonstration(
    home: Home = None,
    again: Annotated[bool, typer.Option("--again", help="Build it anew, though it stands.")] = False,
    seed: Seed = "2024",
    write_scenario: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the whole scenario as files, and do nothing else.")
    ] = None,
    size: Annotated[
        int, typer.Option(metavar="N", help="Write a State of N changes as files, and do nothing else.")
    ] = 0,
    mbas: Annotated[int, typer.Option(help="Among how many areas, with --size.")] = 300,
    years: Annotated[int, typer.Option(help="Over how many years, with --size.")] = 10,
    partners: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Build two neighbours there, and their partnership with the State."),
    ] = None,
    as_json: console.Json = False,
) -> None:
    """Build the demonstration State, and show it.

    Two years of a country that does not exist, with its book and reports. Its
    neighbours have records and keys of their own: Perion ships, Ostrel watches.
    """
    with console.reporting(as_json) as out:
        from openmpca.record.opening import open_home

        folder = _home(home)
        open_home()
        if size:
            _sized(write_scenario or Path(f"size-{size}"), size, mbas, years, seed, out)
        elif write_scenario is not None:
            from openmpca.demonstration.generator import write_scenario as write

            for path in write(write_scenario, seed):
                out.say(str(path))
        elif partners is not None:
            _stand(folder, False, seed, out)
            _neighbours(folder, partners, again, out)
        else:
            _stand(folder, again, seed, out)
            _show(folder, out)


def _sized(folder: Path, size: int, mbas: int, years: int, seed: str, out: console.Output) -> None:
    from openmpca.demonstration import sized

    scenario, table = sized.write(folder, size, mbas, years, seed)
    out.value({"scenario": str(scenario), "table": str(table), "changes": size})
    out.say(f"{scenario}: play it into an empty home.\n{table}: {size} changes to import.")


def _home(given: Path | None) -> Path:
    import os

    chosen = given or Path(os.environ.get("OPENMPCA_HOME") or "demonstration")
    os.environ["OPENMPCA_HOME"] = str(chosen.absolute())
    return chosen.absolute()


def _stand(folder: Path, again: bool, seed: str, out: console.Output) -> None:
    from openmpca.demonstration import building

    if not again and folder.exists() and any(folder.iterdir()):
        if building.stands(folder):
            out.say(f"{BANNER}\nIt stands in {folder}, and its record holds; --again builds it anew.\n")
            return
        raise console.Stop(
            console.Exit.NOT_VERIFIED,
            f"The record in {folder} does not hold.",
            "Run `openmpca verify`, or use --again.",
        )
    scenario = building.the_state(seed)
    with out.progress("Two years of Tessara", len(scenario.blocks)) as progress:
        played = building.build(folder, scenario, seed=seed, progress=progress)
    out.say(f"{BANNER}\nBuilt in {folder}: {played.blocks} acts of two years.\n")
    for each in played.unexpected:
        out.say(console.problem_text(each))


def _neighbours(folder: Path, partners: Path, again: bool, out: console.Output) -> None:
    from openmpca.demonstration import neighbourhood

    with out.progress("Perion and Ostrel", 1) as step:
        built = neighbourhood.build(folder, partners.absolute(), again=again)
        step(1)
    homes = {name: str(path) for name, path in built.homes.items()}
    out.value({"homes": homes, "policy": str(built.policy)})
    out.say(f"Perion, who ships, lives in {_near(built.homes['perion'])}; Ostrel, who watches, in")
    out.say(f"{_near(built.homes['ostrel'])}. Each of the three has a key for its log, one to witness and one for")
    out.say(f"its bundles, introduced by two persons. What they agreed: {_near(built.policy)}")


def _show(folder: Path, out: console.Output) -> None:
    from openmpca.accounting.reporting.contents import entries_in_units, entry_rows
    from openmpca.accounting.reporting.make import TITLES
    from openmpca.demonstration import screen
    from openmpca.record.record import head

    rows, items, transits = screen.book(), screen.late(), screen.transits()
    shown = list(screen.one_of_each(folder / "reports"))
    files = screen.write_reports(folder / "reports")
    abroad = screen.write_other_side(folder / "perion.csv")
    size, root = head()
    if out.as_json:
        import msgspec

        out.value(
            {
                "banner": BANNER,
                "home": str(folder),
                "as_of": str(screen.TODAY),
                "book": rows,
                "due": msgspec.to_builtins(items),
                "overdue": transits,
                "reports": [
                    {"file": str(each.path), "entries": entries_in_units(each.contents, each.profile)} for each in shown
                ],
                "files": [str(path) for path in [*files, abroad]],
                "size": size,
                "root": root.hex(),
            }
        )
        return
    _titled(out, f"The State's book as of {screen.TODAY}", rows)
    due = [
        {"due": str(each.due), "state": each.state, "days": each.days, "subject": each.subject, "what": each.what}
        for each in items
    ]
    _titled(out, f"Due, and late, on {screen.TODAY}", due)
    _titled(out, "Overdue on the way", transits)
    for one in shown:
        report = one.report
        title = f"{TITLES[report.sort]} {report.report} of {report.mba}, up to {report.end}: {report.state}"
        _titled(out, title, entry_rows(one.contents, one.profile))
        out.say(f"Checked: {_checked(one.problems)}  File: {_near(one.path)}\n")
    out.say(f"All reports as Code 10 files: {', '.join(_near(path) for path in files)}")
    out.say(f"What Perion says of its shipments and receipts: {_near(abroad)}")
    out.say(f"The record: size {size}, root {root.hex()}\n")
    out.say(f"Try next (first: export OPENMPCA_HOME={_near(folder)})")
    for what, command in next_commands(abroad):
        out.say(f"  {command:<55} {what}")


def next_commands(abroad: Path) -> list[tuple[str, str]]:
    """What to try next, with the file of the neighbour's side where it stands."""
    return [(what, command.format(abroad=shlex.quote(_near(abroad)))) for what, command in NEXT]


def _titled(out: console.Output, title: str, rows: "Sequence[dict[str, object]]") -> None:
    from openmpca.demonstration.screen import heads

    out.say(title)
    out.table(rows, heads(rows))
    out.say("")


def _checked(problems: "Sequence[Problem]") -> str:
    from openmpca.record.layout import counted

    return "no problems." if not problems else f"{counted(len(problems), 'problem')}: {problems[0].message}"


def _near(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def play(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files, or folders of them.")],
    seed: Seed = "2024",
    check_only: Annotated[bool, typer.Option("--check", help="Only read the files and tell what is wrong.")] = False,
    as_json: console.Json = False,
) -> None:
    """Play scenario files into a home.

    That of a demonstration or a training State, or an empty one.
    """
    with console.reporting(as_json) as out:
        from openmpca.record.opening import make_tables, open_home

        open_home()
        from openmpca.demonstration.scenario import read
        from openmpca.demonstration.verbs import Verbs
        from openmpca.record import layout

        scenario = read(files, Verbs())
        if check_only:
            out.value({"blocks": len(scenario.blocks)})
            out.say(f"{layout.counted(len(scenario.blocks), 'block')}, no problems.")
            return
        from openmpca.demonstration.player import play as play_scenario
        from openmpca.record.home import home
        from openmpca.record.record import head

        home().mkdir(mode=0o700, parents=True, exist_ok=True)
        make_tables()
        with out.progress("Playing", len(scenario.blocks)) as progress:
            played = play_scenario(scenario, seed=seed, progress=progress)
        size, root = head()
        out.value(
            {
                "blocks": played.blocks,
                "size": size,
                "root": root.hex(),
                "problems": [console.problem_fields(each) for each in played.unexpected],
            }
        )
        for each in played.unexpected:
            out.say(console.problem_text(each))
        out.say(f"Played {layout.counted(played.blocks, 'block')}; the record has size {size} and root {root.hex()}.")
