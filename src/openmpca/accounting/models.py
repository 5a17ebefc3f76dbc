"""The derived tables of the accounting room; `openmpca rebuild` makes them anew from the record."""

from django.db import models


class Register(models.Model):
    """A thing of the register as one statement gave it, from a day on; ``fields`` is JSON."""

    number = models.BigIntegerField(primary_key=True)
    thing = models.TextField()
    code = models.TextField()
    mba = models.TextField()
    from_day = models.DateField()
    fields = models.TextField()

    class Meta:
        db_table = "accounting_register"
        managed = False
        indexes = (models.Index(fields=["thing", "code", "from_day", "number"], name="accounting_register_thing"),)


class Account(models.Model):
    """An account of an area; the identifier is made of the number that introduced the area and the index of the code."""

    id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    mba = models.TextField()
    code = models.TextField()

    class Meta:
        db_table = "accounting_account"
        managed = False
        indexes = (models.Index(fields=["mba", "code"], name="accounting_account_mba"),)


class Posting(models.Model):
    """One line of the double-entry book: micrograms (or items, nuclide ``#``) of one batch on one account."""

    pk = models.CompositePrimaryKey("number", "line")
    number = models.BigIntegerField()
    line = models.IntegerField()
    account = models.BigIntegerField()
    day = models.IntegerField()
    batch = models.TextField()
    category = models.TextField()
    nuclide = models.TextField()
    ug = models.BigIntegerField()

    class Meta:
        db_table = "accounting_posting"
        managed = False
        indexes = (
            models.Index(
                fields=["account", "day", "number", "category", "nuclide", "batch", "ug"],
                name="accounting_posting_account",
            ),
            models.Index(fields=["batch", "account"], name="accounting_posting_batch"),
        )


class Cell(models.Model):
    """A sum of postings by account, category, nuclide, month of the event and epoch of the record: a cache."""

    pk = models.CompositePrimaryKey("account", "category", "nuclide", "month", "epoch")
    account = models.BigIntegerField()
    category = models.TextField()
    nuclide = models.TextField()
    month = models.IntegerField()
    epoch = models.BigIntegerField()
    ug = models.BigIntegerField()

    class Meta:
        db_table = "accounting_cell"
        managed = False


class Correction(models.Model):
    """A statement that replaces or deletes (``deletes``) another; ``first`` is the first of the chain."""

    number = models.BigIntegerField(primary_key=True)
    corrects = models.BigIntegerField(db_index=True)
    first = models.BigIntegerField()
    mba = models.TextField()
    deletes = models.BooleanField()

    class Meta:
        db_table = "accounting_correction"
        managed = False


class Inventory(models.Model):
    """A physical inventory taking, or an opening inventory."""

    number = models.BigIntegerField(primary_key=True)
    mba = models.TextField()
    day = models.DateField()
    opening = models.BooleanField()

    class Meta:
        db_table = "accounting_inventory"
        managed = False


class Listed(models.Model):
    """A weight (or the number of items) of a line of a physical inventory."""

    pk = models.CompositePrimaryKey("number", "line")
    number = models.BigIntegerField()
    line = models.IntegerField()
    inventory = models.BigIntegerField(db_index=True)
    batch = models.TextField()
    category = models.TextField()
    nuclide = models.TextField()
    ug = models.BigIntegerField()

    class Meta:
        db_table = "accounting_listed"
        managed = False


class Closing(models.Model):
    """A closed material balance: the posting day of its cut-off."""

    number = models.BigIntegerField(primary_key=True)
    inventory = models.BigIntegerField()
    mba = models.TextField()
    day = models.IntegerField()
    opening = models.BooleanField()

    class Meta:
        db_table = "accounting_closing"
        managed = False


class Transfer(models.Model):
    """A receipt or shipment, for matching: ``key`` is the shipper's batch, ``other`` the other side as stated."""

    number = models.BigIntegerField(primary_key=True)
    mba = models.TextField()
    code = models.TextField()
    day = models.DateField()
    other = models.TextField()
    batch = models.TextField()
    key = models.TextField()
    shipment = models.BigIntegerField(null=True)

    class Meta:
        db_table = "accounting_transfer"
        managed = False
        indexes = (models.Index(fields=["key", "code"], name="accounting_transfer_key"),)


class Parent(models.Model):
    """An edge of lineage: ``batch`` came from ``parent``, as a change of an area stated."""

    pk = models.CompositePrimaryKey("number", "parent")
    number = models.BigIntegerField()
    batch = models.TextField(db_index=True)
    parent = models.TextField(db_index=True)
    mba = models.TextField()

    class Meta:
        db_table = "accounting_parent"
        managed = False


class Location(models.Model):
    """Where a batch stands from a day on."""

    number = models.BigIntegerField(primary_key=True)
    mba = models.TextField()
    batch = models.TextField(db_index=True)
    day = models.DateField()
    place = models.TextField()
    kmp = models.TextField()

    class Meta:
        db_table = "accounting_location"
        managed = False
