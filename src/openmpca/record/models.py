"""The tables of the record, the operational tables beside it, and the derived tables of parties and grants.

Record tables are append-only and guarded by triggers. Operational tables are never the source of a figure. Derived
tables are not managed by migrations: `rebuild` makes them anew from the record.
"""

from django.db import models


class Head(models.Model):
    """The one row that writers lock: how many statements there are, the time of the last, the root over all of them.

    ``frontier`` is the right edge of their tree (`tlog.frontier`), so that an append has to read nothing of it.
    """

    id = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField()
    recorded_us = models.BigIntegerField()
    root = models.BinaryField()
    frontier = models.BinaryField(default=b"")

    class Meta:
        db_table = "record_head"


class Row(models.Model):
    """One statement: its number is its leaf index, its body is its disclosures, its entry commits to them."""

    number = models.BigIntegerField(primary_key=True)
    kind = models.TextField()
    recorded_us = models.BigIntegerField(db_index=True)
    entry = models.BinaryField()
    body = models.TextField()

    class Meta:
        db_table = "record_statement"
        indexes = (models.Index(fields=["kind", "number"], name="record_statement_kind"),)


class Tile(models.Model):
    """A full tile of the tree: 256 hashes of one level."""

    pk = models.CompositePrimaryKey("level", "n")
    level = models.SmallIntegerField()
    n = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        db_table = "record_tile"


class PersonName(models.Model):
    """Operational: the name behind an opaque identifier; it can be erased without touching the record."""

    person = models.TextField(primary_key=True)
    handle = models.TextField(unique=True)
    name = models.TextField()

    class Meta:
        db_table = "record_personname"

    @classmethod
    def handle_of(cls, person: str) -> str:
        """The handle of a person; their identifier where none is kept."""
        return cls.objects.filter(person=person).values_list("handle", flat=True).first() or person

    @classmethod
    def handles(cls) -> dict[str, str]:
        """The handles that are kept, by the identifier of their person."""
        return dict(cls.objects.values_list("person", "handle"))


class Proposal(models.Model):
    """Operational: statements that one person prepared and that wait for a second person's approval."""

    party = models.TextField()
    prepared_by = models.TextField()
    prepared_us = models.BigIntegerField()
    title = models.TextField()
    statements = models.BinaryField()
    overrides = models.JSONField(default=dict)
    number = models.BigIntegerField(null=True)
    closed_us = models.BigIntegerField(null=True)
    closed_by = models.TextField(default="")
    refusal = models.TextField(default="")

    class Meta:
        db_table = "record_proposal"


class Setting(models.Model):
    """Operational: a small named value of this machine (remembered mappings, the time of the last backup)."""

    name = models.TextField(primary_key=True)
    value = models.JSONField()

    class Meta:
        db_table = "record_setting"


class Party(models.Model):
    """Derived: a party and the statement that introduced it."""

    number = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    code = models.TextField()
    name = models.TextField()

    class Meta:
        db_table = "record_party"
        managed = False


class Person(models.Model):
    """Derived: a person of a party."""

    pk = models.CompositePrimaryKey("number", "person")
    number = models.BigIntegerField()
    person = models.TextField()
    party = models.TextField()

    class Meta:
        db_table = "record_person"
        managed = False


class Grant(models.Model):
    """Derived: who may act for whom, as what, where and when; a founding grants one line per person and role."""

    pk = models.CompositePrimaryKey("number", "person", "role")
    number = models.BigIntegerField()
    person = models.TextField()
    party = models.TextField()
    role = models.TextField()
    scope = models.TextField()
    from_day = models.DateField()
    until_day = models.DateField(null=True)
    deputy_for = models.TextField()

    class Meta:
        db_table = "record_grant"
        managed = False


class GrantEnd(models.Model):
    """Derived: the first day without a grant."""

    number = models.BigIntegerField(primary_key=True)
    grant = models.BigIntegerField()
    person = models.TextField()
    day = models.DateField()

    class Meta:
        db_table = "record_grantend"
        managed = False


class Duty(models.Model):
    """Derived: who may prepare and approve a kind of statement, and how many persons it takes."""

    number = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    kind = models.TextField()
    persons = models.SmallIntegerField()
    prepare = models.TextField()
    approve = models.TextField()

    class Meta:
        db_table = "record_duty"
        managed = False


class Withheld(models.Model):
    """Derived: which lines of which statement a withholding turned into digests."""

    pk = models.CompositePrimaryKey("number", "field")
    number = models.BigIntegerField()
    statement = models.BigIntegerField()
    field = models.TextField()

    class Meta:
        db_table = "record_withheld"
        managed = False
