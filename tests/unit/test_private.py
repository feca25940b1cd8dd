"""Noise: how much of it there is, what one person can move, and what a release spends, whatever it is of."""

from math import exp, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.model import UNIT, Measure
from services.scoring.model.private import GRAIN, Counted, Query, loss, private_figures, queries

DRAWS = 20_000
FAR = 10
"""Standard errors: so far out comes less than one draw in 10²²."""
SKILLS, INDEX, SCALE = Measure("Skills"), Measure("All"), Measure("Raw", 7.0, 35.0)


def test_a_release_of_one_measure_has_the_scales_that_follow_from_its_range() -> None:
    [asked] = queries({"skills": SKILLS}, 1_000).values()
    # half of epsilon 1 for each; a person is one of a count, and at most 50 points (50,000 thousandths) off the middle
    assert (asked.people.sensitivity, asked.scores.sensitivity, asked.middle) == (1, 50_000, 50 * UNIT)
    assert isclose(asked.people.scale, 2, rel_tol=1e-8)
    assert isclose(asked.scores.scale, 100_000, rel_tol=1e-8)


def test_measures_share_epsilon_and_cells_do_not() -> None:
    asked = queries({"a": SKILLS, "b": INDEX, "raw": SCALE}, 600)
    assert [round(a.people.loss(), 8) for a in asked.values()] == [0.1, 0.1, 0.1]
    assert [round(a.scores.loss(), 8) for a in asked.values()] == [0.1, 0.1, 0.1]
    assert (asked["raw"].scores.sensitivity, asked["raw"].middle) == (14_000, 21 * UNIT)
    # of a hundred wards as of one: the scale is that of the measure
    figures = private_figures({}, [(f"E{i}", "") for i in range(100)], {"a": SKILLS}, 600)
    assert len({f.n_high - f.n for f in figures if f.n_low}) <= 1


@given(st.integers(1, 10_000), st.integers(1, 20), st.floats(0, 50), st.floats(0.5, 500))
def test_no_release_spends_more_than_its_epsilon(millis: int, measures: int, lowest: float, width: float) -> None:
    asked = queries({f"m{i}": Measure("", lowest, lowest + width) for i in range(measures)}, millis)
    epsilon = millis / 1_000
    assert epsilon * (1 - 1e-6) <= loss(asked.values()) <= epsilon


@given(st.integers(0, 100 * UNIT), st.lists(st.integers(0, 100 * UNIT), max_size=5))
def test_nobody_moves_the_sum_by_more_than_its_sensitivity(one: int, others: list[int]) -> None:
    [asked] = queries({"skills": SKILLS}, 1_000).values()
    before = (sum(others) - len(others) * asked.middle) // GRAIN
    after = (sum(others) + one - (len(others) + 1) * asked.middle) // GRAIN
    assert abs(after - before) <= asked.scores.sensitivity


@pytest.mark.parametrize("scale", [2.0, 50.0, 100_000.0])
def test_noise_is_as_wide_as_it_says(scale: float) -> None:
    query = Query(1, scale)
    noise = query.answer([0] * DRAWS)
    a = exp(-1 / scale)
    width, square = 2 * a / (1 - a * a), 2 * a / (1 - a) ** 2
    error = sqrt((square - width**2) / DRAWS)
    assert abs(sum(map(abs, noise)) / DRAWS - width) < FAR * error
    assert abs(sum(noise) / DRAWS) < FAR * sqrt(square / DRAWS)
    outside = sum(abs(x) > query.reach(0.05) for x in noise) / DRAWS
    assert outside < 0.05 + FAR * sqrt(0.05 * 0.95 / DRAWS)
    # the narrowest such interval: one whole number less would miss more often
    assert 2 * a ** query.reach(0.05) / (1 + a) > 0.05


def test_no_two_draws_are_the_same() -> None:
    query = Query(1, 1_000_000.0)
    assert query.answer([7] * 20) != query.answer([7] * 20)


def test_of_many_people_and_a_large_epsilon_the_figure_is_theirs() -> None:
    n = 100_000
    cells = {("E1", "female", "skills"): Counted(n, n * 62 * UNIT + n * UNIT // 2)}
    [here, nobody] = private_figures(cells, [("E1", "female"), ("E1", "male")], {"skills": SKILLS}, 10_000)
    assert (here.area, here.category, here.measure) == ("E1", "female", "skills")
    assert abs(here.n - n) < 20
    assert here.score is not None
    assert here.low is not None
    assert here.high is not None
    assert abs(here.score - 62.5) < 0.1
    assert here.low <= here.score <= here.high
    assert 0 <= nobody.n < 20
    assert nobody.n_low == 0


def test_figures_stay_within_what_can_be() -> None:
    figures = private_figures({}, [("", str(i)) for i in range(500)], {"raw": SCALE}, 10)
    assert all(0 <= f.n_low <= f.n <= f.n_high for f in figures)
    scored = [f for f in figures if f.score is not None and f.low is not None and f.high is not None]
    assert {f.n for f in figures if f not in scored} == {0}
    assert all(7 <= f.low <= f.score <= f.high <= 35 for f in scored if f.score and f.low and f.high)
