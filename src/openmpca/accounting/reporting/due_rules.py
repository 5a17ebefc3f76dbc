"""The rules 700 to 719: what is due when. They warn: what is late is late, and nothing is refused for it.

The time limits themselves are data (``practice.toml``), with their sources.
"""

from openmpca.problems import NOTE, WARNING, Rule, rule

_153 = "INFCIRC/153"


def _due(number: int, title: str, source: str, mend: str, *, unverified: bool = False) -> Rule:
    return rule(number, title, severity=WARNING, source=source, mend=mend, soft=True, unverified=unverified)


CHANGES = _due(
    700,
    "Inventory changes are reported in time",
    f"{_153} paragraph 63(a)",
    "Make and send the report: `openmpca report icr`.",
)
CORRECTIONS = _due(
    701,
    "Corrections are reported in time",
    f"{_153} paragraphs 63(a) and 103",
    "Make and send the report with the corrections that are proposed.",
)
LISTING = _due(
    702,
    "A physical inventory is listed in time",
    f"{_153} paragraph 63(b)",
    "Close the balance, then make and send the listing: `openmpca report pil`.",
)
BALANCE = _due(
    703,
    "A material balance is reported in time",
    f"{_153} paragraphs 63(b) and 67",
    "Close the balance, then make and send the report: `openmpca report mbr`.",
)
INITIAL = _due(
    704,
    "The initial report is made in time",
    f"{_153} paragraph 62",
    "State the opening inventory, then make and send its listing.",
)
INVENTORY = _due(
    705,
    "A physical inventory is taken in time",
    "Facility Attachment; Euratom 302/2005 article 13",
    "Take the physical inventory.",
    unverified=True,
)
NOT_SENT = _due(
    706, "A report that is made is sent", "practice", "Send it, and say so: `openmpca send`.", unverified=True
)
RETURNED = _due(
    707,
    "A returned report is answered",
    "practice",
    "Correct what the remarks speak of, and report the corrections.",
    unverified=True,
)
NOTICE = _due(
    708,
    "A transfer above one effective kilogram is announced",
    f"{_153} paragraphs 92 and 95",
    "State the notice as a document and name it in the change.",
)
SPECIAL = _due(
    709,
    "A loss or gain above the limit has its special report",
    f"{_153} paragraph 68",
    "State the special report as a document about the change.",
    unverified=True,
)
REQUEST = _due(
    710,
    "Exemption and termination are requested and agreed",
    f"{_153} paragraphs 11, 35 to 37",
    "State the request and its answer as a document, and name it in the change.",
)
DOCUMENT = _due(
    711, "A document is sent by its day", "the document's own date", "Send it, and state it again with the day."
)
DECLARATION = _due(
    712,
    "A yearly declaration of the Additional Protocol is sent by its day",
    "INFCIRC/540 article 3",
    "Send it, and state it as a document of that sort.",
    unverified=True,
)
WAITING = rule(
    713,
    "A document that was sent is answered",
    severity=NOTE,
    source="design: each with document and answer",
    mend="Ask for the answer; state the document again with it.",
)
