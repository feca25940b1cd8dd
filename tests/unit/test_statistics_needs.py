"""Ranks of needs: never one rank, always the same for the same figures, and never surer than the figures."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from services.scoring.model.statistics.intervals import Estimate
from services.scoring.model.statistics.needs import ROBUST, RUNS, Standing, Unit, driver, rank

EVEN = {"skills": 1.0, "ties": 1.0}


def areas(means: list[float], variance: float) -> dict[str, Unit]:
    return {f"E0500000{i}": Unit(Estimate(mean, variance, 50), {}) for i, mean in enumerate(means)}


def test_what_lies_far_apart_has_a_sure_rank() -> None:
    assert RUNS >= 500
    found = rank(areas([10, 30, 50, 70, 90], 1.0), {}, "seed")
    assert found["E05000000"] == Standing(first=1, middle=1, last=1, of=5, lowest_fifth=1.0, robust=True)
    assert found["E05000004"] == Standing(first=5, middle=5, last=5, of=5, lowest_fifth=0.0, robust=False)


def test_what_cannot_be_told_apart_has_a_wide_one() -> None:
    found = rank(areas([50.0] * 10, 25.0), {}, "seed")
    for standing in found.values():
        assert (standing.first, standing.last) in {(1, 10), (1, 9), (2, 10)}
        assert standing.lowest_fifth == pytest.approx(0.2, abs=0.05)
        assert not standing.robust


def test_the_chance_of_the_lowest_fifth_is_that_of_a_direct_computation() -> None:
    """Two of ten are the lowest fifth; the second of two that are close is there as often as chance has it."""
    means = [20.0, 30.0, 33.0, *[90.0] * 7]
    found = rank(areas(means, 4.0), {}, "seed", runs=20_000)
    # the second place goes to the lower of two, 3 points apart with errors of 2 each: P(z > -3/√8)
    below = float(ndtr(3 / np.sqrt(8)))
    assert found["E05000001"].lowest_fifth == pytest.approx(below, abs=0.01)
    assert found["E05000001"].robust is (below >= ROBUST)


def test_fewer_than_five_have_no_lowest_fifth() -> None:
    for standing in rank(areas([10, 50, 90], 1.0), {}, "seed").values():
        assert standing.lowest_fifth is None
        assert not standing.robust
    assert rank({}, EVEN, "seed") == {}


def test_the_weights_of_domains_are_uncertain_too() -> None:
    """Two places that are exactly level by the stated weights, but not by others, change places."""
    level = {
        "a": Unit(Estimate(50.0, 0.0, 50), {"skills": 20.0, "ties": 80.0}),
        "b": Unit(Estimate(50.0, 0.0, 50), {"skills": 80.0, "ties": 20.0}),
    }
    found = rank(level, EVEN, "seed")
    assert [(s.first, s.last) for s in found.values()] == [(1, 2), (1, 2)]
    alike = {code: Unit(u.estimate, {"skills": 50.0, "ties": 50.0}) for code, u in level.items()}
    assert [(s.first, s.last) for s in rank(alike, EVEN, "seed").values()] == [(1, 1), (2, 2)]


def test_a_hidden_domain_leaves_its_weight_to_the_others() -> None:
    units = {
        "a": Unit(Estimate(50.0, 0.0, 50), {"skills": 50.0}),
        "b": Unit(Estimate(50.1, 0.0, 50), {"skills": 40.0, "ties": 60.2}),
    }
    assert rank(units, EVEN, "seed")["a"].last == 2


def test_the_driver_is_the_domain_that_draws_down_most() -> None:
    together = {"skills": 50.0, "ties": 60.0, "trust": 70.0}
    weights = {"skills": 1.0, "ties": 2.0, "trust": 1.0}
    found = driver({"skills": 30.0, "ties": 45.0, "trust": 75.0}, together, weights)
    assert found is not None
    assert found.domain == "ties"
    assert found.points == pytest.approx(-7.5)
    assert driver({"skills": 50.0, "ties": 61.0}, together, weights) is None
    assert driver({}, together, weights) is None
    geometric = driver({"skills": 25.0, "ties": 64.0}, {"skills": 36.0, "ties": 64.0}, EVEN, "geometric")
    assert geometric is not None
    assert geometric.domain == "skills"
    assert geometric.points == pytest.approx(40.0 - 48.0)


def test_weights_move_a_geometric_mean_as_they_move_it() -> None:
    """Two that are level by their arithmetic means, whatever the weights, and not by geometric ones."""
    units = {
        "a": Unit(Estimate(40.0, 0.0, 50), {"skills": 25.0, "ties": 64.0}),
        "b": Unit(Estimate(40.05, 0.0, 50), {"skills": 40.05, "ties": 40.05}),
    }
    assert rank(units, EVEN, "seed", aggregation="geometric")["a"].last == 2
    still = {"a": Unit(Estimate(40.0, 0.0, 50), {"skills": 0.5, "ties": 0.0}), "b": units["b"]}
    assert rank(still, EVEN, "seed", aggregation="geometric")["a"].last == 1


units = st.dictionaries(
    st.text("abc", min_size=1, max_size=4),
    st.tuples(st.floats(0, 100), st.floats(0, 25), st.floats(0, 100), st.floats(0, 100)),
    min_size=1,
    max_size=12,
).map(lambda found: {c: Unit(Estimate(m, v, 20), {"skills": s, "ties": t}) for c, (m, v, s, t) in found.items()})


@settings(deadline=None)
@given(units, st.randoms(use_true_random=False))
def test_ranks_depend_on_nothing_but_figures_and_seed(found: dict[str, Unit], chance: Any) -> None:
    order = list(found)
    chance.shuffle(order)
    once = rank(found, EVEN, "seed", runs=500)
    assert rank({c: found[c] for c in order}, EVEN, "seed", runs=500) == once
    assert rank(found, {d: 7 * w for d, w in EVEN.items()}, "seed", runs=500) == once
    for standing in once.values():
        assert 1 <= standing.first <= standing.middle <= standing.last <= standing.of == len(found)


def test_another_seed_is_another_draw_and_tells_the_same() -> None:
    close = areas([float(m) for m in range(40, 60, 2)], 30.0)
    one, other = (rank(close, {}, seed) for seed in ("one", "other"))
    assert one != other
    assert all(abs(one[c].first - other[c].first) <= 1 and abs(one[c].last - other[c].last) <= 1 for c in close)
