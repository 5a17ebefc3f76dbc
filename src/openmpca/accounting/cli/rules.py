"""The commands that list what the program knows as data: rules, inventory changes, categories."""

from typing import TYPE_CHECKING, Annotated

import typer

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.problems import Rule

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
        known = _all_rules()
        if number is not None and number not in known:
            console.not_found(f"There is no rule {number}.", "See `openmpca rules`.")
        rows = [
            {
                "rule": each.number,
                "severity": each.severity,
                "soft": each.soft,
                "unverified": each.unverified,
                "title": each.title,
                "source": each.source,
                "mend": each.mend,
            }
            for each in ([known[number]] if number is not None else known.values())
        ]
        if number is None or out.as_json:
            out.table(rows, {"rule": "rule", "severity": "severity", "soft": "soft", "title": "title"})
            return
        for name, value in rows[0].items():
            out.say(f"{name:>10}  {'yes' if value is True else 'no' if value is False else value}")


def _all_rules() -> "dict[int, Rule]":
    """Every rule of the program by number: all modules are read, for each registers its own."""
    import os
    import pkgutil
    from importlib import import_module

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmpca.web.settings")
    import django

    import openmpca
    from openmpca.problems import RULES

    django.setup()
    for module in pkgutil.walk_packages(openmpca.__path__, "openmpca."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
    return dict(sorted(RULES.items()))


def changes(as_json: console.Json = False) -> None:
    """List the codes of inventory changes.

    With what they do to the balance.
    """
    with console.reporting(as_json) as out:
        from openmpca.nuclear.changes import CHANGES

        effects = {1: "+", -1: "−", 0: "between categories"}
        out.table(
            [
                {
                    "code": each.code,
                    "title": each.title,
                    "effect": effects[each.effect],
                    "other_side": each.counterpart,
                    "meaning": each.definition,
                }
                for each in CHANGES.values()
            ]
        )


def categories(as_json: console.Json = False) -> None:
    """List the categories of nuclear material.

    With the weight keys that are accounted in each.
    """
    with console.reporting(as_json) as out:
        from openmpca.nuclear.categories import CATEGORIES

        out.table(
            [
                {
                    "code": each.code,
                    "name": each.name,
                    "element": each.element,
                    "reported_as": each.agency,
                    "unit": each.unit,
                    "weights": list(each.keys),
                    "unverified": each.unverified,
                }
                for each in CATEGORIES.values()
            ]
        )
