"""What one more response costs, sent and scored, when much is stored already and when many councils share the house."""

import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from bench import survey
from bench.house import House
from bench.results import Row, alone
from bench.sizes import Sizes
from bench.submitting import import_requests, send_import, submit

UNIT = "ms"
FLAT = 1.5
"""The dearest may cost this many times the cheapest: noise is allowed for, growth is not."""


def measure(house: House, sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """First one council with ever more responses, then ever more councils."""
    asking = survey.opened(house.system, house.calls)
    costs: list[float] = []
    have = 0
    for stored in sizes.stored:
        say(f"growth: filling up to {stored:,} responses")
        have = _fill(house, asking, have, stored)
        say(f"growth: one more response after {stored:,}")
        costs.append(_cost(house, [asking], [have], sizes))
        have += sizes.growth_rounds * sizes.growth_responses
    yield from _rows(costs, [f"{stored:,} stored" for stored in sizes.stored])

    councils: list[survey.Survey] = []
    scored: list[int] = []
    costs = []
    for number in sizes.councils:
        say(f"growth: making {number} councils")
        new = [survey.opened(house.system, house.calls) for _ in range(number - len(councils))]
        scored += [_fill(house, one, 0, 20) for one in new]
        councils += new
        say(f"growth: one more response in {number} councils")
        costs.append(_cost(house, councils, scored, sizes))
    yield from _rows(costs, [f"{number} councils" if number > 1 else "1 council" for number in sizes.councils])


def _rows(costs: Sequence[float], after: Sequence[str]) -> Iterator[Row]:
    for cost, what in zip(costs[:-1], after[:-1], strict=True):
        yield alone("growth", f"one more response, {what}", cost, UNIT)
    most, least = max(costs), min(costs)
    yield Row(
        area="growth",
        what=f"one more response, {after[-1]}; dearest to cheapest",
        figure=round(costs[-1], 3),
        unit=UNIT,
        reference=round(least, 3),
        ratio=round(most / least, 3),
        goal=f"≤ {FLAT:g} ×",
        holds=most / least <= FLAT,
    )


def _fill(house: House, asking: survey.Survey, have: int, wanted: int) -> int:
    for request in import_requests(asking, survey.made_up(max(0, wanted - have), seed=have)):
        send_import(house.calls, asking, request)
    house.wait_until_scored(wanted, asking.council.id)
    return wanted


def _cost(house: House, councils: Sequence[survey.Survey], scored: list[int], sizes: Sizes) -> float:
    """Milliseconds a response, of rounds of single submissions to the councils by turns, until all are scored."""
    times = []
    ids = [asking.council.id for asking in councils]
    for number in range(sizes.growth_rounds):
        started = time.perf_counter()
        for place, answers in enumerate(survey.made_up(sizes.growth_responses, seed=number)):
            submit(house.calls, councils[place % len(councils)], answers)
            scored[place % len(councils)] += 1
        ended = house.wait_until_scored(sum(scored), *ids)
        times.append((ended - started) * 1000 / sizes.growth_responses)
    return median(times)
