"""Areas: the survey's figures and figures from elsewhere, in one domain and one index.

Per domain and area: the survey's published mean (0–100) is one part, each area indicator another, put on 0–100 by
comparison with the other areas (`normalising.among`). A domain whose parts are not all there has no figure, and neither
has an index without all its domains: an area must not look better or worse for what nobody knows of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from services.scoring.model.framework.aggregating import Part, aggregate
from services.scoring.model.framework.normalising import among
from services.scoring.model.framework.structure import INDEX

Values = Mapping[str, float]
"""Area → value."""
SURVEY = "survey"
"""The name of the survey's part among what an area lacks; an area indicator's is its code."""


class PlaceScore(NamedTuple):
    """What an area scores; None where something is `missing`."""

    area: str
    measure: str
    score: float | None
    missing: tuple[str, ...]


def placed(indicator: Mapping[str, Any], values: Values, areas: Iterable[str]) -> dict[str, float]:
    """The indicator on 0–100 for those of `areas` that have a value, compared with each other; 100 is the good end."""
    there = [area for area in areas if area in values]
    # turned round before it is compared: so places and distances are those of the other end
    turned = [values[area] * indicator.get("direction", 1) for area in there]
    return dict(zip(there, among(indicator.get("normalisation", "min_max"), turned), strict=True)) if there else {}


def place_scores(
    definition: Mapping[str, Any],
    areas: Sequence[str],
    survey: Mapping[tuple[str, str], float],
    elsewhere: Mapping[str, Values],
) -> list[PlaceScore]:
    """Every domain, then the index, of every area. `survey` is (area, domain) → published mean."""
    parts = {
        indicator["code"]: placed(indicator, elsewhere[indicator["code"]], areas)
        for domain in definition["domains"]
        for indicator in domain.get("area_indicators", ())
    }
    found: list[PlaceScore] = []
    for area in areas:
        domains = [_domain(domain, area, survey, parts) for domain in definition["domains"]]
        weights = [d.get("weight", 1.0) for d in definition["domains"]]
        missing = tuple(d.measure for d in domains if d.score is None)
        whole = [Part(d.score, w) for d, w in zip(domains, weights, strict=True) if d.score is not None]
        index = None if missing else aggregate(definition.get("aggregation", "arithmetic"), whole)
        found += [*domains, PlaceScore(area, INDEX, index, missing)]
    return found


def _domain(
    domain: Mapping[str, Any], area: str, survey: Mapping[tuple[str, str], float], parts: Mapping[str, Values]
) -> PlaceScore:
    scores: list[tuple[str, float | None, float]] = []
    if domain["indicators"]:
        scores.append((SURVEY, survey.get((area, domain["code"])), domain.get("survey_weight", 1.0)))
    for indicator in domain.get("area_indicators", ()):
        code = indicator["code"]
        scores.append((code, parts[code].get(area), indicator.get("weight", 1.0)))
    missing = tuple(name for name, score, _ in scores if score is None)
    there = [Part(score, weight) for _, score, weight in scores if score is not None]
    score = None if missing else aggregate(domain.get("aggregation", "arithmetic"), there)
    return PlaceScore(area, domain["code"], score, missing)
