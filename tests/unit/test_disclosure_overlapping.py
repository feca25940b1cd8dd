"""Overlapping areas: what would be derivable is refused, whichever way the sets are drawn."""

from itertools import chain, combinations
from random import Random

import numpy as np
import pytest

from services.scoring.model import Sums
from services.scoring.model.disclosure import safe_sets

MINIMUM = 10


def people(n: int) -> Sums:
    return Sums(n, n * 50, n * 2_500, n, n)


def sets(**drawn: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(leaves.split()) for name, leaves in drawn.items()}


LEAVES = {
    "a": people(30),
    "b": people(6),
    "c": people(7),
    "d": people(25),
    "e": people(8),
    "f": people(9),
    "g": people(8),
}
SHOWN = {"a", "d"}


def test_a_ward_of_shown_and_hidden_leaves_is_shown_where_enough_are_hidden_in_it() -> None:
    assert safe_sets(LEAVES, SHOWN, sets(west="a b c", east="d e f g"), MINIMUM) == {
        "west": people(43),
        "east": people(50),
    }


def test_a_community_that_differs_from_a_ward_by_a_small_area_is_refused() -> None:
    assert list(safe_sets(LEAVES, SHOWN, sets(ward="a b c", community="a b"), MINIMUM)) == ["ward"]
    # and one that differs from it by shown ones is not
    assert list(safe_sets(LEAVES, SHOWN, sets(ward="a b c", community="b c d"), MINIMUM)) == ["ward", "community"]


def test_two_communities_whose_difference_is_a_third_ones_are_looked_at_together() -> None:
    drawn = sets(one="b c e", other="c e f", third="b f")
    # one - other = b - f; with the third, b and f themselves
    assert list(safe_sets(LEAVES, SHOWN, drawn, MINIMUM)) == ["one", "other"]


def test_what_is_left_of_the_whole_counts_as_a_set() -> None:
    assert safe_sets(LEAVES, SHOWN, sets(all_but_b="a c d e f g"), MINIMUM) == {}


def test_what_was_shown_before_stays_in_the_account() -> None:
    drawn = sets(community="a b")
    assert list(safe_sets(LEAVES, SHOWN, sets(small="b c"), MINIMUM)) == ["small"]
    assert safe_sets(LEAVES, SHOWN, drawn, MINIMUM, seen=[frozenset("abc")]) == {}


def test_a_set_of_few_people_is_refused() -> None:
    assert safe_sets(LEAVES, SHOWN, sets(b="b"), MINIMUM) == {}


@pytest.mark.parametrize("seed", range(60))
def test_nothing_about_few_people_follows_from_what_is_shown(seed: int) -> None:
    """Against the rank of the matrix with and without the columns of every small set of hidden leaves."""
    random = Random(seed)
    names = "abcdefgh"[: random.randint(3, 8)]
    leaves = {name: people(random.randint(0, 16)) for name in names}
    shown = {name for name in names if leaves[name].n >= MINIMUM and random.random() < 0.7}
    drawn = {
        str(i): frozenset(random.sample(names, random.randint(1, len(names)))) for i in range(random.randint(1, 12))
    }
    found = safe_sets(leaves, shown, drawn, MINIMUM)
    hidden = [name for name in names if name not in shown]
    first = np.array([[1] * len(hidden)])
    rows = np.array([[name in drawn[one] for name in hidden] for one in found], dtype=int).reshape(-1, len(hidden))
    rank = np.linalg.matrix_rank

    def few_are_told(matrix: np.ndarray) -> bool:
        return any(
            rank(np.delete(matrix, few, axis=1)) < rank(matrix)
            for few in chain.from_iterable(combinations(range(len(hidden)), k) for k in range(1, len(hidden) + 1))
            if sum(leaves[hidden[i]].n for i in few) < MINIMUM
        )

    if hidden and not few_are_told(first):
        assert not few_are_told(np.vstack([first, rows]))
