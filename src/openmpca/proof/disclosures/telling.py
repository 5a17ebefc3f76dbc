"""What a disclosure file proves and what it does not, in sentences that a lawyer can rely on, and the same as data.

Rules kept here:

1. Nothing is said that does not follow from the file and the policy. A time is that of the witnesses; the time at which
   the record says that a statement was recorded is told as its own word.
2. How many values are hidden is told only as far as the form of a statement lets anybody know: its lines are filled up
   to a multiple of 16, and a filling looks like a hidden value.
3. What comes out of the file stands on one line with every character visible (`legible`), so that no value can
   pass for a sentence of this page.
4. What is not proven is always told, whatever was proven. That a change would be seen is said only where the quorum of
   the policy was there to see it.

Source: design, idea 7.
"""

import json
from collections.abc import Iterable, Iterator

from openmpca.proof.disclosures.checking import Fact, Proven
from openmpca.proof.legible import visible
from openmpca.proof.moments import iso, moment
from openmpca.tlog.lines import shown

WIDEST = 40
"""A name that is longer moves its own value only, so that one long name does not widen every line."""
FIRST = ("kind", "party", "recorded", "day")
NOT_PROVEN = (
    "That what a statement says is true. The log stated it; no proof can say more.",
    "That it still stands. A later correction or withdrawal is a further statement, which this file need not show.",
    "That it is all there is. Other statements may exist, and be shown to nobody or to others.",
    "What the hidden lines say, or that none of them says otherwise than what is open.",
    "When something happened or was recorded. The days and times in a statement are its own word.",
)
ALONE = (
    "That others are shown the same log, or at what time it was so. Without the witnesses of the policy only the log's "
    "own signature speaks."
)
UNWITNESSED = "That others are shown the same log, or at what time it was so. This policy asks for no witness."


def told(proven: Proven, policy: str) -> Iterator[str]:
    """The lines for people; ``policy`` is the name of the policy's file."""
    whole = "by this file and the policy" if proven.met else "by the signature of the log ALONE, under the policy"
    meant = f" (the file was made for the policy {value(proven.file.policy)})" if proven.file.policy else ""
    yield f"PROVEN {whole} {visible(policy)}{meant}:"
    for fact in proven.facts:
        yield ""
        yield from _fact(fact, proven.checkpoint.origin)
    yield ""
    yield from _corrections(proven)
    yield from _time(proven)
    yield from _signature(proven)
    yield from _release(proven)
    yield ""
    yield "NOT PROVEN:"
    yield from (f"  {each}" for each in not_proven(proven))


def not_proven(proven: Proven) -> list[str]:
    """What this file does not prove, a sentence each."""
    if not proven.met:
        return [*NOT_PROVEN, ALONE]
    return [*NOT_PROVEN] if proven.no_later_than is not None else [*NOT_PROVEN, UNWITNESSED]


def _fact(fact: Fact, log: str) -> Iterator[str]:
    yield f"Statement {fact.number} of the log {visible(log)} says:"
    names = {name: _name(name) for name in in_order(fact.fields)}
    widest = max([len(text) for text in names.values() if len(text) <= WIDEST], default=0)
    for name, text in names.items():
        yield f"  {text.ljust(widest)}  {value(fact.fields[name])}"
    if not fact.fields:
        yield "  nothing that is open; it is only proven to be there."
    yield f"  {_hidden(fact)}"


def in_order(names: Iterable[str]) -> list[str]:
    """Names of fields, those first that give a statement its meaning."""
    return sorted(names, key=_place)


def _place(name: str) -> tuple[int, str]:
    return (FIRST.index(name) if name in FIRST else len(FIRST)), name


def _name(name: str) -> str:
    return name if name.isascii() and name.isidentifier() else shown(name)


def value(given: object) -> str:
    """A value of a file on one line, with every character visible."""
    return visible(json.dumps(given, ensure_ascii=False))


def _hidden(fact: Fact) -> str:
    if not fact.hidden:
        return "Nothing of it is hidden."
    lines = "1 line" if fact.hidden == 1 else f"{fact.hidden} lines"
    most = "1 value" if fact.hidden == 1 else f"{fact.hidden} values"
    return f"Hidden: {lines}, each a value or filling, which look alike: {fact.least} to {most}."


def _corrections(proven: Proven) -> Iterator[str]:
    """Statements in the file that say of themselves that they correct others in it."""
    inside = {each.number for each in proven.facts}
    for fact in proven.facts:
        corrected = fact.fields.get("corrects")
        if type(corrected) is int and corrected in inside:
            yield f"Statement {fact.number} says that it corrects statement {corrected}."


def _time(proven: Proven) -> Iterator[str]:
    signed = sorted(proven.cosigned.items(), key=lambda each: (each[1], each[0]))
    if proven.no_later_than is not None:
        yield f"All this was in the log no later than {moment(proven.no_later_than)}:"
        yield "by then as many witnesses had signed as the policy asks for, each by its own clock."
    elif not proven.met:
        yield "Nothing is proven about time: the witnesses that signed are not those that the policy asks for."
    else:
        yield "Nothing is proven about time: the policy asks for no witness."
    for name, seconds in signed:
        yield f"  The witness {visible(name)} signed at {moment(seconds)}."
    if not signed:
        yield "  No witness of the policy has signed."


def _signature(proven: Proven) -> Iterator[str]:
    made = proven.checkpoint
    yield f"The log {visible(made.origin)} signed it, with the key that the policy holds for it:"
    yield f"  a checkpoint over {made.size} statements with the root {made.root.hex()}."
    if proven.no_later_than is None:
        yield "Whoever holds that key cannot deny it."
    else:
        yield "Whoever holds that key cannot deny it, nor change any of these statements unseen by those witnesses."


def _release(proven: Proven) -> Iterator[str]:
    file = proven.file
    words = f"to {value(file.recipient)}, for {value(file.purpose)}, on the authority of {value(file.authority)}"
    if proven.release is not None:
        yield f"Statement {file.release} of the same log releases just this, {words}."
    else:
        yield f"The file says that it was released {words}, by statement {file.release}; that is not proven."


def data(proven: Proven) -> dict[str, object]:
    """The same as plain data; ``proven`` is false where the quorum of the policy is not met."""
    file, made, time = proven.file, proven.checkpoint, proven.no_later_than
    return {
        "proven": proven.met,
        "log": made.origin,
        "size": made.size,
        "root": made.root.hex(),
        "statements": [
            {
                "number": each.number,
                "fields": each.fields,
                "hidden_lines": each.hidden,
                "hidden_values_least": each.least,
            }
            for each in proven.facts
        ],
        "quorum": proven.met,
        "made_for_policy": proven.file.policy,
        "no_later_than": None if time is None else iso(time),
        "cosigned": {name: iso(seconds) for name, seconds in sorted(proven.cosigned.items())},
        "release": {
            "number": file.release,
            "recipient": file.recipient,
            "purpose": file.purpose,
            "authority": file.authority,
            "proven": proven.release is not None,
        },
        "not_proven": not_proven(proven),
    }
