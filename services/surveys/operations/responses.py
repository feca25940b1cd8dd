"""Taking responses, correcting and withdrawing them."""

import hashlib
from functools import partial
from uuid import UUID

import msgspec

from schemas.errors import Conflict, Forbidden, NotFound
from schemas.events.surveys import ResponseSubmitted, ResponseWithdrawn
from schemas.ids import new_id, now
from schemas.rpc.base import ById, PageRequest
from schemas.rpc.surveys import Consent, CorrectResponse, Receipt, Response, ResponseList, SubmitResponse
from services.chassis import tenancy
from services.chassis.councils import is_area
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.operations.forms import consent, form, open_form, refuse


def submit_response(database: Database, request: SubmitResponse) -> Receipt:
    """Check the answers, store them and tell it, all or nothing.

    Raises NotFound and Conflict (`open_form`), Invalid with every fault at once, Conflict for a key that was used for
    something else.
    """
    person = None if request.anonymous else tenancy.actor().person
    # also of who sent it: a stranger who guesses a key must not be handed somebody's receipt
    digest = hashlib.sha256(msgspec.json.encode((request, tenancy.actor().person))).digest()
    with database.unit_of_work() as work:
        version, parsed = open_form(work, request.questionnaire_id, request.version)
        given = model.Submission(request.answers, request.groups, request.area, consent(request.consent))
        answers, faults = model.check(parsed, given, partial(is_area, work, parsed.area_level))
        refuse(faults)
        moment = now()
        row = {
            "tenant_id": work.tenant,
            "id": new_id(),
            "questionnaire_id": request.questionnaire_id,
            "questionnaire_version": version,
            "response_version": 1,
            "person_id": person,
            "idempotency_key": request.idempotency_key,
            "request_digest": digest,
            "area": request.area,
            "groups": request.groups,
            "answers": answers,
            "consent": msgspec.to_builtins(request.consent),
            "mode": "online",
            "submitted_at": moment,
            "accepted_at": moment,
        }
        if not store.add_response(work.session, row):
            return _repeated(store.response_by_key(work.session, request.idempotency_key), digest)
        response = store.Response(**row)
        work.tell(response.id, submitted(response, model.values(parsed, answers)))
        return _receipt(response)


def correct_response(database: Database, request: CorrectResponse) -> Receipt:
    """Put new answers in the place of one's own old ones, while the questionnaire is open. Raises as `submit_response`."""
    with database.unit_of_work() as work:
        response = _own(work, request.response_id)
        if store.open_version(work.session, response.questionnaire_id) != response.questionnaire_version:
            raise Conflict("this questionnaire is closed; you can withdraw your answers, but not change them")
        parsed = form(work, response.questionnaire_id, response.questionnaire_version)
        agreed = consent(msgspec.convert(response.consent, Consent))
        given = model.Submission(request.answers, request.groups, request.area, agreed)
        answers, faults = model.check(parsed, given, partial(is_area, work, parsed.area_level))
        refuse(faults)
        response.answers, response.groups, response.area = answers, dict(request.groups), request.area
        response.response_version += 1
        work.tell(response.id, submitted(response, model.values(parsed, answers)))
        return _receipt(response)


def withdraw_response(database: Database, request: ById) -> Receipt:
    """Take one's own answers back, at any time; what was said is deleted at once. Raises NotFound."""
    with database.unit_of_work() as work:
        response = _own(work, request.id)
        response.status = "withdrawn"
        response.answers, response.groups, response.area, response.consent = {}, {}, None, {}
        response.response_version += 1
        work.tell(
            response.id,
            ResponseWithdrawn(
                response_id=response.id,
                response_version=response.response_version,
                questionnaire_id=response.questionnaire_id,
                person=response.person_id,
            ),
        )
        return _receipt(response)


def my_responses(database: Database, request: PageRequest) -> ResponseList:
    """The caller's own responses. Raises Forbidden for a caller who is no person."""
    person = _person()
    with database.unit_of_work() as work:
        found = store.own_responses(work.session, person, request.first + 1, request.after)
    return ResponseList(
        items=tuple(_response(r) for r in found[: request.first]), has_next=len(found) > request.first
    )


def submitted(response: store.Response, values: dict[str, float]) -> ResponseSubmitted:
    """The fact that a response was accepted or corrected: coded numbers only, nothing that was written in words."""
    return ResponseSubmitted(
        response_id=response.id,
        response_version=response.response_version,
        questionnaire_id=response.questionnaire_id,
        questionnaire_version=response.questionnaire_version,
        submitted_at=response.submitted_at,
        area=response.area,
        person=response.person_id,
        groups=response.groups,
        values=values,
    )


def _person() -> UUID:
    person = tenancy.actor().person
    if person is None:
        raise Forbidden("sign in first: this is about your own answers")
    return person


def _own(work: UnitOfWork, response_id: UUID) -> store.Response:
    response = store.lock_own_response(work.session, response_id, _person())
    if response is None or response.status == "withdrawn":
        raise NotFound("there is no such response of yours")
    return response


def _repeated(response: store.Response, digest: bytes) -> Receipt:
    if response.request_digest != digest:
        raise Conflict("this idempotency key was used for something else; make up a new one")
    return msgspec.structs.replace(_receipt(response), repeated=True)


def _receipt(response: store.Response) -> Receipt:
    return Receipt(
        response_id=response.id,
        response_version=response.response_version,
        questionnaire_id=response.questionnaire_id,
        questionnaire_version=response.questionnaire_version,
        accepted_at=response.accepted_at,
    )


def _response(response: store.Response) -> Response:
    gone = response.status == "withdrawn"
    return Response(
        id=response.id,
        response_version=response.response_version,
        questionnaire_id=response.questionnaire_id,
        questionnaire_version=response.questionnaire_version,
        status=response.status,  # type: ignore[arg-type]  # the table's check allows these only
        answers=response.answers,
        area=response.area,
        groups=response.groups,
        consent=Consent("", ()) if gone else msgspec.convert(response.consent, Consent),
        submitted_at=response.submitted_at,
    )
