"""Texts that stand in tables of the field, outside any call of translation; pages show them by ``gettext(value)``.

Those of inventory changes, rules and their explanations, kinds of statement and their fields, categories of material,
columns of tables that are brought in, what proofs do not prove. Official codes among them need no translation and are
left out.
"""

import re
from collections.abc import Callable, Iterable


def of_changes() -> list[str]:
    """What is said of inventory changes and of the entries of balance reports."""
    from openmpca.accounting import code_lists
    from openmpca.nuclear.changes import CHANGES, MBR_ENTRIES

    said = [text for each in (*CHANGES.values(), *MBR_ENTRIES.values()) for text in (each.title, each.definition)]
    rows = code_lists.changes()
    words = {str(row[name]) for row in rows for name in ("effect", "other_side")}
    return [*said, *sorted(each for each in words if each[0].isalpha())]


def of_rules() -> list[str]:
    """What each rule demands, how a breach is mended, and its source."""
    from openmpca.accounting.rule_list import all_rules

    rules = all_rules().values()
    sources = {each.source for each in rules if re.search("[a-z]{4,}", each.source.removeprefix("Code"))}
    return [*(text for each in rules for text in (each.title, each.mend)), *sorted(sources)]


def of_explanations() -> list[str]:
    """Why the rules of one report and one file are there."""
    from openmpca.formats.code10.rules import EXPLANATIONS

    return list(EXPLANATIONS.values())


def of_kinds() -> list[str]:
    """What each kind of statement says, and what its fields mean and hold."""
    from openmpca.accounting.rule_list import all_rules
    from openmpca.record import kinds
    from openmpca.record.statements import KINDS

    all_rules()  # every module that registers kinds is read
    rows = [row for name in KINDS for row in kinds.fields(name)]
    whole = [kinds.meaning(each) for each in KINDS.values()]
    said = [*whole, *(each.split("\n")[0] for each in whole), *(str(row["meaning"]) for row in rows)]
    forms = sorted({str(row["form"]) for row in rows})
    return list(dict.fromkeys(each for each in (*said, *forms) if each and not each.isupper() and "," not in each[:7]))


def of_categories() -> list[str]:
    """The names of categories of material, and of what is accounted in them where that is no symbol."""
    from openmpca.nuclear.categories import CATEGORIES

    elements = {each.element for each in CATEGORIES.values() if each.element.islower()}
    return [*(each.name for each in CATEGORIES.values()), *sorted(elements)]


def of_quantities() -> list[str]:
    """The names of limits that are kept by material."""
    from openmpca.nuclear.quantities import EXEMPTION

    return [each.name for each in EXEMPTION.values()]


def of_columns() -> list[str]:
    """The titles of columns of tables that are brought in, but for weight keys."""
    from openmpca.accounting.importing.fields import KEYS, TABLES, fields_of

    titles = dict.fromkeys(field.title for table in TABLES for field in fields_of(table))
    return [each for each in titles if each not in KEYS]


def of_proofs() -> list[str]:
    """What a disclosure does not prove."""
    from openmpca.proof.disclosures import telling

    return [*telling.NOT_PROVEN, telling.ALONE, telling.UNWITNESSED]


TABLES: dict[str, Callable[[], Iterable[str]]] = {
    "openmpca/nuclear/changes.py": of_changes,
    "openmpca/problems.py": of_rules,
    "openmpca/formats/code10/numbered.py": of_explanations,
    "openmpca/record/kinds.py": of_kinds,
    "openmpca/nuclear/categories.py": of_categories,
    "openmpca/nuclear/quantities.py": of_quantities,
    "openmpca/accounting/importing/fields.py": of_columns,
    "openmpca/proof/disclosures/telling.py": of_proofs,
}
"""By the file where they stand."""
