"""How `--help` looks: commands in panels by duty, options in groups, one line each that is never cut off.

Rules kept here:

1. The first sentence of a command's docstring is its line in the list; what follows is shown by its own help.
2. A command stands in the panel of its `rich_help_panel`, panels in the order of `PANELS`; others come after them.
3. Options that all commands share stand in groups of their own, below those of the command.
4. Only the standard library and Typer are imported.
"""

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

PANELS: Final[dict[str, str]] = {
    "Start": "Start",
    "Demonstration": "Demonstration and training",
    "Pages": "Pages (administrator)",
    "Register": "Register (State authority)",
    "Book": "Book (accounting officer)",
    "Operations": "Operations (accounting officer)",
    "Inventory": "Physical inventory and places (custodian)",
    "Reports": "Reports (State authority)",
    "Transit": "Transit, totals, obligations (State authority)",
    "Exchange": "Tables and files",
    "Record": "Record (everybody, inspector)",
    "Proof": "Proof and partners (State authority, inspector)",
    "Cooperation": "Cooperation (partner States)",
    "People": "People and duties (administrator)",
    "Upkeep": "Upkeep (administrator)",
    "Reference": "What the program knows",
}
"""Panels in the order of the list, with the heading of each."""

GROUPS: Final[dict[str, Sequence[str]]] = {
    "Which day, and as known when": ("--as-of", "--known-at", "--as-reported"),
    "Who states": ("--by", "--party", "--override", "--dry-run"),
    "Output": ("--json", "--home", "--version", "--install-completion", "--show-completion", "--help"),
}
TYPES: Final = {"<str>": "TEXT", "<int>": "NUMBER", "<path>": "PATH", "<float>": "NUMBER"}
_LIST = re.compile(r"<list\[(\w+)\]>")
_BRACED = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.S)


def first_sentence(text: str) -> str:
    """The first sentence of a docstring, on one line."""
    found = _SENTENCE.match(inspect.cleandoc(text))
    return " ".join((found[1] if found else text).split())


def dress(app: typer.Typer) -> None:
    """Let all commands and groups of an application show their help so."""
    app.info.cls = Group
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        group.cls = Group
        if group.typer_instance is not None:
            dress(group.typer_instance)


class Command(TyperCommand):
    """A command whose options are shown in groups."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _options(self.get_params(ctx), ctx, formatter)

    def get_short_help_str(self, limit: int = 0) -> str:
        return first_sentence(self.help or "")

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [
            re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), each) for each in super().collect_usage_pieces(ctx)
        ]


class Group(TyperGroup):
    """A group whose commands are shown in panels."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        self.format_commands(ctx, formatter)
        _options(self.get_params(ctx), ctx, formatter)

    def get_short_help_str(self, limit: int = 0) -> str:
        return first_sentence(self.help or "")

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        listed = [(name, command) for name, command in self.commands.items() if not command.hidden]
        widest = max((len(name) for name, _ in listed), default=0)
        panels = [str(getattr(command, "rich_help_panel", "") or "") for _, command in listed]
        for panel in _in_order(panels):
            with formatter.section(PANELS.get(panel, panel) or "Commands"):
                formatter.write_dl(
                    [
                        (name.ljust(widest), command.get_short_help_str())
                        for (name, command), where in zip(listed, panels, strict=True)
                        if where == panel
                    ]
                )


def _in_order(panels: Iterable[str]) -> list[str]:
    order = list(PANELS)
    return sorted(dict.fromkeys(panels), key=lambda panel: order.index(panel) if panel in order else len(order))


def _options(parameters: Sequence[Any], ctx: Any, formatter: Any) -> None:
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": [], **{name: [] for name in GROUPS}}
    for each in parameters:
        if (record := each.get_help_record(ctx)) is not None:
            sections[_section(each)].append((_typed(each, record[0]), record[1]))
    for name, rows in sections.items():
        if rows:
            with formatter.section(name):
                formatter.write_dl(rows)


def _typed(parameter: Any, text: str) -> str:
    """How an option or argument is typed, in words of people."""
    text = _LIST.sub(r"<\1>", text)
    for written, meant in TYPES.items():
        text = text.replace(written, meant)
    return text.partition(" ")[0].upper() if parameter.param_type_name == "argument" else text


def _section(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return "Arguments"
    if "--by" in parameter.opts and "acts" not in (parameter.help or ""):
        return "Options"
    return next((name for name, members in GROUPS.items() if set(parameter.opts) & set(members)), "Options")
