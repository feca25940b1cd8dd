"""A framework: index → domains → indicators → items, and the scores of one response by it.

Each answered item is put on 0–100: 100·(answer − minimum)/(maximum − minimum), turned round where a high answer means
less. An indicator is the plain mean of its answered items, a domain the weighted mean of the indicators there are, the
index the weighted mean of the domains there are: the min–max normalisation and linear aggregation of the OECD and JRC
Handbook on Constructing Composite Indicators (2008), steps 5 and 7, with available-case handling of missing answers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, NamedTuple, Self

INDEX = "index"
UNIT = 10**12
"""Scores are kept as whole numbers of 10⁻¹² points, so that sums grow and shrink without any rounding."""


class Part(NamedTuple):
    """A score of 0–100 and its weight."""

    score: float
    weight: float


@dataclass(frozen=True, slots=True)
class Item:
    """An item with the range of its answers; `direction` −1 where a high answer means less."""

    code: str
    direction: int
    minimum: float
    maximum: float

    def score(self, answer: float) -> float:
        """`answer`, from `minimum` to `maximum`, on 0–100."""
        share = (answer - self.minimum) / (self.maximum - self.minimum)
        return 100.0 * (share if self.direction == 1 else 1.0 - share)


@dataclass(frozen=True, slots=True)
class Indicator:
    """Items that measure one thing."""

    code: str
    items: tuple[Item, ...]
    weight: float
    minimum_items: int

    def score(self, values: Mapping[str, float]) -> float | None:
        """The mean of the answered items, or None where too few were answered."""
        scores = [item.score(values[item.code]) for item in self.items if item.code in values]
        return fsum(scores) / len(scores) if len(scores) >= self.minimum_items else None


@dataclass(frozen=True, slots=True)
class Domain:
    """Indicators that belong together; a measure."""

    code: str
    title: str
    indicators: tuple[Indicator, ...]
    weight: float

    def score(self, values: Mapping[str, float]) -> float | None:
        """The weighted mean of the indicators there are, or None where there is none."""
        return weighted_mean(
            Part(score, indicator.weight)
            for indicator in self.indicators
            if (score := indicator.score(values)) is not None
        )


@dataclass(frozen=True, slots=True)
class Framework:
    """What is measured. Its measures are its domains' codes, and `INDEX`."""

    title: str
    domains: tuple[Domain, ...]

    @classmethod
    def parse(cls, definition: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]]) -> Self:
        """From the JSON of `schemas.rpc.scoring.FrameworkDefinition`; items without a range are left out.

        `ranges` is item code → (minimum, maximum) in the questionnaire version that was answered: an item that version
        does not ask is an item nobody answered.
        """
        return cls(
            title=definition["title"],
            domains=tuple(
                Domain(
                    code=d["code"],
                    title=d["title"],
                    weight=d.get("weight", 1.0),
                    indicators=tuple(
                        Indicator(
                            code=i["code"],
                            weight=i.get("weight", 1.0),
                            minimum_items=i.get("minimum_items", 1),
                            items=tuple(
                                Item(t["code"], t.get("direction", 1), *ranges[t["code"]])
                                for t in i["items"]
                                if t["code"] in ranges
                            ),
                        )
                        for i in d["indicators"]
                    ),
                )
                for d in definition["domains"]
            ),
        )

    @property
    def titles(self) -> dict[str, str]:
        """Measure → title, the index last."""
        return {d.code: d.title for d in self.domains} | {INDEX: self.title}

    def scores(self, values: Mapping[str, float]) -> dict[str, int]:
        """Measure → score in `UNIT`s (0 to 100·UNIT), for the measures that the answered items give."""
        parts = {d.code: Part(s, d.weight) for d in self.domains if (s := d.score(values)) is not None}
        scores = {code: round(part.score * UNIT) for code, part in parts.items()}
        index = weighted_mean(parts.values())
        return scores if index is None else scores | {INDEX: round(index * UNIT)}


def weighted_mean(parts: Iterable[Part]) -> float | None:
    """The mean of the scores by their weights; None of nothing."""
    found = list(parts)
    return fsum(p.score * p.weight for p in found) / fsum(p.weight for p in found) if found else None


def faults_of(definition: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]]) -> list[tuple[str, str]]:
    """What is wrong with a definition for a questionnaire whose scored items are `ranges`: (field, sentence) pairs."""
    return list(_faults(definition["domains"], ranges))


def _faults(domains: Sequence[Mapping[str, Any]], ranges: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not domains:
        yield "domains", "Add at least one domain."
    counts = Counter(d["code"] for d in domains)
    for code, count in counts.items():
        if count > 1:
            yield f"domains.{code}", "Two domains have this code; give one of them another."
    if INDEX in counts:
        yield f"domains.{INDEX}", f'"{INDEX}" is the name of the whole; choose another code.'
    for domain in domains:
        at = f"domains.{domain['code']}.indicators"
        if not domain["indicators"]:
            yield at, "Add at least one indicator."
        for indicator in domain["indicators"]:
            yield from _indicator_faults(indicator, f"{at}.{indicator['code']}.items", ranges)


def _indicator_faults(indicator: Mapping[str, Any], at: str, ranges: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    codes = [i["code"] for i in indicator["items"]]
    if len(set(codes)) < indicator.get("minimum_items", 1):
        yield at, "Add items, or ask for fewer answers."
    if len(set(codes)) < len(codes):
        yield at, "An item stands here twice; take one out."
    for code in codes:
        if code not in ranges:
            yield f"{at}.{code}", "The questionnaire has no scored question of this code."
