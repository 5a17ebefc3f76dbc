"""What each field of a statement means, where the definition of its kind says no more than its name.

One text holds for a field in every kind that has it; ``KIND.FIELD`` where it means something else there. Fields of
inventory changes and listed lines have their words from the forms in which they are typed.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openmpca.accounting.pages.fields import WORDS
from openmpca.cooperation import pages as cooperation

MEANINGS: Final[dict[str, Any]] = {
    "about": _("The number of the statement that it is about."),
    "accounting.document.about": _("The number of the inventory change that the document is about."),
    "acknowledged": _("Whether the receiver took the report as it is, or returned it."),
    "agreement_in_force": _("The day on which its safeguards agreement came into force."),
    "answer": _("What was answered, in short."),
    "answered": _("The day of the answer."),
    "approve": _("The roles of which one is needed to approve it."),
    "authority": _("On what ground it may be shown: an agreement, a request, a law."),
    "basis": WORDS["basis"].help,
    "begin": _("The first day of the period of the report."),
    "booked": _("The date on which the books were changed, where that is not the day itself."),
    "code": _("The short code by which it is called everywhere; it never changes."),
    "accounting.change.code": WORDS["code"].help,
    "corrects": _("The number of the statement whose place this one takes."),
    "country": _("The code of the State in which it lies."),
    "custodian": _("The person who keeps it."),
    "day": _("The day from which it holds, or on which it was done or happened."),
    "due": _("The day by which it is to be sent."),
    "end": _("The last day of the period of the report."),
    "ended": _("Whether it is no longer in use from that day on."),
    "facility": _("The code of the facility to which it belongs."),
    "fields": _("The names of the fields that become bare digests."),
    "for_party": _("The code of the party for which one acts, or that answers for it."),
    "accounting.kmp.inventory": _("Whether it is a point of inventory; otherwise one of flow."),
    "accounting.closing.inventory": _("The number of the statement of the physical inventory on which it is closed."),
    "leaves": _("The numbers of the leaves that are opened."),
    "level": _("What sort of place it is, such as building, room or position."),
    "mba": _("The code of the material balance area."),
    "name": _("Its name, as people call it."),
    "accounting.listed.name": WORDS["name"].help,
    "note": _("Whatever else is to be said; no figure depends on it."),
    "of": _("The number of the statement that it is about."),
    "record.person.of": _("The code of the party to which the person belongs."),
    "record.duty.of": _("The kind of statement for which it holds."),
    "of_party": _("The code of the first party."),
    "record.founding.of_party": _("The code of the first party."),
    "opening": _("Whether it is the opening inventory, with which the book of the area begins."),
    "origin": _("The name under which the log is published from then on."),
    "outside_facilities": _("Whether it is a location outside facilities."),
    "person": _("The identifier of the person."),
    "persons": _("How many persons it takes: one, or two."),
    "record.founding.persons": _("The identifiers of the first persons."),
    "prepare": _("The roles of which one is needed to prepare it."),
    "profile": _("The form in which the receiver of its reports wants them."),
    "protocol_in_force": _("The day on which its additional protocol came into force."),
    "purpose": _("What the receiver needs it for."),
    "reason": _("Why it is done. It goes on record."),
    "recipient": _("The code of the party that receives it."),
    "remarks": _("What the receiver remarked, by the number of the entry; 0 for the whole report."),
    "report": _("The number of the report in the one numbering of its area."),
    "reported": _("The report and entry that told it, in a history that was brought in."),
    "role": _("What the person may do: administrator, authority, officer, custodian, inspector or reader."),
    "sent": _("The day on which it was sent."),
    "sha256": _("The SHA-256 digest of the file that came in."),
    "small_quantities": _("Whether the State has a protocol for small quantities."),
    "sort": _("What sort of document it is, such as a declaration or a notice."),
    "statement": _("The number of the statement whose fields are withheld."),
    "statements": _("The numbers of the statements of which fields are shown."),
    "text": _("The text of the report, letter for letter."),
    "title": _("What it is called."),
}


def meant(kind: str, row: Mapping[str, object]) -> str:
    """What a field of a kind means, in the reader's language; empty where nothing says it."""
    name, said = str(row["field"]), str(row["meaning"])
    if said:
        return gettext(said).replace("`", "")
    if kind.startswith("cooperation."):
        return cooperation.meaning(kind, name)
    if f"{kind}.{name}" in MEANINGS:
        return str(MEANINGS[f"{kind}.{name}"])
    if name in WORDS and kind in ("accounting.change", "accounting.listed", "accounting.placement"):
        return str(WORDS[name].help)
    return str(MEANINGS.get(name) or (WORDS[name].help if name in WORDS else ""))
