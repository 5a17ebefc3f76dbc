"""The lineage of a batch as a tree of lists, cut to the reach.

Rules kept here:

1. What was stated in an area beyond the reach is left out, with all that hangs on it.
2. The shipper's identifier of a batch is told to who may read the shipper's book; others see what the receipt says.
3. A batch that stands higher up already is not opened again, and is told so.
"""

from typing import Final

from django.utils.translation import gettext as _

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.batch_history import areas_of
from openmpca.accounting.lineage import Direction, Edge, Step, walk
from openmpca.accounting.queries import View
from openmpca.nuclear.mass import format_grams
from openmpca.pages.blocks import Branch, Tree
from openmpca.pages.routes import Asking
from openmpca.record.reading import stored

GENERATIONS: Final = 20
SHOWN: Final = 300


def ancestors(asking: Asking, batch: str, view: View) -> Tree:
    """From which batches a batch came."""
    branches = _Walk(asking, batch, "ancestors", view).branches
    return Tree(branches, "ancestors", _("Came from"), _("It came from no other batch."))


def descendants(asking: Asking, batch: str, view: View) -> Tree:
    """Which batches came of a batch."""
    branches = _Walk(asking, batch, "descendants", view).branches
    return Tree(branches, "descendants", _("Became"), _("No other batch came of it."))


class _Walk:
    """A walk from a batch, its steps by the batch that they hang on."""

    def __init__(self, asking: Asking, batch: str, direction: Direction, view: View) -> None:
        self.asking, self.direction = asking, direction
        self.under: dict[str, list[Step]] = {}
        for step in walk(batch, direction, view, GENERATIONS):
            if asking.reach.covers(f"mba:{step.edge.mba}"):
                self.under.setdefault(self._from(step.edge), []).append(step)
        reached = sorted({self._reached(each.edge) for steps in self.under.values() for each in steps})
        self.areas = areas_of(reached, view)
        self.left = SHOWN
        self.branches = self._branches(batch)

    def _from(self, edge: Edge) -> str:
        return edge.batch if self.direction == "ancestors" else edge.parent

    def _reached(self, edge: Edge) -> str:
        return edge.parent if self.direction == "ancestors" else edge.batch

    def _branches(self, batch: str) -> list[Branch]:
        found = []
        for step in self.under.get(batch, []):
            self.left -= 1
            if self.left < 0:
                found.append(Branch(_("and more")))
                break
            found.append(self._branch(step))
        return found

    def _branch(self, step: Step) -> Branch:
        edge, reached = step.edge, self._reached(step.edge)
        if not self.asking.reach.mbas(self.areas[reached]):
            return Branch(self._as_received(edge), "", self._detail(step))
        within = [] if step.again else self._branches(reached)
        return Branch(reached, self.asking.to("accounting/batch", batch=reached), self._detail(step), within)

    def _as_received(self, edge: Edge) -> str:
        """What the receipt itself calls the batch (rule 2)."""
        return str(stored(edge.number).fields.get("shipper_batch") or edge.batch)

    def _detail(self, step: Step) -> str:
        edge = step.edge
        mass = ", ".join(f"{format_grams(ug)} g {key}" for key, ug in (edge.weights or {}).items() if key != ITEMS)
        told = _("%(day)s %(mba)s %(code)s, %(mass)s, statement %(number)d") % {
            "day": edge.day,
            "mba": edge.mba,
            "code": edge.code,
            "mass": mass or _("mass not known"),
            "number": edge.number,
        }
        return f"{told}, {_('shown above')}" if step.again else told
