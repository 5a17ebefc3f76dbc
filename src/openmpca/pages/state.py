"""The State whose record is open: its name, and the banner of one that is not real."""

from django.utils.translation import gettext as _

from openmpca.record.models import Party
from openmpca.record.reading import stored


def name() -> str:
    """The name of the authority that founded the record, blank where it is not told."""
    found = Party.objects.filter(number=0).values_list("name", flat=True).first()
    return str(found or "")


def banner() -> str:
    """What stands on every page and print of a demonstration, blank otherwise."""
    return _("Demonstration: nothing here is real.") if stored(0).fields.get("demonstration") else ""
