"""Handing submissions on together: in a rush, one call and one transaction serve many people.

It is group commit: a submission that finds nothing under way goes at once and waits for nobody; those that come while
one is under way gather, and go together as soon as a place is free. Each still gets its own receipt or refusal.
"""

import asyncio
from collections import defaultdict
from typing import NamedTuple
from uuid import UUID

import msgspec

from gateway.rpc import Rpc
from schemas.errors import ERRORS
from schemas.roles import Actor, Role
from schemas.rpc import surveys as rpc

TOGETHER = 200
UNDER_WAY = 2
"""Calls of one council at once: the second is read and checked while the first one commits."""
NOBODY = Actor(None, (Role.ANONYMOUS,))


class _Waiting(NamedTuple):
    submission: rpc.Submission
    traceparent: str
    answer: "asyncio.Future[rpc.Receipt]"


class Submitter:
    """The one submitter of this replica."""

    def __init__(self, calls: Rpc) -> None:
        self._calls = calls
        self._waiting: defaultdict[UUID, list[_Waiting]] = defaultdict(list)
        self._under_way: defaultdict[UUID, int] = defaultdict(int)
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, tenant: UUID, actor: Actor, request: rpc.SubmitResponse, traceparent: str) -> rpc.Receipt:
        """Submit for `actor`; raises what `surveys.submit_response` raises."""
        try:
            msgspec.convert(msgspec.to_builtins(request), rpc.SubmitResponse)
        except msgspec.ValidationError:
            # it would spoil the call for the others: by itself it is told what is wrong with it
            return await self._calls.call(rpc.submit_response, request, tenant, actor, traceparent)
        answer: asyncio.Future[rpc.Receipt] = asyncio.get_running_loop().create_future()
        self._waiting[tenant].append(_Waiting(rpc.Submission(actor, request), traceparent, answer))
        if self._under_way[tenant] < UNDER_WAY:
            self._under_way[tenant] += 1
            task = asyncio.create_task(self._drain(tenant))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _drain(self, tenant: UUID) -> None:
        try:
            while together := self._waiting[tenant][:TOGETHER]:
                del self._waiting[tenant][:TOGETHER]
                await self._send(tenant, together)
        finally:
            self._under_way[tenant] -= 1
            if not self._under_way[tenant] and not self._waiting[tenant]:
                del self._under_way[tenant], self._waiting[tenant]

    async def _send(self, tenant: UUID, together: list[_Waiting]) -> None:
        request = rpc.SubmitResponses(tuple(w.submission for w in together))
        try:
            outcomes = await self._calls.call(rpc.submit_responses, request, tenant, NOBODY, together[0].traceparent)
        except Exception as error:  # noqa: BLE001  # whatever it was, nobody may be left waiting
            for waiting in together:
                if not waiting.answer.done():
                    waiting.answer.set_exception(error)
            return
        for waiting, outcome in zip(together, outcomes.items, strict=True):
            if waiting.answer.done():
                continue  # whoever asked has gone; the response is stored all the same
            if outcome.receipt is not None:
                waiting.answer.set_result(outcome.receipt)
            elif outcome.refusal is not None:
                refusal = outcome.refusal
                waiting.answer.set_exception(ERRORS[refusal.error](refusal.message, refusal.problems))
