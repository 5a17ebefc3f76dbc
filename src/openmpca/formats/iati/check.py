"""A file of IATI activities held against the standard: schema, code lists, ruleset; every problem at once.

Rules kept:

1. All parts are checked whatever the others found; at most ``SHOWN`` problems are listed of each.
2. A problem names the activity by its identifier, and the path and line of the element.
3. What cannot be checked here is told (rule 1016), so that no silence is taken for an approval.

Source: IATI activity standard 2.03.
"""

import datetime
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from openmpca.formats.iati import rules, ruleset
from openmpca.formats.iati.activity import VERSION
from openmpca.formats.iati.file import ROOT
from openmpca.formats.iati.ruleset import Failure
from openmpca.formats.iati.standard import CodeList, Standard, paths_of_codes
from openmpca.formats.markup.rules import MORE, OTHER_ROOT, SHOWN
from openmpca.formats.markup.safe import LIMITS, Limits, parse
from openmpca.formats.tables.rules import Refused
from openmpca.problems import Problem

_ACTIVITY = "iati-activity"
_SHORT = 60
_LISTED = 20


def check(data: bytes, standard: Standard, *, now: datetime.datetime, limits: Limits = LIMITS) -> list[Problem]:
    """Every problem of a file; ``now`` is the moment after which nothing can have happened yet."""
    try:
        root = parse(data, limits)
    except Refused as refused:
        return [refused.problem]
    if root.tag != ROOT:
        return [OTHER_ROOT.problem(f"The file holds {_short(str(root.tag))}, not {ROOT}.")]
    agencies = standard.agencies
    parts = (
        _version(root),
        _of_schema(root, standard),
        _identifiers(root),
        _codes(root, standard),
        _judged(ruleset.failures(standard.ruleset, root, now=now, agencies=agencies)),
    )
    return [problem for part in parts for problem in _listed(part)]


def _listed(part: Iterator[Problem]) -> list[Problem]:
    shown = list(islice(part, SHOWN))
    more = sum(1 for _ in part)
    if more:
        shown.append(MORE.problem(f"{more} more problems are not listed."))
    return shown


def _version(root: etree._Element) -> Iterator[Problem]:
    version = root.get("version", "")
    if version != VERSION:
        yield rules.OTHER_VERSION.problem(f"The file says version {_short(version) or 'none'}.", field="@version")


def _of_schema(root: etree._Element, standard: Standard) -> Iterator[Problem]:
    standard.schema.validate(root)
    for error in standard.schema.error_log:
        yield rules.SCHEMA.problem(error.message, record=f"line {error.line}", field=_short(error.path or ""))


def _identifiers(root: etree._Element) -> Iterator[Problem]:
    counts = Counter(_identifier(activity) for activity in root.iterchildren(_ACTIVITY))
    for identifier, count in counts.items():
        if identifier and count > 1:
            yield rules.SAME_IDENTIFIER.problem(f"{count} activities have this identifier.", record=_short(identifier))


def _codes(root: etree._Element, standard: Standard) -> Iterator[Problem]:
    for name, paths in paths_of_codes().items():
        path = " | ".join(f"{_ACTIVITY}/{each}" for each in paths)
        found = etree.XPath(path)(root)
        if found and name not in standard.lists:
            yield rules.NOT_CHECKED.problem(f"The list {name} is not there; {len(found)} codes were not checked.")
        elif found:
            yield from _off_list(found, standard.lists[name])


def _off_list(found: list[etree._ElementUnicodeResult], codes: CodeList) -> Iterator[Problem]:
    rule = rules.CODE if codes.complete else rules.OPEN_CODE
    for code in found:
        if code not in codes.codes:
            holder = code.getparent()
            assert holder is not None  # noqa: S101 - an attribute that a path found has its element
            yield rule.problem(
                f"{_short(str(code))} is not on the list {codes.name}.",
                record=_of_activity(holder),
                field=_place(holder, f"@{etree.QName(code.attrname or '').localname}"),
            )


def _judged(failures: Iterator[Failure]) -> Iterator[Problem]:
    unknown: Counter[str] = Counter()
    for failure in failures:
        info = failure.case.info
        if failure.verdict == "unknown":
            unknown[info.id] += 1
            continue
        rule = rules.DOUBTFUL if info.severity in ("warning", "advisory") else rules.BROKEN
        yield rule.problem(
            f"{info.id}: {info.message}", record=_of_activity(failure.element), field=_place(failure.element)
        )
    for identifier, count in unknown.items():
        yield rules.NOT_CHECKED.problem(f"Rule {identifier} could not be asked for {count} elements.")


def _of_activity(element: etree._Element) -> str:
    activities = [each for each in (element, *element.iterancestors()) if each.tag == _ACTIVITY]
    return _short(_identifier(activities[0])) if activities else ""


def _identifier(activity: etree._Element) -> str:
    return (activity.findtext("iati-identifier") or "").strip()


def _place(element: etree._Element, attribute: str = "") -> str:
    names = [str(each.tag) for each in (*reversed(list(element.iterancestors())), element)][1:]
    path = "/".join([*names, attribute] if attribute else names)
    return f"{_short(path)} (line {element.sourceline})"


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
