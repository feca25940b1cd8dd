"""The picture of somebody's scores: a line from 0 to 100 for each domain, as an SVG that stands alone.

Dot and diamond differ in shape, not in colour alone, and no colour says good or bad. It is drawn 320 units wide, so
that its letters are still 14 pixels high on the smallest telephone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from unicodedata import east_asian_width
from xml.etree import ElementTree as ET

from gateway.scoring.playback.wording import Sentences, whole

WIDTH, MARGIN = 320, 16
LETTERS_A_LINE, LINES_A_TITLE = 32, 3
TEXT, STEP, AXIS, BELOW = 14, 20, 26, 15
INK, QUIET, OWN, OTHERS = "#1a1a1a", "#8a8a8a", "#1d4f91", "#5f5f5f"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold, escaped or not."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is published of other people: their mean and its interval, on 0–100."""

    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the picture. `words` are what a screen reader says of the others."""

    title: str
    score: float
    around: Around | None
    words: str


class _Pen:
    """Draws from the side where reading begins."""

    def __init__(self, sentences: Sentences) -> None:
        self.mirrored = sentences.direction == "rtl"
        self.svg = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "role": "img",
                "lang": sentences.language,
                "direction": sentences.direction,
                "font-family": "system-ui, 'Noto Sans', 'Noto Naskh Arabic', sans-serif",
                "font-size": str(TEXT),
            },
        )

    def x(self, along: float) -> float:
        return round(WIDTH - along if self.mirrored else along, 2)

    def draw(self, kind: str, **attributes: object) -> ET.Element:
        named = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
        return ET.SubElement(self.svg, kind, named)

    def write(self, text: str, along: float, y: float, anchor: str = "start", colour: str = INK) -> None:
        self.draw("text", x=self.x(along), y=y, text_anchor=anchor, fill=colour).text = _clean(text)

    def dot(self, along: float, y: float) -> None:
        self.draw("circle", cx=self.x(along), cy=y, r=7, fill=OWN, stroke="#ffffff", stroke_width=2)

    def diamond(self, along: float, y: float) -> None:
        x = self.x(along)
        self.draw("path", d=f"M{x} {y - 8}L{x + 8} {y}L{x} {y + 8}L{x - 8} {y}Z", fill="#ffffff", stroke=OTHERS)


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


def _along(score: float) -> float:
    return MARGIN + (WIDTH - 2 * MARGIN) * min(100.0, max(0.0, score)) / 100


def draw(rows: Sequence[Row], sentences: Sentences, name: str) -> str:
    """The picture as SVG. `name` keeps its ids apart from those of other pictures on a page."""
    words = sentences.picture
    pen = _Pen(sentences)
    title, about = f"{name}-title", f"{name}-about"
    pen.svg.set("aria-labelledby", f"{title} {about}")
    pen.draw("title", id=title).text = words.title
    pen.draw("desc", id=about).text = _clean(" ".join([words.about, *(_read(row, sentences) for row in rows)]))
    ground = pen.draw("rect", width=WIDTH, fill="#ffffff")
    y = _legend(pen, sentences)
    for row in rows:
        y = _line(pen, row, y)
    y = _ends(pen, y)
    ground.set("height", str(y))
    pen.svg.set("viewBox", f"0 0 {WIDTH} {y}")
    return ET.tostring(pen.svg, encoding="unicode")


def _read(row: Row, sentences: Sentences) -> str:
    mine = sentences.picture.mine.format(domain=row.title, score=whole(row.score))
    return f"{mine} {row.words}"


def _legend(pen: _Pen, sentences: Sentences) -> int:
    pen.dot(MARGIN + 8, STEP)
    pen.write(sentences.picture.you, MARGIN + 24, STEP + 5)
    pen.diamond(WIDTH / 2, STEP)
    pen.write(sentences.picture.others, WIDTH / 2 + 16, STEP + 5)
    return 2 * STEP


def _letters_a_line(text: str) -> int:
    """Fewer where letters are wide: capitals, and those of scripts that are set in squares."""
    wide = sum(2.0 if east_asian_width(c) in "WF" else 1.5 if c.isupper() else 1.0 for c in text)
    return max(8, int(LETTERS_A_LINE * len(text) / wide)) if text else LETTERS_A_LINE


def _line(pen: _Pen, row: Row, y: int) -> int:
    lines = wrap(row.title, _letters_a_line(row.title), max_lines=LINES_A_TITLE, placeholder=" …") or [""]
    pen.write(str(whole(row.score)), WIDTH - MARGIN, y + STEP, "end", OWN)
    for text in lines:
        y += STEP
        pen.write(text, MARGIN, y)
    y += AXIS - 8
    pen.draw("line", x1=pen.x(_along(0)), x2=pen.x(_along(100)), y1=y, y2=y, stroke=QUIET, stroke_width=2)
    for mark in (0, 50, 100):
        x = pen.x(_along(mark))
        pen.draw("line", x1=x, x2=x, y1=y - 5, y2=y + 5, stroke=QUIET)
    pen.dot(_along(row.score), y)
    if row.around is not None:
        # below the line: where both are the same, neither hides the other
        y += BELOW
        low, high = sorted((pen.x(_along(row.around.low)), pen.x(_along(row.around.high))))
        width = round(high - low, 2)
        pen.draw("rect", x=low, y=y - 4, width=width, height=8, rx=4, fill=OTHERS, fill_opacity=0.35)
        pen.diamond(_along(row.around.score), y)
    return y + AXIS - 8


def _ends(pen: _Pen, y: int) -> int:
    for mark, anchor in ((0, "start"), (50, "middle"), (100, "end")):
        pen.write(str(mark), _along(mark), y + 4, anchor, OTHERS)
    return y + STEP
