"""A new framework version is counted over tens of thousands of responses while answers come in and the service dies."""

import asyncio
from typing import Any

import pytest

from deploy.local.process import wait_until
from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc import scoring
from schemas.rpc.base import ByIds
from tests.support.questionnaires import framework
from tests.support.rows import connected
from tests.support.rush import Rush
from tests.support.system import StartedSystem

pytestmark = [pytest.mark.chaos, pytest.mark.e2e, pytest.mark.slow]
STORED, SENT = 30_000, 100
OFFICER = Actor(new_id(), (Role.OFFICER,))
FILL = """
    INSERT INTO responses (tenant_id, response_id, response_version, questionnaire_id, questionnaire_version, person_id,
        area, groups, "values", submitted_at, wave, mode, vouched)
    SELECT %s, gen_random_uuid(), 1, %s, 1, NULL, (%s::text[])[1 + n %% 3], '{}',
        jsonb_build_object('speak', n %% 11), now(), '', 'import', true
    FROM generate_series(1, %s) AS n
"""
COUNTED = "SELECT area, n, total FROM cells WHERE version = 2 AND measure = 'voice' AND attribute = '' ORDER BY area"
# one item of a range of 0 to 10: its score is ten times the answer, in units of 10^-12
EXPECTED = """
    SELECT area, count(*), sum(("values" ->> 'speak')::numeric * 10 * 10::numeric ^ 12)
    FROM responses WHERE questionnaire_id = %s GROUP BY area ORDER BY area
"""


def test_the_service_is_killed_while_it_counts(system: StartedSystem) -> None:
    council = system.council()
    rush = Rush(system, council)
    rush.prepare()
    with connected(system.provisioned, "scoring", council.id) as connection:
        connection.execute(FILL, (council.id, rush.questionnaire_id, list(council.areas), STORED))
        connection.commit()
    service = system.services["scoring"]
    with system.calls() as calls:

        def call(method: Any, request: Any) -> Any:
            return calls.call(method, request, council.id, OFFICER)

        def now() -> scoring.Run:
            found: scoring.Run = call(scoring.runs, ByIds((run.id,))).items[0]
            return found

        revised = scoring.ReviseFramework(rush.framework_id, framework(rush.questionnaire_id))
        call(scoring.revise_framework, revised)
        run: scoring.Run = call(scoring.start_run, scoring.StartRun("framework", rush.framework_id))
        assert (run.status, run.done, run.total) == ("running", 5_000, STORED)
        assert wait_until(lambda: now().done > run.done, 120)
        service.running.kill()
        service.running.start()
        service.wait()
        asyncio.run(rush.submit(SENT))
        assert wait_until(lambda: now().status != "running", 240, pause=0.2)
        assert now().status == "done"

    def all_in() -> bool:
        with connected(system.provisioned, "scoring", council.id) as connection:
            counted: int = sum(n for _, n, _ in connection.execute(COUNTED))
            return counted >= STORED + SENT

    assert wait_until(all_in, 120, pause=0.2)
    with connected(system.provisioned, "scoring", council.id) as connection:
        found = connection.execute(COUNTED).fetchall()
        assert found == connection.execute(EXPECTED, (rush.questionnaire_id,)).fetchall()
