"""What people are told about their scores, in every language: gently, with no label for anybody and never a rank."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from schemas.rpc.scoring import Verdict

State = Literal["original", "machine-drafted-needs-native-review", "reviewed"]
LEVELS: Final = (("room", 0.0), ("some", 25.0), ("good", 50.0), ("plenty", 75.0))
"""The parts of 0–100, each with where it begins."""
FOLDER = Path(__file__).parent / "sentences"


class BandWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the range: its name, and a sentence to the person."""

    label: str
    words: str


class AroundWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """About other people: in the area, in the whole council, held back, or not to be reached now."""

    area: str
    council: str
    held_back: str
    away: str


class PictureWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in the picture, and what a screen reader says of it."""

    title: str
    about: str
    mine: str
    you: str
    others: str


class Sentences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A language's sentences. `state` tells how far they can be relied on."""

    language: str
    name: str
    state: State
    direction: Literal["ltr", "rtl"]
    bands: Mapping[str, BandWords]
    changes: Mapping[str, str]
    around: AroundWords
    picture: PictureWords

    def __post_init__(self) -> None:
        """Raises ValueError where a level or a verdict has no words."""
        if list(self.bands) != [code for code, _ in LEVELS] or list(self.changes) != list(get_args(Verdict)):
            raise ValueError(f"the sentences in {self.name} do not cover every level and change")


CATALOGUES: Final[Mapping[str, Sentences]] = {
    path.stem: msgspec.json.decode(path.read_bytes(), type=Sentences) for path in sorted(FOLDER.glob("*.json"))
}


def said_in(language: str) -> Sentences:
    """The sentences in this language ("cy", "en-GB"); in English where there are none."""
    return CATALOGUES.get(language.partition("-")[0].lower(), CATALOGUES["en"])


def level_of(score: float) -> str:
    """The part of 0–100 that a score is in."""
    return next(code for code, lowest in reversed(LEVELS) if score >= lowest)


def whole(score: float) -> int:
    """A score as people are told it. Half goes up, as they learn it at school."""
    return int(score + 0.5)
