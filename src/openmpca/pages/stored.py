"""A statement of the record, as far as whoever asks may read it and as it was known at the asked time.

Rule kept here: a statement beyond the reach, one that was not known at the asked time and one that there is not answer
alike.
"""

from django.utils.translation import gettext as _

from openmpca.pages.reach import readable_statement
from openmpca.pages.routes import Asking, NotFound
from openmpca.record import reading
from openmpca.record.reading import Stored
from openmpca.record.record import head


def statement_of(asking: Asking, number: int) -> Stored:
    """A statement that may be read and was known at the asked time. Raises `NotFound`."""
    missing = NotFound(_("There is no statement %(number)d that you may read.") % {"number": number})
    if not 0 <= number <= last_known(asking):
        raise missing
    found = reading.stored(number)
    if not readable_statement(asking.reach, found):
        raise missing
    return found


def last_known(asking: Asking) -> int:
    """The last statement that was known at the asked time; -1 where there was none."""
    return head()[0] - 1 if asking.times.known_at is None else asking.times.known_at
