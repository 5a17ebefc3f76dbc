"""The rules 600 to 629: reports against the book, and what follows a report.

A report that is made here is held against them before it is proposed, and again when it is approved. A report brought
in as history is accepted as it was reported: there they only warn. The arithmetic inside one report is checked by the
rules of its format (200s), which always run with these.
"""

from typing import Final

from openmpca.problems import WARNING, rule

C10: Final = "Code 10"

NUMBER = rule(
    600,
    "A report has the next number of its area",
    source="Code 10, label 001: one numbering for all types of report",
    mend="Make the report again: it takes the next number.",
)
READABLE = rule(
    601,
    "The text is one report of the area, type, number and period stated",
    source="design idea 6: the text is kept word for word",
    mend="State the report with the heading that stands in its text.",
)
ABOUT = rule(
    602,
    "Each accounting entry names the statement that it reports",
    source="design: reported is a query",
    mend="Give one statement number for each accounting entry, 0 where it reports none.",
)
CHANGED_SINCE = rule(
    603,
    "The book has not changed since the report was made",
    source="design idea 3",
    mend="Reject the proposal and make the report again.",
    soft=True,
)
OVERLAP = rule(
    604,
    "Reports of changes do not overlap",
    source="Code 10, label 015",
    mend="Give the period that is not reported yet; changes dated in a reported period become additions by themselves.",
    soft=True,
)
SPLIT = rule(
    605,
    "A report of changes does not reach across a physical inventory",
    severity=WARNING,
    source="Euratom 2025/974 article 14(2); REGDOC-2.13.1; practice elsewhere",
    mend="Make one report up to the cut-off and one for the rest of the month.",
    soft=True,
    unverified=True,
)
UNREPORTED = rule(
    606,
    "Every change of the period is reported before its balance",
    source="INFCIRC/153 paragraph 67",
    mend="Make the report of changes first: `openmpca report icr`.",
    soft=True,
)
NO_LISTING = rule(
    607,
    "The listing of the physical inventory is made before its balance",
    severity=WARNING,
    source="INFCIRC/153 paragraph 67: the listing is attached to the balance",
    mend="Make the listing first: `openmpca report pil`.",
    soft=True,
)
BEGINNING = rule(
    608,
    "The beginning inventory is the ending inventory of the last balance",
    source="Code 10, PB; INFCIRC/153 paragraph 67",
    mend="Correct the balance before: `openmpca report due` tells what it takes.",
    soft=True,
)
CONTINUOUS = rule(
    609,
    "The balance period joins the one before",
    severity=WARNING,
    source="practice: on the last day of the period before, or the day after",
    mend="Begin the period on the day after the last physical inventory.",
    soft=True,
    unverified=True,
)
CONSOLIDATED = rule(
    610,
    "A consolidated figure, with its rounding adjustment, is the sum of the changes reported",
    source="Code 10, rounding adjustments",
    mend="Report what is missing, or correct the report that is wrong.",
    soft=True,
)
LISTED = rule(
    611,
    "The ending inventory, with its rounding adjustment, is the sum of the listing",
    source="Code 10, PE",
    mend="Make the listing, or correct it.",
    soft=True,
)
BATCH_UNKNOWN = rule(
    612,
    "A batch listed is known to the book, where batches are followed up",
    severity=WARNING,
    source="Code 10: batch follow-up",
    mend="State the rebatching that the batch comes from, or use its earlier name.",
    soft=True,
)
ITEMS_MUF = rule(
    613,
    "An area of items has no MUF",
    severity=WARNING,
    source="practice: items are counted, not weighed",
    mend="Look for the item that is missing or wrongly booked before the balance is sent.",
    soft=True,
)
DIFFERS = rule(
    614,
    "The report says what the book says",
    source="design: figures come from the book",
    mend="Correct the book, or the report; for a report made here, make it again.",
    soft=True,
)
NO_REPORT = rule(
    615,
    "What is sent or answered is a report of the area",
    source="design: reports",
    mend="Give the number of the report's statement: see `openmpca reports`.",
)
NOT_SENT = rule(
    616,
    "A report is sent before it is answered",
    source="design: reports",
    mend="State when it was sent: `openmpca send`.",
    soft=True,
)
NO_ENTRY = rule(
    617,
    "A remark speaks of an entry that the report has",
    source="design: remarks stay with the entries",
    mend="Give the number of an accounting entry, or 0 for the whole report.",
    soft=True,
)
OTHER_COUNTRY = rule(
    618,
    "A report is of the own State",
    severity=WARNING,
    source="Code 10, label 001",
    mend="Check the country in label 001.",
    soft=True,
)
SENT_AGAIN = rule(
    620,
    "A report is sent once, and again only after it was returned",
    source="design: reports",
    mend="See `openmpca reports`: it may be another report that was sent.",
    soft=True,
)
ANSWERED = rule(
    621,
    "A report that was acknowledged is not answered again",
    source="design: reports",
    mend="See `openmpca reports`: it may be another report that was answered.",
    soft=True,
)
NO_REMARK = rule(
    622,
    "A report is returned with a remark",
    severity=WARNING,
    source="design: remarks stay with the entries",
    mend="Say why: --remark ENTRY=TEXT, 0 for the whole report.",
    soft=True,
)
WAITING = rule(
    619,
    "One report of a number waits for its second person at a time",
    severity=WARNING,
    source="Code 10, label 001: one numbering for all types of report",
    mend="Reject the proposal named, or this one: only the first that is approved keeps the number and the file.",
    soft=True,
)
