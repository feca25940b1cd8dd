"""Handing submissions on together: in a rush, one call and one transaction serve many people.

It is group commit: a submission that finds nothing under way goes at once and waits for nobody; those that come while
one is under way gather, and go together as soon as a place is free. Each still gets its own receipt or refusal.
"""

import asyncio
from collections import defaultdict, deque
from typing import NamedTuple
from uuid import UUID

import msgspec

from gateway.rpc import InternalError, Rpc
from schemas.errors import ERRORS, Unavailable
from schemas.roles import Actor, Role
from schemas.rpc import surveys as rpc

TOGETHER = 200
LARGEST = 256 * 1024
"""Bytes of submissions in one call; a larger one goes by itself."""
MOST_WAITING = 5_000
PATIENCE = 10.0
"""Seconds until a submission that is still waiting is answered that it was not taken."""
NUL = rb"\u0000"
"""As JSON writes the one character that no database takes; a service refuses the whole call for it."""
_decoder = msgspec.json.Decoder(rpc.SubmitResponse)
UNDER_WAY = 2
"""Calls of one council at once: the second is read and checked while the first one commits."""
NOBODY = Actor(None, (Role.ANONYMOUS,))


class _Waiting(NamedTuple):
    submission: rpc.Submission
    size: int
    traceparent: str
    answer: "asyncio.Future[rpc.Receipt]"


class Submitter:
    """The one submitter of this replica."""

    def __init__(self, calls: Rpc) -> None:
        self._calls = calls
        self._waiting: defaultdict[UUID, deque[_Waiting]] = defaultdict(deque)
        self._under_way: defaultdict[UUID, int] = defaultdict(int)
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, tenant: UUID, actor: Actor, request: rpc.SubmitResponse, traceparent: str) -> rpc.Receipt:
        """Submit for `actor`; raises what `surveys.submit_response` raises, Unavailable when it takes too long."""
        encoded = msgspec.json.encode(request)
        if len(encoded) > LARGEST or NUL in encoded or not _fits(encoded):
            # it would spoil the call for the others: by itself it is told what is wrong with it
            return await self._calls.call(rpc.submit_response, request, tenant, actor, traceparent)
        if len(self._waiting[tenant]) >= MOST_WAITING:
            raise Unavailable("too many people are answering at this moment; try again in a minute")
        answer: asyncio.Future[rpc.Receipt] = asyncio.get_running_loop().create_future()
        self._waiting[tenant].append(_Waiting(rpc.Submission(actor, request), len(encoded), traceparent, answer))
        if self._under_way[tenant] < UNDER_WAY:
            self._under_way[tenant] += 1
            task = asyncio.create_task(self._drain(tenant))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            async with asyncio.timeout(PATIENCE):
                return await answer
        except TimeoutError:
            raise Unavailable(
                "your answers could not be taken in time; send them again, nothing is counted twice"
            ) from None

    def _next(self, tenant: UUID) -> list[_Waiting]:
        together: list[_Waiting] = []
        size = 0
        waiting = self._waiting[tenant]
        while waiting and len(together) < TOGETHER and size + waiting[0].size <= LARGEST:
            size += waiting[0].size
            if not waiting[0].answer.done():  # else whoever asked has gone
                together.append(waiting[0])
            waiting.popleft()
        return together

    async def _drain(self, tenant: UUID) -> None:
        try:
            while self._waiting[tenant]:
                if together := self._next(tenant):
                    await self._send(tenant, together)
        finally:
            self._under_way[tenant] -= 1
            if not self._under_way[tenant] and not self._waiting[tenant]:
                del self._under_way[tenant], self._waiting[tenant]

    async def _send(self, tenant: UUID, together: list[_Waiting]) -> None:
        request = rpc.SubmitResponses(tuple(w.submission for w in together))
        try:
            outcomes = await self._calls.call(rpc.submit_responses, request, tenant, NOBODY, together[0].traceparent)
            for waiting, outcome in zip(together, outcomes.items, strict=True):
                _settle(waiting.answer, outcome)
        except Exception as error:  # noqa: BLE001  # whatever it was, nobody may be left waiting
            for waiting in together:
                if not waiting.answer.done():
                    waiting.answer.set_exception(error)


def _fits(encoded: bytes) -> bool:
    try:
        _decoder.decode(encoded)
    except msgspec.ValidationError:
        return False
    return True


def _settle(answer: "asyncio.Future[rpc.Receipt]", outcome: rpc.Outcome) -> None:
    if answer.done():
        return  # whoever asked has gone; the response is stored all the same
    if outcome.receipt is not None:
        answer.set_result(outcome.receipt)
    elif outcome.refusal is not None:
        refusal = outcome.refusal
        answer.set_exception(ERRORS[refusal.error](refusal.message, refusal.problems))
    else:
        answer.set_exception(InternalError("neither a receipt nor a refusal"))
