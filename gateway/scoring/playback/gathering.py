"""What is asked of the services for a picture: a handful of calls, however many domains there are."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar
from uuid import UUID

import strawberry

from gateway.context import Context
from schemas.errors import NotFound, Unavailable
from schemas.rpc import directory
from schemas.rpc import scoring as rpc

LINKS = 3
"""So many for each domain: a person who is anxious is not given a list to work through."""
PATIENCE = 2.0
"""Seconds that scores wait for links: they are what the person came for."""
NOWHERE = ""
"""No area is called so: only the whole council's figures come."""
T = TypeVar("T")


@strawberry.enum(description="A part that a picture is put together from.")
class PictureSource(Enum):
    CHANGE = strawberry.enum_value("change", description="What changed since last time.")
    FIGURES = strawberry.enum_value("figures", description="What is published of other people.")
    DIRECTORY = strawberry.enum_value("directory", description="What the directory has.")
    NEEDS = strawberry.enum_value("needs", description="Where need is greatest.")
    RELIABILITY = strawberry.enum_value("reliability", description="How well the questions go together.")
    TREND = strawberry.enum_value("trend", description="The figures of earlier rounds.")


@dataclass(slots=True)
class Away:
    """What could not be reached: its part is missing, and the rest is shown all the same."""

    sources: list[PictureSource] = field(default_factory=list)

    async def unless(self, source: PictureSource, call: Awaitable[T]) -> T | None:
        """What the call answers; None, and a note of it, where its service is away."""
        try:
            return await call
        except Unavailable:
            self.sources.append(source)
            return None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that a person's picture is drawn from. Links by domain's code; None where the directory is away."""

    own: rpc.PersonScores
    domains: tuple[rpc.Domain, ...]
    change: Mapping[str, rpc.MeasureChange]
    figures: Mapping[tuple[str | None, str], rpc.Figure] | None
    links: Mapping[str, tuple[directory.Entry, ...]] | None
    away: Away


async def gather(context: Context, framework_id: UUID) -> Gathered | None:
    """The caller's newest scores with what stands beside them; None where there are none."""
    found = (await context.call(rpc.my_scores, rpc.MyScores(framework_id, 1))).items
    if not found:
        return None
    [own], away = found, Away()
    framework, change, figures = await asyncio.gather(
        context.call(rpc.framework_version, rpc.VersionRef(framework_id, own.framework_version)),
        away.unless(PictureSource.CHANGE, _change(context, own)),
        away.unless(PictureSource.FIGURES, _figures(context, own)),
    )
    scored = {score.measure for score in own.scores}
    domains = tuple(d for d in framework.definition.domains if d.code in scored)
    links = await away.unless(PictureSource.DIRECTORY, _links(context, own.area, domains))
    return Gathered(own, domains, change or {}, figures, links, away)


async def _change(context: Context, own: rpc.PersonScores) -> dict[str, rpc.MeasureChange]:
    try:
        found = await context.call(rpc.my_change, rpc.MyChange(own.framework_id, after=own.wave))
    except NotFound:
        return {}
    return {m.measure: m for m in found.measures}


async def _figures(context: Context, own: rpc.PersonScores) -> dict[tuple[str | None, str], rpc.Figure]:
    """Of the person's area and the whole council, in the round that the person answered in: like with like."""
    request = rpc.FiguresRequest(own.framework_id, areas=(own.area or NOWHERE,), first=1_000, wave=own.wave)
    return {(f.area, f.measure): f for f in (await context.call(rpc.figures, request)).items}


async def _links(
    context: Context, area: str | None, domains: tuple[rpc.Domain, ...]
) -> dict[str, tuple[directory.Entry, ...]]:
    tagged = [d for d in domains if d.tags]
    if not tagged:
        return {}
    request = directory.SuggestEntries(tuple(d.tags for d in tagged), area, LINKS)
    found = await context.call(directory.suggest, request, PATIENCE)
    return {d.code: entries for d, entries in zip(tagged, found.items, strict=True)}
