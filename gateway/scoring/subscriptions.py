"""Scores and figures as they change."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Context, Info
from gateway.live import Resync
from gateway.pages import uuid_of
from gateway.scoring.queries import LARGEST_FIGURES, Areas, AttributeCode, FrameworkId, Measures, SecondAttribute, Wave
from gateway.scoring.types import Figure, PersonScores
from schemas.errors import Unavailable
from schemas.events.scoring import FiguresReleased, ScoresUpdated
from schemas.rpc import scoring as rpc

Present = Annotated[bool, strawberry.argument(description="Also give the present state at once, before any change.")]
NEWEST, ALL = 5, 100


async def _scores(context: Context, framework: UUID | None, response: UUID | None) -> rpc.PersonScores | None:
    """The person's scores from one response, or the newest. A correction may be of an old one: look further then."""
    for first in (NEWEST, ALL):
        found = (await context.call(rpc.my_scores, rpc.MyScores(framework, first))).items
        match = next((s for s in found if response in (None, s.response_id)), None)
        if match is not None or len(found) < first:
            return match
    return None


async def _figures(context: Context, request: rpc.FiguresRequest) -> list[Figure]:
    found: list[Figure] = []
    after: str | None = None
    while True:
        request = rpc.FiguresRequest(
            request.framework_id,
            request.measures,
            request.areas,
            request.council,
            request.attribute,
            LARGEST_FIGURES,
            after,
            request.wave,
            second_attribute=request.second_attribute,
        )
        reply = await context.call(rpc.figures, request)
        found += [Figure.of(f) for f in reply.items]
        after = reply.next
        if after is None:
            return found


@strawberry.type
class ScoringSubscription:
    @strawberry.subscription(description="The caller's own scores, whenever they change.")
    async def my_scores(
        self, info: Info, framework_id: GlobalID | None = None, present: Present = False
    ) -> AsyncGenerator[PersonScores, None]:
        context = info.context
        caller = await context.caller()
        framework = uuid_of(framework_id, "Framework", "frameworkId") if framework_id else None
        live, tenant, person = context.parts.live, caller.tenant.id, caller.actor.person
        updates = live.subscribe(ScoresUpdated, tenant, person)
        seen: tuple[UUID, datetime, tuple[rpc.MeasureScore, ...]] | None = None
        try:
            if present:
                updates.put(Resync())
            async for update in updates:
                anew = isinstance(update, Resync)
                if not isinstance(update, Resync) and framework not in (None, update.framework_id):
                    continue
                try:
                    scores = await _scores(
                        context, framework, None if isinstance(update, Resync) else update.response_id
                    )
                except Unavailable:
                    # the service will be back, and this is not the client's affair: look again then
                    updates.retry()
                    continue
                if scores is None:
                    continue
                now = (scores.response_id, scores.submitted_at, scores.scores)
                if anew and now == seen:
                    continue
                seen = now
                yield PersonScores.of(scores)
        finally:
            live.unsubscribe(updates, tenant, person)

    @strawberry.subscription(
        description="Published figures of the areas asked for, whenever some of them come out. Those of the whole "
        "council always come along."
    )
    async def figures(
        self,
        info: Info,
        framework_id: FrameworkId,
        attribute: AttributeCode = None,
        areas: Areas = None,
        measures: Measures = None,
        present: Present = False,
        wave: Wave = None,
        second_attribute: SecondAttribute = None,
    ) -> AsyncGenerator[list[Figure], None]:
        context = info.context
        caller = await context.caller()
        framework = uuid_of(framework_id, "Framework", "frameworkId")
        wanted = frozenset(areas or ())
        live, tenant = context.parts.live, caller.tenant.id
        updates = live.subscribe(FiguresReleased, tenant)
        try:
            if present:
                updates.put(Resync())
            async for update in updates:
                if isinstance(update, Resync):
                    moved = None
                elif update.framework_id == framework:
                    moved = frozenset(update.areas)
                else:
                    continue
                # an empty list would ask for every area; what did not move is then left out of the answer
                asked = wanted if moved is None else wanted & moved or wanted
                request = rpc.FiguresRequest(
                    framework,
                    tuple(measures or ()),
                    tuple(sorted(asked)),
                    council=True,
                    attribute=attribute,
                    wave=wave,
                    second_attribute=second_attribute,
                )
                try:
                    found = await _figures(context, request)
                except Unavailable:
                    updates.retry()
                    continue
                yield [f for f in found if moved is None or f.area is None or f.area in moved]
        finally:
            live.unsubscribe(updates, tenant)
