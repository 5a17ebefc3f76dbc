"""The accounting room, as it registers itself with the record."""

from openmpca.accounting import book, models, register, wording
from openmpca.accounting.batch_history import fate
from openmpca.accounting.inventory.foreseen import foreseen
from openmpca.accounting.reporting import recorded
from openmpca.accounting.rules import answering
from openmpca.accounting.rules import balances as balance_rules
from openmpca.accounting.rules import closings as closing_rules
from openmpca.accounting.rules import segments as segment_rules
from openmpca.accounting.rules import transfers as transit_rules
from openmpca.problems import Problem
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.rooms import Room


def _check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    return [
        *answering.check(segment, known, act),
        *segment_rules.check(segment, known, act),
        *transit_rules.check(segment, known, act),
        *recorded.check_stated(segment, known, act),
        *closing_rules.check(segment, known),
    ]


ROOM = Room(
    name="accounting",
    derive=book.derive,
    models=(
        models.Register,
        models.Account,
        models.Posting,
        models.Cell,
        models.Correction,
        models.Inventory,
        models.Listed,
        models.Closing,
        models.Transfer,
        models.Parent,
        models.Location,
        models.Report,
        models.Entry,
        models.Claimed,
        models.Sending,
        models.Answer,
        models.Remark,
        models.Label,
        models.Exchange,
    ),
    check=_check,
    keep=balance_rules.keep,
    conclude=balance_rules.conclude,
    scopes=answering.scopes,
    around=register.around,
    persons=answering.persons,
    words=wording.words,
    fate=fate,
    foreseen=foreseen,
    meanwhile=closing_rules.meanwhile,
    additive=frozenset({models.Cell}),
    late=frozenset({"accounting_posting_account"}),
    version=3,
)
