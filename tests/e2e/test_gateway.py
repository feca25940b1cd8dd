"""The gateway over the real services: asking, changing, watching, and being refused."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

from schemas.ids import new_id
from schemas.roles import Role
from tests.support.asking import CREATE, DEFINITION, MY_SCORES, PUBLISH, WATCH, Asker, scores, submit, survey
from tests.support.system import Council, StartedSystem

pytestmark = pytest.mark.e2e


async def test_one_answer_through_the_whole_house(
    system: StartedSystem, council: Council, other_council: Council
) -> None:
    questionnaire, framework = await survey(system, council)
    anna = Asker(system, council, Role.RESIDENT)
    key = new_id().hex
    receipt = await submit(anna, questionnaire, idempotencyKey=key)
    assert receipt["__typename"] == "ResponsePayload", receipt
    again = await submit(anna, questionnaire, idempotencyKey=key)
    assert again["receipt"] == {**receipt["receipt"], "repeated": True}
    (found,) = await scores(anna)
    assert found["responseId"] == receipt["receipt"]["responseId"]
    assert {s["measure"]: s["score"] for s in found["scores"]} == {"skills": 85.0, "index": 85.0}
    assert found["framework"] == {"slug": "capacity", "questionnaire": {"slug": "taking-part"}}
    mine = await anna.get(
        "{ myResponses { edges { node { id answers { item number choice } area } } pageInfo { hasNextPage } } }"
    )
    (edge,) = mine["myResponses"]["edges"]
    assert edge["node"]["id"] == receipt["receipt"]["responseId"]
    assert edge["node"]["area"] == council.areas[0]
    # one person is never a figure
    figures = "query($f: ID!) { figures(frameworkId: $f) { edges { node { area suppressed n score } } } }"
    shown = (await Asker(system, council).get(figures, f=framework))["figures"]["edges"]
    assert all(e["node"]["suppressed"] and e["node"]["n"] is None and e["node"]["score"] is None for e in shown)
    # and the other council sees none of it
    stranger = Asker(system, other_council, Role.ADMIN, person=anna.person)
    assert await stranger.get(MY_SCORES) == {"myScores": []}
    node = "query($i: ID!) { node(id: $i) { id } }"
    assert await anna.get(node, i=questionnaire) == {"node": {"id": questionnaire}}
    assert (await stranger.ask(node, i=questionnaire))["data"] == {"node": None}
    assert (await stranger.get(PUBLISH, i={"id": questionnaire}))["publishQuestionnaire"][
        "__typename"
    ] == "NotFoundError"


async def test_what_is_wrong_with_an_answer_is_said_by_field(system: StartedSystem, council: Council) -> None:
    questionnaire, _ = await survey(system, council)
    anna = Asker(system, council, Role.RESIDENT)
    said = await submit(anna, questionnaire, answers=[{"item": "speak", "number": 11}])
    assert said["__typename"] == "InvalidError"
    assert [p["path"] for p in said["problems"]] == [["answers", "speak"]]
    twice = [{"item": "speak", "number": 1, "text": "one"}]
    assert (await submit(anna, questionnaire, answers=twice))["__typename"] == "InvalidError"
    short = await submit(anna, questionnaire, idempotencyKey="short")
    assert short["__typename"] == "InvalidError"


async def test_without_a_token_only_public_things(system: StartedSystem, council: Council) -> None:
    questionnaire, _ = await survey(system, council)
    nobody = Asker(system, council)
    assert (await submit(nobody, questionnaire))["__typename"] == "ResponsePayload"
    found = await nobody.get("{ questionnaires { edges { node { slug } } } council { slug areas { code } } }")
    assert found["questionnaires"]["edges"] == [{"node": {"slug": "taking-part"}}]
    assert [a["code"] for a in found["council"]["areas"]] == list(council.areas)
    for refused in ("{ me { roles } }", "{ myResponses { edges { cursor } } }", "{ inbox { unread } }", MY_SCORES):
        (error,) = (await nobody.ask(refused))["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
    (error,) = (await nobody.ask(CREATE, i={"slug": "mine", "definition": DEFINITION}))["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_resident_may_not_do_an_officers_work(system: StartedSystem, council: Council) -> None:
    anna = Asker(system, council, Role.RESIDENT)
    said = (await anna.get(CREATE, i={"slug": "mine", "definition": DEFINITION}))["createQuestionnaire"]
    assert said["__typename"] == "ForbiddenError"


async def test_tokens_are_for_one_council(system: StartedSystem, council: Council, other_council: Council) -> None:
    token = system.token(council, Role.RESIDENT)
    async with system.http(other_council, token) as client:
        said = (await client.post("/graphql", json={"query": "{ me { roles } }"})).json()
    assert said["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    async with system.http(council, "not.a.token") as client:
        answer = await client.post("/graphql", json={"query": "{ me { roles } }"})
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    async with httpx.AsyncClient() as client:
        said = (await client.post(system.url, json={"query": "{ council { name } }"})).json()
    assert said["errors"][0]["extensions"]["code"] == "TENANT_UNKNOWN"


async def until_heard(who: Asker, questionnaire: str, heard: "asyncio.Task[Any]") -> dict[str, Any]:
    """Answer again and again until the watcher, who says nothing when it is ready, has heard one."""
    sent: dict[str, Any] = {}
    for _ in range(60):
        said = await submit(who, questionnaire)
        sent[said["receipt"]["responseId"]] = said
        await asyncio.wait({heard}, timeout=0.5)
        if heard.done():
            break
    return sent


async def test_scores_are_watched_over_a_websocket(system: StartedSystem, council: Council) -> None:
    questionnaire, _ = await survey(system, council)
    anna, ben = Asker(system, council, Role.RESIDENT), Asker(system, council, Role.RESIDENT)

    async def first(who: Asker) -> Any:
        transport = WebsocketsTransport(url=system.live_url, init_payload=dict(who.headers))
        async with Client(transport=transport) as session:
            async for update in session.subscribe(gql(WATCH)):
                return update["myScores"]
        return None

    hearing, deaf = asyncio.create_task(first(anna)), asyncio.create_task(first(ben))
    sent = await until_heard(anna, questionnaire, hearing)
    heard = await hearing
    assert heard["responseId"] in sent
    assert {s["measure"]: s["score"] for s in heard["scores"]} == {"skills": 85.0, "index": 85.0}
    assert not deaf.done()
    deaf.cancel()
    await asyncio.gather(deaf, return_exceptions=True)


async def events(answer: httpx.Response) -> AsyncIterator[Any]:
    async for line in answer.aiter_lines():
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))


async def test_scores_are_watched_over_sse(system: StartedSystem, council: Council) -> None:
    questionnaire, _ = await survey(system, council)
    anna = Asker(system, council, Role.RESIDENT)

    async def first() -> Any:
        headers = {**anna.headers, "accept": "text/event-stream"}
        async with (
            httpx.AsyncClient(timeout=30) as client,
            client.stream("POST", system.url, json={"query": WATCH}, headers=headers) as answer,
        ):
            assert answer.headers["content-type"].startswith("text/event-stream")
            async for said in events(answer):
                return said["data"]["myScores"]
        return None

    hearing = asyncio.create_task(first())
    sent = await until_heard(anna, questionnaire, hearing)
    assert (await hearing)["responseId"] in sent


async def test_watching_ends_with_the_token(system: StartedSystem, council: Council) -> None:
    token = system.token(council, Role.RESIDENT, hours=3 / 3600)
    headers = {**system.headers(council, token), "accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(timeout=30) as client,
        client.stream("POST", system.url, json={"query": WATCH}, headers=headers) as answer,
    ):
        said = [event async for event in events(answer)]
    assert said[-1]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_figures_are_watched_by_anybody(system: StartedSystem, council: Council) -> None:
    questionnaire, framework = await survey(system, council)
    nobody = Asker(system, council)
    watch = "subscription($f: ID!, $a: [String!]) { figures(frameworkId: $f, areas: $a) { area suppressed n score } }"
    here, elsewhere = council.areas[:2]

    async def until_shown() -> Any:
        headers = {**nobody.headers, "accept": "text/event-stream"}
        asked = {"query": watch, "variables": {"f": framework, "a": [here]}}
        async with (
            httpx.AsyncClient(timeout=60) as client,
            client.stream("POST", system.url, json=asked, headers=headers) as answer,
        ):
            async for said in events(answer):
                shown = [f for f in said["data"]["figures"] if not f["suppressed"]]
                if shown:
                    return shown, said["data"]["figures"]
        return None

    watching = asyncio.create_task(until_shown())
    for _ in range(20):
        for _ in range(10):
            somebody = Asker(system, council, Role.RESIDENT)
            assert (await submit(somebody, questionnaire))["__typename"] == "ResponsePayload"
        await asyncio.wait({watching}, timeout=1)
        if watching.done():
            break
    shown, figures = await asyncio.wait_for(watching, 30)
    assert {f["area"] for f in figures} <= {here, None}
    assert elsewhere not in {f["area"] for f in figures}
    assert all(f["n"] >= 10 and f["score"] == 85.0 for f in shown)


async def test_following_a_survey_fills_the_inbox(system: StartedSystem, council: Council) -> None:
    anna = Asker(system, council, Role.RESIDENT)
    follow = """mutation { follow(input: {subject: SURVEY}) {
      __typename ... on FollowPayload { following { id subject key } } ... on MutationError { message } } }"""
    followed = (await anna.get(follow))["follow"]
    assert followed["__typename"] == "FollowPayload", followed
    questionnaire, _ = await survey(system, council)
    inbox = "{ inbox { unread edges { node { id about readAt } } } }"
    for _ in range(100):
        found = (await anna.get(inbox))["inbox"]
        if found["unread"]:
            break
        await asyncio.sleep(0.1)
    assert found["unread"] == 1
    (edge,) = found["edges"]
    assert edge["node"]["about"] == questionnaire
    read = "mutation($i: [ID!]!) { markRead(input: {ids: $i}) { ... on MarkReadPayload { unread } } }"
    assert await anna.get(read, i=[edge["node"]["id"]]) == {"markRead": {"unread": 0}}


async def test_a_service_that_is_away_leaves_the_rest_of_the_answer(system: StartedSystem, council: Council) -> None:
    anna = Asker(system, council, Role.RESIDENT)
    both = "{ council { slug } inbox { unread } }"
    system.services["notifications"].running.stop()
    try:
        said = await anna.ask("query { council { slug } preferences: me { council { slug } } }")
        assert "errors" not in said
        started = asyncio.get_running_loop().time()
        said = await anna.ask(both)
        assert asyncio.get_running_loop().time() - started < 7
        assert said["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert said["data"] == {"council": {"slug": council.slug}, "inbox": None}
    finally:
        system.services["notifications"].running.start()
        system.services["notifications"].wait()
    assert (await anna.get(both))["inbox"] == {"unread": 0}
