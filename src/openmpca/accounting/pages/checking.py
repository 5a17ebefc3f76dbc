"""A report file of anybody, checked on a page: every problem, and the entries as they stand in it. Nothing is recorded.

Rules kept here:

1. The file lies in a private place until it is thrown away, or two days; it is only read.
2. It is checked by the rules of its format, and where it is asked against the book too: only of areas that who asks may
   read, as there are no others.

Source: Code 10; INFCIRC/153, paragraph 63.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openmpca.accounting.pages import sheets
from openmpca.accounting.pages.typed import wrong
from openmpca.accounting.reporting.check import Checked, check_file
from openmpca.accounting.reporting.practice import profile_of_name
from openmpca.accounting.rules.areas import PROFILES
from openmpca.formats.code10.profile import Profile
from openmpca.formats.code10.standing import entries_of
from openmpca.pages import uploads
from openmpca.pages.blocks import Block, Button, Choice, Field, Form, Link, Page, Problems, Row, Table
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, address, page
from openmpca.pages.told import worded
from openmpca.problems import Problem, errors
from openmpca.record.home import configuration

PATH: Final = "accounting/check"
SHOWN: Final = 50
TOLD: Final = 300


@page(PATH, title=gettext_lazy("Check a report file"), needs=Open.READER)
def check(
    asking: Asking, file: str = "", profile: str = "", with_book: bool = False, sent: Sent | None = None
) -> Page | Go:
    """Send a Code 10 file and see what is wrong in it, entry by entry."""
    if not file:
        return _start() if sent is None else _take(asking, sent)
    found = uploads.path(asking.person, file)
    if found is None:
        raise NotFound(_("There is no such file any more. Send it again."))
    if sent is not None:
        uploads.drop(asking.person, file)
        return Go(address(PATH), _("The file is deleted; nothing was recorded."))
    return _checked(asking, found, profile, with_book=with_book)


def _start(problems: Sequence[Problem] = ()) -> Page:
    own = _("as those of the area")
    forms = [Choice("", own), *(Choice(each, each) for each in PROFILES)]
    fields = [
        Field(
            "file", _("File"), kind="file", required=True, help=_("A file of reports in the labelled form of Code 10.")
        ),
        Field("profile", _("Form of reports"), choices=forms, help=_("To whom it was written, where that differs.")),
        Field(
            "with_book",
            _("Also against the book"),
            kind="checkbox",
            help=_("Each report of an area of ours is compared with what we would report."),
        ),
    ]
    form = Form(fields, [Button(_("Check"), "check", main=True)], address(PATH), uploads=True, name="upload")
    on_top: list[Block] = [Problems(problems)] if problems else []
    lead = _("Somebody's report, or one of our own before it is sent. It is only read: nothing is recorded.")
    above = [Link(_("Reports"), address("accounting/reports"))]
    return Page(_("Check a report file"), [*on_top, form], lead, above=above, status=422 if problems else 200)


def _take(asking: Asking, sent: Sent) -> Page | Go:
    try:
        mark = sheets.taken(asking, sent)
    except LookupError as error:
        return _start([wrong(str(error.args[0]), "file")])
    except uploads.TooLarge as error:
        return _start([wrong(str(error), "file")])
    given = {"profile": str(sent.get("profile", "")), "with_book": "yes" if sent.get("with_book") else ""}
    return Go(address(PATH, file=mark, **given))


def _checked(asking: Asking, path: Path, profile: str, *, with_book: bool) -> Page:
    try:
        form = profile_of_name(profile or configuration().profile)
    except KeyError:
        raise NotFound(_("There is no form of reports %(name)s.") % {"name": profile}) from None
    own = not profile and asking.reach.everywhere
    found, together = check_file(path, profile=form, own_profiles=own)
    beyond = _beyond(asking, found) if with_book else []
    if with_book and not beyond:
        known = asking.times.known_at
        found, together = check_file(path, profile=form, own_profiles=own, with_book=True, known_at=known)
    problems = [*beyond, *(problem for each in found for problem in each.problems), *together]
    return _shown(path, form, found, problems)


def _beyond(asking: Asking, found: Sequence[Checked]) -> list[Problem]:
    """Areas of which the book may not be asked (rule 2)."""
    areas = dict.fromkeys(each.report.header.mba for each in found if each.report is not None)
    told = _("There is no MBA %(mba)s that you may read.")
    return [wrong(told % {"mba": each}, "307") for each in areas if not asking.reach.covers(f"mba:{each}")]


def _shown(path: Path, form: Profile, found: Sequence[Checked], problems: Sequence[Problem]) -> Page:
    count = sum(each.report is not None for each in found)
    told = sorted(problems, key=lambda each: each.severity != "error")[:TOLD]
    blocks: list[Block] = [
        Problems(told, caption=_("What the rules find"), empty=_("The rules find nothing wrong.")),
        _entries(path, form, problems),
        Form([], [Button(_("Throw the file away"), "forget")], name="forget"),
    ]
    lead = ngettext("%(count)d report", "%(count)d reports", count) % {"count": count}
    wrongs = len(errors(list(problems)))
    lead += ", " + ngettext("%(count)d error", "%(count)d errors", wrongs) % {"count": wrongs}
    above = [Link(_("Check a report file"), address(PATH))]
    return Page(_("Check of %(file)s") % {"file": path.name}, blocks, f"{lead}.", above=above)


def _entries(path: Path, form: Profile, problems: Sequence[Problem]) -> Table:
    """The entries letter for letter, those in which something is wrong first."""
    wrong_in: dict[str, list[str]] = {}
    for each in problems:
        wrong_in.setdefault(each.record, []).append(f"{each.field}: {worded(each.message)}".removeprefix(": "))
    with path.open("rb") as source:
        rows: list[Row] = [
            {"place": place, "entry": name, "problems": " ".join(wrong_in.get(name, [])), "text": text}
            for place, (name, text) in enumerate(entries_of(source, form), 1)
            if place <= SHOWN or name in wrong_in
        ]
    rows.sort(key=lambda row: not row["problems"])
    heads = {"place": _("Place"), "entry": _("Entry"), "problems": _("What is wrong"), "text": _("As it stands")}
    none = _("No entry can be read in it.")
    return Table(rows[:TOLD], heads, name="entries", caption=_("The entries"), empty=none)
