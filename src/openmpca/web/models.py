"""The tables of the pages: accounts, invitations, what happened. None of it is part of the record.

An account lets a person of the record sign in; what that person may do, the grants in the record say. Names stay in
`record.PersonName`; here stand a handle and the opaque identifier.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Accounts(BaseUserManager["Account"]):
    """Makes accounts and finds them by handle."""

    def create_user(self, handle: str, person: str, passphrase: str | None = None) -> "Account":
        """An account for a person of the record; without a passphrase it cannot sign in yet."""
        account = Account(handle=handle, person=person)
        account.set_password(passphrase)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Who may sign in: a handle, and the person of the record behind it."""

    handle = models.CharField(max_length=100, unique=True)
    person = models.CharField(max_length=100, unique=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar = ["person"]
    objects: ClassVar[Accounts] = Accounts()

    def __str__(self) -> str:
        return self.handle


class Invitation(models.Model):
    """A one-time secret by which a person makes their account, or sets a new passphrase; only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.CharField(max_length=100)
    made = models.DateTimeField()
    ends = models.DateTimeField()
    used = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=100, blank=True)


class Event(models.Model):
    """What happened at the door: sign-ins, refusals, exports, changes of accounts."""

    at = models.DateTimeField(db_index=True)
    what = models.CharField(max_length=40)
    person = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=45, blank=True)
    detail = models.CharField(max_length=300, blank=True)


class Draft(models.Model):
    """What somebody typed into a form and has not stated yet; theirs alone."""

    person = models.CharField(max_length=100)
    path = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    fields = models.JSONField()
    changed = models.DateTimeField()


class Token(models.Model):
    """What lets a program ask in a person's stead: what of their grants it may use, and until when; only its digest
    is kept. ``place`` narrows it to one place such as ``mba:ZZA1``; one that does not state reads only."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.CharField(max_length=100, db_index=True)
    name = models.CharField(max_length=100)
    states = models.BooleanField()
    place = models.CharField(max_length=100, blank=True)
    made = models.DateTimeField()
    ends = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)


class Demanded(models.Model):
    """A role whose holders need a second factor."""

    role = models.CharField(max_length=40, unique=True)


class Counter(models.Model):
    """How often somebody tried something, and the like, until it ends; ``name`` is a digest. See `counters`."""

    name = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    ends = models.FloatField(db_index=True)
