"""Normalisation and aggregation, against SciPy and against what the sources say of their formulas."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from services.scoring.model import UNIT, Framework, Tally, compared_in
from services.scoring.model.framework.aggregating import Part, aggregate
from services.scoring.model.framework.normalising import Reference, among, imd_exponential

SCORES = st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=2, max_size=60)


def reference(scores: list[float]) -> Reference:
    tally = Tally()
    for score in scores:
        tally.add(score)
    return Reference.parse(tally.raw)


def test_the_exponential_transformation_is_that_of_the_indices_of_deprivation() -> None:
    assert imd_exponential(1.0) == pytest.approx(100.0, abs=1e-9)
    assert imd_exponential(0.0) == 0.0
    # by hand: R = 1/2
    assert imd_exponential(0.5) == pytest.approx(-23 * log(1 - 0.5 * (1 - exp(-100 / 23))), abs=1e-12)
    assert imd_exponential(0.5) == pytest.approx(15.6468, abs=0.0001)
    # the sources: the constant is chosen so that a tenth of all areas is above 50
    n = 32_844
    assert sum(imd_exponential(rank / n) > 50 for rank in range(1, n + 1)) / n == pytest.approx(0.102, abs=0.0005)
    # and that a 100 averaged with a 0 still is in the highest tenth or so
    assert sum(imd_exponential(rank / n) > 49.9 for rank in range(1, n + 1)) / n < 0.103


@given(SCORES)
def test_a_reference_gives_the_places_and_distances_that_scipy_gives(scores: list[float]) -> None:
    found = reference(scores)
    shares = stats.rankdata(scores) / len(scores)
    assert [found.share(s) for s in scores] == pytest.approx(shares.tolist(), abs=1e-12)
    assert [found.normalise("rank", s) for s in scores] == pytest.approx((100 * shares).tolist(), abs=1e-9)
    exponential = -23 * np.log(1 - shares * (1 - np.exp(-100 / 23)))
    assert [found.normalise("imd_exponential", s) for s in scores] == pytest.approx(exponential.tolist(), abs=1e-9)
    expected = np.clip(50 + 10 * stats.zscore(scores), 0, 100) if np.ptp(scores) > 0 else np.full(len(scores), 50)
    assert [found.normalise("z", s) for s in scores] == pytest.approx(expected.tolist(), abs=1e-6)


@given(SCORES, st.randoms())
def test_a_tally_is_the_same_in_any_order_and_in_parts(scores: list[float], random: object) -> None:
    shuffled = list(scores)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    whole, first = Tally(), Tally()
    for score in scores:
        whole.add(score)
    for score in shuffled[: len(shuffled) // 2]:
        first.add(score)
    rest = Tally(first.raw)
    for score in shuffled[len(shuffled) // 2 :]:
        rest.add(score)
    assert rest.raw == whole.raw
    assert len(whole.raw["counts"]) <= 1001


@given(SCORES, st.floats(0, 100))
def test_somebody_who_is_not_in_the_reference_has_a_place_too(scores: list[float], score: float) -> None:
    found = reference(scores)
    assert 0 < found.share(score) <= 1
    for method in ("z", "rank", "imd_exponential"):
        assert 0 <= found.normalise(method, score) <= 100
        assert found.normalise(method, score) <= found.normalise(method, min(100, score + 1))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
def test_areas_are_compared_with_each_other_as_scipy_would(values: list[float]) -> None:
    ranks = stats.rankdata(values) / len(values)
    assert among("rank", values) == pytest.approx((100 * ranks).tolist(), abs=1e-9)
    assert among("imd_exponential", values) == pytest.approx(
        (-23 * np.log(1 - ranks * (1 - np.exp(-100 / 23)))).tolist(), abs=1e-9
    )
    low, high = min(values), max(values)
    if high - low > 1e-3:
        assert among("z", values) == pytest.approx(np.clip(50 + 10 * stats.zscore(values), 0, 100).tolist(), abs=1e-6)
        assert among("min_max", values) == pytest.approx([100 * (v - low) / (high - low) for v in values], abs=1e-9)


def test_where_nothing_differs_everything_is_in_the_middle() -> None:
    for method in ("z", "min_max"):
        assert among(method, [7.0, 7.0, 7.0]) == [50.0, 50.0, 50.0]
    assert among("rank", [7.0, 7.0, 7.0]) == pytest.approx([200 / 3] * 3)
    assert reference([40.0, 40.0]).normalise("z", 90.0) == 50.0


PARTS = st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 10)), min_size=1, max_size=10)


@given(PARTS)
def test_means_are_those_of_scipy(parts: list[tuple[float, float]]) -> None:
    scores, weights = [p[0] for p in parts], [p[1] for p in parts]
    given_ = [Part(*p) for p in parts]
    assert aggregate("arithmetic", given_) == pytest.approx(np.average(scores, weights=weights), abs=1e-9)
    # what is below 1 counts as 1, or one nought would be the whole
    expected = stats.gmean(np.maximum(scores, 1), weights=weights)
    assert aggregate("geometric", given_) == pytest.approx(expected, abs=1e-9)


def test_nothing_has_no_mean_and_a_nought_is_not_everything() -> None:
    assert aggregate("geometric", []) is None
    assert aggregate("geometric", [Part(0, 1), Part(100, 1)]) == pytest.approx(10.0)
    assert aggregate("arithmetic", [Part(0, 1), Part(100, 1)]) == 50.0


def test_a_framework_compares_one_indicator_and_takes_the_geometric_mean() -> None:
    definition = {
        "title": "Capacity",
        "aggregation": "geometric",
        "domains": [
            {
                "code": "skills",
                "title": "Skills",
                "indicators": [
                    {"code": "voice", "normalisation": "rank", "items": [{"code": "speak"}]},
                    {"code": "vote", "weight": 3, "items": [{"code": "vote"}]},
                ],
            },
            {
                "code": "ties",
                "title": "Ties",
                "aggregation": "geometric",
                "indicators": [{"code": "alone", "items": [{"code": "alone", "direction": -1}]}],
            },
        ],
    }
    ranges = {"speak": (0.0, 10.0), "vote": (0.0, 1.0), "alone": (1.0, 5.0)}
    assert compared_in(definition) == ["skills.voice"]
    tally = Tally()
    plain = Framework.parse(definition, ranges)
    for speak in range(10):
        [score] = plain.compared({"speak": speak, "alone": 2}).values()
        tally.add(score)
    by = Framework.parse(definition, ranges, {"skills.voice": tally.raw})
    scores = by.scores({"speak": 7, "vote": 1, "alone": 2})
    assert scores == {
        "skills": round((80 + 3 * 100) / 4 * UNIT),
        "ties": round(75 * UNIT),
        "index": pytest.approx(round((95 * 75) ** 0.5 * UNIT), abs=10),
    }
    with pytest.raises(ValueError, match="nobody is known"):
        plain.scores({"speak": 7})
