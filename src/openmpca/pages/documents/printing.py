"""Papers and labels to PDF, each in its frame."""

from collections.abc import Sequence

from openmpca.pages.documents import rendering
from openmpca.pages.documents.frame import Frame, frame
from openmpca.pages.documents.labels import Label
from openmpca.pages.documents.paper import Paper, fitted


def printed(paper: Paper, around: Frame | None = None) -> bytes:
    """A paper as PDF."""
    around = around or frame()
    return rendering.render("paper", {"frame": around, "paper": fitted(paper)}, around.made_us)


def printed_labels(title: str, labels: Sequence[Label], around: Frame | None = None) -> bytes:
    """Labels as PDF."""
    around = around or frame()
    return rendering.render("labels", {"frame": around, "title": title, "labels": list(labels)}, around.made_us)
