"""Taking responses: checked, stored and told, many in one transaction."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache, partial
from uuid import UUID

import msgspec

from schemas.errors import ERRORS, CivicError, Conflict, Forbidden, Invalid, Problem
from schemas.events.surveys import Mode, ResponseSubmitted
from schemas.ids import new_id, now
from schemas.roles import PUBLIC
from schemas.rpc.surveys import (
    Outcome,
    Outcomes,
    Receipt,
    Refusal,
    Submission,
    SubmitResponse,
    SubmitResponses,
)
from services.chassis import tenancy
from services.chassis.councils import is_area
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.operations.forms import consent, on_the_wall, open_form, refuse_answers

_encoder = msgspec.json.Encoder()


def submit_response(database: Database, request: SubmitResponse) -> Receipt:
    """Take one response. Raises what `submit_responses` would refuse it with."""
    [outcome] = submit_responses(database, SubmitResponses((Submission(tenancy.actor(), request),))).items
    if outcome.receipt is not None:
        return outcome.receipt
    if outcome.refusal is None:
        raise ValueError("an outcome is a receipt or a refusal")
    raise ERRORS[outcome.refusal.error](outcome.refusal.message, outcome.refusal.problems)


def submit_responses(database: Database, request: SubmitResponses) -> Outcomes:
    """Check each submission, store and tell those that are right, in one transaction.

    Each is refused by itself: NotFound and Conflict (`open_form`), Invalid with every fault at once, Conflict for a key
    that was used for something else, Forbidden for an actor without any role.
    """
    outcomes: list[Outcome | None] = [None] * len(request.items)
    with database.unit_of_work() as work:
        opened = cache(partial(open_form, work))  # asked once for all that answer the same questionnaire
        taken: dict[str, tuple[int, store.Response, dict[str, float]]] = {}
        repeats: list[int] = []
        for place, submission in enumerate(request.items):
            try:
                response, values = _checked(work, submission, opened)
            except CivicError as error:
                outcomes[place] = _refused(error)
            else:
                if response.idempotency_key in taken:
                    repeats.append(place)
                else:
                    taken[response.idempotency_key] = (place, response, values)
        stored = store.add_responses(work.session, [r for _, r, _ in taken.values()])
        for place, response, values in taken.values():
            if response.id in stored:
                work.tell(response.id, submitted(response, values))
                outcomes[place] = Outcome(receipt=receipt(response))
            else:
                repeats.append(place)
        if repeats:
            _answer_repeats(work, request.items, repeats, outcomes)
        _answer_late_repeats(work, request.items, outcomes)
    return Outcomes(items=tuple(o for o in outcomes if o is not None))


def _checked(
    work: UnitOfWork, submission: Submission, opened: Callable[[UUID, int | None], tuple[int, model.Form]]
) -> tuple[store.Response, dict[str, float]]:
    request, actor = submission.response, submission.actor
    if request.idempotency_key.startswith("import:"):
        raise Invalid("this key is kept for imports", [Problem(("idempotency_key",), "Make up another key.")])
    if not actor.has(PUBLIC):
        raise Forbidden("your role does not allow this")
    version, parsed = opened(request.questionnaire_id, request.version)
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
    response = store.Response(
        tenant_id=work.tenant,
        id=new_id(),
        questionnaire_id=request.questionnaire_id,
        questionnaire_version=version,
        response_version=1,
        person_id=None if request.anonymous else actor.person,
        idempotency_key=request.idempotency_key,
        request_digest=_digest(submission),
        area=request.area,
        groups=model.groups(parsed, request.groups),
        answers=answers,
        consent=msgspec.to_builtins(request.consent),
        mode="online",
        submitted_at=moment,
        accepted_at=moment,
    )
    return response, model.values(parsed, answers)


def _digest(submission: Submission) -> bytes:
    # also of who sent it, so that a stranger who guesses a key is not handed somebody's receipt; but not where nobody
    # may know who that was: whoever held the digest could try one person after another until it fits
    person = None if submission.response.anonymous else submission.actor.person
    return hashlib.sha256(_encoder.encode((submission.response, person))).digest()


def _refused(error: CivicError) -> Outcome:
    return Outcome(
        refusal=Refusal(type(error).__name__, error.message, error.problems)  # type: ignore[arg-type]  # the closed set
    )


def _answer_repeats(
    work: UnitOfWork, items: Sequence[Submission], places: Sequence[int], outcomes: list[Outcome | None]
) -> None:
    """The same key again: the first receipt, if it came with the very same request."""
    before = store.responses_by_key(work.session, [items[p].response.idempotency_key for p in places])
    for place in places:
        response = before[items[place].response.idempotency_key]
        if response.request_digest == _digest(items[place]):
            outcomes[place] = Outcome(receipt=msgspec.structs.replace(receipt(response), repeated=True))
        else:
            outcomes[place] = _refused(Conflict("this idempotency key was used for something else; make up a new one"))


def _answer_late_repeats(work: UnitOfWork, items: Sequence[Submission], outcomes: list[Outcome | None]) -> None:
    """Who was taken, missed the receipt and asks again after the closing gets the receipt, not a refusal."""
    refused = [
        place
        for place, outcome in enumerate(outcomes)
        if outcome is not None and outcome.refusal is not None and outcome.refusal.error != "Forbidden"
    ]
    if not refused:
        return
    before = store.responses_by_key(work.session, [items[p].response.idempotency_key for p in refused])
    for place in refused:
        response = before.get(items[place].response.idempotency_key)
        if response is not None and response.request_digest == _digest(items[place]):
            outcomes[place] = Outcome(receipt=msgspec.structs.replace(receipt(response), repeated=True))


def submitted(response: store.Response, values: dict[str, float]) -> ResponseSubmitted:
    """The fact that a response was accepted or corrected: coded numbers only, nothing that was written in words.

    Anonymous answers of somebody who is signed in are open ones: to know that they are that person's only ones would
    take a note of who has answered, and such a note beside them would be a tie.
    """
    mode: Mode = "import" if response.mode == "import" else "open" if response.person_id is None else "signed_in"
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
        mode=mode,
        vouched=mode != "open",
    )


def receipt(response: store.Response) -> Receipt:
    """Proof of what was stored."""
    return Receipt(
        response_id=response.id,
        response_version=response.response_version,
        questionnaire_id=response.questionnaire_id,
        questionnaire_version=response.questionnaire_version,
        accepted_at=response.accepted_at,
    )
