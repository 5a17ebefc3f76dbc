"""The pages of the documentation that are made from the code, so that they cannot say anything else.

``make docs`` writes them; a test fails when one is not what the code says. Each page is made by one function below and
holds one section for each thing: a rule, an inventory change, a command.
"""

import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from inspect import cleandoc
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
MADE = "<!-- Made from the code by `make docs`; change the code, not this page. -->"

BLOCKS = (
    (1, 99, "The record: persons, grants, statements"),
    (100, 199, "Syntax and structure of one Code 10 file"),
    (200, 299, "Consistency inside one report"),
    (300, 399, "Entries and the register"),
    (400, 499, "Balances and batches of the book"),
    (500, 599, "Transit"),
    (600, 699, "Physical inventory, material balance and reports against the book"),
    (700, 719, "Timeliness"),
    (720, 899, "Cooperation"),
    (900, 999, "Import of tables"),
    (1000, 1099, "Files exchanged with partners: XML, IATI, MSPDI"),
)
SEVERITIES = {"error": "error: refuses", "warning": "warning: is shown and goes on", "note": "note: for information"}
SOFT = "*soft*: may be overridden with a reason"
UNVERIFIED = "*unverified*: its source could not be read, so it never refuses"


def import_everything() -> None:
    """Import every module of the package, so that all rules are registered."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmpca.web.serving_settings")
    import django

    import openmpca

    django.setup()
    for module in pkgutil.walk_packages(openmpca.__path__, "openmpca."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)


def sentence(text: str) -> str:
    """The text with a full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def rules_page() -> str:
    """Every numbered check: what must hold, how grave a breach is, how to mend it, where it comes from."""
    from openmpca.formats.code10.rules import EXPLANATIONS
    from openmpca.problems import RULES

    import_everything()
    lines = [
        "# Rules",
        MADE,
        "Every check has a number that is given once and never reused. A check never stops at the first fault: it "
        "returns problems, each with the record, the field, what is wrong and how to mend it. A *soft* rule may be "
        "overridden with a reason that goes on record. An *unverified* rule rests on a text that the authors could not "
        "read, so it never refuses. `openmpca rules` lists the same on the command line; `openmpca rules 355` shows "
        "one.",
    ]
    for first, last, title in BLOCKS:
        numbers = sorted(number for number in RULES if first <= number <= last)
        if not numbers:
            continue
        lines.append(f"## {first} to {last}. {title}")
        for number in numbers:
            rule = RULES[number]
            marks = [SEVERITIES[rule.severity], *[SOFT] * rule.soft, *[UNVERIFIED] * rule.unverified]
            lines.append(f"### {number}. {rule.title}")
            if number in EXPLANATIONS:
                lines.append(sentence(EXPLANATIONS[number]))
            lines.append(
                f"- Severity: {'; '.join(marks)}\n- Mend: {sentence(rule.mend)}\n- Source: {sentence(rule.source)}"
            )
    return "\n\n".join(lines) + "\n"


EFFECTS = {1: "increases the inventory", -1: "decreases the inventory", 0: "moves between categories or batches"}


def inventory_changes_page() -> str:
    """Every inventory-change code with its meaning, effect and account, and the entries of balance reports."""
    from openmpca.nuclear.changes import CHANGES, MBR_ENTRIES

    lines = [
        "# Inventory changes",
        MADE,
        "Each inventory change moves material between the book inventory of its material balance area and one other "
        "account, which is named here. What an *unverified* mark stands on could not be read by the authors in its "
        "first source.",
    ]
    for change in CHANGES.values():
        lines += [f"## {change.code}. {change.title}", sentence(change.definition)]
        facts = [
            f"Effect: {EFFECTS[change.effect]}{'; may be negative' if change.signed else ''}",
            f"Account: {change.group.replace('_', ' ')}",
            f"Reported in: {', '.join(change.reports)}",
        ]
        if change.counterpart != "none":
            facts.append(f"Other side: {change.counterpart}")
        if change.from_category:
            facts.append(f"Category: from {change.from_category} to {change.to_category}")
        if change.pair:
            facts.append(f"Answered or undone by: {change.pair}")
        facts.append(f"Source: {change.source}{' (unverified)' if change.unverified else ''}")
        lines.append("\n".join(f"- {fact}" for fact in facts))
    lines.append("## Entries that only a material balance report has")
    for entry in MBR_ENTRIES.values():
        lines += [f"### {entry.code}. {entry.title}", sentence(entry.definition)]
        lines.append(
            f"- Place in the report: {entry.order}{'; optional' if entry.optional else ''}\n"
            f"- Source: {entry.source}{' (unverified)' if entry.unverified else ''}"
        )
    return "\n\n".join(lines) + "\n"


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below one, with its full name, in order."""
    yield name, command
    for part, sub in getattr(command, "commands", {}).items():
        if not sub.hidden:
            yield from commands(sub, f"{name} {part}")


def option_line(parameter: Any) -> str:
    """One argument or option and what it is for."""
    if parameter.param_type_name == "argument":
        said = f"`{parameter.name.upper()}`"
    else:
        said = ", ".join(f"`{text}`" for text in [*parameter.opts, *parameter.secondary_opts])
    text = (getattr(parameter, "help", None) or "").strip()
    return f"- {said}{': ' + sentence(text) if text else ''}"


def commands_page() -> str:
    """Every command with its arguments and options."""
    from typer.main import get_command

    from openmpca.cli import app

    lines = ["# Commands", MADE]
    for name, command in commands(get_command(app), "openmpca"):
        lines.append(f"## `{name}`")
        if command.help:
            lines.append(cleandoc(command.help.split("\f")[0]))
        options = [option_line(each) for each in command.params if not getattr(each, "hidden", False)]
        if options:
            lines.append("\n".join(options))
    return "\n\n".join(lines) + "\n"


PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "rules.md": ("openmpca.problems", rules_page),
    "inventory-changes.md": ("openmpca.nuclear.changes", inventory_changes_page),
    "commands.md": ("openmpca.cli", commands_page),
}


def pages() -> dict[str, Callable[[], str]]:
    """The pages whose source is in the tree."""
    return {name: make for name, (source, make) in PAGES.items() if find_spec(source)}


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ["OPENMPCA_HOME"] = home
        for name, make in pages().items():
            (DOCS / name).write_text(make(), encoding="utf-8")
            print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
