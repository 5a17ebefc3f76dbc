"""What a statement of the room says in short."""

import pytest

from openmpca.proof.wording import words


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("proof.disclosure", {"recipient": "Perion", "statements": [7, 8]}, "disclosure of 2 statements to Perion"),
        ("proof.bundle", {"recipient": "XS", "statements": [7]}, "bundle of 1 statement to XS"),
        ("proof.key", {"use": "log", "of": "XN"}, "key for log of XN"),
        ("proof.escrow", {"name": "silos"}, "escrow silos"),
        ("proof.escrow_opening", {"escrow": 9, "recipient": "XS"}, "escrow opening of statement 9 to XS"),
        ("proof.filler", {}, "filler"),
    ],
)
def test_a_proposal_is_told_in_words(kind: str, fields: dict[str, object], said: str) -> None:
    assert words(kind, fields) == said
