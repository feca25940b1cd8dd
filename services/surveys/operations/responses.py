"""A person's own responses: correcting, withdrawing and reading them."""

from functools import partial
from uuid import UUID

import msgspec

from schemas.errors import Conflict, Forbidden, NotFound
from schemas.events.surveys import ResponseWithdrawn
from schemas.ids import now
from schemas.rpc.base import ById, PageRequest
from schemas.rpc.surveys import ByCode, Consent, CorrectResponse, Receipt, Response, ResponseList
from services.chassis import tenancy
from services.chassis.councils import is_area
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.model import codes
from services.surveys.operations.consents import record
from services.surveys.operations.facts import NO_REQUEST, receipt, submitted
from services.surveys.operations.forms import consent, form, on_the_wall, refuse_answers


def correct_response(database: Database, request: CorrectResponse) -> Receipt:
    """Put new answers in the place of one's own old ones, while the questionnaire and the wave are open.

    Raises NotFound, Conflict, Invalid.
    """
    with database.unit_of_work() as work:
        response = own(work, request.response_id)
        opening = store.opening(work.session, response.questionnaire_id)
        if opening is None or opening.version != response.questionnaire_version:
            raise Conflict("this questionnaire is closed; you can withdraw your answers, but not change them")
        if opening.wave != (response.wave or "") or (opening.ends_at is not None and opening.ends_at <= now()):
            raise Conflict("this round of questions is over; you can withdraw your answers, but not change them")
        parsed = form(work, response.questionnaire_id, response.questionnaire_version)
        agreed = consent(msgspec.convert(response.consent, Consent))
        given = model.Submission(
            answers=request.answers,
            groups=request.groups,
            area=request.area,
            consent=agreed,
            at=on_the_wall(now()),
            language=request.language,
        )
        answers, faults = model.check(parsed, given, partial(is_area, work, parsed.area_level))
        refuse_answers(faults, request.language)
        response.groups = model.groups(parsed, request.groups) | model.groups_kept(response.groups)
        response.answers, response.area = answers, request.area
        response.request_digest = NO_REQUEST
        response.response_version += 1
        values = model.counted(parsed, agreed.purposes, model.values(parsed, answers))
        work.tell(response.id, submitted(response, values))
        return receipt(response)


def withdraw_response(database: Database, request: ById) -> Receipt:
    """Take one's own answers back, at any time; what was said is deleted at once. Raises NotFound."""
    with database.unit_of_work() as work:
        return _withdraw(work, own(work, request.id))


def withdraw_by_code(database: Database, request: ByCode) -> Receipt:
    """The same without an account, by the code of the receipt. Raises NotFound."""
    with database.unit_of_work() as work:
        return _withdraw(work, by_code(work, request.code))


def _withdraw(work: UnitOfWork, response: store.Response) -> Receipt:
    record(work, response, "withdrawn", response.consent["version"], ())
    response.status = "withdrawn"
    response.answers, response.groups, response.area, response.consent = {}, {}, None, {}
    response.request_digest, response.receipt_digest = NO_REQUEST, None
    # what would still tell how the person came, and who was with them
    response.link_id = response.entered_by = None
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
    return receipt(response)


def my_responses(database: Database, request: PageRequest) -> ResponseList:
    """The caller's own responses. Raises Forbidden for a caller who is no person."""
    person = _person()
    with database.unit_of_work() as work:
        found = store.own_responses(work.session, person, request.first, request.after)
    page, more = cut(found, request.first)
    return ResponseList(items=tuple(_response(r) for r in page), has_next=more)


def _person() -> UUID:
    person = tenancy.actor().person
    if person is None:
        raise Forbidden("sign in first: this is about your own answers")
    return person


def own(work: UnitOfWork, response_id: UUID) -> store.Response:
    """The caller's own response, locked. Raises NotFound for anybody else's, and for one that was taken back."""
    response = store.lock_own_response(work.session, response_id, _person())
    if response is None or response.status == "withdrawn":
        raise NotFound("there is no such response of yours")
    return response


def by_code(work: UnitOfWork, code: str) -> store.Response:
    """The response whose receipt had this code, locked. Raises NotFound."""
    response = store.lock_by_code(work.session, codes.digest("receipt", code))
    if response is None:
        raise NotFound("there are no answers under this code: it may be mistyped, or they were taken back")
    return response


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
