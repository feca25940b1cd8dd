"""A new framework version over all that is stored: how long, in how much memory, and what one more response costs.

The stored responses are written straight into the scoring service's table: sending a million would take an hour, and
what is measured reads them from there. They are not in the running sums of the first version, which so counts only
what is sent while something is timed.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import msgspec
import psycopg

from bench import survey
from bench.house import PATIENCE, House
from bench.results import Row, alone, within
from bench.sizes import Sizes
from bench.submitting import submit
from deploy.local.process import wait_until
from schemas.rpc import scoring
from schemas.rpc.base import ByIds
from tests.support.running import Service

FLAT = 1.5
"""One more response after very many may cost this many times what it costs after a few."""
MEMORY = 1024.0
"""Megabytes that the service may take at most."""
LONG = 1_800.0
"""Seconds that a run may take before something is wrong with it."""
_FILL = """
    INSERT INTO scoring.responses (tenant_id, response_id, response_version, questionnaire_id, questionnaire_version,
        person_id, area, groups, "values", submitted_at, wave, mode, vouched)
    SELECT %(tenant)s, gen_random_uuid(), 1, %(questionnaire)s, 1, NULL, 'E0500' || lpad((n %% 12)::text, 4, '0'),
        jsonb_build_object('age_band', (ARRAY['16-39', '40-64', '65+'])[1 + n %% 3]),
        jsonb_build_object('speak', n %% 11, 'join', n %% 7, 'help', n %% 5, 'vote', n %% 3),
        now(), '', 'import', true
    FROM generate_series(1, %(count)s) AS n
"""


@dataclass
class Counting:
    """One council, how many responses the first version counts, and how many are stored."""

    house: House
    asking: survey.Survey
    sent: int = 0
    stored: int = 0
    times: list[float] = field(default_factory=list)

    def counted(self, version: int) -> int:
        """How many responses a version's sums count."""
        with psycopg.connect(self.house.admin_url) as connection:
            row = connection.execute(
                "SELECT coalesce(sum(n), 0)::bigint FROM scoring.cells WHERE tenant_id = %s AND framework_id = %s "
                "AND version = %s AND measure = 'index' AND attribute = ''",
                (self.asking.council.id, self.asking.framework, version),
            ).fetchone()
        return int(row[0]) if row else 0

    def store(self, count: int) -> None:
        """Store responses until there are `count`."""
        with psycopg.connect(self.house.admin_url, autocommit=True) as connection:
            ids = {"tenant": self.asking.council.id, "questionnaire": self.asking.questionnaire}
            connection.execute(_FILL, ids | {"count": count - self.stored})
            connection.execute("ANALYZE scoring.responses")
        self.stored = count

    def one_more(self, responses: int, rounds: int) -> float:
        """Milliseconds a response, sent and scored by the first version: the median of some rounds."""
        costs = []
        for number in range(rounds):
            started = time.perf_counter()
            for answers in survey.made_up(responses, seed=number):
                submit(self.house.calls, self.asking, answers)
            self.sent += responses
            self.stored += responses
            if not wait_until(lambda: self.counted(1) >= self.sent, PATIENCE, pause=0.01):
                raise TimeoutError("the responses were not scored in time")
            costs.append((time.perf_counter() - started) * 1000 / responses)
        return median(costs)


def measure(house: House, sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Fill, time one more response, make a new version, watch it."""
    counting = Counting(house, survey.opened(house.system, house.calls))
    costs = {}
    for stored in (sizes.framework_few, sizes.framework_stored):
        say(f"framework: storing {stored:,} responses")
        counting.store(stored)
        costs[stored] = counting.one_more(sizes.growth_responses, sizes.growth_rounds)
    say(f"framework: counting {counting.stored:,} responses by a new version")
    few, many = costs.values()
    yield alone("framework", f"one more response, {sizes.framework_few:,} stored", few, "ms")
    yield within("framework", f"one more response, {sizes.framework_stored:,} stored", many, "ms", FLAT * few, few)
    yield from _run(counting, sizes)


def _run(counting: Counting, sizes: Sizes) -> Iterator[Row]:
    house, council, framework = counting.house, counting.asking.council.id, counting.asking.framework
    [found] = house.calls.call(scoring.frameworks, ByIds((framework,)), council).items
    heavier = msgspec.structs.replace(found.definition, title="Capacity, counted anew")
    house.calls.call(scoring.revise_framework, scoring.ReviseFramework(framework, heavier), council)
    started = time.perf_counter()
    run = house.calls.call(scoring.start_run, scoring.StartRun("framework", framework), council)
    seen = {run.done}
    meanwhile = counting.one_more(sizes.growth_responses, 1) if run.status == "running" else None

    def over() -> bool:
        asked = time.perf_counter()
        [now] = house.calls.call(scoring.runs, ByIds((run.id,)), council).items
        counting.times.append((time.perf_counter() - asked) * 1000)
        seen.add(now.done)
        return now.status != "running"

    if not wait_until(over, LONG, pause=0.25):
        raise TimeoutError("the run took too long")
    seconds = time.perf_counter() - started
    [ended] = house.calls.call(scoring.runs, ByIds((run.id,)), council).items
    # those that came while it ran and lay behind it went into the sums by themselves
    if ended.status != "done" or counting.counted(2) != counting.stored:
        raise AssertionError(f"{ended}: the new version counts {counting.counted(2)} of {counting.stored} responses")
    yield alone(
        "framework", f"responses counted by a new version, of {counting.stored:,}", ended.done / seconds, "responses/s"
    )
    yield alone("framework", "asking how far it is, p50", median(counting.times), "ms")
    yield alone("framework", "steps of progress that were seen", len(seen), "steps")
    if meanwhile is not None:
        yield alone("framework", "one more response while a version is counted", meanwhile, "ms")
    memory = _peak_memory(house.system.services["scoring"])
    yield within("framework", f"peak memory of the scoring service, {counting.stored:,} stored", memory, "MB", MEMORY)


def _peak_memory(service: Service) -> float:
    """The most that the process ever held resident, in megabytes."""
    identity = service.running.identity
    if identity is None:
        raise AssertionError("the service is gone")
    lines = Path(f"/proc/{identity.pid}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
