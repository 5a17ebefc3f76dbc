"""What a statement of accounting says, in a few words: for whoever is asked to approve it."""

from typing import Final

_REPORTS: Final = {"I": "ICR", "P": "PIL", "M": "MBR"}
_SAID: Final = {
    "report": "{sort} {report} of {mba}",
    "textual": "textual report {report} of {mba}",
    "change": "change {code} of batch {batch} in {mba}",
    "listed": "listed batch {batch} in {mba}",
    "deletion": "deletion of statement {corrects} in {mba}",
    "inventory": "physical inventory of {mba} on {day}",
    "opening": "opening inventory of {mba} on {day}",
    "closing": "closing of {mba} on {day}",
    "placement": "placement of batch {batch} in {mba}",
    "exchange": "exchange of {given} for {taken} in {mba}",
    "sending": "sending of report statement {of} in {mba}",
    "answer": "answer of report statement {of} in {mba}",
}
"""By kind, each as one text, so that it can be translated (``tools/messages.py``)."""


def words(kind: str, fields: dict[str, object]) -> str:
    """A statement with these fields in short.

    >>> words("accounting.report", {"sort": "I", "report": 35, "mba": "XTF2"})
    'ICR 35 of XTF2'
    >>> words("accounting.change", {"code": "SD", "batch": "A", "mba": "XTF2", "corrects": 7})
    'change SD of batch A in XTF2, correcting statement 7'
    """
    bare = kind.partition(".")[2]
    bare = "textual" if bare == "report" and fields.get("sort") == "T" else bare
    said = _said("opening" if bare == "inventory" and fields.get("opening") else bare, fields)
    corrects = fields.get("corrects")
    return said if corrects is None or bare == "deletion" else f"{said}, correcting statement {corrects}"


def _said(bare: str, fields: dict[str, object]) -> str:
    """What is stated, whatever it corrects."""
    if bare in _SAID:
        return _SAID[bare].format_map({**fields, "sort": _REPORTS.get(str(fields.get("sort", "")), "report")})
    where = f" in {fields['mba']}" if fields.get("mba") and bare != "mba" else ""
    return f"{bare} {fields.get('code', '')}".strip() + where
