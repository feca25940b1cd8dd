"""A framework: index → domains → indicators → items, and the scores of one response by it.

Each answered item is put on 0–100: 100·(answer − minimum)/(maximum − minimum), turned round where a high answer means
less. An indicator is the plain mean of its answered items, normalised by comparison with others where the framework
says so (`normalising.py`). A domain is the weighted mean of the indicators there are, the index the weighted mean of
the domains there are, arithmetic or geometric (`aggregating.py`), with available-case handling of missing answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any, NamedTuple, Self

from services.scoring.model.framework.aggregating import Part, aggregate
from services.scoring.model.framework.normalising import RELATIVE, Reference
from services.scoring.model.scales import Scale
from services.scoring.model.units import UNIT

INDEX = "index"


class Measure(NamedTuple):
    """What a score or a figure is of, and the range of it."""

    title: str
    minimum: float = 0.0
    maximum: float = 100.0


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
    normalisation: str = "min_max"
    reference: Reference | None = None

    def score(self, values: Mapping[str, float]) -> float | None:
        """On 0–100, normalised, or None where too few items were answered."""
        plain = self.plain(values)
        if plain is None or self.normalisation not in RELATIVE:
            return plain
        if self.reference is None:
            raise ValueError("nobody is known yet to compare with")
        return self.reference.normalise(self.normalisation, plain)

    def plain(self, values: Mapping[str, float]) -> float | None:
        """The mean of the answered items on 0–100, not compared with anybody's."""
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
    aggregation: str = "arithmetic"

    def score(self, values: Mapping[str, float]) -> float | None:
        """The weighted mean of the indicators there are, or None where there is none."""
        scores = ((indicator.score(values), indicator.weight) for indicator in self.indicators)
        return aggregate(self.aggregation, (Part(score, weight) for score, weight in scores if score is not None))


@dataclass(frozen=True, slots=True)
class Framework:
    """What is measured. Its measures are its domains' codes, `INDEX`, and its scales' codes."""

    title: str
    domains: tuple[Domain, ...]
    scales: Mapping[str, Scale]
    aggregation: str = "arithmetic"

    @classmethod
    def parse(
        cls,
        definition: Mapping[str, Any],
        ranges: Mapping[str, tuple[float, float]],
        reference: Mapping[str, Any] | None = None,
    ) -> Self:
        """From the JSON of `schemas.rpc.scoring.FrameworkDefinition`; items without a range are left out.

        `ranges` is item code → (minimum, maximum) in the questionnaire version that was answered: an item that version
        does not ask is an item nobody answered. `reference` is what `tallies_of` gathered, once it is frozen.
        """
        scales = {s["code"]: Scale.parse(s, ranges) for s in definition.get("scales", ())}
        known = {code: Reference.parse(raw) for code, raw in (reference or {}).items()}
        return cls(
            title=definition["title"],
            aggregation=definition.get("aggregation", "arithmetic"),
            scales=scales,
            domains=tuple(
                Domain(
                    code=d["code"],
                    title=d["title"],
                    weight=d.get("weight", 1.0),
                    aggregation=d.get("aggregation", "arithmetic"),
                    indicators=tuple(
                        Indicator(
                            code=i["code"],
                            weight=i.get("weight", 1.0),
                            minimum_items=i.get("minimum_items", 1),
                            scale=scales.get(i.get("scale")),
                            normalisation=i.get("normalisation", "min_max"),
                            reference=known.get(f"{d['code']}.{i['code']}"),
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
        index = aggregate(self.aggregation, parts.values())
        if index is not None:
            scores[INDEX] = round(index * UNIT)
        for code, scale in self.scales.items():
            found = scale.score(values)
            if found is not None:
                scores[code] = found
        return scores

    def compared(self, values: Mapping[str, float]) -> dict[str, float]:
        """ "domain.indicator" → plain score, for those indicators that are normalised by comparison with others."""
        return {
            f"{domain.code}.{indicator.code}": plain
            for domain in self.domains
            for indicator in domain.indicators
            if indicator.normalisation in RELATIVE and (plain := indicator.plain(values)) is not None
        }


def compared_in(definition: Mapping[str, Any]) -> list[str]:
    """The indicators that are normalised by comparison with others, by the names that `Framework.compared` uses."""
    return [
        f"{d['code']}.{i['code']}"
        for d in definition["domains"]
        for i in d["indicators"]
        if i.get("normalisation") in RELATIVE
    ]


def measures_of(definition: Mapping[str, Any]) -> dict[str, Measure]:
    """Measure → its title and range: the domains, the index, the scales."""
    scales = {s["code"]: Measure(s["title"], s["minimum"], s["maximum"]) for s in definition.get("scales", ())}
    return (
        {d["code"]: Measure(d["title"]) for d in definition["domains"]} | {INDEX: Measure(definition["title"])} | scales
    )


def index_of(definition: Mapping[str, Any]) -> Callable[[Mapping[str, float]], float]:
    """What makes one index of domains' scores (domain → score), as the framework aggregates them."""
    weights = {d["code"]: d.get("weight", 1.0) for d in definition["domains"]}
    method = definition.get("aggregation", "arithmetic")

    def index(scores: Mapping[str, float]) -> float:
        found = aggregate(method, (Part(score, weights[code]) for code, score in scores.items()))
        if found is None:
            raise ValueError("an index is of one domain at least")
        return found

    return index


def items_of(definition: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Measure → the items that it is made of, the index left out."""
    scales = {s["code"]: frozenset(i["code"] for i in s["items"]) for s in definition.get("scales", ())}
    return scales | {
        d["code"]: frozenset(
            code
            for i in d["indicators"]
            for code in (*(t["code"] for t in i.get("items", ())), *scales.get(i.get("scale"), ()))
        )
        for d in definition["domains"]
    }
