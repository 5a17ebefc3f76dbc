"""The cooperation room, as it registers itself with the record."""

from collections.abc import Collection, Mapping

from openmpca.cooperation import book, models, rules, wording
from openmpca.cooperation.claims import readable
from openmpca.cooperation.subjects import SUBJECTS
from openmpca.record.rooms import Room

for _subject in SUBJECTS:
    rules.CHECKS.update(_subject.CHECKS)


def kept_from(fields: Mapping[str, object], party: str, readers: Collection[str]) -> bool:
    """Whether a statement is kept from who acts for some parties: it was not released to them."""
    release = fields.get("release")
    return not readable(party, release if isinstance(release, list) else [], readers)


ROOM = Room(
    name="cooperation",
    derive=book.derive,
    models=(models.Claim, models.Link),
    check=rules.check,
    kept_from=kept_from,
    words=wording.words,
    kept=(models.Sealed,),
)
