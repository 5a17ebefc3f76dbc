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
    """An account of an area; the identifier is made of the number that introduced the area and the index of the
    code.
    """

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
    corrects = models.BigIntegerField()
    first = models.BigIntegerField()
    mba = models.TextField()
    deletes = models.BooleanField()

    class Meta:
        db_table = "accounting_correction"
        managed = False
        indexes = (models.Index(fields=["corrects"], name="accounting_correction_aim"),)


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
    inventory = models.BigIntegerField()
    batch = models.TextField()
    category = models.TextField()
    nuclide = models.TextField()
    ug = models.BigIntegerField()

    class Meta:
        db_table = "accounting_listed"
        managed = False
        indexes = (models.Index(fields=["inventory"], name="accounting_listed_inventory"),)


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
    """A receipt or shipment, or a shipper/receiver difference, for matching.

    ``key`` is the shipper's batch, ``other`` the other side as stated, ``shipment`` the statement that was named.
    """

    number = models.BigIntegerField(primary_key=True)
    mba = models.TextField()
    code = models.TextField()
    day = models.DateField()
    other = models.TextField()
    batch = models.TextField()
    key = models.TextField()
    shipment = models.BigIntegerField(null=True)
    description = models.TextField()

    class Meta:
        db_table = "accounting_transfer"
        managed = False
        indexes = (models.Index(fields=["key", "code"], name="accounting_transfer_key"),)


class Parent(models.Model):
    """An edge of lineage: ``batch`` came from ``parent``, as a change of an area stated."""

    pk = models.CompositePrimaryKey("number", "parent")
    number = models.BigIntegerField()
    batch = models.TextField()
    parent = models.TextField()
    mba = models.TextField()

    class Meta:
        db_table = "accounting_parent"
        managed = False
        indexes = (
            models.Index(fields=["batch"], name="accounting_parent_batch"),
            models.Index(fields=["parent"], name="accounting_parent_parent"),
        )


class Location(models.Model):
    """Where a batch stands from a day on."""

    number = models.BigIntegerField(primary_key=True)
    mba = models.TextField()
    batch = models.TextField()
    day = models.DateField()
    place = models.TextField()
    kmp = models.TextField()

    class Meta:
        db_table = "accounting_location"
        managed = False
        indexes = (models.Index(fields=["batch", "day"], name="accounting_location_batch"),)


class Report(models.Model):
    """A report as made or received."""

    number = models.BigIntegerField(primary_key=True)
    mba = models.TextField()
    sort = models.TextField()
    report = models.IntegerField()
    begin_day = models.DateField()
    end_day = models.DateField()
    day = models.DateField()
    known = models.BigIntegerField()
    origin = models.TextField()

    class Meta:
        db_table = "accounting_report"
        managed = False
        indexes = (models.Index(fields=["mba", "report"], name="accounting_report_mba"),)


class Entry(models.Model):
    """A weight of an accounting entry of a report (one blank line where it has none); ``day`` is a posting day."""

    pk = models.CompositePrimaryKey("number", "line")
    number = models.BigIntegerField()
    line = models.IntegerField()
    mba = models.TextField()
    entry = models.IntegerField()
    about = models.BigIntegerField()
    status = models.TextField()
    ref_report = models.IntegerField(null=True)
    ref_entry = models.IntegerField(null=True)
    code = models.TextField()
    day = models.IntegerField(null=True)
    batch = models.TextField()
    category = models.TextField()
    nuclide = models.TextField()
    ug = models.BigIntegerField()

    class Meta:
        db_table = "accounting_entry"
        managed = False
        indexes = (
            models.Index(fields=["about"], name="accounting_entry_about"),
            models.Index(fields=["mba", "number"], name="accounting_entry_mba"),
        )


class Claimed(models.Model):
    """A statement of a history brought in that says which entry of which report has reported it."""

    number = models.BigIntegerField(primary_key=True)
    mba = models.TextField()
    report = models.IntegerField()
    entry = models.IntegerField()

    class Meta:
        db_table = "accounting_claimed"
        managed = False
        indexes = (models.Index(fields=["mba"], name="accounting_claimed_mba"),)


class Sending(models.Model):
    """A report was sent."""

    number = models.BigIntegerField(primary_key=True)
    of_report = models.BigIntegerField()
    mba = models.TextField()
    day = models.DateField()

    class Meta:
        db_table = "accounting_sending"
        managed = False
        indexes = (models.Index(fields=["of_report"], name="accounting_sending_of"),)


class Answer(models.Model):
    """A report was acknowledged or returned."""

    number = models.BigIntegerField(primary_key=True)
    of_report = models.BigIntegerField()
    mba = models.TextField()
    day = models.DateField()
    acknowledged = models.BooleanField()

    class Meta:
        db_table = "accounting_answer"
        managed = False
        indexes = (models.Index(fields=["of_report"], name="accounting_answer_of"),)


class Remark(models.Model):
    """What an answer says of an entry of the report (0: of all of it)."""

    pk = models.CompositePrimaryKey("number", "entry")
    number = models.BigIntegerField()
    entry = models.IntegerField()
    of_report = models.BigIntegerField()
    remark = models.TextField()

    class Meta:
        db_table = "accounting_remark"
        managed = False
        indexes = (models.Index(fields=["of_report"], name="accounting_remark_of"),)


class Label(models.Model):
    """To what a change, or a listed line of ``inventory``, assigned its batch: obligation, programme, owner."""

    number = models.BigIntegerField(primary_key=True)
    mba = models.TextField()
    batch = models.TextField()
    day = models.DateField()
    inventory = models.BigIntegerField(null=True)
    obligation = models.TextField()
    programme = models.TextField()
    owner = models.TextField()

    class Meta:
        db_table = "accounting_label"
        managed = False
        indexes = (models.Index(fields=["mba", "batch"], name="accounting_label_mba"),)


class Exchange(models.Model):
    """An element mass of an area that passed from one obligation to another."""

    pk = models.CompositePrimaryKey("number", "category")
    number = models.BigIntegerField()
    category = models.TextField()
    mba = models.TextField()
    day = models.DateField()
    given = models.TextField()
    taken = models.TextField()
    ug = models.BigIntegerField()

    class Meta:
        db_table = "accounting_exchange"
        managed = False
