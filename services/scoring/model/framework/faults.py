"""What is wrong with a framework's definition, in words for the officer who wrote it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.scoring.model.cells import JOINED
from services.scoring.model.framework.structure import INDEX
from services.scoring.model.scales import scale_faults


def faults_of(definition: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]]) -> list[tuple[str, str]]:
    """What is wrong with a definition for a questionnaire whose scored items are `ranges`: (field, sentence) pairs."""
    scales = definition.get("scales", ())
    found = [*_faults(definition["domains"], {s["code"] for s in scales}, ranges), *scale_faults(scales, ranges)]
    taken = {INDEX, *(d["code"] for d in definition["domains"])}
    return found + [
        (f"scales.{s['code']}", "A domain has this code; choose another.") for s in scales if s["code"] in taken
    ]


def pair_faults(definition: Mapping[str, Any], attributes: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """What is wrong with the pairs, for a questionnaire that asks these attributes (code → categories)."""
    pairs = [tuple(pair) for pair in definition.get("pairs", ())]
    for place, (one, other) in enumerate(pairs):
        at = f"pairs.{place}"
        if one == other:
            yield at, "Choose two attributes that are not the same."
        elif {one, other} in [set(pair) for pair in pairs[:place]]:
            yield at, "This pair is there already; take one of them out."
        for attribute in (one, other):
            if attribute not in attributes:
                yield at, f'The questionnaire does not ask for "{attribute}"; choose an attribute that it asks for.'
            elif any(JOINED in category for category in attributes[attribute]):
                yield at, f'A category of "{attribute}" has a {JOINED} in its code; it cannot be in a pair.'


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
    places = Counter(i["code"] for d in domains for i in d.get("area_indicators", ()))
    for code in (code for code, count in places.items() if count > 1):
        yield f"area_indicators.{code}", "This area indicator stands in the framework twice; take one out."
    for domain in domains:
        at = f"domains.{domain['code']}.indicators"
        elsewhere = [i["code"] for i in domain.get("area_indicators", ())]
        if not domain["indicators"] and not elsewhere:
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
