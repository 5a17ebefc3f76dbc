"""The pages of money: what was given by whom in each year, a project's money, one entry, a party's book, both sides.

Rules kept here:

1. No table adds two categories, two currencies, or what two parties state: each sum names its book, category and unit.
2. Every figure leads to the entries of which it is made, every entry to what each party says of it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.money import pictures, showing
from openmpca.cooperation.money.books import Booked
from openmpca.cooperation.money.books import book as book_of
from openmpca.cooperation.money.categories import KINDS, named
from openmpca.cooperation.money.exporting import ENDINGS, written
from openmpca.cooperation.money.journal import Line, Sum, books, by_year, journal, of_project, sums
from openmpca.cooperation.money.rates import Rates
from openmpca.cooperation.money.reconciled import Match, parties_of
from openmpca.cooperation.money.reconciled import reconciled as matched
from openmpca.cooperation.money.statements import CostLine, Disbursement, ExchangeRate
from openmpca.cooperation.pages.asked import claims_of, codes, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, of_field
from openmpca.pages.blocks import LINKS, Block, Button, Choice, Facts, Field, Form, Link, Page, Row, Table, Text
from openmpca.pages.charts import drawing
from openmpca.pages.routes import Asking, File, NotFound, Open, address, page
from openmpca.pages.told import worded
from openmpca.record.statements import kind_by

MOST: Final = 500
"""How many entries stand on one page; the files hold all."""
_LINE: Final = ("day", "code", "category", "book", "giver", "receiver", "project", "amount", "currency", "hours")
_SUM: Final = ("book", "category", "amount", "currency", "hours", "entries")
_WORDS: Final = ("category", "standing", "differs")


def heads(*names: str) -> dict[str, str]:
    """The heads of some columns."""
    more = {"year": _("Year"), "party": _("Party"), "differs": _("Differs in"), "silent": _("Silent")}
    more |= {"planned": _("Planned"), "actual": _("Actual, %"), "difference": _("Difference, %")}
    more |= {"of": _("Of"), "begins": _("From"), "ends": _("To"), "agreed": _("Agreed by")}
    more |= {"perhaps": _("Perhaps the same as"), "since": _("Rate since"), "worth": _("Worth")}
    return {name: more.get(name) or str(HEADS[name]) for name in names}


def told(row: showing.Row, **links: str) -> Row:
    """A row with its words in the reader's language and its links."""
    words = {name: ", ".join(worded(each) for each in str(row[name]).split(", ")) for name in _WORDS if row.get(name)}
    return {**row, **words, LINKS: links}


def question(asking: Asking, path: str, *fields: Field) -> Form:
    """A form that asks a page again at the same times."""
    kept = [Field(name, "", value, "hidden") for name, value in asking.times.given.items() if value]
    return Form([*fields, *kept], [Button(_("Show"))], address(path), "get", "question")


def chosen(name: str, value: str, values: Sequence[str]) -> Field:
    """A field in which one of some codes is chosen, or none."""
    return Field(
        name, heads(name)[name], value, choices=[Choice("", _("all")), *(Choice(each, each) for each in values)]
    )


@page("cooperation/money", title=gettext_lazy("Money"), needs=Open.WHOLE, menu=30)
def money(asking: Asking, project: str = "", category: str = "", currency: str = "", book: str = "") -> Page:
    """What each party gave in each year, sums of every book, a project's cost lines."""
    claims = claims_of(asking)
    every = journal(claims)
    lines = of_project(every, project) if project else every
    years = by_year(lines)
    blocks: list[Block] = [question(asking, "cooperation/money", *_asked(claims, every, project, category, book))]
    if years:
        blocks.append(years_drawn(asking, years, (category, currency, book), project))
    if project:
        blocks.append(_cost_lines(asking, claims, project))
    rows = [_sum(asking, each, project) for each in sums(lines, lambda _line: "")]
    blocks.append(
        Table(rows, heads(*_SUM), name="sums", caption=_("Sums"), empty=_("There are no entries that you may read."))
    )
    files = [Link(_("Journal for %(program)s") % {"program": each}, _file(asking, each, project)) for each in ENDINGS]
    ways = [
        Link(_("Entries"), asking.to("cooperation/entries", project=project)),
        Link(_("Both sides"), asking.to("cooperation/reconciled", project=project)),
        *(Link(_("Book of %(party)s") % {"party": each}, asking.to("cooperation/book", party=each))
          for each in books(every)),
    ]  # fmt: skip
    return Page(
        _("Money of %(project)s") % {"project": project} if project else _("Money"),
        blocks,
        lead=_("Pledges, commitments, obligations, payments and what is given otherwise are never added together."),
        action=to_say(asking, Disbursement, _("State a payment"), project=project),
        links=[*ways, *(files if lines else [])],
    )


def _file(asking: Asking, form: str, project: str) -> str:
    return asking.to("cooperation/money-file", form=form, project=project)


def _asked(claims: Claims, lines: Sequence[Line], project: str, category: str, book: str) -> list[Field]:
    categories = [Choice("", ""), *(Choice(each, worded(each)) for each in KINDS)]
    return [
        chosen("project", project, codes(claims, "project")),
        Field("category", str(HEADS["category"]), category, choices=categories),
        chosen("book", book, books(lines)),
    ]


def years_drawn(asking: Asking, years: Sequence[Sum], wanted: tuple[str, str, str], project: str) -> Block:
    """The picture of the category and currency asked for; else of payments, else of what there is first."""
    category, currency, book = wanted
    own = [each for each in years if each.book == (book or each.key[0])]
    order = sorted(own or years, key=lambda each: named(each.figure.category) != (category or "disbursement"))
    first = next((each for each in order if currency in ("", each.figure.unit)), order[0])
    of, unit = KINDS.get(category, first.figure.category), currency or first.figure.unit
    drawn = pictures.drawn_of(years, of, unit, book if own else first.book)
    rows = [
        {
            "year": str(each.key[1]),
            "giver": each.key[0],
            **showing.summed(each),
            LINKS: {"amount": _entries(asking, each, project, giver=each.key[0], **_year(each.key[1]))},
        }
        for each in drawn
    ]
    return drawing(pictures.by_year(drawn, of, unit, rows), "money_by_year", rtl=get_language_bidi())


def _year(year: int) -> dict[str, str]:
    return {"since": f"{year}-01-01", "until": f"{year}-12-31"}


def _entries(asking: Asking, each: Sum, project: str, **others: str) -> str:
    figure = each.figure
    return asking.to(
        "cooperation/entries",
        project=project,
        book=each.book,
        category=named(figure.category),
        currency=figure.unit,
        **others,
    )


def _sum(asking: Asking, each: Sum, project: str) -> Row:
    where = _entries(asking, each, project)
    return told(showing.summed(each), amount=where, entries=where, book=asking.to("cooperation/book", party=each.book))


def _cost_lines(asking: Asking, claims: Claims, project: str) -> Table:
    rows = [
        {
            "costline": each.code,
            "title": each.said.title,
            "book": each.party,
            "planned": Decimal(each.said.planned),
            "currency": each.said.currency,
            "objective": each.said.objective,
            LINKS: {
                "costline": asking.to("cooperation/entries", costline=each.code),
                "book": to_claim(asking, each),
            },
        }
        for each in claims.of(CostLine)
        if each.said.project == project
    ]
    columns = heads("costline", "title", "book", "planned", "currency", "objective")
    return Table(rows, columns, name="cost_lines", caption=_("Cost lines"), empty=_("It has no cost lines."))


@page("cooperation/entries", title=gettext_lazy("Entries"), needs=Open.WHOLE)
def entries(
    asking: Asking,
    project: str = "",
    costline: str = "",
    book: str = "",
    category: str = "",
    currency: str = "",
    giver: str = "",
    fund: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The entries of the journal, the newest first; those of which some figure is made."""
    wanted = {
        "project": project, "costline": costline, "book": book, "category": category, "currency": currency,
        "giver": giver, "fund": fund,
    }  # fmt: skip
    days = (since or date.min, until or date.max)
    found = [each for each in journal(claims_of(asking)) if days[0] <= each.day <= days[1] and _fits(each, wanted)]
    rows = [entry_row(asking, each) for each in reversed(found[-MOST:])]
    more = [Text(_("The newest %(count)s of %(all)s entries.") % {"count": MOST, "all": len(found)}, name="more")]
    totals = [_sum(asking, each, project) for each in sums(found, lambda _line: "")]
    return Page(
        _("Entries"),
        [
            Table(rows, heads(*_LINE), name="entries", empty=_("There are no entries that you may read.")),
            *(more if len(found) > MOST else []),
            Table(totals, heads(*_SUM), name="sums", caption=_("Sums"), empty=_("Nothing.")),
        ],
        lead=", ".join(f"{of_field(HEADS, '', name)}: {worded(each)}" for name, each in wanted.items() if each),
        above=[Link(_("Money"), asking.to("cooperation/money", project=project))],
    )


def _fits(line: Line, wanted: dict[str, str]) -> bool:
    own: dict[str, Any] = {**showing.line(line), "fund": getattr(line.entry, "fund", "")}
    return all(value in ("", own[name]) for name, value in wanted.items())


def entry_row(asking: Asking, each: Line) -> Row:
    """An entry as a row that leads to what each party says of it."""
    where = asking.to("cooperation/entry", code=each.code)
    project = each.entry.project
    links = {"code": where, "amount": to_claim(asking, each.claim)}
    if project:
        links["project"] = asking.to("cooperation/money", project=project)
    return told(showing.line(each), **links)


@page("cooperation/entry", title=gettext_lazy("Entry"), needs=Open.WHOLE)
def entry(asking: Asking, code: str) -> Page:
    """One entry: what each party says of it, and what others name it."""
    every = journal(claims_of(asking))
    found = [each for each in every if each.code == code]
    if not found:
        raise NotFound(_("There is no entry %(code)s that you may read.") % {"code": code})
    naming = [each for each in every if code in _named(each)]
    blocks: list[Block] = [_facts(asking, each) for each in found]
    if naming:
        rows = [entry_row(asking, each) for each in naming]
        blocks.append(Table(rows, heads(*_LINE), name="naming", caption=_("What names it")))
    return Page(code, blocks, above=[Link(_("Entries"), asking.to("cooperation/entries"))])


def _named(line: Line) -> list[str]:
    return [getattr(line.entry, name, "") for name in ("reverses", "obligation", "commitment", "pledge")]


def _facts(asking: Asking, line: Line) -> Facts:
    said, kind = line.entry, kind_by(line.category).name
    shown = [name for name in said.__struct_fields__ if name not in ("code", "release", "replaces")]
    given = {name: getattr(said, name) for name in shown if getattr(said, name) not in ("", None)}
    names = {name: of_field(HEADS, kind, name) or name for name in given}
    links = {"day": to_claim(asking, line.claim)}
    links |= {
        name: asking.to("cooperation/entry", code=given[name])
        for name in ("reverses", "obligation", "commitment", "pledge")
        if name in given
    }
    if "fund" in given:
        links["fund"] = asking.to("cooperation/entries", fund=given["fund"])
    caption = f"{line.book}: {worded(named(line.category))}"
    return Facts(given, name=f"said-{line.claim.party}", caption=caption, links=links, heads=names)


@page("cooperation/book", title=gettext_lazy("Book of a party"), needs=Open.WHOLE)
def book(asking: Asking, party: str, into: str = "") -> Page:
    """What one party states of money, in one currency where it has recorded rates."""
    claims = claims_of(asking)
    if party not in parties_of(claims):
        raise NotFound(_("The record knows no party %(party)s.") % {"party": party})
    lines = journal(claims)
    units = sorted({each.figure.unit for each in lines if each.book == party})
    unit = into or next(iter(units), "")
    rates = Rates.standing(claims)
    found = book_of(lines, party, rates, unit)
    totals = [told(showing.total(each, unit)) for each in found.totals]
    recorded = [each for each in claims.of(ExchangeRate) if each.party == party]
    columns = heads(*_LINE, "worth", "rate", "since", "source")
    columns["worth"] = _("Worth, %(currency)s") % {"currency": unit}
    blocks: list[Block] = [
        question(asking, "cooperation/book", Field("party", "", party, "hidden"), Field("into", _("In"), unit)),
        *(Text(worded(str(each)), name=f"no_rate_{at}") for at, each in enumerate(found.problems)),
        Table(totals, heads("category", "worth", "currency"), name="totals", caption=_("Sums"), empty=_("Nothing.")),
        Table(
            [_booked(asking, each) for each in reversed(found.lines[-MOST:])],
            columns,
            name="entries",
            caption=_("Entries"),
            empty=_("There are no entries that you may read."),
        ),
        Table(
            [{**showing.rate(each, rates), LINKS: {"rate": to_claim(asking, each)}} for each in recorded],
            heads("currency", "into", "rate", "begins", "ends", "source", "agreed"),
            name="rates",
            caption=_("Exchange rates"),
            empty=_("It has recorded no rates."),
        ),
    ]
    return Page(
        _("Book of %(party)s") % {"party": party},
        blocks,
        lead=_("What %(party)s states. A figure in another currency is converted by its own recorded rate of the day.")
        % {"party": party},
        action=to_say(asking, ExchangeRate, _("State an exchange rate"), into=unit),
        above=[Link(_("Money"), asking.to("cooperation/money"))],
    )


def _booked(asking: Asking, each: Booked) -> Row:
    row = entry_row(asking, each.line)
    rate = getattr(each.worth, "rate", None)
    links = {**row[LINKS], **({"rate": to_claim(asking, rate)} if rate else {})}
    return {**showing.booked(each), **row, LINKS: links}


@page("cooperation/reconciled", title=gettext_lazy("Both sides of payments"), needs=Open.WHOLE, menu=36)
def reconciled(asking: Asking, project: str = "") -> Page:
    """What parties state under the same code: matched, different, or stated by one side alone."""
    claims = claims_of(asking)
    every = journal(claims)
    matches = matched(of_project(every, project) if project else every, parties_of(claims))
    names = ("code", "standing", "book", "day", "category", "giver", "receiver", "amount", "currency")
    rows = [row for each in matches[:MOST] for row in _match(asking, each)]
    counts = {worded(name): sum(each.standing == name for each in matches) for name in _standings(matches)}
    return Page(
        _("Both sides of payments"),
        [
            question(asking, "cooperation/reconciled", chosen("project", project, codes(claims, "project"))),
            Facts(counts, name="counts"),
            Table(
                rows,
                heads(*names, "differs", "silent", "perhaps"),
                name="reconciled",
                empty=_("There are no entries that you may read."),
            ),
        ],
        lead=_("Two parties mean the same payment when they give it the same code. Nothing is merged."),
        above=[Link(_("Money"), asking.to("cooperation/money", project=project))],
    )


def _standings(matches: Sequence[Match]) -> list[str]:
    return list(dict.fromkeys(each.standing for each in matches))


def _match(asking: Asking, each: Match) -> list[Row]:
    where = asking.to("cooperation/entry", code=each.code)
    return [
        told(row, code=where, amount=to_claim(asking, line.claim))
        for row, line in zip(showing.match(each), each.lines, strict=True)
    ]


@page("cooperation/money-file", title=gettext_lazy("Journal as a file"), needs=Open.WHOLE)
def money_file(asking: Asking, form: str = "hledger", project: str = "") -> File:
    """The journal as a program of plain-text accounting reads it."""
    if form not in ENDINGS:
        raise NotFound(_("There is no form %(form)s.") % {"form": form})
    every = journal(claims_of(asking))
    lines = of_project(every, project) if project else every
    name = f"money-{project}" if project else "money"
    return File(f"{name}.{ENDINGS[form]}", "".join(written(lines, form)).encode(), "text/plain; charset=utf-8")
