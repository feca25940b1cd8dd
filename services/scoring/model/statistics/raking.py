"""Weights by which the people who answered look like the people who live there: raking to margins, with trimming.

Iterative proportional fitting (Deming and Stephan 1940): each margin in turn scales the weights of its categories to
the census, until all margins fit. People alike in every margin share a weight, so that counts of such kinds of people
are all it needs, however many people there are. Weights above `largest` times their mean are cut down to it, and the
margins fitted again (Izrael, Battaglia and Frankel 2009); where both cannot be had, the bound wins and the report says
how far the margins are off.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scoring.model.statistics.weighted import design_effect

Margins = Mapping[str, Mapping[str, float]]
"""Attribute → category → people who live there."""
Kind = tuple[str, ...]
"""A category for each margin, in the order of the margins; "" where it was not said."""

FEW = 5
"""Answers below which a category's weight hangs on very few people."""
LARGEST = 5.0
FITS = 1e-9
"""The share by which a margin may be off when fitting ends."""
WELL = 1e-3
"""The share by which it may be off after trimming: a tenth of a percent."""
ROUNDS, CYCLES = 1_000, 50

FEW_ANSWERED = "few_answered"
EMPTY = "nobody_answered"
TINY = "very_few_answered"
UNKNOWN = "not_in_margin"
UNSTATED = "not_said"

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class UnusableMargins(ValueError):
    """Margins that no weight can be made from. `attribute` says which, `reason` why and what to do."""

    def __init__(self, attribute: str, reason: str) -> None:
        super().__init__(f"{attribute}: {reason}")
        self.attribute, self.reason = attribute, reason


class Note(NamedTuple):
    """Something to know about a category: `people` who answered, of a `population`."""

    kind: str
    attribute: str
    category: str
    people: int
    population: float


class Fit(NamedTuple):
    """How well it went. `gap` is the largest share by which a category is still off its margin, `trimmed` the share of
    people whose weight was cut, and `effect` Kish's design effect; `n / effect` people would tell as much unweighted.
    """

    n: int
    converged: bool
    cycles: int
    gap: float
    trimmed: float
    smallest: float
    largest: float
    effect: float
    effective_n: float
    notes: tuple[Note, ...]


def publishable(fit: Fit, minimum: int, step: int) -> dict[str, Any]:
    """What may be shown of a fit, as JSON: no count of few people, and none that gives single ones away.

    `n` is rounded down to full steps. Of a category that few people answered in, or nobody, it is not said how few.
    """
    notes = {
        (
            FEW_ANSWERED if note.people < minimum and note.kind in (EMPTY, TINY) else note.kind,
            note.attribute,
            note.category,
        )
        for note in fit.notes
    }
    return {
        "n": fit.n - fit.n % step,
        "converged": fit.converged,
        "gap": round(fit.gap, 4),
        "trimmed": round(fit.trimmed, 2),
        "smallest": round(fit.smallest, 2),
        "largest": round(fit.largest, 2),
        "effect": round(fit.effect, 2),
        "effective_n": round(fit.effective_n / step) * step,
        "notes": [list(note) for note in sorted(notes)],
    }


class _Target(NamedTuple):
    places: Places
    wanted: Floats


def rake(counts: Mapping[Kind, int], margins: Margins, largest: float = LARGEST) -> tuple[dict[Kind, float], Fit]:
    """Weights with mean 1 by kind, and how well they fit. `largest` is above 1.

    Raises UnusableMargins for a margin without people, or one none of whose categories was answered.
    """
    kinds = sorted(kind for kind, people in counts.items() if people > 0)
    people = np.array([counts[kind] for kind in kinds], dtype=np.float64)
    notes: list[Note] = []
    targets = [
        _target(attribute, margin, [kind[i] for kind in kinds], people, notes)
        for i, (attribute, margin) in enumerate(margins.items())
    ]
    weights, cycles, trimmed = _bounded(people, targets, largest)
    gap = _gap(weights * people, targets)
    n = int(people.sum())
    effect = design_effect(n, float(people @ weights), float(people @ weights**2))
    fit = Fit(
        n=n,
        converged=gap <= WELL,
        cycles=cycles,
        gap=gap,
        trimmed=trimmed,
        smallest=float(weights.min()),
        largest=float(weights.max()),
        effect=effect,
        effective_n=n / effect,
        notes=tuple(notes),
    )
    return dict(zip(kinds, weights.tolist(), strict=True)), fit


def _target(
    attribute: str, margin: Mapping[str, float], said: Sequence[str], people: Floats, notes: list[Note]
) -> _Target:
    for category, population in margin.items():
        if not (np.isfinite(population) and population >= 0):
            raise UnusableMargins(attribute, f'"{category}" has no number of people. Give one of 0 or more.')
    answered: dict[str, float] = dict.fromkeys(margin, 0.0)
    for category, count in zip(said, people, strict=True):
        answered[category] = answered.get(category, 0.0) + float(count)
    usable = {c: p for c, p in margin.items() if p > 0 and answered[c] > 0}
    if not usable:
        raise UnusableMargins(
            attribute, "Nobody who answered is in any of its categories. Use the same codes as in the questionnaire."
        )
    notes.extend(_notes(attribute, margin, answered))
    # who said nothing, or something that no census counts, keeps the share that they have among the answers
    kept = sorted(set(answered) - set(usable) - {c for c in margin if answered[c] == 0})
    in_margin = sum(answered[c] for c in usable)
    population = sum(usable.values())
    wanted = {c: p / population * in_margin for c, p in usable.items()} | {c: answered[c] for c in kept}
    order = {category: place for place, category in enumerate(sorted(wanted))}
    return _Target(
        np.array([order[category] for category in said], dtype=np.int64),
        np.array([wanted[category] for category in sorted(wanted)], dtype=np.float64),
    )


def _notes(attribute: str, margin: Mapping[str, float], answered: Mapping[str, float]) -> Iterator[Note]:
    for category in sorted({*margin, *answered}):
        people, population = int(answered[category]), margin.get(category, 0.0)
        if people == 0 and population > 0:
            yield Note(EMPTY, attribute, category, people, population)
        elif category == "":
            yield Note(UNSTATED, attribute, category, people, population)
        elif people and population == 0:
            yield Note(UNKNOWN, attribute, category, people, population)
        elif 0 < people < FEW:
            yield Note(TINY, attribute, category, people, population)


def _bounded(people: Floats, targets: Sequence[_Target], largest: float) -> tuple[Floats, int, float]:
    """Weights, the cycles of fitting and trimming, and the share of people who were trimmed in the last one."""
    weights = _fitted(np.ones_like(people), people, targets)
    cut = np.zeros(len(people), dtype=np.bool_)
    for cycle in range(1, CYCLES + 1):
        over = weights > largest * (1 + FITS)
        if not over.any():
            return weights, cycle, float(people[cut].sum() / people.sum())
        cut |= over
        trimmed = _mean_one(np.minimum(weights, largest), people)
        if cycle < CYCLES:
            weights = _fitted(trimmed, people, targets)
    return _held(weights, people, largest), CYCLES, float(people[cut].sum() / people.sum())


def _held(weights: Floats, people: Floats, largest: float) -> Floats:
    """Cut to the bound, what is cut given to the others, so that the mean stays 1."""
    while (weights > largest * (1 + FITS)).any():
        weights = np.minimum(weights, largest)
        free = weights < largest
        short = people.sum() - float(people @ weights)
        weights = np.where(free, weights * (1 + short / float(people[free] @ weights[free])), weights)
    return weights


def _fitted(weights: Floats, people: Floats, targets: Sequence[_Target]) -> Floats:
    masses = weights * people
    last = np.inf
    for _ in range(ROUNDS):
        for places, wanted in targets:
            masses = masses * (wanted / np.bincount(places, masses, len(wanted)))[places]
        gap = _gap(masses, targets)
        if gap <= FITS or abs(last - gap) < FITS / 100:
            break
        last = gap
    return _mean_one(masses / people, people)


def _gap(masses: Floats, targets: Sequence[_Target]) -> float:
    return max(
        (float(np.abs(np.bincount(t.places, masses, len(t.wanted)) / t.wanted - 1).max()) for t in targets), default=0.0
    )


def _mean_one(weights: Floats, people: Floats) -> Floats:
    return np.asarray(weights * (people.sum() / float(people @ weights)))
