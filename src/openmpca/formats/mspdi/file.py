"""Reading and writing a plan as Microsoft Project and those that follow it exchange it.

What is not of `openmpca.formats.mspdi.project` is kept element for element beside its neighbour, so that a plan that
was read, changed and written is opened by its own program with all that it had. Empty collections are not written.
"""

from typing import Final

import msgspec

from openmpca.formats.markup import reader, writer
from openmpca.formats.markup.reader import Reading
from openmpca.formats.markup.safe import LIMITS, Limits
from openmpca.formats.mspdi.project import NAMESPACE, Project

ROOT: Final = "Project"
NAMESPACES: Final = (NAMESPACE, f"{NAMESPACE}/2007", "")
"""That of every version; the one of the schema of 2007; and none, as some programs write."""


def read(data: bytes, limits: Limits = LIMITS) -> Reading[Project]:
    """What a plan says, with the problems of reading it (rules 1000 to 1009)."""
    reading = reader.read(data, Project, ROOT, NAMESPACES, limits)
    if reading.value is None:
        return reading
    return msgspec.structs.replace(reading, value=msgspec.structs.replace(reading.value, namespace=reading.namespace))


def write(project: Project) -> bytes:
    """The file; raises ``ValueError`` for a text that no XML can hold."""
    return writer.write(project, ROOT, project.namespace)
