"""QR codes as drawings of our own: the matrix of a text as one path of SVG, sharp at any size.

Error correction is level M (a sixth of the code may be soiled), with the white margin of four modules that ISO/IEC
18004 asks for.
"""

from collections.abc import Iterator
from typing import Final

MARGIN: Final = 4


def matrix(text: str) -> list[list[bool]]:
    """The modules of a text, true where dark, without margin."""
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text.encode())
    code.make(fit=True)
    return [[bool(each) for each in row] for row in code.get_matrix()]


def drawn(text: str) -> str:
    """The code of a text as an SVG picture, black on white."""
    modules = matrix(text)
    side = len(modules) + 2 * MARGIN
    path = "".join(_path(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def _path(modules: list[list[bool]]) -> Iterator[str]:
    """The dark runs of each row as rectangles."""
    for y, row in enumerate(modules):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield f"M{start + MARGIN} {y + MARGIN}h{x - start}v1h-{x - start}z"
                start = None
