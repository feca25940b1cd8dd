"""Responses on their way into the product: by remote call, as an import and one by one, and by GraphQL."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec
from strawberry.relay import to_base64

from bench import load
from bench.survey import CONSENT, Answers, Survey
from deploy.importing.run import BATCH
from deploy.operate.calls import ANYBODY, Calls
from schemas.ids import new_id
from schemas.roles import Role
from schemas.rpc import surveys
from tests.support.system import StartedSystem

MUTATION = (
    "mutation Submit($input: SubmitResponseInput!) { submitResponse(input: $input) "
    "{ __typename ... on ResponsePayload { receipt { responseId } } ... on MutationError { message } } }"
)
TAKEN = b'"__typename":"ResponsePayload"'


def import_requests(survey: Survey, answers: Sequence[Answers]) -> list[surveys.ImportResponses]:
    """A file of responses in the batches that `civic import` sends."""
    import_id = new_id()
    rows = [
        surveys.ImportRow(number, dict(a.values), a.area, {"age_band": a.age}) for number, a in enumerate(answers, 1)
    ]
    pieces = [tuple(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH)]
    return [surveys.ImportResponses(import_id, survey.questionnaire, CONSENT, piece, piece[-1].row) for piece in pieces]


def send_import(calls: Calls, survey: Survey, request: surveys.ImportResponses) -> None:
    """Send one batch; every row of it must be taken."""
    taken = calls.call(surveys.import_responses, request, survey.council.id).accepted
    if taken != len(request.rows):
        raise AssertionError(f"{taken} of {len(request.rows)} rows were taken")


def submit(calls: Calls, survey: Survey, answers: Answers) -> None:
    """Submit one response by remote call, as the gateway would for somebody who is not signed in."""
    request = surveys.SubmitResponse(
        questionnaire_id=survey.questionnaire,
        idempotency_key=new_id().hex,
        answers=dict(answers.values),
        consent=CONSENT,
        area=answers.area,
        groups={"age_band": answers.age},
        anonymous=True,
    )
    calls.call(surveys.submit_response, request, survey.council.id, ANYBODY)


def http_requests(
    system: StartedSystem, survey: Survey, answers: Sequence[Answers], *, signed_in: bool
) -> Iterator[bytes]:
    """Submissions over HTTP, each by a person of its own, who is signed in or not."""
    for one in answers:
        token = system.token(survey.council, Role.RESIDENT, person=new_id()) if signed_in else None
        yield http_request(system, survey, one, token)


def http_request(system: StartedSystem, survey: Survey, answers: Answers, token: str | None) -> bytes:
    """One submission as it goes over the wire."""
    body = msgspec.json.encode({"query": MUTATION, "variables": {"input": _input(survey.questionnaire, answers)}})
    return load.request(system.url, body, system.headers(survey.council, token))


def _input(questionnaire: UUID, answers: Answers) -> dict[str, object]:
    return {
        "questionnaireId": to_base64("Questionnaire", questionnaire),
        "idempotencyKey": new_id().hex,
        "answers": [{"item": item, "number": value} for item, value in answers.values.items()],
        "consent": {"version": CONSENT.version, "purposes": list(CONSENT.purposes)},
        "area": answers.area,
        "groups": [{"attribute": "age_band", "category": answers.age}],
    }
