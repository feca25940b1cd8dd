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

from services.scoring.model.scales import Scale, scale_faults
from services.scoring.model.units import UNIT

INDEX = "index"


class Measure(NamedTuple):
    """What a score or a figure is of, and the range of it."""

    title: str
    minimum: float = 0.0
    maximum: float = 100.0


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
    """Items that measure one thing, or a scale that does."""

    code: str
    items: tuple[Item, ...]
    weight: float
    minimum_items: int
    scale: Scale | None = None

    def score(self, values: Mapping[str, float]) -> float | None:
        """The mean of the answered items, or None where too few were answered."""
        if self.scale is not None:
            found = self.scale.score(values)
            return None if found is None else self.scale.on_hundred(found)
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
    """What is measured. Its measures are its domains' codes, `INDEX`, and its scales' codes."""

    title: str
    domains: tuple[Domain, ...]
    scales: Mapping[str, Scale]

    @classmethod
    def parse(cls, definition: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]]) -> Self:
        """From the JSON of `schemas.rpc.scoring.FrameworkDefinition`; items without a range are left out.

        `ranges` is item code → (minimum, maximum) in the questionnaire version that was answered: an item that version
        does not ask is an item nobody answered.
        """
        scales = {s["code"]: Scale.parse(s, ranges) for s in definition.get("scales", ())}
        return cls(
            title=definition["title"],
            scales=scales,
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
                            scale=scales.get(i.get("scale")),
                            items=tuple(
                                Item(t["code"], t.get("direction", 1), *ranges[t["code"]])
                                for t in i.get("items", ())
                                if t["code"] in ranges
                            ),
                        )
                        for i in d["indicators"]
                    ),
                )
                for d in definition["domains"]
            ),
        )

    def scores(self, values: Mapping[str, float]) -> dict[str, int]:
        """Measure → score in `UNIT`s (0 to 100·UNIT; a scale's by its own range), for those that the answers give."""
        parts = {d.code: Part(s, d.weight) for d in self.domains if (s := d.score(values)) is not None}
        scores = {code: round(part.score * UNIT) for code, part in parts.items()}
        index = weighted_mean(parts.values())
        if index is not None:
            scores[INDEX] = round(index * UNIT)
        for code, scale in self.scales.items():
            found = scale.score(values)
            if found is not None:
                scores[code] = found
        return scores


def weighted_mean(parts: Iterable[Part]) -> float | None:
    """The mean of the scores by their weights; None of nothing."""
    found = list(parts)
    return fsum(p.score * p.weight for p in found) / fsum(p.weight for p in found) if found else None


def measures_of(definition: Mapping[str, Any]) -> dict[str, Measure]:
    """Measure → its title and range: the domains, the index, the scales."""
    scales = {s["code"]: Measure(s["title"], s["minimum"], s["maximum"]) for s in definition.get("scales", ())}
    return (
        {d["code"]: Measure(d["title"]) for d in definition["domains"]} | {INDEX: Measure(definition["title"])} | scales
    )


def faults_of(definition: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]]) -> list[tuple[str, str]]:
    """What is wrong with a definition for a questionnaire whose scored items are `ranges`: (field, sentence) pairs."""
    scales = definition.get("scales", ())
    found = [*_faults(definition["domains"], {s["code"] for s in scales}, ranges), *scale_faults(scales, ranges)]
    taken = {INDEX, *(d["code"] for d in definition["domains"])}
    return found + [
        (f"scales.{s['code']}", "A domain has this code; choose another.") for s in scales if s["code"] in taken
    ]


def _faults(
    domains: Sequence[Mapping[str, Any]], scales: set[str], ranges: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    if not domains and not scales:
        yield "domains", "Add at least one domain or scale."
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
            scale = indicator.get("scale")
            yield from (
                _indicator_faults(indicator, f"{at}.{indicator['code']}.items", ranges)
                if scale is None
                else _scaled_faults(indicator, scale in scales, f"{at}.{indicator['code']}")
            )


def _scaled_faults(indicator: Mapping[str, Any], known: bool, at: str) -> Iterator[tuple[str, str]]:
    if not known:
        yield f"{at}.scale", "The framework has no scale of this code."
    if indicator.get("items"):
        yield f"{at}.items", "An indicator has items or a scale, and not both."


def _indicator_faults(indicator: Mapping[str, Any], at: str, ranges: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    codes = [i["code"] for i in indicator["items"]]
    if len(set(codes)) < indicator.get("minimum_items", 1):
        yield at, "Add items, or ask for fewer answers."
    if len(set(codes)) < len(codes):
        yield at, "An item stands here twice; take one out."
    for code in codes:
        if code not in ranges:
            yield f"{at}.{code}", "The questionnaire has no scored question of this code."
