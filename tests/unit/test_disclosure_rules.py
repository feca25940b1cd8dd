"""The disclosure rules, attacked: nobody who sees every release may learn what one person answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.counts import published_count
from services.scoring.model import COUNCIL, STEP, Cell, Sums
from services.scoring.model import disclosure as control
from services.scoring.model.disclosure import NOTHING_PUBLIC, Measured, Range, Released, Rules, State, Table
from services.scoring.model.disclosure.cuts import light_cut
from services.scoring.model.disclosure.rules import stands_out

MINIMUM = 10
Seen = dict[tuple[str, str, str], int]


def people(n: int, score: int = 1, unvouched: int = 0) -> Sums:
    n += unvouched
    return Sums(n, n * score, n * score * score, n - unvouched, n)


def release(live: State, before: Measured = NOTHING_PUBLIC, **more: object) -> Measured:
    return control.next_release(live, before, Rules(MINIMUM, **more))  # type: ignore[arg-type]


def everybody(**areas: int) -> State:
    return {Table(area, ""): {"": people(n)} for area, n in areas.items()}


def ages(area: str, **counts: int) -> State:
    return {Table(area, "age"): {c: people(n) for c, n in counts.items()}}


def shown(public: Measured) -> Seen:
    """Area, attribute and category → people, of what is shown."""
    return {(t.area, t.attribute, c): sums.n for t, c, sums in control.shown(public.state, public.hidden)}


def test_nine_are_hidden_and_ten_are_shown() -> None:
    assert shown(release(everybody(A=9))) == {}
    assert shown(release(everybody(A=10))) == {("A", "", ""): 10, (COUNCIL, "", ""): 10}


def test_a_shown_figure_moves_in_full_steps_only() -> None:
    public = release(everybody(A=10))
    for n in range(11, 10 + STEP):
        assert release(everybody(A=n), public) == public
    moved = release(everybody(A=10 + STEP), public)
    assert moved.state[Table("A", "")][""].n == 10 + STEP


def test_a_correction_alone_moves_nothing() -> None:
    live = everybody(A=12) | ages("A", young=12)
    public = release(live)
    corrected = {
        t: {c: Sums(s.n, s.total + 50, s.squares + 9, s.vouched, s.mark + 1) for c, s in cells.items()}
        for t, cells in live.items()
    }
    assert release(corrected, public) == public


def test_a_lone_small_area_takes_another_with_it() -> None:
    assert shown(release(everybody(A=30, B=12, C=6))) == {
        ("A", "", ""): 30,
        (COUNCIL, "", ""): 48,
    }


def test_people_without_an_area_count_as_one_more() -> None:
    live = everybody(A=30, B=12) | {Table("", ""): {"": people(7)}}
    assert shown(release(live)) == {("A", "", ""): 30, (COUNCIL, "", ""): 49}


def test_a_small_category_takes_another_with_it_in_every_line_it_stands_in() -> None:
    live = everybody(A=40, B=50) | ages("A", young=11, middle=27, old=2) | ages("B", young=20, middle=15, old=15)
    seen = shown(release(live))
    assert seen == {
        ("A", "", ""): 40,
        ("B", "", ""): 50,
        ("A", "age", "middle"): 27,
        ("B", "age", "middle"): 15,
        (COUNCIL, "", ""): 90,
        (COUNCIL, "age", "young"): 31,
        (COUNCIL, "age", "middle"): 42,
        (COUNCIL, "age", "old"): 17,
    }


def test_people_without_a_category_are_protected_too() -> None:
    live = everybody(A=33) | ages("A", young=12, old=20)
    assert ("A", "age", "young") not in shown(release(live))


def test_categories_of_a_hidden_area_are_hidden() -> None:
    live = everybody(A=30, B=12, C=6) | ages("A", young=30) | ages("B", young=12) | ages("C", young=6)
    seen = shown(release(live))
    assert ("B", "age", "young") not in seen
    assert seen["A", "age", "young"] == 30


def test_a_table_waits_until_every_shown_category_has_a_full_step() -> None:
    public = release(everybody(A=30) | ages("A", young=15, old=15))
    live = everybody(A=36) | ages("A", young=20, old=16)
    moved = release(live, public)
    assert moved.state[Table("A", "")][""].n == 36
    assert moved.state[Table("A", "age")] == public.state[Table("A", "age")]
    later = release(everybody(A=41) | ages("A", young=20, old=21), moved)
    assert {c: s.n for c, s in later.state[Table("A", "age")].items()} == {"young": 20, "old": 21}


def test_a_first_release_publishes_everything_at_once() -> None:
    state = release(everybody(A=11, B=13))
    assert shown(state) == {("A", "", ""): 11, ("B", "", ""): 13, (COUNCIL, "", ""): 24}


def test_a_hidden_cell_is_not_shown_later_as_it_was_then() -> None:
    """East is hidden to protect South. When West comes, East alone would tell South from the total of before."""
    first = release(everybody(North=35, East=12, South=6))
    assert shown(first) == {("North", "", ""): 35, (COUNCIL, "", ""): 53}
    second = release(everybody(North=35, East=12, South=6, West=5), first)
    assert shown(second) == {("North", "", ""): 35, (COUNCIL, "", ""): 58}
    third = release(everybody(North=35, East=17, South=6, West=5), second)
    assert shown(third) == {("North", "", ""): 35, ("East", "", ""): 17, (COUNCIL, "", ""): 63}


def test_a_hidden_category_is_shown_only_after_a_full_step() -> None:
    first = release(everybody(A=28) | ages("A", young=9, middle=10, old=9))
    assert ("A", "age", "young") not in shown(first)
    near = release(everybody(A=33) | ages("A", young=10, middle=13, old=10), first)
    assert near.state[Table("A", "age")] == first.state[Table("A", "age")]
    full = release(everybody(A=43) | ages("A", young=14, middle=15, old=14), near)
    assert {c: s.n for c, s in full.state[Table("A", "age")].items()} == {"young": 14, "middle": 15, "old": 14}


def test_fewer_than_a_step_of_people_stay_out_of_the_councils_total() -> None:
    assert shown(release(everybody(A=30, B=4))) == {
        ("A", "", ""): 30,
        (COUNCIL, "", ""): 30,
    }


def test_a_category_that_nobody_chose_is_as_telling_as_one_that_one_person_chose() -> None:
    """Thirty women and no man: to show the women would say of each of the thirty that she is one."""
    live = everybody(A=30) | {Table("A", "gender"): {"female": people(30)}}
    assert ("A", "gender", "female") not in shown(release(live, offered={"gender": ("female", "male")}))
    # who left it out is a cell only where there is somebody
    both = everybody(A=30) | {Table("A", "gender"): {"female": people(16), "male": people(14)}}
    assert shown(release(both, offered={"gender": ("female", "male")}))["A", "gender", "male"] == 14


def test_people_whom_nobody_vouches_for_make_no_minimum_and_no_step() -> None:
    flood = {Table("A", ""): {"": people(1, unvouched=500)}}
    assert shown(release(flood)) == {}
    public = release(everybody(A=10))
    assert release({Table("A", ""): {"": people(11, unvouched=500)}}, public) == public
    full = release({Table("A", ""): {"": people(15, unvouched=3)}}, public)
    assert shown(full)["A", "", ""] == 18


def test_a_figure_in_which_one_person_may_hold_more_than_half_of_the_sum_is_hidden() -> None:
    hundred = Range(0, 100)

    def sums(*scores: int) -> Sums:
        return Sums(len(scores), sum(scores), sum(s * s for s in scores), len(scores))

    assert not stands_out(sums(*[50] * 10), hundred)
    assert stands_out(sums(100, *[1] * 11), hundred)
    # the same from the other end
    assert stands_out(sums(0, *[99] * 11), hundred)
    # all at one end: everybody's answer would be told
    assert stands_out(sums(*[0] * 20), hundred)
    assert stands_out(sums(*[100] * 20), hundred)
    # of a range of its own
    assert not stands_out(sums(*[14] * 9, 21), Range(7, 35))
    assert stands_out(sums(*[7] * 11, 35), Range(7, 35))


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40))
def test_where_nobody_stands_out_nobody_has_more_than_half_of_either_sum(scores: list[int]) -> None:
    sums = Sums(len(scores), sum(scores), sum(s * s for s in scores), len(scores))
    if not stands_out(sums, Range(0, 100)):
        assert 2 * max(scores) <= sum(scores)
        assert 2 * max(100 - s for s in scores) <= sum(100 - s for s in scores)


def test_a_measure_that_shares_questions_with_another_is_of_the_same_people_or_of_others_by_a_full_step() -> None:
    """A scale that one person in A did not answer in full, beside a domain that counts them."""
    domain = release(everybody(A=20, B=20, C=20))
    scale = everybody(A=19, B=20, C=15)
    seen = shown(control.next_release(scale, NOTHING_PUBLIC, Rules(MINIMUM), [domain.state]))
    assert seen == {("B", "", ""): 20, ("C", "", ""): 15, (COUNCIL, "", ""): 35}


def test_as_many_people_are_not_the_same_people() -> None:
    domain = release(everybody(A=20))
    others = {Table("A", ""): {"": Sums(20, 30, 50, 20, mark=99)}}
    assert shown(control.next_release(others, NOTHING_PUBLIC, Rules(MINIMUM), [domain.state])) == {}


def test_only_the_module_makes_figures() -> None:
    with pytest.raises(TypeError, match="disclosure control only"):
        Released(object(), Cell("", "m", "A", "", ""), people(1), hidden=False)


def test_a_count_that_stands_alone_is_rounded_and_nothing_below_the_minimum() -> None:
    assert [published_count(n, MINIMUM) for n in (0, 1, 9)] == [None, None, None]
    assert [published_count(n, MINIMUM) for n in (10, 14, 15, 1_004)] == [10, 10, 15, 1_000]


def test_the_index_of_a_group_is_made_of_its_domains_figures() -> None:
    """So that index and domains together say nothing of the one person who left a domain out."""

    def measured(n: int, score: int) -> Measured:
        return release({Table("A", ""): {"": people(n, score)}})

    parts = {"voice": measured(21, 30), "ties": measured(20, 60)}
    index = control.composed(parts, lambda means: sum(means.values()) / len(means), unit=1)
    sums = index.state[Table("A", "")][""]
    assert (sums.n, sums.total / sums.n) == (20, 45)
    few = control.composed(parts | {"ties": measured(9, 60)}, lambda means: sum(means.values()) / len(means), unit=1)
    # a domain that is hidden even for the whole council is left out of it
    assert few.state[Table("A", "")][""].total / few.state[Table("A", "")][""].n == 30
    assert not few.hidden


lines = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=9)


@given(lines, st.integers(1, 10))
def test_a_light_cut_is_found_if_there_is_one(drawn: list[tuple[int, int, int]], enough: int) -> None:
    """Against every set of points there is."""
    edges = [(a, b, people) for a, b, people in drawn if a != b]
    lightest = None
    for chosen in range(1, 2**5):
        crossing = [people for a, b, people in edges if (chosen >> a & 1) != (chosen >> b & 1)]
        if crossing and (lightest is None or sum(crossing) < lightest):
            lightest = sum(crossing)
    side = light_cut(edges, enough)
    assert (side is not None) == (lightest is not None and lightest < enough)
    if side is not None:
        assert sum(people for a, b, people in edges if (a in side) != (b in side)) < enough
