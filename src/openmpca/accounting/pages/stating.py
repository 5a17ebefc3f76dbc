"""How every form of accounting goes: filled in, checked, stated once, kept as a draft; nothing typed is lost.

Rules kept here:

1. What would be stated is shown before it is: the problems, the balances before and after, the postings. Checking
   records nothing.
2. A form is stated once, however often it is sent (`record.once`): with it goes its draft, which has its mark: one that
   was left over, because the server ended in between, leads to what it was stated as.
3. A form that is refused is shown again as it was typed, and kept as a draft; a draft goes when it was stated.
4. Who may not read an area is answered as if there were none, before the book is asked anything about it.

Source: issue "The pages"; house style, "How it looks": the effect beside the form, nothing jumps.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.utils.translation import gettext as _

from openmpca.accounting.operations import OperationError
from openmpca.accounting.pages import effects
from openmpca.accounting.pages.typed import Typed, wrong
from openmpca.accounting.preview import perform
from openmpca.nuclear.transformation import TransformationError
from openmpca.pages import acting, drafting
from openmpca.pages.blocks import MARK, Beside, Block, Button, Effect, Field, Form, Link, Page, Problems, Text
from openmpca.pages.routes import ROUTES, Asking, Go, NotAllowed, NotFound, Sent, address
from openmpca.pages.told import worded
from openmpca.problems import Problem, errors
from openmpca.record.act import Act
from openmpca.record.commands import Stated, state
from openmpca.record.once import Once, new_mark
from openmpca.record.record import Refused
from openmpca.record.rules import FORM_TOO_OLD
from openmpca.record.statements import Statement
from openmpca.record.turn import Busy, giving_up_after

DRAFT: Final = "draft"
_NOT_TYPED: Final = frozenset({DRAFT, "step", "csrfmiddlewaretoken"})
_FIELD: Final = re.compile(r"[a-z_]+")

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """A form: what it is called and its address, its fields for what was typed, the statements that they make.

    ``told`` are blocks about what is changed, ``beside`` what follows from the statements besides the book; ``after``
    is where it is seen when it was stated.
    """

    title: str
    address: str
    fields: Callable[[Texts], list[Field]]
    make: Callable[[Typed], Sequence[Statement]]
    after: Callable[[Sequence[Statement]], str]
    lead: str = ""
    begin: Texts = field(default_factory=dict)
    told: Sequence[Block] = ()
    beside: Callable[[Sequence[Statement]], list[Block]] = lambda made: []
    above: Sequence[Link] = ()


@dataclass(frozen=True)
class _Form:
    """A form as somebody holds it: what is typed, its mark, the draft it came from."""

    texts: Texts
    mark: str
    draft: int | None = None


@dataclass(frozen=True)
class _Found:
    """What came of trying: the statements, what is wrong, what they would do."""

    made: Sequence[Statement] = ()
    problems: Sequence[Problem] = ()
    effect: Sequence[Block] = ()


def answer(asking: Asking, entry: Entry, sent: Sent | None, draft: int | None = None) -> Page | Go:
    """The form as it is opened, checked, kept or stated."""
    if sent is None:
        return _opened(asking, entry, draft)
    form = _sent(asking, sent)
    if sent.get("step") == "draft":
        number = _keep(asking, entry, form)
        return Go(drafting.address(entry.address, number), _("Kept as a draft; only you see it."))
    if sent.get("step") == "state":
        return _state(asking, entry, form)
    return _shown(asking, entry, form, _tried(asking, entry, form), checked=True)


def _opened(asking: Asking, entry: Entry, draft: int | None) -> Page | Go:
    if draft is None:
        return _shown(asking, entry, _Form(entry.begin, new_mark()))
    kept = drafting.one(asking.person, draft, entry.address)
    if kept is None:
        raise NotFound(_("You have no draft %(number)s here.") % {"number": draft})
    texts = {**entry.begin, **kept.fields}
    mark = texts.pop(MARK, "") or new_mark()
    if (before := Once(asking.person, mark).came_to()) is not None:
        drafting.drop(asking.person, draft)
        return acting.stated_already(before)
    return _shown(asking, entry, _Form(texts, mark, kept.number))


def _sent(asking: Asking, sent: Sent) -> _Form:
    texts = {name: text for name, text in sent.items() if isinstance(text, str) and name not in _NOT_TYPED}
    draft = str(sent.get(DRAFT, ""))
    known = draft.isascii() and draft.isdecimal() and len(draft) < 19
    return _Form(texts, asking.mark, int(draft) if known else None)


def _keep(asking: Asking, entry: Entry, form: _Form) -> int:
    title = " ".join(filter(None, (entry.title, form.texts.get("batch", ""))))
    stated = form.mark and Once(asking.person, form.mark).came_to() is not None
    kept = {MARK: new_mark() if stated else form.mark, **form.texts}
    return drafting.keep(asking.person, entry.address, title, kept, form.draft)


def _tried(asking: Asking, entry: Entry, form: _Form) -> _Found:
    """The statements, checked by all rules, with what they would do."""
    try:
        made = made_of(asking, entry, form.texts)
    except Refused as refused:
        return _Found((), refused.problems)
    try:
        with giving_up_after(0):
            done = perform(made, _act(asking, form.texts), dry_run=True)
    except Refused as refused:
        return _Found(made, refused.problems, effects.would_do(made))
    except Busy:
        waits = Text(_("The rules were not asked: somebody else is writing. Check again."), name="busy")
        return _Found(made, (), [waits, *effects.would_do(made)])
    return _Found(made, done.stated.problems, effects.tables(done.preview, done.owed))


def _act(asking: Asking, texts: Texts) -> Act:
    try:
        return acting.act(asking, texts)
    except NotAllowed as error:
        raise Refused([wrong(str(error), acting.PARTY)]) from None


def made_of(asking: Asking, entry: Entry, texts: Texts) -> Sequence[Statement]:
    """The statements that a form makes. Raises `Refused` with all that is wrong in it."""
    typed = Typed(texts)
    try:
        made = entry.make(typed)
    except OperationError as error:
        raise Refused([*typed.problems, wrong(str(error), mend=error.mend)]) from None
    except TransformationError as error:
        raise Refused([*typed.problems, wrong(str(error))]) from None
    typed.must_be_read()
    for each in made:
        if mba := str(getattr(each, "mba", "")):
            asking.must_cover("mba", mba)
    return made


def _state(asking: Asking, entry: Entry, form: _Form) -> Page | Go:
    made: Sequence[Statement] = ()
    try:
        made = made_of(asking, entry, form.texts)
        stated = state(list(made), _act(asking, form.texts))
    except Refused as refused:
        if any(each.rule == FORM_TOO_OLD.number for each in refused.problems):
            form = replace(form, mark=new_mark())
        return _refused(asking, entry, form, _Found(made, refused.problems, effects.would_do(made) if made else ()))
    except Busy as error:
        return _refused(asking, entry, form, _Found(made, [wrong(str(error), mend=_("Try again later."))]))
    if form.draft is not None:
        drafting.drop(asking.person, form.draft)
    return acting.gone(stated, entry.after(made), said_of(stated))


def where_seen(mba: str, batch: str) -> str:
    """Where a batch is seen after something was stated about it."""
    if batch and "accounting/batch" in ROUTES:
        return address("accounting/batch", batch=batch)
    return address("accounting/ledger", mba=mba)


def said_of(stated: Stated) -> str:
    """What is said when something was recorded."""
    if not stated.numbers:
        return ""
    first, last = stated.numbers[0], stated.numbers[-1]
    if first == last:
        return _("Recorded as statement %(first)s.") % {"first": first}
    return _("Recorded as statements %(first)s to %(last)s.") % {"first": first, "last": last}


def _refused(asking: Asking, entry: Entry, form: _Form, found: _Found) -> Page:
    if form.mark:
        form = replace(form, draft=_keep(asking, entry, form))
    return _shown(asking, entry, form, found)


def _shown(asking: Asking, entry: Entry, form: _Form, found: _Found | None = None, *, checked: bool = False) -> Page:
    refused = found is not None and not checked
    tried = found or _Found()
    shown = _form(asking, entry, form, tried.problems)
    effect = Effect(_effect(tried, found is not None, checked, entry), caption=_("What it does"))
    on_top: list[Block] = []
    if refused:
        on_top.append(Problems(tried.problems, caption=_("Refused: nothing was recorded")))
        if form.draft is not None:
            on_top.append(Text(_("What you typed is kept as a draft."), name="kept"))
    blocks = [*on_top, *entry.told, Beside([shown, effect])]
    return Page(entry.title, blocks, entry.lead, above=entry.above, status=422 if refused else 200)


def _effect(tried: _Found, asked: bool, checked: bool, entry: Entry) -> list[Block]:
    if not asked:
        return [Text(_("Check shows the postings and the balance here before anything is stated."), name="effect")]
    found: list[Block] = []
    if checked:
        found.append(Problems(tried.problems, empty=_("The rules find nothing wrong.")))
    beside = entry.beside(tried.made) if tried.made else []
    return [*found, *beside, *tried.effect]


def _form(asking: Asking, entry: Entry, form: _Form, problems: Sequence[Problem]) -> Form:
    at = _by_field(problems)
    own = [_with_error(each, at) for each in entry.fields(form.texts)]
    more = [_with_error(each, at) for each in acting.fields(asking, form.texts, problems)]
    hidden = [Field(DRAFT, "", str(form.draft or ""), "hidden")]
    buttons = [Button(_("Check"), "check"), Button(_("State"), "state", main=True), Button(_("Save as draft"), "draft")]
    mark = form.mark or new_mark()
    return Form([*own, *more, *hidden], buttons, action=entry.address, check="check", mark=mark)


def _by_field(problems: Sequence[Problem]) -> dict[str, str]:
    """The first error at each field, under its full name and under that of the whole it is a part of."""
    found: dict[str, str] = {}
    for each in errors(list(problems)):
        if start := _FIELD.match(each.field):
            found.setdefault(each.field, worded(each.message))
            found.setdefault(start[0], worded(each.message))
    return found


def _with_error(shown: Field, at: Mapping[str, str]) -> Field:
    if shown.name not in at or shown.kind == "hidden":
        return shown
    parts = [replace(each, error=at.get(each.name, "")) for each in shown.parts]
    return replace(shown, error=at[shown.name], parts=parts)
