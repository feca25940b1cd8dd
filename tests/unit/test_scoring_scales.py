"""Scales: exact scores by their authors' rules, with every gap at the edge of the rule, and laws that always hold."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.model import INDEX, UNIT, Framework, Scale, measures_of
from services.scoring.model.framework import faults_of

RANGES = {f"q{n}": (1.0, 5.0) for n in range(1, 5)}


def scale(**changes: Any) -> dict[str, Any]:
    items = [{"code": f"q{n}", "minimum": 1.0, "maximum": 5.0} for n in range(1, 5)]
    return {"code": "s", "title": "S", "items": items, "minimum": 4.0, "maximum": 20.0} | changes


def framework(*scales: dict[str, Any], domains: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"title": "T", "domains": list(domains), "scales": list(scales)}


def score(raw: dict[str, Any], *answers: float | None) -> int | None:
    values = {f"q{n}": answer for n, answer in enumerate(answers, 1) if answer is not None}
    return Scale.parse(raw, RANGES).score(values)


def test_a_sum_needs_every_answer_unless_it_says_otherwise() -> None:
    assert score(scale(), 1, 1, 1, 1) == 4 * UNIT
    assert score(scale(), 5, 5, 5, 5) == 20 * UNIT
    assert score(scale(), 2, 3, 4, None) is None


def test_a_gap_counts_as_the_mean_of_the_other_answers() -> None:
    half = scale(minimum_items=2)
    assert score(half, 2, 3, 5, None) == round(Fraction(40, 3) * UNIT)
    assert score(half, 2, 3, None, None) == 10 * UNIT
    assert score(half, 2, None, None, None) is None


def test_an_item_may_be_turned_round() -> None:
    turned = scale()
    turned["items"][0]["direction"] = -1
    assert score(turned, 5, 1, 1, 1) == 4 * UNIT
    assert score(turned, 1, 5, 5, 5) == 20 * UNIT
    assert score(turned, 2, 1, 1, 1) == 7 * UNIT


def test_a_mean_has_the_range_of_its_items() -> None:
    mean = scale(method="mean", minimum=1.0, maximum=5.0, minimum_items=3)
    assert score(mean, 1, 2, 2, None) == round(Fraction(5, 3) * UNIT)
    assert score(mean, 5, 5, 5, 5) == 5 * UNIT


def test_a_table_gives_its_values_to_the_last_digit() -> None:
    table = scale(method="table", table=[4.0 + i for i in range(16)] + [20.0])
    table["table"][1] = 4.51
    assert score(table, 2, 1, 1, 1) == 4_510_000_000_000
    assert score(table, 1, 1, 1, 1) == 4 * UNIT
    assert score(table, 5, 5, 5, 5) == 20 * UNIT
    assert score(table, 5, 5, 5, None) is None
    assert score(table, 1.5, 1, 1, 1) is None, "no table has a value between whole sums"


def test_an_item_on_another_range_is_not_answered() -> None:
    found = Scale.parse(scale(minimum_items=3), RANGES | {"q1": (0.0, 4.0)})
    assert found.score({"q1": 4, "q2": 5, "q3": 5, "q4": 5}) == 20 * UNIT
    assert Scale.parse(scale(), RANGES | {"q1": (0.0, 4.0)}).score({"q1": 4, "q2": 5, "q3": 5, "q4": 5}) is None


def test_bands_begin_where_they_say() -> None:
    bands = [{"code": "b", "label": "B", "lowest": 10.0, "words": "Well."}, {"code": "a", "label": "A", "lowest": 4.0}]
    banded = Scale.parse(scale(bands=bands), RANGES)
    assert [banded.band(s * UNIT).code for s in (4, 9, 10, 20)] == ["a", "a", "b", "b"]  # type: ignore[union-attr]
    assert banded.band(10 * UNIT - 1).code == "a"  # type: ignore[union-attr]
    assert Scale.parse(scale(), RANGES).band(4 * UNIT) is None


def test_a_scale_feeds_a_domain_by_its_range() -> None:
    domain = {"code": "d", "title": "D", "indicators": [{"code": "i", "scale": "s"}]}
    answers = {"q1": 2, "q2": 2, "q3": 2, "q4": 2}
    found = Framework.parse(framework(scale(), domains=(domain,)), RANGES)
    assert found.scores(answers) == {"s": 8 * UNIT, "d": 25 * UNIT, INDEX: 25 * UNIT}
    turned = Framework.parse(framework(scale(direction=-1), domains=(domain,)), RANGES)
    assert turned.scores(answers) == {"s": 8 * UNIT, "d": 75 * UNIT, INDEX: 75 * UNIT}
    assert found.scores({"q1": 2}) == {}


def test_scales_alone_make_no_index() -> None:
    alone = framework(scale())
    assert Framework.parse(alone, RANGES).scores({"q1": 1, "q2": 1, "q3": 1, "q4": 1}) == {"s": 4 * UNIT}
    assert measures_of(alone)["s"] == ("S", 4.0, 20.0)
    assert faults_of(alone, RANGES) == []


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"minimum": 0.0}, "scales.s.minimum", "from 4 to 20"),
        ({"minimum": 20.0}, "scales.s.maximum", "above the lowest"),
        ({"method": "mean"}, "scales.s.minimum", "the scale's own range"),
        ({"method": "table"}, "scales.s.table", "only with it"),
        ({"table": [1.0]}, "scales.s.table", "only with it"),
        ({"method": "table", "table": [4.0, 20.0]}, "scales.s.table", "each sum from 4 to 20"),
        ({"method": "table", "table": [4.0] * 15 + [3.0, 20.0]}, "scales.s.table", "rising"),
        ({"method": "table", "table": [4.0] * 16 + [20.0], "minimum_items": 3}, "scales.s.items", "every answer"),
        ({"minimum_items": 5}, "scales.s.items", "fewer answers"),
        ({"bands": [{"code": "a", "label": "A", "lowest": 5.0}]}, "scales.s.bands", "lowest score"),
        ({"code": "index"}, "scales.index", "another"),
    ],
)
def test_a_scale_that_cannot_be_is_named(changes: dict[str, Any], field: str, said: str) -> None:
    found = faults_of(framework(scale(**changes)), RANGES)
    assert [at for at, _ in found] == [field]
    assert said in found[0][1]


def test_a_question_that_does_not_fit_is_named_with_both_ranges() -> None:
    found = dict(faults_of(framework(scale()), {"q1": (0.0, 4.0), "q2": (1.0, 5.0), "q3": (1.0, 5.0)}))
    assert set(found) == {"scales.s.items.q1", "scales.s.items.q4"}
    assert "needs answers from 1 to 5, and the question gives 0 to 4" in found["scales.s.items.q1"]


def test_other_faults_are_named() -> None:
    domain = {"code": "s", "title": "D", "indicators": [{"code": "i", "scale": "t", "items": [{"code": "q1"}]}]}
    found = [at for at, _ in faults_of(framework(scale(), scale(), domains=(domain,)), RANGES)]
    assert found == [
        "domains.s.indicators.i.scale", "domains.s.indicators.i.items", "scales.s", "scales.s", "scales.s",
    ]  # fmt: skip
    assert faults_of(framework(), RANGES) == [("domains", "Add at least one domain or scale.")]


answers = st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=4, max_size=4)


@given(answers, st.integers(0, 3), st.integers(1, 4), st.sampled_from(["sum", "mean"]))
def test_a_score_is_in_its_range_and_rises_with_each_answer(
    values: list[int | None], raised: int, least: int, method: str
) -> None:
    low, high = (4.0, 20.0) if method == "sum" else (1.0, 5.0)
    raw = scale(method=method, minimum=low, maximum=high, minimum_items=least)
    before = score(raw, *values)
    old = values[raised]
    if before is None or old is None:
        return
    assert low * UNIT <= before <= high * UNIT
    after = score(raw, *(5 if n == raised else v for n, v in enumerate(values)))
    assert after is not None
    assert (after > before) == (old < 5)
    assert after >= before
