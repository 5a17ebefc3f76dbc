"""Reading and writing a file of IATI activities.

Reading takes files of any version 2: what version 2.03 does not know is kept as it came. Whether a file holds to the
standard says `openmpca.formats.iati.check`, not the reader.
"""

from typing import Final

from openmpca.formats.iati.activity import Activities
from openmpca.formats.markup import reader, writer
from openmpca.formats.markup.reader import Reading
from openmpca.formats.markup.safe import LIMITS, Limits

ROOT: Final = "iati-activities"


def read(data: bytes, limits: Limits = LIMITS) -> Reading[Activities]:
    """What a file says, with the problems of reading it (rules 1000 to 1009)."""
    return reader.read(data, Activities, ROOT, limits=limits)


def write(activities: Activities) -> bytes:
    """The file; raises ``ValueError`` for a text that no XML can hold."""
    return writer.write(activities, ROOT)
