"""How a receiver wants its Code 10 files: the points that the format leaves open, as settings.

Code 10 has no record separator, no sign syntax and no list of characters. The settings chosen for the Agency: one
entry a line, nothing between elements, a leading minus, ASCII, dates of eight digits, at most a milligram. Other
receivers are rows of ``profiles.toml``. Signs inside this package are always MUF = book minus physical and DI = shipper
minus receiver; ``mf_sign`` and ``di_sign`` turn them on reading and on writing.
"""

import tomllib
from importlib.resources import files
from typing import Final, Literal

import msgspec

from openmpca.nuclear.categories import Unit


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one receiver. ``unverified`` names the settings that rest on no text seen."""

    name: str
    title: str
    encoding: Literal["ascii", "latin-1", "utf-8"] = "ascii"
    entry_separator: str = "\n"
    element_separator: str = ""
    negative: Literal["leading", "trailing"] = "leading"
    gram_decimals: tuple[int, int] = (0, 3)
    kilogram_decimals: tuple[int, int] = (0, 6)
    date_length: Literal[6, 8] = 8
    accept_short_dates: bool = True
    first_year_of_short_dates: int = 1970
    emit_record_id: bool = False
    description_separator: Literal["/", ""] = "/"
    mf_sign: Literal[1, -1] = 1
    di_sign: Literal[1, -1] = 1
    max_element: int = 4096
    max_elements: int = 200
    max_entries: int = 200_000
    max_found: int = 5_000_000
    unverified: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse separators that could be read as part of an element."""
        if any(mark in self.entry_separator + self.element_separator for mark in ":#0123456789"):
            raise ValueError("a separator holds no digit, colon or number sign")

    def decimals(self, unit: Unit) -> tuple[int, int]:
        """Fewest and most decimals of a weight in this unit."""
        return self.gram_decimals if unit == "G" else self.kilogram_decimals

    def sign(self, code: str) -> Literal[1, -1]:
        """What turns a figure of this code from the receiver's sign to ours, and back.

        >>> profile("physical-minus-book").sign("MF"), profile("physical-minus-book").sign("RADI")
        (-1, -1)
        """
        match code.removeprefix("RA"):
            case "MF":
                return self.mf_sign
            case "DI":
                return self.di_sign
            case _:
                return 1


def _read() -> dict[str, Profile]:
    text = files("openmpca.formats.code10").joinpath("profiles.toml").read_text(encoding="utf-8")
    return {name: msgspec.convert({"name": name, **row}, Profile) for name, row in tomllib.loads(text).items()}


PROFILES: Final[dict[str, Profile]] = _read()
AGENCY: Final = PROFILES["agency"]


def profile(name: str) -> Profile:
    """The profile of that name; KeyError names those there are."""
    try:
        return PROFILES[name]
    except KeyError:
        raise KeyError(f"no profile {name!r}; there are {', '.join(PROFILES)}") from None
