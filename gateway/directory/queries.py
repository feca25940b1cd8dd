"""Questions to the directory service."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from typing import Annotated

import strawberry

from gateway.context import Info
from gateway.directory.types import DirectoryEntry, DirectoryKind, DirectorySuggestion
from gateway.pages import After, Connection, First, continued, id_place, page, place_of, size
from schemas.rpc import directory as rpc
from schemas.rpc.base import PageRequest


@strawberry.type
class DirectoryQuery:
    @strawberry.field(description="Search the civic directory: the best match first, or the newest without words.")
    async def directory(
        self,
        info: Info,
        text: Annotated[str | None, strawberry.argument(description="Words to look for.")] = None,
        kinds: Annotated[list[DirectoryKind] | None, strawberry.argument(description="Only these kinds.")] = None,
        area: Annotated[str | None, strawberry.argument(description="Only this area, by its GSS code.")] = None,
        tags: Annotated[list[str] | None, strawberry.argument(description="Only with these tags.")] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[DirectoryEntry] | None:
        request = rpc.SearchDirectory(
            text=text,
            kinds=tuple(k.value for k in kinds or ()),
            area=area,
            tags=tuple(tags or ()),
            first=size(first),
            after=place_of(after),
        )
        reply = await info.context.call(rpc.search, request)
        return continued(reply.items, DirectoryEntry.of, reply.next)

    @strawberry.field(description="What the caller added, newest first, drafts included.")
    async def my_directory_entries(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[DirectoryEntry] | None:
        reply = await info.context.call(rpc.my_entries, PageRequest(first=size(first), after=id_place(after)))
        return page(reply.items, DirectoryEntry.of, lambda e: e.id, more=reply.next is not None)

    @strawberry.field(
        description="A few entries for each of several subjects, each with any of its tags: those in the area first, "
        "then those for the whole council."
    )
    async def directory_suggestions(
        self,
        info: Info,
        subjects: Annotated[list[list[str]], strawberry.argument(description="Each subject's tags.")],
        area: Annotated[str | None, strawberry.argument(description="The area, by its GSS code.")] = None,
        first: Annotated[int, strawberry.argument(description="How many for each, from 1 to 20.")] = 3,
    ) -> list[DirectorySuggestion] | None:
        request = rpc.SuggestEntries(tuple(map(tuple, subjects)), area, size(first, 20))
        reply = await info.context.call(rpc.suggest, request)
        return [
            DirectorySuggestion(tags=tags, entries=[DirectoryEntry.of(e) for e in entries])
            for tags, entries in zip(subjects, reply.items, strict=True)
        ]
