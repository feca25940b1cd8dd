"""Responses a second, from the first one sent until the sums count the last one."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from bench import load, survey
from bench.bare import batched, singly
from bench.bare.work import Queue, Task
from bench.house import House
from bench.results import Row, against, alone
from bench.sizes import Sizes
from bench.submitting import TAKEN, http_requests, import_requests, send_import
from deploy.operate.calls import Calls

UNIT = "responses/s"
IN_FLIGHT = 2
CONNECTIONS = 32


def measure(house: House, sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """The references and the product by turns; the median of the rounds counts."""
    found: dict[str, list[float]] = {}
    single, many = survey.made_up(sizes.singly), survey.made_up(sizes.in_batches)
    ways: dict[str, Callable[[], float]] = {
        "R0": lambda: singly.measure(Task(house.bare_url, house.bare_amqp_url, Queue("operator.r0"), single)),
        "GraphQL, not signed in": lambda: by_graphql(house, single, signed_in=False),
        "GraphQL, signed in": lambda: by_graphql(house, single, signed_in=True),
        "R1": lambda: batched.measure(Task(house.bare_url, house.bare_amqp_url, Queue("operator.r1"), many)),
        "import": lambda: by_import(house, many),
    }
    for number in range(sizes.rounds):
        for name, way in ways.items():
            say(f"ingest, round {number + 1} of {sizes.rounds}: {name}")
            found.setdefault(name, []).append(way())
    rate = {name: median(rates) for name, rates in found.items()}
    yield alone("ingest", "R0: bare loops, confirm and transaction each", rate["R0"], UNIT)
    yield alone("ingest", "R1: bare loops, batches of 200", rate["R1"], UNIT)
    yield against("ingest", "import, against R0", rate["import"], UNIT, rate["R0"], at_least=5)
    yield against("ingest", "import, against R1", rate["import"], UNIT, rate["R1"], at_least=1)
    for name in ("GraphQL, not signed in", "GraphQL, signed in"):
        yield against("ingest", f"{name}, against R0", rate[name], UNIT, rate["R0"], at_least=1)


def by_import(house: House, answers: list[survey.Answers]) -> float:
    """Through the call that `civic import` makes, two batches under way at a time."""
    asking = survey.opened(house.system, house.calls)
    requests = import_requests(asking, answers)
    started = time.perf_counter()

    def lane(first: int) -> None:
        with Calls(house.system.provisioned.amqp_url("operator")) as calls:
            for request in requests[first::IN_FLIGHT]:
                send_import(calls, asking, request)

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(lane, range(IN_FLIGHT)))
    return len(answers) / (house.wait_until_scored(len(answers), asking.council.id) - started)


def by_graphql(house: House, answers: list[survey.Answers], *, signed_in: bool) -> float:
    """Through `submitResponse` over HTTP."""
    asking = survey.opened(house.system, house.calls)
    requests = list(http_requests(house.system, asking, answers, signed_in=signed_in))
    started = time.perf_counter()
    outcome = load.drive(house.system.url, iter(requests), TAKEN, connections=CONNECTIONS)
    if outcome.wrong:
        raise AssertionError(f"{len(outcome.wrong)} submissions were refused, such as {outcome.wrong[0]!r}")
    return len(answers) / (house.wait_until_scored(len(answers), asking.council.id) - started)
