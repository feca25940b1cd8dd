"""A rush of submissions through the gateway, kept up whatever is killed meanwhile, and the check that all count."""

import asyncio
import base64
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import kombu
import psycopg

from deploy.local.process import wait_until
from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc import scoring, surveys
from schemas.rpc.base import ById
from schemas.topology import EVENT_QUEUES, dead_letter_queue
from tests.support.questionnaires import definition, framework
from tests.support.system import Council, StartedSystem

SUBMIT = """
mutation Submit($input: SubmitResponseInput!) {
  submitResponse(input: $input) {
    __typename
    ... on ResponsePayload { receipt { responseId repeated } }
    ... on MutationError { message }
  }
}
"""
UNIT = 10**12


@dataclass
class Rush:
    """One council's questionnaire and framework, and the answers that were accepted."""

    system: StartedSystem
    council: Council
    questionnaire_id: UUID = field(default_factory=new_id)
    framework_id: UUID = field(default_factory=new_id)
    accepted: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    """Response id → (idempotency key, answer, area)."""

    def prepare(self) -> None:
        """Publish a questionnaire and make a framework for it live."""
        officer = Actor(new_id(), (Role.OFFICER,))
        with self.system.calls() as calls:

            def call(method: Any, request: Any) -> Any:
                return calls.call(method, request, self.council.id, officer)

            draft = call(surveys.create_questionnaire, surveys.CreateQuestionnaire("rush", definition()))
            self.questionnaire_id = draft.id
            call(surveys.publish_questionnaire, ById(draft.id))
            assert wait_until(self._scored, 30)
            created = call(scoring.create_framework, scoring.CreateFramework("rush", framework(draft.id)))
            self.framework_id = created.id
            call(scoring.activate_framework, ById(created.id))

    def _scored(self) -> bool:
        return bool(self._rows("SELECT count(*) FROM questionnaires")[0][0])

    def _rows(self, query: str) -> list[Any]:
        url = self.system.provisioned.database_url("scoring")
        with psycopg.connect(url, options="-c search_path=scoring") as connection:
            connection.execute("SELECT set_config('app.tenant', %s, true)", (str(self.council.id),))
            return connection.execute(query).fetchall()

    async def submit(self, count: int, at_once: int = 16) -> None:
        """Send `count` responses; each is sent again, under its key, until it is accepted."""
        questionnaire = base64.b64encode(f"Questionnaire:{self.questionnaire_id}".encode()).decode()
        places = asyncio.Semaphore(at_once)
        async with self.system.http(self.council) as client:

            async def one(number: int) -> None:
                answer, area = number % 11, self.council.areas[number % len(self.council.areas)]
                key = f"rush-{self.council.id}-{number}"
                variables = {
                    "input": {
                        "questionnaireId": questionnaire,
                        "idempotencyKey": key,
                        "answers": [{"item": "speak", "number": answer}],
                        "consent": {"version": "1", "purposes": ["service_improvement"]},
                        "area": area,
                        "groups": [],
                    }
                }
                async with places:
                    for _ in range(200):
                        if await self._send(client, variables, (key, answer, area)):
                            return
                        await asyncio.sleep(random.uniform(0.1, 0.4))
                    raise AssertionError("not accepted after 200 tries")

            await asyncio.gather(*(one(n) for n in range(count)))

    async def _send(self, client: Any, variables: dict[str, Any], sent: tuple[str, int, str]) -> bool:
        try:
            answered = await client.post("/graphql", json={"query": SUBMIT, "variables": variables})
        except httpx.TransportError:
            return False
        said = answered.json()
        if "errors" in said:
            # the gateway hears of a council that was made this second within a second
            assert said["errors"][0]["extensions"]["code"] in ("UNAVAILABLE", "TENANT_UNKNOWN"), said
            return False
        result = said["data"]["submitResponse"]
        if result["__typename"] == "UnavailableError":
            return False
        assert result["__typename"] == "ResponsePayload", result
        self.accepted[result["receipt"]["responseId"]] = sent
        return True

    def settled(self) -> bool:
        """Whether scoring has as many responses as were accepted."""
        return bool(self._rows("SELECT count(*) FROM responses")[0][0] >= len(self.accepted))

    def check(self, count: int) -> None:
        """None lost, none counted twice, no dead letters, and the sums are those of the accepted answers."""
        assert len(self.accepted) == count
        assert len({key for key, _, _ in self.accepted.values()}) == count
        assert wait_until(self.settled, 60)
        assert self._rows("SELECT count(*) FROM responses") == [(count,)]
        expected_n: Counter[str] = Counter()
        expected_total: Counter[str] = Counter()
        for _, answer, area in self.accepted.values():
            expected_n[area] += 1
            expected_total[area] += answer * 10 * UNIT
        for measure in ("voice", "index"):
            rows = self._rows(f"SELECT area, n, total FROM cells WHERE measure = '{measure}' AND attribute = ''")
            assert {area: (n, int(total)) for area, n, total in rows} == {
                area: (expected_n[area], expected_total[area]) for area in expected_n
            }
        assert dead_letters(self.system) == {}


def dead_letters(system: StartedSystem) -> dict[str, int]:
    """How many messages lie in each dead-letter queue that has any."""
    found = {}
    with kombu.Connection(system.provisioned.amqp_url("operator")) as connection:
        channel = connection.channel()
        for queue in EVENT_QUEUES:
            waiting = channel.queue_declare(dead_letter_queue(queue), passive=True).message_count
            if waiting:
                found[dead_letter_queue(queue)] = waiting
    return found
