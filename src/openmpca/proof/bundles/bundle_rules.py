"""The numbered rules about partners and bundles: 80 to 89."""

from typing import Final

from openmpca.problems import rule

_ASK: Final = "Do not rely on it; ask the sender for the file again, unchanged."

FORM: Final = rule(80, "A bundle file has the one form of its format", source="proof: openmpca/bundle/v1", mend=_ASK)
PARTNER: Final = rule(
    81,
    "A partner is known by keys that two persons have stated",
    source="design idea 7",
    mend="State its party's and its log's key with `openmpca partner add`, as the partner handed them over.",
)
SIGNED: Final = rule(
    82,
    "A bundle is signed by its sender, for the party that receives it",
    source="design idea 7",
    mend=_ASK,
)
LOGGED: Final = rule(
    83,
    "The checkpoint of a bundle is of the sender's log, and cosigned as the policy asks",
    source="C2SP tlog-checkpoint, tlog-policy",
    mend="Ask the sender for a bundle with further cosignatures; compare the policy with the one agreed.",
)
STANDS: Final = rule(
    84,
    "What a bundle states stands in the tree of its checkpoint",
    source="design idea 6; RFC 9162 2.1.3.2",
    mend="Do not rely on it, and ask the sender: it was changed, or was never in that record.",
)
RELEASED: Final = rule(
    85,
    "A bundle holds what its release names, for whom it names",
    source="design idea 7: every release is a statement of two persons",
    mend="Do not rely on it, and tell the sender: its purpose, authority or content is not what was released.",
)
STALE: Final = rule(
    86,
    "A bundle is not older than what came from the same log",
    source="attack: an old bundle is replayed",
    mend="Ask the sender whether a newer one takes its place; when it only came late, override this with a reason.",
    soft=True,
)
FORK: Final = rule(
    87,
    "A log shows the same to all, and at all times",
    source="design idea 6: only a checkpoint kept elsewhere shows that a record was rewritten",
    mend="Keep both files: together they prove that the sender's log was rewritten. Tell the witnesses of the policy.",
)
SENT: Final = rule(
    88,
    "What is sent is there to be sent",
    source="design idea 7",
    mend="Name statements, fields that stand open in them, and files with plain names.",
)
KEPT: Final = rule(
    89,
    "A received bundle is kept as it came",
    source="design idea 7",
    mend="Put the file back as it came (from a backup, or ask the sender): `openmpca bundle receive` takes it again.",
)
