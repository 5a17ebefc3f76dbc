"""The rules 100 to 199: syntax and structure of one Code 10 file. Only what they are; the checks stand elsewhere.

=============  ==================================  =============================================
100 to 107     bytes and elements                  reader.py
108 to 115     labels and texts of an entry        structure.py; 110 while reading, interpret.py
116 to 123     contents and heading                interpret.py, structure.py
130 to 135     numbering and status                structure.py
140 to 149     weights                             interpret.py, weights.py
=============  ==================================  =============================================
"""

from openmpca.formats.code10.numbered import C10, numbered
from openmpca.problems import NOTE, WARNING

EMPTY_FILE = numbered(
    100,
    "The file holds no report",
    "Not one element of the form NNN:content# was found. Most often the file is of another kind, or it is empty.",
    mend="Choose the file with the report; Code 10 labelled files begin with 001:OI/ or 001:NC/.",
)
TEXT_BETWEEN = numbered(
    101,
    "There is text outside the elements",
    "Between the end of one element and the label of the next only white space is expected. The text is kept and "
    "written back as it came, but it carries no meaning.",
    mend="Remove the text, or put it into the element it belongs to.",
    severity=WARNING,
)
NO_LABEL = numbered(
    102,
    "An element has no label",
    "Before a # there must be a three-digit label and a colon. Without them nobody can tell what the text means.",
    mend="Write the element as NNN:content#.",
)
NO_BEGINNING = numbered(
    103,
    "An entry does not begin with label 001",
    "Each entry begins with its reference number, label 001. Elements that stand before the first 001 belong nowhere.",
    mend="Begin each entry with 001:OI/CC;n# or 001:NC/CC;n#.",
)
FOREIGN_BYTES = numbered(
    104,
    "There are bytes that are not text",
    "A control character or a byte outside the agreed character set stands in a content. The file may be in "
    "another encoding, compressed, or damaged on the way.",
    mend="Save the file as plain text in the agreed character set and read it again.",
)
OVERLONG = numbered(
    105,
    "An element is too long to be read",
    "No # was found within the longest length an element may have. The entry is skipped and reading goes on at "
    "the next label 001.",
    mend="Look for a missing # at the place named; split long notes over several entries.",
)
OVERFULL = numbered(
    106,
    "An entry has too many elements, or a report too many entries",
    "More elements or entries than any report has. The rest is skipped up to the next label 001, so that a "
    "damaged file cannot fill the machine.",
    mend="Look for a missing label 001 at the place named; split a very large report.",
)
NOT_CLOSED = numbered(
    107,
    "An element is not closed with #",
    "A line begins with a label, or the file ends, before the # of the element before it. The element was taken "
    "to end there.",
    mend="Put the # at the end of the element.",
)
UNKNOWN_LABEL = numbered(
    108,
    "A label is not known",
    "The dictionary of labels does not hold this number. The element is kept and written back as it came.",
    mend="Check the label; agree with the receiver before using labels of your own.",
    severity=WARNING,
)
REPEATED_LABEL = numbered(
    109,
    "A label stands twice in one entry",
    "An entry is a set of elements; a second one with the same label contradicts or repeats the first. The first "
    "counts.",
    mend="Leave one element, or make a second entry.",
)
ORDER = numbered(
    110,
    "The labels are not in ascending order",
    "Within an entry the elements stand in the order of their labels.",
    mend="Write the entry again in ascending order; writing it with this program does so.",
    source=f"{C10} section 4",
)
DELIMITER = numbered(
    111,
    "A delimiter stands inside a text",
    "The characters : / ; # divide elements and their parts, so they cannot be part of a text. A colon here is "
    "mostly the sign of a missing #.",
    mend="Take the character out of the text, or put the missing # in.",
)
LENGTH = numbered(
    112,
    "A content is longer than allowed, or not of the length demanded",
    "Some contents have a length: a batch name at most 16 characters, an MBA code exactly four, a note at most 2000.",
    mend="Write it in the length named; notes may go on in a further entry.",
)
REPERTOIRE = numbered(
    113,
    "A text uses characters outside capital Latin letters, digits and plain signs",
    "Texts are in capital Latin letters, digits and permitted special signs. The list of those signs is not in "
    "Code 10, so every printable ASCII sign is let through and lower case is only remarked.",
    mend="Write the text in capital Latin letters.",
    severity=WARNING,
)
MISSING = numbered(
    114,
    "An entry lacks an element that it must have",
    "Which labels an entry must carry depends on the type of its report. A deletion and the single entry of an "
    "empty report carry only their heading.",
    mend="Add the element named.",
    source=f"{C10} section 4",
)
NOT_HERE = numbered(
    115,
    "A label does not belong to this kind of entry",
    "The label is known, but has no place in an entry of this type of report.",
    mend="Remove the element, or move it to the report it belongs to.",
    source=f"{C10} section 4",
)
UNREADABLE = numbered(
    116,
    "A content does not have the form that its label demands",
    "The content could not be taken apart in the way that the label prescribes. It is kept as written, and counts "
    "as not given.",
    mend="Write the content in the form named.",
)
NO_SUCH_DATE = numbered(
    117,
    "A date is not a day of the calendar",
    "Dates are eight digits: year, month, day.",
    mend="Write the date as YYYYMMDD.",
)
SHORT_DATE = numbered(
    118,
    "A date has only two digits for the year",
    "Six digits are permitted, but two readers may read the century differently.",
    mend="Write the year with four digits.",
    severity=NOTE,
)
REPORT_TYPE = numbered(
    120,
    "The type of report is not I, P, M or T",
    "Without the type nobody can tell what an entry must carry; it was read like an inventory change.",
    mend="Write 010:I#, 010:P# or 010:M#.",
)
HEADER_DIFFERS = numbered(
    121,
    "The heading differs between entries of one report",
    "Country, report number, report date, encoder, type, period, facility and MBA are those of the report and are "
    "repeated in each entry. The first entry counts.",
    mend="Write the same heading in each entry, or make two reports.",
)
PERIOD_SHAPE = numbered(
    122,
    "The reporting period does not suit the type of report",
    "An ICR and an MBR have a first and a last day, in this order; a PIL has the day of the physical inventory alone.",
    mend="Write 015:from/to# in an ICR or MBR, 015:date# in a PIL.",
)
REPORTED_BEFORE = numbered(
    123,
    "The report is dated before the end of its period",
    "A report on a period that is not over cannot be complete.",
    mend="Check the report date (003) and the period (015).",
    source="INFCIRC/153 para. 63; inferred",
)
NUMBERING = numbered(
    130,
    "The entry numbers do not run 1, 2, 3",
    "Entries are numbered from 1 without a gap, the accounting entries (OI) and the notes (NC) each by themselves.",
    mend="Number the entries again; check whether one got lost.",
)
NO_TOTAL = numbered(
    131,
    "The first entry does not say how many there are",
    "The first OI entry and the first NC entry carry the total number of their kind.",
    mend="Write 002:1/total# in the first entry.",
)
WRONG_TOTAL = numbered(
    132,
    "The number of entries is not the total stated",
    "Some entries were lost or added on the way, or the total was not brought up to date.",
    mend="Compare with the sender's copy; mend the total or add what is missing.",
)
NO_ENTRY = numbered(
    133,
    "The report has notes but no accounting entry",
    "A report has at least one OI entry. Notes alone make a textual report, which is of type T.",
    mend="Add the entries, or make it a textual report.",
    source=f"{C10} section 4",
)
STATUS_REFERENCE = numbered(
    134,
    "The entry status and its reference do not fit each other",
    "A correction (C), deletion (D) or addition (A) names the report and entry it speaks of; a new entry (N) "
    "names none.",
    mend="Write 309:C/CC;n/e#, or 309:N# for a new entry.",
)
FULL_DELETION = numbered(
    135,
    "A deletion carries data",
    "A deletion says which entry is void; the data in it are not looked at.",
    mend="Leave only the heading and label 309.",
    source=f"{C10} section 4; inferred",
    severity=NOTE,
)
WEIGHT_FORM = numbered(
    140,
    "A weight cannot be read",
    "A weight is a number followed by G or K, at most twelve digits before the point and no finer than a "
    "microgram. It counts as not given.",
    mend="Write the weight as for example 9581.5G.",
)
WEIGHT_UNIT = numbered(
    141,
    "A weight is in the wrong unit",
    "Plutonium, enriched and unified uranium and isotopes are in grams; thorium, natural and depleted uranium in "
    "kilograms. The letter that stands there was taken at its word.",
    mend="Write the weight in the unit named; check whether figure or letter is wrong.",
    source=f"{C10} section 3; INFCIRC/153 para. 101",
)
WEIGHT_DECIMALS = numbered(
    142,
    "A weight is finer than a milligram",
    "Three decimals of a gram and six of a kilogram are kept by the Agency; anything finer is rounded by it, and "
    "sums may then differ.",
    mend="Round the sum of the batch once, to the milligram.",
    severity=WARNING,
)
NO_WEIGHT = numbered(
    143,
    "An entry has no weight",
    "Each accounting entry that is not a deletion carries at least one weight.",
    mend="Add the weight, or delete the entry.",
    source=f"{C10} section 4",
)
NO_FISSILE = numbered(
    144,
    "The fissile content of the uranium is not given",
    "With enriched (630) or unified (600) uranium one of 640, 660 and 670 is mandatory.",
    mend="Add the weight of U-235, of U-233, or of both.",
)
ISOTOPE_ALONE = numbered(
    145,
    "An isotope is given without its element",
    "An isotope weight says how much of the element's weight is that isotope.",
    mend="Add the weight of the element.",
    source=f"{C10} section 3; inferred",
)
MIXED_UNIFIED = numbered(
    146,
    "Unified uranium stands beside a category of uranium",
    "An MBA accounts its uranium either by category or unified, never both.",
    mend="Give the weight under one of the labels.",
)
NO_LABEL_FOR = numbered(
    147,
    "A weight has no label in Code 10",
    "Categories and isotopes of the national book that the Agency does not account cannot be written in such a file.",
    mend="Report the weight under the Agency's category.",
)
