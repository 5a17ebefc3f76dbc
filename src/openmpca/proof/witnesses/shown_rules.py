"""The rules of what is shown to partners, asked of witnesses and seen of other logs: rules 60 to 69.

Source: design, idea 7; C2SP tlog-tiles, tlog-witness, tlog-cosignature; docs of each rule below.
"""

from typing import Final

from openmpca.problems import WARNING, rule

EVIDENCE: Final = (
    "Keep both checkpoints, which are signed: they lie in `evidence` of the home. Show them to the other partners, and "
    "ask who keeps the log."
)

SHOWN = rule(
    60,
    "What is shown of the log is what it signed",
    source="C2SP tlog-tiles: only trees with a signed checkpoint",
    mend="Make a checkpoint with `openmpca checkpoint`; see `openmpca verify` where the record does not hold.",
)
KNOWN_LOG = rule(
    61,
    "A log is known by the key that the policy names",
    source="C2SP signed-note, tlog-policy",
    mend="Compare the name letter by letter, and the key with the one that the partner gave you in person.",
)
ONE_TREE = rule(
    62,
    "A log never shows two trees: what was seen of it stands unchanged",
    source="C2SP tlog-checkpoint: a log must not sign inconsistent checkpoints",
    mend=EVIDENCE,
)
GROWS = rule(
    63,
    "A log never shrinks, and an old checkpoint is not shown for the newest",
    source="C2SP tlog-checkpoint; design idea 7",
    mend=EVIDENCE,
)
TILES = rule(
    64,
    "The tiles of a log lead to the root that it signed",
    source="C2SP tlog-tiles; RFC 6962",
    mend="Fetch again; where it stays so, ask who keeps the log, and keep what you were given.",
)
REACHED = rule(
    65,
    "A log or a witness can be reached and read",
    source="C2SP tlog-tiles, tlog-witness",
    mend="Check the address or folder, the network and the time; try again later.",
)
COSIGNED = rule(
    66,
    "The witnesses that the policy asks for have cosigned",
    severity=WARNING,
    source="C2SP tlog-policy, tlog-cosignature",
    mend="Ask for cosignatures with `openmpca cosign`, or wait until the log's keeper has.",
)
FORK = rule(
    67,
    "No witness has seen another tree of this log",
    source="C2SP tlog-witness: 409 and 422 to the own size",
    mend="Sign nothing more. Find out whether the record was restored from an older backup, or who else has the key.",
)
ANSWERED = rule(
    68,
    "A witness answers with its own cosignature",
    source="C2SP tlog-witness, tlog-cosignature",
    mend="Ask who keeps the witness whether it knows the key of this log, and which key it signs with.",
)
REQUESTED = rule(
    69,
    "A witness cosigns only what continues the tree that it holds",
    source="C2SP tlog-witness",
    mend="Let who keeps the log make the request again, from the size that the witness holds.",
)
