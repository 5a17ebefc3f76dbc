"""Every numbered rule of the program, by number."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

import openmpca
from openmpca.problems import RULES, Rule

_WITHOUT_RULES: Final = ("openmpca.web", "openmpca.pages", "openmpca.accounting.pages", "openmpca.accounting.cli")


@cache
def all_rules() -> dict[int, Rule]:
    """Every rule by number: all modules that may have rules are read, for each registers its own."""
    _read(openmpca.__path__, "openmpca.")
    return dict(sorted(RULES.items()))


def _read(path: Iterable[str], prefix: str) -> None:
    for each in iter_modules(path, prefix):
        if each.name in _WITHOUT_RULES or each.name.endswith((".migrations", ".__main__")):
            continue
        module = import_module(each.name)
        if each.ispkg:
            _read(module.__path__, f"{each.name}.")


def row_of(rule: Rule) -> dict[str, object]:
    """A rule as a row: number, severity, whether it is soft, whether it is unverified, title, source, mend."""
    return {
        "rule": rule.number,
        "severity": rule.severity,
        "soft": rule.soft,
        "unverified": rule.unverified,
        "title": rule.title,
        "source": rule.source,
        "mend": rule.mend,
    }
