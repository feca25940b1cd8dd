"""A scale: the score of a published instrument, by its authors' rule and on a range of its own.

An item that is turned round gives minimum + maximum − answer. A `sum` adds the answers, a `mean` divides by how many
there are, a `table` looks the sum up (the value for the lowest possible sum comes first). Where the rule lets answers
be missing, a sum is the mean of the answers there are, times the number of items: what filling each gap with the
person's own mean gives. Whole answers give exact scores.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import fsum
from typing import Any, NamedTuple, Self

from services.scoring.model.units import UNIT, units

Ranges = Mapping[str, tuple[float, float]]


class Band(NamedTuple):
    """A part of the range, from `lowest` up to the next band, and the words for somebody whose score is in it."""

    code: str
    label: str
    lowest: int
    words: str | None


@dataclass(frozen=True, slots=True)
class ScaleItem:
    """An item with the range that the rule is written for."""

    code: str
    direction: int
    minimum: float
    maximum: float

    def value(self, answer: float) -> float:
        """The answer as it counts."""
        return answer if self.direction == 1 else self.minimum + self.maximum - answer


@dataclass(frozen=True, slots=True)
class Scale:
    """A measure of its own. `length` items make it up, of which `items` are asked; bounds and bands are in UNITs.

    `lowest` is the least sum of answers, where a table begins.
    """

    code: str
    title: str
    items: tuple[ScaleItem, ...]
    length: int
    method: str
    table: tuple[int, ...]
    lowest: float
    minimum: int
    maximum: int
    minimum_items: int
    direction: int
    bands: tuple[Band, ...]

    @classmethod
    def parse(cls, raw: Mapping[str, Any], ranges: Ranges) -> Self:
        """From the JSON of `schemas.rpc.scoring.Scale`; an item that is not asked, or not on its range, is left out."""
        items = [ScaleItem(i["code"], i.get("direction", 1), i["minimum"], i["maximum"]) for i in raw["items"]]
        return cls(
            code=raw["code"],
            title=raw["title"],
            items=tuple(i for i in items if ranges.get(i.code) == (i.minimum, i.maximum)),
            length=len(items),
            method=raw.get("method", "sum"),
            table=tuple(units(value) for value in raw.get("table", ())),
            lowest=fsum(i.minimum for i in items),
            minimum=units(raw["minimum"]),
            maximum=units(raw["maximum"]),
            minimum_items=raw.get("minimum_items") or len(items),
            direction=raw.get("direction", 1),
            bands=tuple(
                Band(b["code"], b["label"], units(b["lowest"]), b.get("words"))
                for b in sorted(raw.get("bands", ()), key=lambda b: b["lowest"])
            ),
        )

    def score(self, values: Mapping[str, float]) -> int | None:
        """From `minimum` to `maximum`, in UNITs; None where the rule gives no score."""
        given = [item.value(values[item.code]) for item in self.items if item.code in values]
        if len(given) < self.minimum_items:
            return None
        total = fsum(given)
        if self.method == "table":
            step = total - self.lowest
            return self.table[int(step)] if step.is_integer() else None
        times = self.length if self.method == "sum" else 1
        if times == len(given) and total.is_integer():
            # as nearly always: nothing to divide, and a fraction takes ten times as long
            return int(total) * UNIT
        return round(Fraction(total) * UNIT * times / len(given))

    def on_hundred(self, score: int) -> float:
        """`score` on 0–100, where 100 is the good end."""
        share = float(Fraction(score - self.minimum, self.maximum - self.minimum))
        return 100.0 * (share if self.direction == 1 else 1.0 - share)

    def band(self, score: int) -> Band | None:
        """The band that `score` is in; None where the authors give none."""
        found = None
        for band in self.bands:
            if band.lowest <= score:
                found = band
        return found


def scale_faults(scales: Sequence[Mapping[str, Any]], ranges: Ranges) -> Iterator[tuple[str, str]]:
    """What is wrong with scales for a questionnaire whose scored items are `ranges`: (field, sentence) pairs."""
    for code, count in Counter(s["code"] for s in scales).items():
        if count > 1:
            yield f"scales.{code}", "Two scales have this code; give one of them another."
    for scale in scales:
        at = f"scales.{scale['code']}"
        yield from _item_faults(scale, f"{at}.items", ranges)
        yield from _bound_faults(scale, at)
        yield from _band_faults(scale, f"{at}.bands")


def _item_faults(scale: Mapping[str, Any], at: str, ranges: Ranges) -> Iterator[tuple[str, str]]:
    codes = [i["code"] for i in scale["items"]]
    if not codes:
        yield at, "Add at least one item."
    if len(set(codes)) < len(codes):
        yield at, "An item stands here twice; take one out."
    least = scale.get("minimum_items")
    if least is not None and least > len(codes):
        yield at, "Add items, or ask for fewer answers."
    if least is not None and least < len(codes) and scale.get("method") == "table":
        yield at, "A table needs every answer; leave out how many are enough."
    for item in scale["items"]:
        if item["code"] not in ranges:
            yield f"{at}.{item['code']}", "The questionnaire has no scored question of this code."
        elif ranges[item["code"]] != (item["minimum"], item["maximum"]):
            needed, asked = f"{item['minimum']:g} to {item['maximum']:g}", "{:g} to {:g}".format(*ranges[item["code"]])
            said = f"The scale needs answers from {needed}, and the question gives {asked}"
            yield f"{at}.{item['code']}", f"{said}; change the question's range or the scores of its choices."


def _bound_faults(scale: Mapping[str, Any], at: str) -> Iterator[tuple[str, str]]:
    lowest, highest = fsum(i["minimum"] for i in scale["items"]), fsum(i["maximum"] for i in scale["items"])
    bounds = (scale["minimum"], scale["maximum"])
    method, table = scale.get("method", "sum"), scale.get("table", ())
    if scale["minimum"] >= scale["maximum"]:
        yield f"{at}.maximum", "The highest score must be above the lowest."
    elif method == "sum" and bounds != (lowest, highest):
        yield f"{at}.minimum", f"The sum of these items runs from {lowest:g} to {highest:g}; say so."
    elif method == "mean" and any((i["minimum"], i["maximum"]) != bounds for i in scale["items"]):
        yield f"{at}.minimum", "A mean needs items that all have the scale's own range."
    if (method == "table") != bool(table):
        yield f"{at}.table", "A table goes with the method table, and only with it."
    elif table and (
        len(table) != highest - lowest + 1
        or (table[0], table[-1]) != bounds
        or any(left > right for left, right in pairwise(table))
    ):
        yield (
            f"{at}.table",
            f"Give one value for each sum from {lowest:g} to {highest:g}, rising from the lowest score to the highest.",
        )


def _band_faults(scale: Mapping[str, Any], at: str) -> Iterator[tuple[str, str]]:
    starts = [b["lowest"] for b in scale.get("bands", ())]
    if starts and (min(starts) != scale["minimum"] or max(starts) > scale["maximum"] or len(set(starts)) < len(starts)):
        yield at, "Bands begin at the lowest score, and each at a score of its own within the range."
