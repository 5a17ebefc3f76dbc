"""The State whose record is open: its name, and the banner of one that is not real."""

from functools import lru_cache

from django.utils.translation import gettext as _

from openmpca.record.models import Party, Row
from openmpca.record.reading import Stored
from openmpca.record.record import head
from openmpca.tlog.disclosure import fields_of


def name(root: bytes | None = None) -> str:
    """The name of the authority that founded the record, blank where it is not told; ``root`` spares who knows it."""
    return _told(root or head()[1])[0]


def banner(root: bytes | None = None) -> str:
    """What stands on every page and print of a demonstration, blank otherwise."""
    return _("Demonstration: nothing here is real.") if _told(root or head()[1])[1] else ""


@lru_cache(maxsize=4)
def _told(root: bytes) -> tuple[str, bool]:
    """Name, and whether it demonstrates, as the record with a root tells them."""
    founding = fields_of(Row.objects.get(number=0).body)
    found = Party.objects.filter(number=0).values_list("name", flat=True).first()
    return str(found or ""), bool(Stored(0, founding).fields.get("demonstration"))
