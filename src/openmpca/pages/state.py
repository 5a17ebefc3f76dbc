"""The State whose record is open: its name, and the banner of one that is not real."""

from functools import lru_cache

from django.utils.translation import gettext as _

from openmpca.record.models import Party, Row
from openmpca.record.reading import Stored
from openmpca.tlog.disclosure import fields_of


def name() -> str:
    """The name of the authority that founded the record, blank where it is not told."""
    found = Party.objects.filter(number=0).values_list("name", flat=True).first()
    return str(found or "")


def banner() -> str:
    """What stands on every page and print of a demonstration, blank otherwise."""
    return _("Demonstration: nothing here is real.") if _demonstrates(Row.objects.get(number=0).body) else ""


@lru_cache(maxsize=4)
def _demonstrates(founding: str) -> bool:
    return bool(Stored(0, fields_of(founding)).fields.get("demonstration"))
