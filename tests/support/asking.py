"""People who ask the gateway, and a survey for them to answer."""

import asyncio
from typing import Any
from uuid import UUID

import httpx

from schemas.ids import new_id
from schemas.roles import Role
from tests.support.system import Council, StartedSystem

DEFINITION = {
    "title": "Taking part",
    "sections": [
        {
            "code": "skills",
            "title": "Skills",
            "items": [
                {
                    "code": "speak",
                    "kind": "SCALE",
                    "text": "I can speak up",
                    "minimum": 0,
                    "maximum": 10,
                    "required": True,
                },
                {
                    "code": "help",
                    "kind": "SINGLE_CHOICE",
                    "text": "Do you help?",
                    "choices": [{"code": "yes", "label": "Yes", "score": 1}, {"code": "no", "label": "No", "score": 0}],
                },
            ],
        }
    ],
    "consent": {
        "version": "1",
        "text": "We use your answers to help.",
        "purposes": [{"code": "scores", "label": "To show scores"}],
        "required": ["scores"],
    },
    "attributes": [
        {
            "code": "age_band",
            "label": "Age",
            "categories": [{"code": "young", "label": "Young"}, {"code": "old", "label": "Old"}],
        }
    ],
    "areaLevel": "ward",
}
CREATE = """mutation($i: CreateQuestionnaireInput!) { createQuestionnaire(input: $i) {
  __typename ... on QuestionnairePayload { questionnaire { id status } }
  ... on InvalidError { message problems { path message } } ... on MutationError { message } } }"""
PUBLISH = """mutation($i: QuestionnaireIdInput!) { publishQuestionnaire(input: $i) {
  __typename ... on QuestionnairePayload { questionnaire { id status } } ... on MutationError { message } } }"""
CREATE_FRAMEWORK = """mutation($i: CreateFrameworkInput!) { createFramework(input: $i) {
  __typename ... on FrameworkPayload { framework { id } } ... on InvalidError { problems { path message } }
  ... on MutationError { message } } }"""
ACTIVATE = """mutation($i: ActivateFrameworkInput!) { activateFramework(input: $i) {
  __typename ... on FrameworkPayload { framework { id status } } ... on MutationError { message } } }"""
SUBMIT = """mutation($i: SubmitResponseInput!) { submitResponse(input: $i) {
  __typename ... on ResponsePayload { receipt { responseId repeated questionnaireId } }
  ... on InvalidError { message problems { path message } } ... on MutationError { message } } }"""
MY_SCORES = "{ myScores { responseId scores { measure score } framework { slug questionnaire { slug } } } }"
WATCH = "subscription { myScores { responseId scores { measure score } } }"


class Asker:
    """Someone who asks the gateway."""

    def __init__(self, system: StartedSystem, council: Council, *roles: Role, person: UUID | None = None) -> None:
        self.person = person or new_id()
        self.token = system.token(council, *roles, person=self.person) if roles else None
        self.system, self.council = system, council
        self.headers = system.headers(council, self.token)

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.post(
                self.system.url, json={"query": query, "variables": variables}, headers=self.headers
            )
        said: dict[str, Any] = answer.json()
        return said

    async def get(self, query: str, **variables: Any) -> Any:
        said = await self.ask(query, **variables)
        assert "errors" not in said, said
        return said["data"]


async def survey(system: StartedSystem, council: Council) -> tuple[str, str]:
    """A published questionnaire and a live framework that counts it."""
    officer = Asker(system, council, Role.OFFICER)
    made = (await officer.get(CREATE, i={"slug": "taking-part", "definition": DEFINITION}))["createQuestionnaire"]
    assert made["__typename"] == "QuestionnairePayload", made
    questionnaire = made["questionnaire"]["id"]
    published = (await officer.get(PUBLISH, i={"id": questionnaire}))["publishQuestionnaire"]
    assert published["questionnaire"]["status"] == "PUBLISHED", published
    indicator = {"code": "voice", "title": "Voice", "items": [{"code": "speak"}, {"code": "help"}]}
    framework = {
        "title": "Capacity",
        "questionnaireId": questionnaire,
        "domains": [{"code": "skills", "title": "Skills", "indicators": [indicator]}],
    }
    return questionnaire, await live_framework(officer, framework)


async def live_framework(officer: Asker, framework: dict[str, Any]) -> str:
    """A framework that counts what is answered from now on; its id."""
    for _ in range(100):
        # the scoring service hears of the publication by the bus
        made = (await officer.get(CREATE_FRAMEWORK, i={"slug": "capacity", "definition": framework}))["createFramework"]
        if made["__typename"] == "FrameworkPayload":
            break
        await asyncio.sleep(0.1)
    assert made["__typename"] == "FrameworkPayload", made
    live = (await officer.get(ACTIVATE, i={"id": made["framework"]["id"]}))["activateFramework"]
    assert live["framework"]["status"] == "LIVE", live
    found: str = live["framework"]["id"]
    return found


def response(questionnaire: str, council: Council, **more: Any) -> dict[str, Any]:
    return {
        "questionnaireId": questionnaire,
        "idempotencyKey": new_id().hex,
        "answers": [{"item": "speak", "number": 7}, {"item": "help", "choice": "yes"}],
        "consent": {"version": "1", "purposes": ["scores"]},
        "area": council.areas[0],
        "groups": [{"attribute": "age_band", "category": "young"}],
        **more,
    }


async def submit(who: Asker, questionnaire: str, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = (await who.get(SUBMIT, i=response(questionnaire, who.council, **more)))["submitResponse"]
    return said


async def scores(who: Asker) -> Any:
    for _ in range(200):
        found = (await who.get(MY_SCORES))["myScores"]
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("no scores came")
