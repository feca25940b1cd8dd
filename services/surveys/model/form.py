"""A questionnaire version in the form that answers are checked against."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self


class Fault(NamedTuple):
    """Something wrong: the field, from the outside in, and a sentence that says how to mend it."""

    path: tuple[str, ...]
    message: str


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

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The range of the numbers this item gives, or None when it gives none that can be scored."""
        if self.kind == "single_choice" and self.scores:
            return min(self.scores.values()), max(self.scores.values())
        if self.kind in ("scale", "number") and self.minimum is not None and self.maximum is not None:
            return self.minimum, self.maximum
        return None


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
    """Somebody's answers as they came, unchecked."""

    answers: Mapping[str, Any]
    groups: Mapping[str, str]
    area: str | None
    consent: Consent


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire version: its items in order, its attributes, the consent it needs, whether it asks an area."""

    items: Mapping[str, Item]
    attributes: Mapping[str, Attribute]
    consent: Consent
    required_purposes: frozenset[str]
    area_level: str | None

    @classmethod
    def parse(cls, definition: Mapping[str, Any]) -> Self:
        """From the JSON of `schemas.rpc.surveys.Definition`, which must be free of faults (`writing.faults_of`)."""
        items = [_item(raw) for section in definition["sections"] for raw in section["items"]]
        attributes = [Attribute(a["code"], tuple(a["categories"])) for a in definition.get("attributes", ())]
        consent = definition["consent"]
        return cls(
            items={i.code: i for i in items},
            attributes={a.code: a for a in attributes},
            consent=Consent(consent["version"], frozenset(consent["purposes"])),
            required_purposes=frozenset(consent["required"]),
            area_level=definition.get("area_level"),
        )


def _item(raw: Mapping[str, Any]) -> Item:
    choices = raw.get("choices", ())
    scores = {c["code"]: float(c["score"]) for c in choices if c.get("score") is not None}
    return Item(
        code=raw["code"],
        kind=raw["kind"],
        required=raw.get("required", False),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        choices=frozenset(c["code"] for c in choices),
        scores=scores if raw["kind"] == "single_choice" else {},
    )
