"""The numbered rules, each with a page of its own; and the words of statements: kinds, fields, what they mean."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.rule_list import all_rules, row_of
from openmpca.formats.code10.rules import EXPLANATIONS
from openmpca.pages.blocks import LINKS, Block, Facts, Link, Page, Row, Table, Text
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.pages.told import worded
from openmpca.problems import Rule
from openmpca.record import kinds as described
from openmpca.record.statements import KINDS
from openmpca.web.pages.field_meanings import meant
from openmpca.web.pages.statement_fields import FIELDS

HEADS: Final[dict[str, Any]] = {
    "rule": gettext_lazy("Rule"),
    "severity": gettext_lazy("Severity"),
    "soft": gettext_lazy("Soft: may be overridden with a reason"),
    "unverified": gettext_lazy("Unverified: its source could not be read"),
    "title": gettext_lazy("What must hold"),
    "source": gettext_lazy("Source"),
    "mend": gettext_lazy("How to mend it"),
}
SEVERITIES: Final[dict[str, Any]] = {
    "error": gettext_lazy("error: refuses"),
    "warning": gettext_lazy("warning: is shown and goes on"),
    "note": gettext_lazy("note: for information"),
}


@page("rules", title=gettext_lazy("Rules"), needs=Open.PERSON)
def rules(asking: Asking, number: int | None = None, text: str = "") -> Page:
    """Every numbered check, those with a text in them, or one: what must hold, how to mend it, where it is from."""
    known = all_rules()
    if number is not None:
        if number not in known:
            raise NotFound(_("There is no rule %(number)d.") % {"number": number})
        return _one(known[number])
    wanted = text.casefold()
    rows: list[Row] = [
        {**_row(each), LINKS: {"rule": asking.to("rules", number=each.number)}}
        for each in known.values()
        if wanted in f"{each.title} {each.mend} {each.source} {_(each.title)} {_(each.mend)}".casefold()
    ]
    lead = _("A check never stops at the first fault: it tells every problem, with the record, the field and the mend.")
    names = {name: str(HEADS[name]) for name in ("rule", "severity", "title", "mend")}
    return Page(_("Rules"), [Table(rows, names, name="rules", empty=_("No rule speaks of that."))], lead=lead)


def _row(rule: Rule) -> dict[str, object]:
    """A rule as the command line lists it, in the reader's language."""
    grave = {"error": _("error"), "warning": _("warning"), "note": _("note")}[rule.severity]
    return {**row_of(rule), "severity": grave, "title": _(rule.title), "source": _(rule.source), "mend": _(rule.mend)}


def _one(rule: Rule) -> Page:
    facts = {name: value for name, value in _row(rule).items() if name not in ("title", "rule")}
    facts["severity"] = str(SEVERITIES[rule.severity])
    blocks: list[Block] = [Facts(facts, "rule", heads={name: str(HEADS[name]) for name in facts})]
    if explained := EXPLANATIONS.get(rule.number):
        blocks.insert(0, Text(_(explained), name="explanation"))
    title = _("Rule %(number)d: %(title)s") % {"number": rule.number, "title": _(rule.title)}
    return Page(title, blocks, above=[Link(_("All rules"), "/rules")])


@page("glossary", title=gettext_lazy("The words of statements"), needs=Open.PERSON)
def glossary(asking: Asking, kind: str = "") -> Page:
    """The kinds of statement with who states them, or the fields of one with what they mean."""
    if not kind:
        return _kinds(asking)
    if kind not in KINDS:
        raise NotFound(_("There is no kind %(kind)s.") % {"kind": kind})
    rows = [
        {
            **each,
            "label": str(FIELDS.get(str(each["field"]), each["field"])),
            "form": worded(str(each["form"])),
            "meaning": meant(kind, each),
        }
        for each in described.fields(kind)
    ]
    names = {
        "label": _("Word"),
        "field": _("Field"),
        "form": _("How it is written"),
        "needed": _("Needed"),
        "erasable": _("May be withheld"),
        "meaning": _("Meaning"),
    }
    meaning = described.meaning(KINDS[kind])
    blocks = [Text(_(meaning), name="meaning"), Table(rows, names, name="fields")]
    return Page(kind, blocks, above=[Link(_("All kinds"), "/glossary")])


def _kind(row: dict[str, object]) -> dict[str, object]:
    """A kind of statement as it is listed, in the reader's language."""
    roles = {name: [worded(str(each)) for each in row[name]] for name in ("prepare", "approve")}  # type: ignore[attr-defined]
    return {**row, **roles, "title": _(str(row["title"])).replace("`", "")}


def _kinds(asking: Asking) -> Page:
    rows = [{**_kind(each), LINKS: {"kind": asking.to("glossary", kind=each["kind"])}} for each in described.every()]
    names = {
        "kind": str(FIELDS["kind"]),
        "title": _("What it says"),
        "persons": _("Persons it takes"),
        "prepare": str(FIELDS["prepare"]),
        "approve": str(FIELDS["approve"]),
    }
    return Page(_("The words of statements"), [Table(rows, names, name="kinds")])
