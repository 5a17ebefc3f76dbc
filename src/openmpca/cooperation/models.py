"""The derived tables of the room: every claim of a party with what it speaks of, and what names what."""

from django.db import models


class Claim(models.Model):
    """A statement of this room: of which thing, by whom, read by whom, its own fields as JSON."""

    number = models.BigIntegerField(primary_key=True)
    kind = models.TextField()
    party = models.TextField()
    day = models.DateField()
    thing = models.TextField()
    replaces = models.BigIntegerField(null=True)
    release = models.TextField()
    fields = models.TextField()

    class Meta:
        db_table = "cooperation_claim"
        managed = False
        indexes = (
            models.Index(fields=["kind", "thing"], name="cooperation_claim_kind"),
            models.Index(fields=["thing"], name="cooperation_claim_thing"),
            models.Index(fields=["replaces"], name="cooperation_claim_replaces"),
        )


class Link(models.Model):
    """A thing that a claim names in one of its fields, beside the thing of which the claim speaks."""

    pk = models.CompositePrimaryKey("number", "line")
    number = models.BigIntegerField()
    line = models.IntegerField()
    field = models.TextField()
    source = models.TextField()
    target = models.TextField()

    class Meta:
        db_table = "cooperation_link"
        managed = False
        indexes = (
            models.Index(fields=["target"], name="cooperation_link_target"),
            models.Index(fields=["source"], name="cooperation_link_source"),
        )


class Sealed(models.Model):
    """Operational: what a party of this machine sealed, until it opens it; only its digest is in the record."""

    digest = models.TextField(primary_key=True)
    party = models.TextField()
    matter = models.TextField()
    salt = models.TextField()
    content = models.TextField()

    class Meta:
        db_table = "cooperation_sealed"
