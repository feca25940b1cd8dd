"""What is known of each instrument, read from its file when it is first asked for."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from schemas.errors import Invalid, Problem
from schemas.rpc.base import Line, Message, Slug
from schemas.rpc.scoring import Band
from schemas.rpc.surveys import Language

DATA: Final = Path(__file__).parent / "data"
Direction = Literal[1, -1]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]


class InstrumentItem(Message, frozen=True):
    """A scored item: its range as the rule needs it. `about` is ours, and says which item of the authors' it is."""

    code: Slug
    about: Line
    minimum: float
    maximum: float
    direction: Direction = 1


class InstrumentIndicator(Message, frozen=True):
    """The mean of its items on 0–100; see `schemas.rpc.scoring.Indicator`."""

    code: Slug
    title: Line
    items: tuple[Slug, ...]
    minimum_items: int = 1


class InstrumentDomain(Message, frozen=True):
    """The mean of its indicators. `tags` are what a council's directory may call things that have to do with it."""

    code: Slug
    title: Line
    indicators: tuple[InstrumentIndicator, ...]
    tags: tuple[Slug, ...] = ()


class InstrumentScale(Message, frozen=True):
    """A measure with a range of its own; see `schemas.rpc.scoring.Scale`."""

    code: Slug
    title: Line
    items: tuple[Slug, ...]
    minimum: float
    maximum: float
    method: Literal["sum", "mean", "table"] = "sum"
    table: tuple[float, ...] = ()
    minimum_items: int | None = None
    direction: Direction = 1
    bands: tuple[Band, ...] = ()


class InstrumentLanguage(Message, frozen=True):
    """A language that the wording is in, and how far it can be relied on."""

    code: Language
    name: Line
    state: Literal["original", "machine-drafted-needs-native-review", "reviewed"]


class Registration(Message, frozen=True):
    """Who must be asked for a licence, and where."""

    holder: Line
    url: Line


class OutlineItem(Message, frozen=True):
    """A question of ours: its kind, and the set of answers that the wording has words for."""

    code: Slug
    kind: Literal["scale", "single_choice", "text"]
    answers: Slug | None = None
    scores: dict[str, float | None] = {}
    longest: int | None = None
    prefer_not_to_say: bool = False


class OutlineSection(Message, frozen=True):
    """Questions under one heading."""

    code: Slug
    items: tuple[OutlineItem, ...]


class Outline(Message, frozen=True):
    """The questionnaire without its words."""

    consent_version: Line
    required_purposes: tuple[Slug, ...]
    sections: tuple[OutlineSection, ...]


class Instrument(Message, frozen=True):
    """One version of an instrument.

    `wording` "included": ours, and here in `languages`; "open": anybody may use the authors' words, which are not here;
    "supplied": the council brings the words, with the right to use them. With `registration`, nothing goes live with it
    before the council has recorded its licence.
    """

    code: Slug
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Line
    about: Words
    source: tuple[Words, ...]
    licence: Words
    attribution: Line
    wording: Literal["included", "open", "supplied"]
    scoring: Words
    missing: Words
    items: tuple[InstrumentItem, ...]
    domains: tuple[InstrumentDomain, ...] = ()
    scales: tuple[InstrumentScale, ...] = ()
    languages: tuple[InstrumentLanguage, ...] = ()
    registration: Registration | None = None
    questionnaire: Outline | None = None

    def item(self, code: str) -> InstrumentItem | None:
        """The scored item with this code."""
        return next((i for i in self.items if i.code == code), None)


def _read() -> Iterator[tuple[tuple[str, int], Instrument]]:
    for path in sorted(DATA.glob("*.json")):
        found = msgspec.json.decode(path.read_bytes(), type=Instrument)
        yield (found.code, found.version), found


LIBRARY: Final[Mapping[tuple[str, int], Instrument]] = dict(_read())
"""Code and version → instrument."""


@cache
def _newest(code: str) -> Instrument | None:
    return max((i for i in LIBRARY.values() if i.code == code), key=lambda i: i.version, default=None)


def find(code: str, version: int | None = None, *path: str) -> Instrument:
    """The instrument, in its newest version unless one is given. Raises Invalid, about the field at `path`."""
    found = _newest(code) if version is None else LIBRARY.get((code, version))
    if found is None:
        known = ", ".join(sorted({i.code for i in LIBRARY.values()}))
        raise Invalid("there is no such instrument", [Problem((*path, "code"), f"Choose one of the library: {known}.")])
    return found
