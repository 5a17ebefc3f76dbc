"""The operational tables beside the record (checkpoints, bundles of others) and the derived tables of the room."""

from django.db import models


class Checkpoint(models.Model):
    """Operational: a checkpoint as signed, with the cosignatures that were collected for it; the log's own."""

    size = models.BigIntegerField()
    origin = models.TextField()
    made_us = models.BigIntegerField()
    note = models.TextField()

    class Meta:
        db_table = "proof_checkpoint"
        constraints = (models.UniqueConstraint(fields=["origin", "size"], name="proof_checkpoint_size"),)


class BundleFile(models.Model):
    """Operational: a bundle of another party, or a file that goes with one of ours, byte for byte.

    The statement that received or released it holds its digest.
    """

    sha256 = models.TextField(primary_key=True)
    content = models.BinaryField()

    class Meta:
        db_table = "proof_bundlefile"


class Key(models.Model):
    """A public key in use from a day on."""

    number = models.BigIntegerField(primary_key=True)
    of = models.TextField()
    use = models.TextField()
    vkey = models.TextField()
    replaces = models.TextField()
    from_day = models.DateField()

    class Meta:
        db_table = "proof_key"
        managed = False


class Partner(models.Model):
    """The keys of a party that keeps a record of its own; those of its persons with spaces between."""

    number = models.BigIntegerField(primary_key=True)
    of = models.TextField()
    party_key = models.TextField()
    log_key = models.TextField()
    person_keys = models.TextField()
    from_day = models.DateField()

    class Meta:
        db_table = "proof_partner"
        managed = False


class Origin(models.Model):
    """An origin under which the log goes on, with the last checkpoint of the one before."""

    number = models.BigIntegerField(primary_key=True)
    origin = models.TextField()
    previous = models.TextField()
    from_day = models.DateField()

    class Meta:
        db_table = "proof_origin"
        managed = False


class Release(models.Model):
    """A release to a recipient: a disclosure or a bundle."""

    number = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    sort = models.TextField()
    recipient = models.TextField()
    purpose = models.TextField()
    authority = models.TextField()

    class Meta:
        db_table = "proof_release"
        managed = False


class Received(models.Model):
    """A bundle of another party that came in."""

    number = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    sender = models.TextField()
    sha256 = models.TextField()
    origin = models.TextField()
    size = models.BigIntegerField()
    root = models.TextField()
    release = models.BigIntegerField()

    class Meta:
        db_table = "proof_received"
        managed = False


class Escrow(models.Model):
    """An inventory in escrow."""

    number = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    party = models.TextField()
    name = models.TextField()
    size = models.BigIntegerField()
    root = models.TextField()
    replaces = models.BigIntegerField(null=True)

    class Meta:
        db_table = "proof_escrow"
        managed = False


class EscrowOpening(models.Model):
    """A leaf of an escrow that was opened for a recipient."""

    pk = models.CompositePrimaryKey("number", "leaf")
    number = models.BigIntegerField()
    leaf = models.BigIntegerField()
    escrow = models.BigIntegerField()
    day = models.DateField()
    recipient = models.TextField()

    class Meta:
        db_table = "proof_escrowopening"
        managed = False
