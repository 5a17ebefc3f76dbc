"""The rules of entries and of the register: numbers 300 to 399.

Here they are named; the checks that find breaches stand in `register_rules`, `entry_rules`, `weight_rules`,
`batch_rules`, `correction_rules` and `inventory_rules`. Reported history (a statement that says which report brought
it) is accepted as it was reported: there these rules only warn, save those whose breach the book could not represent.

Sources: Code 10 (SG-FM-1172), INFCIRC/153, the validator list and the frequent mistakes of the reference; what rests on
no text that could be read is unverified and never refuses.
"""

from openmpca.problems import NOTE, WARNING, rule

C10 = "Code 10"

COUNTRY_CODE = rule(
    300, "A country has a code of two capital letters", source=C10, mend="Write two letters, for example ZZ."
)
REGISTER_CODE = rule(
    301,
    "A code of the register can stand in a report",
    source="Code 10, labels 207, 307, 407",
    mend="Give a code that is not blank and holds none of : / ; #.",
)
CODE_LENGTH = rule(
    302,
    "A code has the length of its label",
    severity=WARNING,
    source="Code 10, labels 207, 307 (four characters), 407 (at most two)",
    mend="Use the code of the Facility Attachment. Every report that names this one will be refused (rule 112); keep "
    "it only for what is never reported.",
)
NAMES_KNOWN = rule(
    303,
    "What a register entry names is known",
    source="design: the register",
    mend="State the facility, area, party, country, place or key measurement point first.",
)
ALLOWANCE = rule(
    304,
    "What an area allows exists",
    source="Code 10, lists of codes; nuclear categories",
    mend="Name codes of inventory changes, categories and material forms that exist.",
)
PLACE_TREE = rule(
    305,
    "A place stands within a known place of its area, not within itself",
    source="design: the tree of places",
    mend="State the place around it first, and leave `within` empty for the outermost.",
)
ONE_OWN_COUNTRY = rule(
    306,
    "There is one own State",
    source="design: the register",
    mend="State the other country without `own`.",
)
AREA_KNOWN = rule(
    310, "The material balance area is known", source="Code 10, label 307", mend="State the area in the register first."
)
AREA_ACTIVE = rule(
    311,
    "The area is active on the day",
    source="validator list 4; Code 10, label 307",
    mend="Check the date, or state in the register from which day the area stands.",
    soft=True,
)
AREA_HAS_BOOK = rule(
    312,
    "A reference-only area has no book",
    source="design: the register",
    mend="State what happened on the side of the own area; the foreign one is its counterpart.",
)
PARTY_ANSWERS = rule(
    313,
    "Only the party that answers for the facility states into its book",
    source="design ideas 1 and 7",
    mend="Let the facility's party state it, or the State's authority, which keeps the register.",
)
AFTER_OPENING = rule(
    314,
    "Nothing happens before the opening inventory",
    source="INFCIRC/153, paragraph 62; design idea 2",
    mend="Check the date; what was there before the opening belongs into the opening inventory.",
)
CUTOFF_DAY = rule(
    315,
    "A change after the cut-off stands on the day of a physical inventory",
    source="design: dates and cut-off",
    mend="State the physical inventory first, or leave `after_cutoff` out.",
)
CLOSED_PERIOD = rule(
    316,
    "A change dated in a closed period moves the MUF of that period",
    severity=NOTE,
    source="INFCIRC/153, paragraph 98; design idea 3",
    mend="Nothing, when it belongs there; the reports of the period need corrections.",
)
CODE_KNOWN = rule(
    320,
    "The inventory change has a known code",
    source="Code 10, label 411",
    mend="Use a code of the list: `openmpca changes`.",
)
CODE_ALLOWED = rule(
    321,
    "The code is allowed in the area",
    source="Facility Attachment",
    mend="Check code and area, or allow the code in the register.",
    soft=True,
)
UNIFIED = rule(
    322,
    "A unified uranium area keeps all uranium as U, and only such an area does",
    source="Code 10, label 600 and category changes",
    mend="Write uranium of a unified area under U, without category changes; elsewhere under N, D or E.",
)
COUNTERPART = rule(
    323,
    "Shipments and receipts between areas name the other side, other changes none",
    source="Code 10, labels 370, 372",
    mend="Write the other side as COUNTRY/AREA, or COUNTRY when the foreign area is not known.",
)
COUNTERPART_FORM = rule(
    324,
    "The other side is written COUNTRY/AREA or COUNTRY",
    source="Code 10, labels 370, 372",
    mend="Write two capital letters, and the area after a slash, for example ZZ/ZZA1.",
)
DOMESTIC = rule(
    325,
    "A domestic transfer goes between two known areas of the own State",
    source="Code 10, codes RD and SD; validator list 7",
    mend="Use RF or SF for another State, and another area than its own.",
)
FOREIGN = rule(
    326,
    "A foreign transfer crosses the border",
    source="Code 10, codes RF and SF; validator list 7",
    mend="Use RD or SD within the State.",
)
SHIPPER_BATCH = rule(
    327,
    "Only a receipt names the shipper's batch",
    source="Code 10, label 447",
    mend="Leave `shipper_batch` out.",
)
SHIPPER_BATCH_MISSING = rule(
    328,
    "A receipt names the shipper's batch",
    severity=WARNING,
    source="Code 10, label 447",
    mend="Give the shipper's batch name, or UNKNOWN.",
)
BATCH_NAMED = rule(
    330,
    "The batch is named",
    source="Code 10, label 446",
    mend="Give the batch an identifier without line ends or other control characters.",
)
BATCH_NAME = rule(
    331,
    "A batch name can stand in a report",
    source="Code 10, label 446",
    mend="Give a `name` of at most 16 characters without : / ; #.",
)
BATCH_CAPITALS = rule(
    332,
    "A batch name is written in capital Latin letters, digits and signs",
    severity=WARNING,
    source="Code 10, labels 445, 446",
    mend="Write capital letters, or agree on label 445 with the receiver.",
)
NAME_OF_ONE = rule(
    333,
    "On one date a name stands for one batch",
    source="Code 10, label 446",
    mend="Give one of the batches another name.",
)
STATED_TWICE = rule(
    334,
    "The same change is not stated twice",
    severity=WARNING,
    source="frequent mistakes: duplicate entry",
    mend="Delete one of the two if only one happened.",
)
ITEMS = rule(335, "A number of items is not negative", source="Code 10, label 470", mend="Write 0 for bulk material.")
PARENTS = rule(
    336,
    "The batches that a batch came from are known",
    severity=WARNING,
    source="design: lineage",
    mend="Check the names of the parents.",
)
OBLIGATION = rule(
    337,
    "An obligation is a set of codes joined by +",
    source="Euratom regulation 2025/974, obligation codes; design",
    mend="Write the codes in capital letters, each once, in alphabetical order, for example A+S.",
)
REPORT_FIELDS = rule(
    338,
    "What a report will need is given",
    severity=WARNING,
    source="Code 10, composition of records: labels 407, 430, 469",
    mend="Give the fields named, by a correction if need be, before the report is made.",
)
KMP_KNOWN = rule(
    339,
    "The key measurement point is known in the area",
    source="Code 10, label 407",
    mend="State the key measurement point in the register, or correct its code.",
    soft=True,
)
PLACE_KNOWN = rule(
    340,
    "The place is known in the area",
    source="design: the tree of places",
    mend="State the place in the register, or correct its code.",
    soft=True,
)
DESCRIPTION = rule(
    341,
    "The material description is four known keywords",
    source="Code 10, label 430",
    mend="Write four characters of the lists, for example BQ2F.",
)
DESCRIPTION_USUAL = rule(
    342,
    "The keywords of a material description go together",
    severity=WARNING,
    source="validator list 8",
    mend="Check the description; nothing refuses an unusual one.",
    unverified=True,
)
FORM_ALLOWED = rule(
    343,
    "The form of material is allowed in the area",
    source="Facility Attachment",
    mend="Check the description and the area, or allow the form in the register.",
    soft=True,
)
BASIS = rule(
    344,
    "The measurement basis is known",
    source="Code 10, label 469; Euratom",
    mend="Use N, L, M or T, or the estimated twins F, H, E, G.",
)
LOSS_AND_PRODUCTION = rule(
    345,
    "Nuclear loss of uranium and nuclear production go together",
    severity=WARNING,
    source="frequent mistakes; Euratom regulation 302/2005, articles 16 and 18",
    mend="State the other of the two for the same batch and day.",
)
WEIGHTS = rule(350, "At least one weight is given", source="Code 10, labels 600 to 800", mend="Give the weights.")
WEIGHT_KEY = rule(
    351,
    "A weight has a known key",
    source="Code 10, labels 600 to 800",
    mend="Write CATEGORY or CATEGORY/NUCLIDE, for example E and E/U235: `openmpca categories`.",
)
MASS = rule(
    352,
    "A mass is decimal text in grams",
    source="design idea 4",
    mend="Write plain digits with a point, at most six decimals.",
)
CATEGORY_ALLOWED = rule(
    353,
    "The category is allowed in the area",
    source="Facility Attachment",
    mend="Check category and area, or allow the category in the register.",
    soft=True,
)
ELEMENT = rule(
    354,
    "An isotope stands with its element",
    source="Code 10, labels 600 to 800",
    mend="Give the weight of the element too, 0 if it does not change.",
)
FISSILE = rule(
    355,
    "Enriched and unified uranium are given with their fissile weight",
    source="Code 10, labels 640, 660, 670",
    mend="Give U233, U235 or U233+U235.",
)
ISOTOPE = rule(
    356,
    "An isotope weighs no more than its element",
    source="validator list 9",
    mend="Check both weights, and grams and kilograms.",
)
ISOTOPES = rule(
    357,
    "The isotopes together weigh no more than their element",
    source="validator list 9",
    mend="Check the weights.",
)
DECLARED_SUM = rule(
    358,
    "A declared sum of isotopes is that of its parts",
    source="Code 10, labels 660, 760",
    mend="Give the sum or its parts, or make them agree.",
)
ENRICHMENT = rule(
    359,
    "The enrichment lies in the window of its category",
    severity=WARNING,
    source="INFCIRC/153, paragraph 105; validator list 9",
    mend="Check the weights, and under which category they are stated.",
    unverified=True,
)
POSITIVE = rule(
    360,
    "A weight is not negative, save that of a difference",
    source="validator list 9",
    mend="Write the weight without a sign: the code says whether it comes or goes.",
)
BOTH_CATEGORIES = rule(
    361,
    "A category change gives the weights of both categories",
    source="Code 10, category changes",
    mend="Give the weights of the category that loses and of the one that gains.",
)
SAME_ELEMENT = rule(
    362,
    "A category change gives what it takes",
    source="Code 10, category changes",
    mend="Make the element weights of both categories equal; state a loss or gain beside it if there was one.",
)
OTHER_CATEGORY = rule(
    363,
    "A category change holds no third category",
    source="Code 10, category changes",
    mend="State what happened to the third category by a change of its own.",
)
TOO_LARGE = rule(
    364,
    "The sums of the book stay within 64 bits",
    source="design idea 4",
    mend="Check the masses: together they exceed nine million tonnes.",
)
CORRECTED = rule(
    370, "What is corrected exists", source="Code 10, label 309", mend="Give the number of the statement to correct."
)
CORRECTED_KIND = rule(
    371,
    "A correction is of the kind of what it corrects",
    source="Code 10, label 309; validator list 6",
    mend="Correct a change by a change and a listed line by a listed line; a deletion is not undone but stated anew.",
)
CORRECTED_AREA = rule(
    372,
    "A correction is of the area of what it corrects",
    source="Code 10, label 309",
    mend="Delete the statement, and state it anew in the right area.",
)
CORRECTED_LIVE = rule(
    373,
    "What is corrected still stands",
    source="validator list 6; frequent mistakes",
    mend="Correct the last correction of the chain; what is deleted is stated anew.",
)
REASON = rule(374, "A correction gives its reason", source="frequent mistakes", mend="Say in a few words why.")
IN_PLACE = rule(
    375,
    "Date, batch and code are not corrected in place",
    severity=WARNING,
    source="CNSC REGDOC-2.13.1; a matter of the profile",
    mend="Where the receiver wants it so, delete the statement and state it anew.",
)
INVENTORY_KNOWN = rule(
    380,
    "The physical inventory is known, of this area and day",
    source="design: physical inventory",
    mend="Give the number of the statement of the physical inventory, its area and its day.",
)
LISTED_ONCE = rule(
    382,
    "A batch is listed once in a physical inventory",
    source="Code 10, label 446",
    mend="Correct the line that stands, or add the items of both into one.",
)
CLOSED_ONCE = rule(
    383,
    "A physical inventory, and a day of an area, is closed once",
    source="INFCIRC/153, paragraph 67",
    mend="Correct the listed lines: the ending and the MUF follow.",
)
ONE_CLOSING = rule(
    384,
    "Closings of one area are stated one after the other",
    source="design idea 2",
    mend="State them in calls of their own, the earlier one first.",
)
OPENING = rule(
    385,
    "An area is opened once, with nothing before",
    source="INFCIRC/153, paragraph 62; design idea 2",
    mend="Correct the lines of the opening inventory; delete what is dated before it.",
)
IN_ORDER = rule(
    386,
    "Physical inventories follow each other",
    severity=WARNING,
    source="INFCIRC/153, paragraph 67",
    mend="Check the date; the balance of a later inventory that is closed already changes.",
)
LISTED_IN_BOOK = rule(
    387,
    "A listed batch is on the book where batches are followed",
    severity=WARNING,
    source="validator list 12; Euratom regulation 2025/974, note 9",
    mend="Check the name; what is new without a change becomes a gain in MUF.",
)
NOTHING_LISTED = rule(
    388,
    "A physical inventory that is closed has lines, save an opening",
    severity=WARNING,
    source="Code 10, label 309 U",
    mend="Close it so only when nothing was found: the whole book becomes MUF.",
)
BATCH_IN_BOOK = rule(
    389,
    "A batch that is placed is on the book",
    severity=WARNING,
    source="frequent mistakes: item not where the book says",
    mend="Check the name of the batch.",
)
