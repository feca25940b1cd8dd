"""QR codes for links that hang on a wall."""

import base64
import io
from typing import NamedTuple
from urllib.parse import urlsplit

import segno

from schemas.errors import Invalid, Problem

LONGEST = 500
PIXELS = 8
"""The side of a square in the picture: sharp when it is printed as wide as a hand."""


class Code(NamedTuple):
    """An address with a token in it, and its QR code as SVG text and as a PNG in base64."""

    address: str
    svg: str
    png: str


def with_token(page: str, token: str) -> str:
    """The page's address with the token behind a #, where no server on the way writes it down. Raises Invalid."""
    parts = urlsplit(page)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment or len(page) > LONGEST:
        said = "Give the web address of the page where people answer, from https:// on and without a #."
        raise Invalid("this is no address of a page", [Problem(("page",), said)])
    return f"{page}#link={token}"


def code(page: str, token: str) -> Code:
    """The QR code that leads to `page` with the token. Raises Invalid."""
    address = with_token(page, token)
    made = segno.make(address, error="m", micro=False)
    svg, png = io.BytesIO(), io.BytesIO()
    made.save(svg, kind="svg", xmldecl=False, omitsize=True, title="QR code", desc=f"Leads to {address}")
    made.save(png, kind="png", scale=PIXELS)
    return Code(address, svg.getvalue().decode(), base64.b64encode(png.getvalue()).decode())
