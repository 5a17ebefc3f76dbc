"""The commands that list what the program knows as data: rules, inventory changes, categories."""

from typing import Annotated

import typer

from openmpca.record import console

PANEL = "Reference"


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    app.command("rules", rich_help_panel=PANEL)(rules)
    app.command("changes", rich_help_panel=PANEL)(changes)
    app.command("categories", rich_help_panel=PANEL)(categories)


def rules(
    number: Annotated[int | None, typer.Argument(help="The rule; all when not given.")] = None,
    as_json: console.Json = False,
) -> None:
    """List the numbered rules.

    What must hold, how grave a breach is, where it comes from, how to mend it.
    """
    with console.reporting(as_json) as out:
        from openmpca.record.opening import open_home

        open_home()
        from openmpca.accounting.rule_list import all_rules, row_of

        known = all_rules()
        if number is not None and number not in known:
            console.not_found(f"There is no rule {number}.", "See `openmpca rules`.")
        rows = [row_of(each) for each in ([known[number]] if number is not None else known.values())]
        if number is None or out.as_json:
            out.table(rows, {"rule": "rule", "severity": "severity", "soft": "soft", "title": "title"})
            return
        for name, value in rows[0].items():
            out.say(f"{name:>10}  {'yes' if value is True else 'no' if value is False else value}")


def changes(as_json: console.Json = False) -> None:
    """List the codes of inventory changes.

    With what they do to the balance.
    """
    with console.reporting(as_json) as out:
        from openmpca.accounting import code_lists

        out.table(code_lists.changes())


def categories(as_json: console.Json = False) -> None:
    """List the categories of nuclear material.

    With the weight keys that are accounted in each.
    """
    with console.reporting(as_json) as out:
        from openmpca.accounting import code_lists

        out.table(code_lists.categories())
