"""What comes of reading a form from a file: a draft with notes, or a list of what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Outcome = Literal["left_out", "changed", "to_do"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something of the file that the draft does not say in the same way: where it stands, why, and what to do.

    left_out: the draft has nothing of it; changed: the draft says it otherwise; to_do: the draft needs an officer.
    """

    sheet: str
    row: int | None
    column: str
    outcome: Outcome
    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a file is refused: where, and a sentence that says what to do."""

    sheet: str
    row: int | None
    column: str
    message: str


class Refused(Exception):
    """The file cannot be read as a form. Nothing of it is kept."""

    def __init__(self, wrongs: Iterable[Wrong]) -> None:
        super().__init__("the file needs another look")
        self.wrongs = tuple(wrongs)


@dataclass(frozen=True, slots=True)
class Quota:
    """So many answers of one kind and no more: the limit, and the answers that make a response count for it.

    `members` are pairs of an item's code and the code or number answered; all of an item's are alternatives.
    """

    name: str
    limit: int
    members: tuple[tuple[str, str], ...]
    message: str | None = None


class Place(NamedTuple):
    """Where in the file an item or a section stands."""

    sheet: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A questionnaire as JSON of `schemas.rpc.surveys.Definition`, and everything to know about how it came to be."""

    definition: dict[str, Any]
    notes: tuple[Note, ...]
    quotas: tuple[Quota, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where items and sections come from, by code."""


@dataclass(slots=True)
class Notebook:
    """Collects notes in the order of the file; says the same thing of the same place once."""

    _seen: dict[Note, None] = field(default_factory=dict)

    def left_out(self, sheet: str, row: int | None, column: str, why: str, advice: str) -> None:
        """The draft has nothing of it."""
        self._seen[Note(sheet, row, column, "left_out", why, advice)] = None

    def changed(self, sheet: str, row: int | None, column: str, why: str, advice: str) -> None:
        """The draft says it in another way."""
        self._seen[Note(sheet, row, column, "changed", why, advice)] = None

    def to_do(self, sheet: str, row: int | None, column: str, why: str, advice: str) -> None:
        """The draft is not complete without it."""
        self._seen[Note(sheet, row, column, "to_do", why, advice)] = None

    def sorted(self, sheets: tuple[str, ...]) -> tuple[Note, ...]:
        """By sheet in this order (others after them), then by row."""
        place = {name: number for number, name in enumerate(sheets)}
        return tuple(sorted(self._seen, key=lambda n: (place.get(n.sheet, len(place)), n.row or 0)))
