"""The pictures of priorities: each party's scores side by side."""

from fractions import Fraction

from django.utils.translation import gettext as _

from openmpca.cooperation.priorities.rounds import Result
from openmpca.pages.blocks import Table
from openmpca.pages.charts.described import Matrix, Shaded


def scores(found: Result) -> Matrix:
    """Who gives which score to what: the higher the darker."""
    said = found.claim.said
    span = said.most - said.least
    fields = {
        (each.proposal, party): Shaded(str(score), Fraction(score - said.least, span))
        for each in found.scored
        for party, score in each.scores.items()
    }
    rows = [{"proposal": each.proposal, **{who: str(n) for who, n in each.scores.items()}} for each in found.scored]
    heads = {"proposal": _("Proposal"), **{party: party for party in found.parties}}
    summary = _("What each party gives each proposal, from %(least)s to %(most)s; the darker, the higher.")
    return Matrix(
        title=_("Scores of %(round)s") % {"round": found.code},
        summary=summary % {"least": said.least, "most": said.most},
        unit="",
        table=Table(rows, heads, name="score_figures", empty=_("There are no proposals.")),
        rows=[each.proposal for each in found.scored],
        columns=found.parties,
        fields=fields,
    )
