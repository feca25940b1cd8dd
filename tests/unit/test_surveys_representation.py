"""Who has answered beside who lives there: rounding, shares and the index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.surveys.model.representation import Cell, Line, dissimilarity, lines, people_of, rounded

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 200), max_size=6)
PEOPLE = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10_000), max_size=6)


def cells(counts: dict[str, int]) -> dict[Cell, int]:
    return {Cell("", category): n for category, n in counts.items()}


def told(counts: dict[str, int], people: dict[str, int]) -> tuple[int | None, list[Line]]:
    return lines(cells(counts), cells(people), 10)


@pytest.mark.parametrize(("count", "shown"), [(0, None), (9, None), (10, 10), (14, 10), (15, 15), (1_001, 1_000)])
def test_numbers_of_people_come_in_fives_and_not_below_the_minimum(count: int, shown: int | None) -> None:
    assert rounded(count, 10) == shown
    assert rounded(14, 15) is None


def test_the_index_is_duncans() -> None:
    # half of |0.5-0.25| + |0.3-0.25| + |0.2-0.5|
    _, found = told({"a": 50, "b": 30, "c": 20}, {"a": 25, "b": 25, "c": 50})
    assert [line.share for line in found] == [0.5, 0.3, 0.2]
    assert dissimilarity(found) == pytest.approx(0.3)
    assert [line.difference for line in found] == pytest.approx([0.25, 0.05, -0.3])


@given(PEOPLE.filter(lambda people: sum(people.values()) > 0))
def test_a_response_from_everybody_is_just_as_the_population(people: dict[str, int]) -> None:
    # the same numbers, in steps that rounding leaves alone
    many = {category: n * 10 for category, n in people.items() if n}
    assert dissimilarity(told(many, many)[1]) == pytest.approx(0, abs=1e-12)


@given(COUNTS, PEOPLE)
def test_the_index_lies_between_none_and_all(counts: dict[str, int], people: dict[str, int]) -> None:
    total, found = told(counts, people)
    index = dissimilarity(found)
    assert index is None or -1e-12 <= index <= 1 + 1e-12
    assert [line.cell.category for line in found] == sorted({*counts, *people})
    if total is None:
        assert all(line.responses is None and line.share is None for line in found)
        assert index is None


@given(COUNTS, st.integers(0, 4))
def test_shares_come_from_what_is_shown_alone(counts: dict[str, int], more: int) -> None:
    """Whoever differs from others only by what is rounded away is told the same."""
    down = {category: n - n % 5 for category, n in counts.items()}
    up = {category: n + more if n >= 10 else n for category, n in down.items()}
    below, above = told(down, {}), told(up, {})
    assert [line.responses for line in below[1]] == [line.responses for line in above[1]]
    if below[0] == above[0]:
        assert below == above


def test_rows_of_more_attributes_are_added_up() -> None:
    rows = [
        ({"age_band": "65+", "gender": "female"}, 60.0),
        ({"age_band": "65+", "gender": "male"}, 20.0),
        ({"age_band": "16-39", "gender": "female"}, 20.0),
        ({"age_band": "65+"}, 81.0),
        ({"area": "E1"}, 101.0),
    ]
    assert people_of(rows, ["gender"]) == {("female",): 80, ("male",): 20}
    assert people_of(rows, ["age_band"]) == {("65+",): 81}
    assert people_of(rows, ["gender", "age_band"]) == {
        ("female", "65+"): 60, ("male", "65+"): 20, ("female", "16-39"): 20
    }  # fmt: skip
    assert people_of(rows, ["area"]) == {("E1",): 101}
    assert people_of(rows, ["area", "gender"]) == people_of([], ["gender"]) == {}
