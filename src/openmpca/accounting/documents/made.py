"""A document that is made: the name of its file, the areas it speaks of, and its bytes when they are asked for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from openmpca.pages.documents.labels import Label
from openmpca.pages.documents.paper import Paper, TooLong
from openmpca.pages.documents.printing import printed, printed_labels

_UNSAFE: Final = re.compile(r"[^\w.-]+")


class NoDocument(LookupError):  # noqa: N818
    """There is nothing of which the document could be made; the text says what is missing."""


def must_fit(count: int, most: int | None) -> None:
    """Refuse more codes than somebody waits for; None is no limit. Raises `TooLong`."""
    if most is not None and count > most:
        told = _("These are %(count)s codes, more than %(most)s. Ask for one place or batch, or use the command line.")
        raise TooLong(told % {"count": count, "most": most})


@dataclass(frozen=True)
class Document:
    """A document; ``mba`` is the area whose reader may have it."""

    name: str
    mba: str
    drawn: Callable[[], bytes]

    @property
    def file_name(self) -> str:
        """The name of its file, without what means something to a file system."""
        return f"{_UNSAFE.sub('-', self.name)}.pdf"


def of_paper(name: str, mba: str, paper: Paper) -> Document:
    """The document of a paper."""
    return Document(name, mba, partial(printed, paper))


def of_labels(name: str, mba: str, title: str, labels: list[Label]) -> Document:
    """The document of labels."""
    return Document(name, mba, partial(printed_labels, title, labels))
