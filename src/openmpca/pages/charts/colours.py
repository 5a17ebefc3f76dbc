"""The colours of kinds of material, fixed for every chart and map, and told apart by colour-blind eyes.

Neighbours in the fuel cycle differ in lightness as well as in hue. The values here are those on paper; the pages' style
sheet (``style.css``, classes ``of-..``) has those for the dark. Palette after Okabe and Ito, darkened to 3:1 on paper.
"""

from typing import Final

INK: Final = "#1c2226"
FAINT: Final = "#5b6670"
RULE: Final = "#d8d5cc"
ACCENT: Final = "#1f5f74"
WRONG: Final = "#a3201b"
PAPER: Final = "#fbfaf7"

OTHER: Final = ("of-other", "#5b6670")
KINDS: Final = {
    "D": ("of-d", "#7d7f83"),
    "N": ("of-n", "#a5760a"),
    "E": ("of-e", "#2f74b5"),
    "LEU": ("of-e", "#2f74b5"),
    "HEU": ("of-h", "#c2460f"),
    "U": ("of-u", "#4d6a9a"),
    "P": ("of-p", "#8c3a86"),
    "T": ("of-t", "#12795c"),
    "": ("of-all", ACCENT),
}
TONES: Final = {
    "ink": INK,
    "faint": FAINT,
    "rule": RULE,
    "wrong": WRONG,
}


def of_kind(kind: str) -> tuple[str, str]:
    """The class and the colour of a kind of material.

    >>> of_kind("P"), of_kind("Np237")
    (('of-p', '#8c3a86'), ('of-other', '#5b6670'))
    """
    return KINDS.get(kind, OTHER)
