"""Accounts as administrators see and change them: who has one, out of use, back in use, second factor taken away.

Rules kept here:

1. What the record says of a person (name, grants) is read from the record; an account only lets them in.
2. An account out of use ends all its sessions at once; its person's grants stay as the record has them.
3. Nobody takes their own account out of use: so there is always somebody left who can put it back.
4. Every change is an event, with who made it and of whose account it was.

Source: issue "The pages"; OWASP Authentication Cheat Sheet.
"""

from datetime import date
from typing import Any

from django.http import HttpRequest

from openmpca.record import people
from openmpca.web import second_factor, signing_in
from openmpca.web.events import happened


def listed(day: date, size: int) -> list[dict[str, Any]]:
    """The persons of the record with their grants of a day, as known then, and what their accounts are now."""
    from openmpca.web.models import Account

    accounts = {each.person: each for each in Account.objects.all()}
    having = second_factor.having()
    return [{**row, **_said(accounts.get(row["person"]), having)} for row in people.listed(day, size)]


def _said(account: Any, having: set[int]) -> dict[str, Any]:
    if account is None:
        return {"account": None, "second_factor": None, "last_sign_in": None}
    return {
        "account": bool(account.is_active),
        "second_factor": account.pk in having,
        "last_sign_in": account.last_login and f"{account.last_login:%Y-%m-%d %H:%M}",
    }


def of(person: str) -> Any:
    """The account of a person; None when they have none."""
    from openmpca.web.models import Account

    return Account.objects.filter(person=person).first()


def invite(request: HttpRequest, person: str, by: str) -> str:
    """A one-time secret for a person, made by an administrator."""
    secret = signing_in.invite(person, by)
    happened(request, "invited", person)
    return secret


def put(request: HttpRequest, person: str, *, in_use: bool) -> bool:
    """Take an account out of use or put it back; gives whether there is one."""
    account = of(person)
    if account is None:
        return False
    account.is_active = in_use
    account.save(update_fields=["is_active"])
    happened(request, "account put back" if in_use else "account out of use", person)
    return True


def reset(request: HttpRequest, person: str) -> bool:
    """Take the second factor and recovery codes of a person away; gives whether there were any."""
    account = of(person)
    if account is None or not second_factor.reset(account):
        return False
    happened(request, "second factor taken away", person)
    return True
