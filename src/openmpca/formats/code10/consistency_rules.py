"""The rules 200 to 299: what must agree within one report and one file. Only what they are; the checks stand elsewhere.

=============  ==================================  ===========
200 to 229     one entry, one report               entries.py
230 to 249     material balance report             balance.py
250 to 269     several reports of one file         sequence.py
=============  ==================================  ===========
"""

from openmpca.formats.code10.numbered import C10, numbered
from openmpca.problems import NOTE, WARNING

WRONG_CODE = numbered(
    200,
    "The code is not one of this type of report",
    "Label 411 of an ICR is an inventory change; of an MBR it may also be PB, BE, BA, PE, MF or a rounding adjustment.",
    mend="Use a code of the table.",
)
DIRECTION = numbered(
    201,
    "The other party of a transfer is not given",
    "A receipt (RD, RF) names the shipper in 370, a shipment (SD, SF) the receiver in 372.",
    mend="Add the element named.",
)
BOTH_PARTIES = numbered(
    202,
    "Only one party of a transfer is given",
    "The rules for 370 and 372 and the list of mandatory elements differ in Code 10; both parties is the safe reading.",
    mend="Write shipper and receiver.",
    source=f"{C10} sections 3 and 4.2.1",
    severity=WARNING,
)
SHIPPERS_BATCH = numbered(
    203,
    "The shipper's batch name is missing on a receipt, or stands elsewhere",
    "A receipt gives the batch name under which the shipper reported it, or UNKNOWN. Other changes have none.",
    mend="Add 447 on receipts, with UNKNOWN where it is not known; remove it elsewhere.",
)
FOREIGN_PARTY = numbered(
    204,
    "A foreign transfer names the own country as the other party",
    "RF and SF are transfers across the border.",
    mend="Use RD or SD, or mend the country.",
)
DOMESTIC_PARTY = numbered(
    205,
    "A domestic transfer names another country, or its own MBA, as the other party",
    "RD and SD are transfers between two MBAs of one State.",
    mend="Use RF or SF, or mend country and MBA.",
)
OWN_PARTY = numbered(
    206,
    "The own side of a transfer is not the MBA of the report",
    "The receiver of a receipt and the shipper of a shipment are the MBA that reports.",
    mend="Write the MBA of the report.",
    source=f"{C10} section 3; inferred",
    severity=WARNING,
)
ISOTOPE_EXCEEDS = numbered(
    207,
    "The isotopes weigh more than their element",
    "No isotope, nor the sum of isotopes that do not overlap, can weigh more than the element.",
    mend="Look for swapped figures or a wrong unit.",
    source="inferred",
)
ISOTOPES_DISAGREE = numbered(
    208,
    "The combined isotope weight is not the sum of its parts",
    "660 is U-233 and U-235 together, 760 Pu-239 and Pu-241 together.",
    mend="Compare the three figures.",
    source="inferred",
    severity=WARNING,
)
ENRICHMENT = numbered(
    209,
    "The enrichment does not suit the category",
    "Enriched uranium holds more than 0.711 percent fissile, depleted less. The boundary rests on a text not seen "
    "here.",
    mend="Check both weights, the units, and whether a category change is due.",
    source="practice",
    severity=WARNING,
    unverified=True,
)
NEGATIVE = numbered(
    210,
    "A weight is negative",
    "Weights are positive; the code says whether they add or take away. Only DI, MF, rounding adjustments, and "
    "balances of the book that they lead to, have a sign.",
    mend="Give the weight without sign, with the code of the opposite direction if that is meant.",
)
BATCH_TWICE = numbered(
    211,
    "A batch name stands twice with the same date and code",
    "A batch name is unique in the MBA for any transaction on a single date.",
    mend="Join the entries or give the batches different names.",
)
LISTED_TWICE = numbered(
    212,
    "A batch is listed twice at one key measurement point",
    "In a listing each batch stands once at each key measurement point.",
    mend="Join the lines or give the batches different names.",
    source=f"{C10} section 3; inferred",
    severity=WARNING,
)
REBATCHING = numbered(
    213,
    "What was taken out by rebatching is not what was put in",
    "Within one ICR the sum of RM equals the sum of RP for each weight.",
    mend="Look for the missing or wrong RM or RP entry.",
)
OUTSIDE_PERIOD = numbered(
    214,
    "A change lies outside the reporting period",
    "The period of an ICR contains the dates of all its new entries.",
    mend="Check the date (412) and the period (015).",
)
NOTE_TARGET = numbered(
    215,
    "A note speaks of an entry that is not in the report",
    "099:E/e# names an accounting entry of the same report.",
    mend="Mend the entry number.",
)
NOTE_FLAG = numbered(
    216,
    "An entry with a note does not say so",
    "390:Y# is mandatory where a note of the same report speaks of the entry.",
    mend="Add 390:Y# to the entry.",
)
NOTE_ABSENT = numbered(
    217,
    "An entry says that there is a note, but none speaks of it",
    "390:Y# stands, and no note names this entry or the whole report.",
    mend="Add the note, or remove 390.",
    severity=WARNING,
)
DESCRIPTION_CODE = numbered(
    218,
    "A character of the material description is not in its table",
    "The description has four characters: physical form, chemical form, containment, irradiation and quality.",
    mend="Use characters of the four tables.",
)
DESCRIPTION_PAIR = numbered(
    219,
    "Two characters of the material description hardly go together",
    "For instance hexafluoride that is not a solid of its own kind, or a fresh fuel keyword on anything but fuel.",
    mend="Check the description.",
    source="inferred from the tables",
    severity=WARNING,
    unverified=True,
)
BASIS = numbered(
    220,
    "The measurement basis is not N, L, M or T, or names a place it cannot",
    "M and T: measured in this MBA, N and L: in another. Only M takes a key measurement point of its own.",
    mend="Use one of the four letters.",
)
CATEGORY_CHANGE = numbered(
    221,
    "A category change does not carry both categories",
    "EN, ED, NE, ND, DE, DN carry the weights of the first and of the second category in one entry.",
    mend="Add the weight of the missing category; remove others.",
)
SAME_ENTRY = numbered(
    222,
    "Two entries are the same",
    "Everything but the number agrees; one may have been entered twice.",
    mend="Delete one of the two, or confirm that both happened.",
    source="inferred",
    severity=WARNING,
)
ALPHABET = numbered(
    223,
    "Letters of another alphabet are used without saying which",
    "445 tells the alphabet of batch and encoder's names that are not in Latin letters.",
    mend="Add 445 with the agreed letter.",
)
VOID_ENTRY = numbered(
    224,
    "A void entry stands among others",
    "U marks an entry to be ignored; by itself it makes the empty PIL or MBR.",
    mend="Check that the entry is meant to be ignored.",
    severity=NOTE,
)
BEGINNING_FIRST = numbered(
    230,
    "The beginning physical inventory is not the first line of its category",
    "For each category the MBR begins with PB.",
    mend="Put PB first.",
    source="INFCIRC/153 para. 67",
)
BALANCE_LINE_MISSING = numbered(
    231,
    "A line that every balance has is missing",
    "For each category there are PB, BA, PE and MF, even when they are zero; BE may be left out.",
    mend="Add the line.",
    source="INFCIRC/153 para. 67",
)
BALANCE_LINE_TWICE = numbered(
    232,
    "A code stands twice for one category",
    "An MBR has one consolidated line for each code and category.",
    mend="Add the two lines into one.",
)
ENDING_BOOK = numbered(
    233,
    "The ending book inventory is not what the lines above give",
    "BE = PB + increases - decreases; a difference by rounding is stated in RABE.",
    mend="Compute the line again, or state the rounding adjustment.",
)
ADJUSTED_BOOK = numbered(
    234,
    "The adjusted book inventory is not what the lines above give",
    "BA = PB + increases - decreases - DI, DI being shipper minus receiver; a difference by rounding is stated in "
    "RABA.",
    mend="Compute the line again (mind the sign of DI), or state the rounding adjustment.",
)
MUF = numbered(
    235,
    "The material unaccounted for is not adjusted book minus physical inventory",
    "MF = BA - PE; a difference by rounding is stated in RAMF. Some receivers want the opposite sign: choose the "
    "profile.",
    mend="Compute the line again (mind the sign), or state the rounding adjustment.",
)
LARGE_ROUNDING = numbered(
    236,
    "A rounding adjustment is larger than rounding explains",
    "Each rounded figure is off by half a unit at most.",
    mend="Look for the error that the adjustment hides.",
    source="inferred",
    severity=WARNING,
)
BALANCE_WITHOUT_ADJUSTED = numbered(
    237,
    "A rounding adjustment has no line that it adjusts",
    "RAxx adjusts the line xx of the same category.",
    mend="Add the line, or remove the adjustment.",
)
REPORT_GAP = numbered(
    250,
    "A report number is missing",
    "All reports of an MBA share one numbering without gaps, whatever their type.",
    mend="Look for the missing report; send it.",
    severity=WARNING,
)
REPORT_TWICE = numbered(
    251,
    "A report number is used twice",
    "A number belongs to one report of the MBA. A correction is made in a later report with its own number.",
    mend="Give one of the two a new number.",
)
MBA_FACILITY = numbered(
    252,
    "One MBA stands under two facilities",
    "An MBA belongs to one facility or is a location of its own.",
    mend="Check 207 and 307.",
    source="inferred",
)
LISTING_DATE = numbered(
    253,
    "There is no listing for the end of the balance period",
    "The date of the PIL is the last day of the MBR of the same physical inventory.",
    mend="Mend the date, or add the PIL.",
)
BEGINNING_DIFFERS = numbered(
    254,
    "The beginning inventory is not the ending inventory of the last balance",
    "PB equals PE of the MBR before, category by category.",
    mend="Take PB over from the last report; correct that report if it was wrong.",
    source=f"{C10} section 3; INFCIRC/153 para. 67",
)
PERIOD_GAP = numbered(
    255,
    "The balance period does not join the one before",
    "A balance begins where the last one ended: on its last day or the day after. Which of the two, the text does "
    "not say.",
    mend="Mend the period (015).",
    source="practice",
    severity=WARNING,
    unverified=True,
)
CONSOLIDATED = numbered(
    256,
    "A consolidated figure is not the sum of the inventory changes reported",
    "Each line of an MBR is the sum of the ICR entries of the period, after their corrections, together with its "
    "rounding adjustment.",
    mend="Compare entry by entry; send the missing ICR, a correction, or mend the MBR.",
)
LISTED_SUM = numbered(
    257,
    "The ending physical inventory is not the sum of the listing",
    "PE, together with its rounding adjustment, is the sum of the PIL.",
    mend="Compare with the listing; correct the one that is wrong.",
)
NO_TARGET = numbered(
    258,
    "A correction names an entry that is not there",
    "The report named is in this file and has no such entry.",
    mend="Mend the reference in 309.",
)
DEAD_TARGET = numbered(
    259,
    "A correction names an entry that is no longer valid",
    "The entry was corrected or deleted by an earlier entry. A further correction names the entry that now counts.",
    mend="Name the latest valid entry of the chain.",
)
NUMBER_TAKEN = numbered(
    260,
    "An addition wants an entry number that is taken",
    "For an addition the reference says which number the entry shall have in the report it belongs to.",
    mend="Use the next free number of that report.",
)
OTHER_TYPE = numbered(
    261,
    "A correction speaks of a report of another type",
    "An ICR entry corrects an ICR entry, and so on.",
    mend="Mend the reference, or send the correction in a report of that type.",
)
LATER_TARGET = numbered(
    262,
    "A correction does not speak of an earlier report of this State",
    "Corrections are sent in a later report of the same MBA.",
    mend="Mend the country and the report number in 309.",
)
