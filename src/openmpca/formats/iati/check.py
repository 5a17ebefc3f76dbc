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
from typing import Final

from lxml import etree

from openmpca.formats.iati import rules, ruleset
from openmpca.formats.iati.activity import VERSION
from openmpca.formats.iati.file import ROOT
from openmpca.formats.iati.ruleset import Failure
from openmpca.formats.iati.standard import CodeList, Standard, paths_of_codes
from openmpca.formats.markup.rules import MORE, OTHER_ROOT, SHOWN, TOO_LARGE
from openmpca.formats.markup.safe import LIMITS, Limits, parse
from openmpca.formats.tables.rules import Refused
from openmpca.problems import Problem

_ACTIVITY: Final = "iati-activity"
_RECOMMENDS: Final = ("warning", "advisory")
_SHORT: Final = 60
MOST: Final = 20_000
"""How many activities a file may have to be checked: more take minutes, and are two files."""


def check(data: bytes, standard: Standard, *, now: datetime.datetime, limits: Limits = LIMITS) -> list[Problem]:
    """Every problem of a file; ``now`` is the moment after which nothing can have happened yet."""
    try:
        root = parse(data, limits)
    except Refused as refused:
        return [refused.problem]
    if root.tag != ROOT:
        return [OTHER_ROOT.problem(f"The file holds {_short(str(root.tag))}, not {ROOT}.")]
    count = sum(1 for _ in root.iterchildren(_ACTIVITY))
    if count > MOST:
        return [TOO_LARGE.problem(f"The file has {count} activities; at most {MOST} are checked at once.")]
    checking = _Checking(root, standard)
    judged = ruleset.failures(standard.ruleset, root, now=now, agencies=standard.agencies)
    parts = (checking.version(), checking.schema(), checking.same(), checking.codes(), checking.judged(judged))
    return [problem for part in parts for problem in _listed(part)]


def _listed(part: Iterator[Problem]) -> list[Problem]:
    shown = list(islice(part, SHOWN))
    more = sum(1 for _ in part)
    if more:
        shown.append(MORE.problem(f"{more} more problems are not listed."))
    return shown


class _Checking:
    """The checking of one file; the identifier of an activity is looked up once."""

    def __init__(self, root: etree._Element, standard: Standard) -> None:
        self.root = root
        self.standard = standard
        self.identifiers = {each: _identifier(each) for each in root.iterchildren(_ACTIVITY)}

    def version(self) -> Iterator[Problem]:
        """Whether the file says the version of the standard."""
        version = self.root.get("version", "")
        if version != VERSION:
            yield rules.OTHER_VERSION.problem(f"The file says version {_short(version)}.", field="@version")

    def schema(self) -> Iterator[Problem]:
        """What the schema finds."""
        self.standard.schema.validate(self.root)
        for error in self.standard.schema.error_log:
            yield rules.SCHEMA.problem(error.message, record=f"line {error.line}", field=_short(error.path or ""))

    def same(self) -> Iterator[Problem]:
        """Identifiers that stand for several activities."""
        for identifier, count in Counter(self.identifiers.values()).items():
            if identifier and count > 1:
                message = f"{count} activities have this identifier."
                yield rules.SAME_IDENTIFIER.problem(message, record=_short(identifier))

    def codes(self) -> Iterator[Problem]:
        """Codes that are not on their lists, and lists that are not there."""
        asked = [(name, etree.XPath(path)) for name, paths in paths_of_codes().items() for path in paths]
        missing: Counter[str] = Counter()
        for activity in self.identifiers:
            for name, path in asked:
                found = path(activity)
                if name in self.standard.lists:
                    yield from self.off_list(found, self.standard.lists[name])
                else:
                    missing[name] += len(found)
        for name, count in missing.items():
            if count:
                yield rules.NOT_CHECKED.problem(f"The list {name} is not there; {count} codes were not checked.")

    def off_list(self, found: list[etree._ElementUnicodeResult], codes: CodeList) -> Iterator[Problem]:
        """The codes among those found that are not on a list."""
        rule = rules.CODE if codes.complete else rules.OPEN_CODE
        for code in found:
            if code not in codes.codes:
                holder = code.getparent()
                assert holder is not None  # noqa: S101 - an attribute that a path found has its element
                yield rule.problem(
                    f"{_short(str(code))} is not on the list {codes.name}.",
                    record=self.activity(holder),
                    field=_place(holder, f"@{etree.QName(code.attrname or '').localname}"),
                )

    def judged(self, failures: Iterator[Failure]) -> Iterator[Problem]:
        """What the rules of the standard find, and which could not be asked."""
        unknown: Counter[str] = Counter()
        for failure in failures:
            info = failure.case.info
            if failure.verdict == "unknown":
                unknown[info.id] += 1
                continue
            rule = rules.DOUBTFUL if info.severity in _RECOMMENDS else rules.BROKEN
            yield rule.problem(
                f"{info.id}: {info.message}", record=self.activity(failure.element), field=_place(failure.element)
            )
        for identifier, count in unknown.items():
            yield rules.NOT_CHECKED.problem(f"Rule {identifier} could not be asked for {count} elements.")

    def activity(self, element: etree._Element) -> str:
        """The identifier of the activity in which an element stands."""
        around = (element, *element.iterancestors())
        return _short(next((self.identifiers[each] for each in around if each in self.identifiers), ""))


def _identifier(activity: etree._Element) -> str:
    return (activity.findtext("iati-identifier") or "").strip()


def _place(element: etree._Element, attribute: str = "") -> str:
    names = [str(each.tag) for each in (*reversed(list(element.iterancestors())), element)][1:]
    path = "/".join([*names, attribute] if attribute else names)
    return f"{_short(path)} (line {element.sourceline})"


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
