"""Which items make up each scale of a framework, and a page of answers as scores of those items."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from services.scoring.model.framework import INDEX, Framework
from services.scoring.model.statistics.moments import Moments, Scores

Line = tuple[float, float]
"""Zero and slope: score = zero + slope · answer."""


def scale_items(definition: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Scale → its items. Scales are the measures (domains, the index, instruments' scales), and the indicators of more
    than one item, as "domain.indicator".
    """
    own = {s["code"]: tuple(i["code"] for i in s["items"]) for s in definition.get("scales", ())}
    found: dict[str, tuple[str, ...]] = {}
    for domain in definition["domains"]:
        parts = {i["code"]: _of_indicator(i, own) for i in domain["indicators"]}
        found |= {f"{domain['code']}.{code}": items for code, items in parts.items() if len(items) > 1}
        found[domain["code"]] = _once(item for items in parts.values() for item in items)
    if definition["domains"]:
        found[INDEX] = _once(item for domain in definition["domains"] for item in found[domain["code"]])
    return found | own


def _of_indicator(indicator: Mapping[str, Any], own: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    scale = indicator.get("scale")
    return own[scale] if scale else tuple(i["code"] for i in indicator.get("items", ()))


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _lines(framework: Framework) -> Iterator[tuple[str, Line]]:
    for domain in framework.domains:
        for indicator in domain.indicators:
            items = indicator.scale.items if indicator.scale else indicator.items
            yield from ((i.code, _line(i.direction, i.minimum, i.maximum)) for i in items)
    for scale in framework.scales.values():
        yield from ((i.code, _line(i.direction, i.minimum, i.maximum)) for i in scale.items)


def _line(direction: int, minimum: float, maximum: float) -> Line:
    slope = 100.0 / (maximum - minimum)
    return (-minimum * slope, slope) if direction == 1 else (maximum * slope, -slope)


def moments(
    framework: Framework, scales: Mapping[str, Sequence[str]], answers: Sequence[Mapping[str, float]]
) -> dict[str, Moments]:
    """Of each scale, from people who all answered the questionnaire version that `framework` is for.

    An item that this version does not ask, or whose answer is out of its range, counts as not answered.
    """
    lines = dict(_lines(framework))
    codes = _once(code for items in scales.values() for code in items)
    nothing = float("nan")
    given = np.array([[values.get(code, nothing) for code in codes] for values in answers], dtype=np.float64)
    zeros, slopes = (np.array([lines.get(code, (nothing, nothing))[part] for code in codes]) for part in (0, 1))
    scores: Scores = zeros + slopes * given.reshape(len(answers), len(codes))
    scores[(scores < -1e-9) | (scores > 100 + 1e-9)] = nothing
    place = {code: i for i, code in enumerate(codes)}
    return {scale: Moments.of(scores[:, [place[code] for code in items]]) for scale, items in scales.items()}
