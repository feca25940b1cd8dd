"""Random histories of small councils, published release by release, and solved as one linear system.

Area by area, group by group and pair by pair, with people who leave, and some who are not vouched for.
"""

from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from services.scoring.model.cells import JOINED
from services.scoring.model.disclosure import NOTHING_PUBLIC, STEP, Range, Rules, hidden_cells, is_seen, next_release
from services.scoring.model.disclosure import shown as shown_of
from services.scoring.model.disclosure.rules import COUNCIL, Table
from tests.support.solving import OFFERED, Person, Reader, live

MINIMUM = 10
RULES = Rules(MINIMUM, OFFERED, Range(0, 100))


def history(random: Random, releases: int) -> tuple[list[str], list[Person]]:
    areas = ["A", "B", "C", ""][: random.randint(1, 4)]
    people = []
    size = random.choice([6, 20, 40, 80])
    for moment in range(releases):
        for _ in range(random.randint(0, size if moment else 3 * size)):
            left = releases
            if random.random() < 0.05 and moment + 1 < releases:
                left = random.randint(moment + 1, releases - 1)
            people.append(
                Person(
                    random.choice(areas),
                    random.choices((*OFFERED["age"], ""), (5, 4, 2, 0.3))[0],
                    random.choices((*OFFERED["gender"], ""), (5, 4, 0.2))[0],
                    moment,
                    left,
                    random.randint(0, 100),
                    vouched=random.random() < 0.95,
                )
            )
    return areas, people


def published(seed: int, releases: int) -> tuple[Reader, np.ndarray, list[Person]]:
    """What a reader has after all releases, and how many people are in each unknown."""
    areas, people = history(Random(seed), releases)
    reader = Reader(areas, releases)
    before = NOTHING_PUBLIC
    for moment in range(releases):
        if sums := live(people, moment):
            before = next_release(sums, before, RULES)
            reader.read(before, moment)
    place = {unknown: i for i, unknown in enumerate(reader.unknowns)}
    count = np.zeros(len(place), dtype=np.int64)
    for one in people:
        count[place[one.area, one.age, one.gender, one.came, one.left]] += one.vouched
    return reader, count, people


@pytest.mark.parametrize("seed", range(60))
def test_whoever_keeps_every_release_works_out_nobody(seed: int) -> None:
    reader, count, _ = published(seed, releases=Random(seed).randint(2, 4))
    for place in np.flatnonzero((count > 0) & (count < STEP)):
        alone = np.zeros(len(count), dtype=np.int64)
        alone[place] = 1
        assert reader.known.rest(alone).any(), reader.unknowns[place]
    for table, category in reader.public.hidden:
        figure = reader.vector(table, category)
        if figure @ count < STEP:
            assert reader.known.rest(figure).any(), (table, category)


@pytest.mark.parametrize("seed", range(1_000, 1_060))
def test_no_hidden_figure_of_a_release_follows_from_those_that_are_shown(seed: int) -> None:
    reader, count, _ = published(seed, releases=1)
    for table, category in reader.public.hidden:
        figure = reader.vector(table, category)
        # the pairs of a single area are never shown, and where there is only one area they are the council's
        if JOINED not in table.attribute or table.area == COUNCIL or figure @ count < MINIMUM:
            assert reader.known.rest(figure).any(), (table, category)


@pytest.mark.parametrize("seed", range(2_000, 2_015))
def test_how_many_are_in_a_hidden_figure_is_left_open_by_the_minimum_at_least(seed: int) -> None:
    """The counts that are shown, as equations; the least and the most people that a hidden figure can have by them."""
    reader, count, _ = published(seed, releases=1)
    public = reader.public
    rows = [reader.vector(t, c) for t, c, _ in shown_of(public.state, public.hidden)]
    if not rows:
        return
    equations = np.array(rows)
    for table, category in sorted(public.hidden):
        figure = reader.vector(table, category)
        if is_seen(table) or (JOINED in table.attribute and table.area != COUNCIL) or figure @ count >= MINIMUM:
            continue
        least, most = (
            linprog(sign * figure, A_eq=equations, b_eq=equations @ count, method="highs") for sign in (1, -1)
        )
        if most.x is not None:  # else nothing that is shown limits it
            assert figure @ most.x - figure @ least.x >= MINIMUM - 1e-6, (table, category)


def test_the_solver_sees_what_the_rules_prevent() -> None:
    """Were every cell shown that has the minimum itself, and no other hidden, people could be worked out."""
    found = 0
    for seed in range(1_000, 1_030):
        reader, count, _ = published(seed, releases=1)
        bare = {
            (table, category)
            for table, cells in reader.public.state.items()
            for category, sums in cells.items()
            if sums.vouched < MINIMUM or (JOINED in table.attribute and table.area != COUNCIL)
        }
        careless = Reader(reader.areas, 1)
        careless.read(reader.public._replace(hidden=bare), 0)
        found += any(
            careless.vector(t, c) @ count < MINIMUM and not careless.known.rest(careless.vector(t, c)).any()
            for t, c in bare
            if not is_seen(t)
        )
    assert found > 10


def test_hiding_again_hides_the_same() -> None:
    for seed in range(1_000, 1_020):
        reader, _, _ = published(seed, releases=1)
        assert hidden_cells(reader.public.state, MINIMUM, NOTHING_PUBLIC, RULES.bounds) == reader.public.hidden
        assert all(not is_seen(Table(t.area, t.attribute)) for t, _ in reader.public.hidden)
