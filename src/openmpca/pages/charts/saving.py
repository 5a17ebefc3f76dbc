"""A picture as PNG, drawn by typst from the same SVG: nothing from the network, the fonts that are shipped."""

from functools import cache
from importlib.resources import files
from typing import Any, Final

PPI: Final = 192
_SOURCE: Final = (
    b'#set page(width: auto, height: auto, margin: 12pt, fill: white)\n#image(bytes(sys.inputs.svg), format: "svg")\n'
)


def png(svg: str, ppi: int = PPI) -> bytes:
    """The picture of an SVG text, on white."""
    import typst

    drawn = typst.compile(_SOURCE, format="png", ppi=float(ppi), sys_inputs={"svg": svg}, font_paths=_fonts())
    return bytes(drawn[0] if isinstance(drawn, list) else drawn)


@cache
def _fonts() -> Any:
    import typst

    folder = str(files("openmpca.pages").joinpath("fonts"))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
