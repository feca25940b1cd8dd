"""A questionnaire version in the form that answers are checked against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from services.surveys.model.logic import Expression

OTHER = "other"
PREFER_NOT_TO_SAY = "prefer_not_to_say"
TODAY = "today"
COMMUNITY_GROUP = "community_group"
"""The attribute that nobody is asked for: a group link says which group its responses are of."""
Bounds = tuple[float, float]


class Fault(NamedTuple):
    """Something wrong: the field, from the outside in, and a sentence that says how to mend it."""

    path: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked of an answer beyond its kind. `messages`: what to say of a broken constraint, by language."""

    relevance: Expression | None = None
    required: Expression | None = None
    constraint: Expression | None = None
    calculation: Expression | None = None
    choice_filter: Expression | None = None
    messages: Mapping[str, str] = field(default_factory=dict)


NO_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `scores` maps a choice's code to its number, for a choice that counts as one."""

    code: str
    kind: str
    required: bool
    minimum: float | None
    maximum: float | None
    choices: frozenset[str]
    scores: Mapping[str, float]
    step: float | None = None
    rows: tuple[str, ...] = ()
    exclusive: frozenset[str] = frozenset()
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What a choice filter may read of each choice."""
    other: bool = False
    declinable: bool = False
    earliest: str | None = None
    latest: str | None = None
    rules: Rules = NO_RULES

    @property
    def bounds(self) -> Bounds | None:
        """The range of the numbers this item gives, or None when it gives none that can be scored."""
        if self.kind in ("single_choice", "matrix") and self.scores:
            return min(self.scores.values()), max(self.scores.values())
        if self.kind in ("scale", "slider", "number", "matrix", "calculation"):
            return None if self.minimum is None or self.maximum is None else (self.minimum, self.maximum)
        return None

    @property
    def measures(self) -> dict[str, Bounds]:
        """The scored items in this one: itself, or the rows of a matrix, as `<item>.<row>`."""
        bounds = self.bounds
        if bounds is None:
            return {}
        return {f"{self.code}.{row}": bounds for row in self.rows} if self.kind == "matrix" else {self.code: bounds}

    @property
    def keys(self) -> tuple[str, ...]:
        """The codes under which its answer, and the words to it, are given."""
        return (self.code, self.words) if self.other else (self.code,)

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which expressions know its answer."""
        return (*self.keys, *(f"{self.code}.{row}" for row in self.rows))

    @property
    def words(self) -> str:
        """Where the words to the choice `other` are given."""
        return f"{self.code}_other"


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a section is answered: as `count` says, or from `minimum` to `maximum` times."""

    minimum: int
    maximum: int
    count: Expression | None


@dataclass(frozen=True, slots=True)
class Section:
    """Items that belong together."""

    code: str
    items: tuple[Item, ...]
    ruled: tuple[Item, ...] = ()
    """Those of them of whose answers something is asked, beyond their kind."""
    relevance: Expression | None = None
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A group attribute and its categories."""

    code: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """What was, or must be, agreed to: the version of the words, and purposes."""

    version: str
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Submission:
    """Somebody's answers as they came, unchecked; when, on the clock on the wall; the language to say faults in."""

    answers: Mapping[str, Any]
    groups: Mapping[str, str]
    area: str | None
    consent: Consent
    at: datetime
    language: str = "en"


class Step(NamedTuple):
    """A section whose turn it is, or an item of it."""

    section: Section
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire version: what it asks, its attributes, the consent it needs, whether it asks an area."""

    language: str
    sections: tuple[Section, ...]
    items: Mapping[str, Item]
    """All items by code, in order."""
    steps: tuple[Step, ...]
    """Where it is `logical`: the order to go in, so that what an expression looks at comes before it."""
    places: Mapping[str, int]
    """The codes under which answers may be given, those of the entries of a repeat aside, and their order."""
    measures: Mapping[str, Bounds]
    """The scored items, with their ranges. What is answered several times over is not scored."""
    scored: frozenset[str]
    """The items that those are in."""
    readers: Mapping[str, Callable[[Any, Any], Any]]
    """What reads the answers to an item (`checking.kinds.Reader`)."""
    logical: bool
    """Whether there is any expression in it, so that answers must be kept where expressions can see them."""
    labels: Mapping[str, Mapping[str, str]]
    attributes: Mapping[str, Attribute]
    consent: Consent
    required_purposes: frozenset[str]
    scored_for: str | None
    """The purpose that answers are scored for; None: every purpose will do."""
    area_level: str | None
