"""Taking responses: checked, stored and told, many in one transaction."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from secrets import token_bytes
from uuid import UUID

import msgspec

from schemas.errors import ERRORS, CivicError, Conflict, Forbidden, Invalid, Problem
from schemas.ids import new_id, now
from schemas.roles import PUBLIC
from schemas.rpc.surveys import (
    Outcome,
    Outcomes,
    Receipt,
    Submission,
    SubmitResponse,
    SubmitResponses,
)
from services.chassis import tenancy
from services.chassis.councils import is_area
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.model import codes
from services.surveys.operations.doors import Doors
from services.surveys.operations.facts import receipt, submitted
from services.surveys.operations.forms import Opened, consent, on_the_wall, open_form, refuse_answers
from services.surveys.operations.quotas import Room
from services.surveys.operations.repeats import PAPER, Taken, answer_late_repeats, digest, refused, settle

RESERVED = ("import:", PAPER)


def submit_response(database: Database, request: SubmitResponse) -> Receipt:
    """Take one response. Raises what `submit_responses` would refuse it with."""
    return receipt_of(submit_responses(database, SubmitResponses((Submission(tenancy.actor(), request),))))


def receipt_of(outcomes: Outcomes) -> Receipt:
    """The receipt of a single submission. Raises what it was refused with."""
    [outcome] = outcomes.items
    if outcome.receipt is not None:
        return outcome.receipt
    if outcome.refusal is None:
        raise ValueError("an outcome is a receipt or a refusal")
    raise ERRORS[outcome.refusal.error](outcome.refusal.message, outcome.refusal.problems)


def submit_responses(database: Database, request: SubmitResponses) -> Outcomes:
    """Check each submission, store and tell those that are right, in one transaction.

    Each is refused by itself: NotFound and Conflict (`open_form`), NotFound for a link or code that opens nothing,
    Invalid with every fault at once, Conflict for a way in that is switched off and for a key that was used for
    something else, Forbidden for an actor without any role. Of somebody who has answered in this wave already, the new
    answers take the place of the old ones, and the receipt says so.
    """
    return take(database, request.items)


def take(database: Database, items: Sequence[Submission], by_hand: str | None = None) -> Outcomes:
    """Take submissions; `by_hand` ("assisted", "paper"): the actors entered them for somebody else."""
    outcomes: list[Outcome | None] = [None] * len(items)
    with database.unit_of_work() as work:
        opened = cache(partial(open_form, work))  # asked once for all that answer the same questionnaire
        rooms = cache(partial(Room, work))
        doors = Doors(work, [item.response for item in items])
        taken: dict[str, Taken] = {}
        repeats: list[int] = []
        for place, submission in enumerate(items):
            key = submission.response.idempotency_key
            if key in taken:
                repeats.append(place)
                continue
            try:
                taken[key] = _checked(work, place, submission, opened, rooms, doors, by_hand)
            except CivicError as error:
                outcomes[place] = refused(error)
        stored = store.add_responses(work.session, [one.response for one in taken.values()])
        new = [one for one in taken.values() if one.response.id in stored]
        for one in new:
            work.tell(one.response.id, submitted(one.response, one.values))
            outcomes[one.place] = Outcome(receipt=receipt(one.response, one.code))
        left = {one.place: one for one in taken.values() if one.response.id not in stored}
        if repeats or left:
            new += settle(work, items, repeats, left, outcomes)
        doors.close((one.response.link_id for one in new), (one.saved for one in new))
        answer_late_repeats(work, items, outcomes)
    return Outcomes(items=tuple(o for o in outcomes if o is not None))


def _checked(
    work: UnitOfWork,
    place: int,
    submission: Submission,
    opened: Callable[[UUID, int | None], Opened],
    rooms: Callable[[UUID, str], Room],
    doors: Doors,
    by_hand: str | None,
) -> Taken:
    request, actor = submission.response, submission.actor
    if by_hand != "paper" and request.idempotency_key.startswith(RESERVED):
        raise Invalid(
            "this key is kept for imports and paper forms", [Problem(("idempotency_key",), "Make up another.")]
        )
    if not actor.has(PUBLIC):
        raise Forbidden("your role does not allow this")
    version, parsed, ways, wave, quotas_close = opened(request.questionnaire_id, request.version)
    moment = now()
    given = model.Submission(
        answers=request.answers,
        groups=request.groups,
        area=request.area,
        consent=consent(request.consent),
        at=on_the_wall(moment),
        language=request.language,
    )
    answers, faults = model.check(parsed, given, partial(is_area, work, parsed.area_level))
    refuse_answers(faults, request.language)
    link, saved = doors.open(request)
    account = None if request.anonymous or by_hand else actor.person
    mode = model.way_in(link, account, by_hand)
    if reason := model.shut(mode, ways):
        raise Conflict(reason)
    groups = model.groups(parsed, request.groups) | model.groups_by(link, parsed)
    if quotas_close and by_hand != "paper":  # what was filled in on paper has been answered already
        rooms(request.questionnaire_id, wave).enter(request.area, groups)
    # who comes by a personal link is its participant, signed in or not: so waves fit together
    person = account if link is None or link.participant is None else link.participant
    code = None if account is not None and account == person else codes.spell(token_bytes(codes.BYTES["receipt"]))
    response = store.NewResponse(
        tenant_id=work.tenant,
        id=new_id(),
        questionnaire_id=request.questionnaire_id,
        questionnaire_version=version,
        person_id=person,
        idempotency_key=request.idempotency_key,
        request_digest=digest(submission),
        area=request.area,
        groups=groups,
        answers=answers,
        consent=msgspec.to_builtins(request.consent),
        mode=mode,
        wave=wave,
        link_id=None if link is None else link.id,
        entered_by=actor.person if by_hand else None,
        receipt_digest=None if code is None else codes.digest("receipt", code),
        submitted_at=moment,
        accepted_at=moment,
    )
    values = model.counted(parsed, request.consent.purposes, model.values(parsed, answers))
    return Taken(place, response, values, code, saved)
