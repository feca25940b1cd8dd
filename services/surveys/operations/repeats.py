"""Submissions that are not new: the same one again, and another one of somebody who has answered in this wave."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from secrets import token_bytes
from typing import NamedTuple
from uuid import UUID

import msgspec

from schemas.errors import CivicError, Conflict
from schemas.rpc.surveys import Outcome, Receipt, Refusal, Submission
from services.chassis.work import UnitOfWork
from services.surveys import store
from services.surveys.model import codes
from services.surveys.operations.consents import record
from services.surveys.operations.facts import NO_REQUEST, receipt, submitted

PAPER = "paper:"
_encoder = msgspec.json.Encoder()


class Taken(NamedTuple):
    """A submission that is right: its place among the others, and the response that it makes.

    `code`: by which it can be taken back without an account; `saved`: the saved answers that it finishes.
    """

    place: int
    response: store.NewResponse
    values: dict[str, float]
    code: str | None
    saved: UUID | None


def digest(submission: Submission) -> bytes:
    """Of a request, by which the same one is known again."""
    # also of who sent it, so that a stranger who guesses a key is not handed somebody's receipt; but not where nobody
    # may know who that was: whoever held the digest could try one person after another until it fits
    request = submission.response
    unnamed = request.anonymous or request.link is not None or request.continuation is not None
    return hashlib.sha256(_encoder.encode((request, None if unnamed else submission.actor.person))).digest()


def refused(error: CivicError) -> Outcome:
    """A refusal that says what the error says."""
    return Outcome(
        refusal=Refusal(type(error).__name__, error.message, error.problems)  # type: ignore[arg-type]  # the closed set
    )


def settle(
    work: UnitOfWork,
    items: Sequence[Submission],
    repeats: Iterable[int],
    left: Mapping[int, Taken],
    outcomes: list[Outcome | None],
) -> list[Taken]:
    """Answer what was not stored as new; those that took the place of an earlier response.

    The same key again gets the first receipt, if it came with the very same request. Another key of somebody who has
    answered in this wave: the new answers take the place of the old ones, so that one response of a person counts.
    """
    places = [*repeats, *left]
    before = store.responses_by_key(work.session, [items[p].response.idempotency_key for p in places])
    replacing = []
    for place in places:
        key = items[place].response.idempotency_key
        response = before.get(key)
        if response is None and place in left:
            replacing.append(left[place])
        elif response is None:
            outcomes[place] = refused(Conflict("these answers are being taken at this moment; send them again"))
        elif response.request_digest == digest(items[place]):
            outcomes[place] = Outcome(receipt=_again(response))
        elif key.startswith(PAPER):
            outcomes[place] = refused(Conflict("a form with this number was entered before; look at the number again"))
        else:
            outcomes[place] = refused(Conflict("this idempotency key was used for something else; make up a new one"))
    done: list[Taken] = []
    counted = store.lock_counted(work.session, [one.response for one in replacing]) if replacing else {}
    for one in replacing:
        old = counted.get((one.response.questionnaire_id, one.response.person_id, one.response.wave))
        if old is None:
            outcomes[one.place] = refused(Conflict("your earlier answers were just taken back; send these again"))
        else:
            replace(work, old, one.response)
            work.tell(old.id, submitted(old, one.values))
            outcomes[one.place] = Outcome(receipt=msgspec.structs.replace(receipt(old, one.code), replaced=True))
            done.append(one)
    return done


def replace(work: UnitOfWork, old: store.Response, new: store.NewResponse) -> None:
    """Put all that is new in the place of an earlier response, which is locked."""
    if old.consent != new.consent:
        record(work, old, "changed", new.consent["version"], new.consent["purposes"])
    old.questionnaire_version, old.submitted_at, old.mode = new.questionnaire_version, new.submitted_at, new.mode
    old.area, old.groups, old.answers = new.area, dict(new.groups), dict(new.answers)
    old.consent, old.receipt_digest = dict(new.consent), new.receipt_digest
    old.link_id, old.entered_by = new.link_id, new.entered_by
    old.request_digest = NO_REQUEST
    old.response_version += 1


def _again(response: store.Response) -> Receipt:
    """The receipt of what was taken before. Its code is kept as a digest only: whoever missed it gets another."""
    code = None
    if response.receipt_digest is not None:
        code = codes.spell(token_bytes(codes.BYTES["receipt"]))
        response.receipt_digest = codes.digest("receipt", code)
    return msgspec.structs.replace(receipt(response, code), repeated=True)


def answer_late_repeats(work: UnitOfWork, items: Sequence[Submission], outcomes: list[Outcome | None]) -> None:
    """Who was taken, missed the receipt and asks again after the closing gets the receipt, not a refusal."""
    late = [
        place
        for place, outcome in enumerate(outcomes)
        if outcome is not None and outcome.refusal is not None and outcome.refusal.error != "Forbidden"
    ]
    if not late:
        return
    before = store.responses_by_key(work.session, [items[p].response.idempotency_key for p in late])
    for place in late:
        response = before.get(items[place].response.idempotency_key)
        if response is not None and response.request_digest == digest(items[place]):
            outcomes[place] = Outcome(receipt=_again(response))
