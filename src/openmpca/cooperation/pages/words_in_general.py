"""What the fields of this room hold where no subject says more: by the mark of the field, else by its name."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from openmpca.cooperation.marks import AMOUNT, CURRENCY, DIGEST, MOMENT, PARTY, RATE, SHARE, Form, Mark, Names, OneOf

FORMS: Final[dict[Form, Any]] = {
    AMOUNT: _("A number such as 1250.50, with at most four decimals."),
    SHARE: _("A percentage from 0 to 100, with at most four decimals."),
    PARTY: _("A party by its code."),
    CURRENCY: _("A currency by its three capital letters."),
    DIGEST: _("The SHA-256 of a file, in lower-case hexadecimal."),
    MOMENT: _("A moment in UTC, such as 2026-03-31T09:30Z."),
    RATE: _("A rate as a number with decimals."),
}
BY_NAME: Final[dict[str, Any]] = {
    "about": _("What it is about, in your own words."),
    "advice": _("What you advise to whoever does the like."),
    "aim": _("What is to be reached."),
    "asked": _("What help is asked for; blank where none is."),
    "assumption": _("What has to hold for it to be reached."),
    "attribute": _("What is measured, such as presence."),
    "authority": _("The authority from which it comes."),
    "baseline": _("Where it begins."),
    "benefit": _("What it brings, and to whom."),
    "closed": _("Whether it is no longer open."),
    "condition": _("In what condition it is, in your own words."),
    "counted": _("The statuses that count, a line each."),
    "declarer": _("Who declares it."),
    "definition": _("What exactly is counted, so that two people count the same."),
    "done": _("How much of it is done, in percent."),
    "due": _("The day by which it is to be done."),
    "ends": _("The last day."),
    "findings": _("What was found, a line each."),
    "first": _("The first day."),
    "happened": _("What happened."),
    "impact": _("How grave it would be, from 1 to 5."),
    "indicator": _("By what one sees that it is reached."),
    "last": _("The last day."),
    "likelihood": _("How likely it is, from 1 to 5."),
    "name": _("The name; it can be erased."),
    "need": _("Which need it meets."),
    "note": _("Whatever else is to be said; no figure depends on it."),
    "objective": _("Which reduction of threat it serves."),
    "origin": _("Where it was used."),
    "owner": _("Who owns the definition."),
    "person": _("The person, as they are known to the others."),
    "phase": _("The phase, from 1 to 3."),
    "place": _("Where it is."),
    "present": _("Who was there, a line each."),
    "quantity": _("How much of it, with its unit."),
    "reasons": _("Why you hold it, in your own words."),
    "response": _("What is done about it."),
    "revision": _("The number of the revision, from 1."),
    "scenario": _("What could happen, in your own words."),
    "serial": _("The serial number that stands on it."),
    "source": _("From where it is known."),
    "starts": _("The first day."),
    "status": _("The status of this line."),
    "step": _("The step of the procedure, as the type names it."),
    "target": _("What is aimed at."),
    "text": _("The text, letter for letter."),
    "title": _("What it is called."),
    "topics": _("Words by which others find it, a line each."),
    "unit": _("In what it is counted."),
    "until": _("The last day on which it holds; blank is without an end."),
    "wbs": _("Its place in the work breakdown, such as 1.2.3."),
    "why": _("Why it happened."),
    "work": _("What was done."),
    "year": _("The year."),
}


def by_mark(mark: Mark | None) -> str:
    """What a text with a mark is; empty where it has none that tells."""
    if isinstance(mark, Names):
        return str(_("Something that was stated before, by its code."))
    if isinstance(mark, OneOf):
        return str(_("One of the words that are offered."))
    return str(FORMS[mark]) if isinstance(mark, Form) and mark in FORMS else ""
