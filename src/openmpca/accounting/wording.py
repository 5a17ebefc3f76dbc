"""What a statement of accounting says, in a few words: for whoever is asked to approve it."""

from typing import Final

_REPORTS: Final = {"I": "ICR", "P": "PIL", "M": "MBR", "T": "textual report"}


def words(kind: str, fields: dict[str, object]) -> str:
    """A statement with these fields in short.

    >>> words("accounting.report", {"sort": "I", "report": 35, "mba": "XTF2"})
    'ICR 35 of XTF2'
    >>> words("accounting.change", {"code": "SD", "batch": "A", "mba": "XTF2", "corrects": 7})
    'change SD of batch A in XTF2, correcting statement 7'
    """
    bare = kind.partition(".")[2]
    where = f" in {fields['mba']}" if fields.get("mba") else ""
    corrects = fields.get("corrects")
    correcting = f", correcting statement {corrects}" if corrects is not None else ""
    match bare:
        case "report":
            return f"{_REPORTS.get(str(fields['sort']), 'report')} {fields['report']} of {fields['mba']}"
        case "change":
            return f"change {fields['code']} of batch {fields['batch']}{where}{correcting}"
        case "listed":
            return f"listed batch {fields['batch']}{where}{correcting}"
        case "deletion":
            return f"deletion of statement {corrects}{where}"
        case "inventory":
            sort = "opening inventory" if fields.get("opening") else "physical inventory"
            return f"{sort} of {fields['mba']} on {fields['day']}"
        case "closing":
            return f"closing of {fields['mba']} on {fields['day']}"
        case "placement":
            return f"placement of batch {fields['batch']}{where}"
        case "exchange":
            return f"exchange of {fields['given']} for {fields['taken']}{where}"
        case "sending" | "answer":
            return f"{bare} of report statement {fields['of']}{where}"
        case _:
            return f"{bare} {fields.get('code', '')}".strip() + ("" if bare == "mba" else where)
