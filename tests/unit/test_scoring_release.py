"""The disclosure rules, attacked: nobody who sees every release may learn what one person answered."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.model import COUNCIL, STEP, Sums, Table, hidden_cells, next_release

MINIMUM = 10
State = dict[Table, dict[str, Sums]]


def people(n: int, score: int = 1) -> Sums:
    return Sums(n, n * score, n * score * score)


def everybody(**areas: int) -> State:
    return {Table(area, ""): {"": people(n)} for area, n in areas.items()}


def ages(area: str, **counts: int) -> State:
    return {Table(area, "age"): {c: people(n) for c, n in counts.items()}}


def shown(state: State, before: State | None = None) -> dict[tuple[str, str, str], int]:
    """What is shown of a public state; `before` is the one before, of which nothing was shown that is not here."""
    concealed: State = {}
    for table, category in hidden_cells(before or {}, MINIMUM):
        concealed.setdefault(table, {})[category] = (before or {})[table][category]
    hidden = hidden_cells(state, MINIMUM, concealed)
    return {
        (t.area, t.attribute, c): sums.n
        for t, cells in state.items()
        for c, sums in cells.items()
        if (t, c) not in hidden
    }


def test_nine_are_hidden_and_ten_are_shown() -> None:
    assert shown(next_release(everybody(A=9), {}, MINIMUM, final=False)) == {}
    assert shown(next_release(everybody(A=10), {}, MINIMUM, final=False)) == {("A", "", ""): 10, (COUNCIL, "", ""): 10}


def test_a_shown_figure_moves_in_full_steps_only() -> None:
    public = next_release(everybody(A=10), {}, MINIMUM, final=False)
    for n in range(11, 10 + STEP):
        assert next_release(everybody(A=n), public, MINIMUM, final=False) == public
    moved = next_release(everybody(A=10 + STEP), public, MINIMUM, final=False)
    assert moved[Table("A", "")][""].n == 10 + STEP


def test_a_correction_alone_moves_nothing() -> None:
    live = everybody(A=12) | ages("A", young=12)
    public = next_release(live, {}, MINIMUM, final=False)
    corrected = {t: {c: Sums(s.n, s.total + 50, s.squares + 9) for c, s in cells.items()} for t, cells in live.items()}
    assert next_release(corrected, public, MINIMUM, final=False) == public


def test_a_lone_small_area_takes_another_with_it() -> None:
    assert shown(next_release(everybody(A=30, B=12, C=6), {}, MINIMUM, final=False)) == {
        ("A", "", ""): 30,
        (COUNCIL, "", ""): 48,
    }


def test_people_without_an_area_count_as_one_more() -> None:
    live = everybody(A=30, B=12) | {Table("", ""): {"": people(7)}}
    assert shown(next_release(live, {}, MINIMUM, final=False)) == {("A", "", ""): 30, (COUNCIL, "", ""): 49}


def test_a_small_category_takes_another_with_it_in_every_line_it_stands_in() -> None:
    live = everybody(A=40, B=50) | ages("A", young=11, middle=27, old=2) | ages("B", young=20, middle=15, old=15)
    seen = shown(next_release(live, {}, MINIMUM, final=False))
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
    assert ("A", "age", "young") not in shown(next_release(live, {}, MINIMUM, final=False))


def test_categories_of_a_hidden_area_are_hidden() -> None:
    live = everybody(A=30, B=12, C=6) | ages("A", young=30) | ages("B", young=12) | ages("C", young=6)
    seen = shown(next_release(live, {}, MINIMUM, final=False))
    assert ("B", "age", "young") not in seen
    assert seen["A", "age", "young"] == 30


def test_a_table_waits_until_every_shown_category_has_a_full_step() -> None:
    public = next_release(everybody(A=30) | ages("A", young=15, old=15), {}, MINIMUM, final=False)
    live = everybody(A=36) | ages("A", young=20, old=16)
    moved = next_release(live, public, MINIMUM, final=False)
    assert moved[Table("A", "")][""].n == 36
    assert moved[Table("A", "age")] == public[Table("A", "age")]
    later = next_release(everybody(A=41) | ages("A", young=20, old=21), moved, MINIMUM, final=False)
    assert {c: s.n for c, s in later[Table("A", "age")].items()} == {"young": 20, "old": 21}


def test_a_final_release_publishes_everything_at_once() -> None:
    state = next_release(everybody(A=11, B=13), {}, MINIMUM, final=True)
    assert shown(state) == {("A", "", ""): 11, ("B", "", ""): 13, (COUNCIL, "", ""): 24}


def test_a_hidden_cell_is_not_shown_later_as_it_was_then() -> None:
    """East is hidden to protect South. When West comes, East alone would tell South from the total of before."""
    first = next_release(everybody(North=35, East=12, South=6), {}, MINIMUM, final=False)
    assert shown(first) == {("North", "", ""): 35, (COUNCIL, "", ""): 53}
    second = next_release(everybody(North=35, East=12, South=6, West=5), first, MINIMUM, final=False)
    assert shown(second, first) == {("North", "", ""): 35, (COUNCIL, "", ""): 58}
    third = next_release(everybody(North=35, East=17, South=6, West=5), second, MINIMUM, final=False)
    assert shown(third, second) == {("North", "", ""): 35, ("East", "", ""): 17, (COUNCIL, "", ""): 63}


def test_a_hidden_category_is_shown_only_after_a_full_step() -> None:
    first = next_release(everybody(A=28) | ages("A", young=9, middle=10, old=9), {}, MINIMUM, final=False)
    assert ("A", "age", "young") not in shown(first)
    near = next_release(everybody(A=33) | ages("A", young=10, middle=13, old=10), first, MINIMUM, final=False)
    assert near[Table("A", "age")] == first[Table("A", "age")]
    full = next_release(everybody(A=43) | ages("A", young=14, middle=15, old=14), near, MINIMUM, final=False)
    assert {c: s.n for c, s in full[Table("A", "age")].items()} == {"young": 14, "middle": 15, "old": 14}


arrival = st.tuples(st.sampled_from("AB"), st.sampled_from(["young", "old", "none"]), st.integers(0, 100))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(arrival, max_size=9), max_size=14))
def test_between_two_releases_every_shown_cell_stands_still_or_moves_by_a_full_step(
    bursts: list[list[tuple[str, str, int]]],
) -> None:
    live: State = {}
    public: State = {}
    for burst in bursts:
        for area, category, score in burst:
            _arrive(live, Table(area, ""), "", score)
            if category != "none":
                _arrive(live, Table(area, "age"), category, score)
        if not live:
            continue
        state = next_release(live, public, MINIMUM, final=False)
        hidden, was_hidden = hidden_cells(state, MINIMUM), hidden_cells(public, MINIMUM)
        for table, cells in state.items():
            for category, sums in cells.items():
                if (table, category) in hidden:
                    continue
                assert sums.n >= MINIMUM
                before = public.get(table, {}).get(category, Sums())
                if (table, category) not in was_hidden and before.n:
                    assert sums == before or abs(sums.n - before.n) >= STEP
        for area in "AB":
            _nobody_can_be_worked_out(state, hidden, area)
        public = state


def _arrive(live: State, table: Table, category: str, score: int) -> None:
    cells = live.setdefault(table, {})
    cells[category] = cells.get(category, Sums()) + Sums(1, score, score * score)


def _nobody_can_be_worked_out(state: State, hidden: set[tuple[Table, str]], area: str) -> None:
    """What the shown categories of an area leave of its table is nobody, or two cells or more of enough people."""
    cells = state.get(Table(area, "age"), {})
    kept = [s.n for c, s in cells.items() if (Table(area, "age"), c) in hidden and s.n]
    if kept and (Table(area, ""), "") not in hidden and len(kept) < sum(1 for s in cells.values() if s.n):
        assert len(kept) >= 2
        assert sum(kept) >= MINIMUM


def test_fewer_than_a_step_of_people_stay_out_of_the_councils_total() -> None:
    assert shown(next_release(everybody(A=30, B=4), {}, MINIMUM, final=False)) == {
        ("A", "", ""): 30,
        (COUNCIL, "", ""): 30,
    }
