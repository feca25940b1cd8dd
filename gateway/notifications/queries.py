"""Questions to the notifications service."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

import strawberry

from gateway.context import Info
from gateway.notifications.types import Following, InboxConnection, InboxMessage, Preferences
from gateway.pages import After, Connection, First, id_place, page, size
from schemas.rpc import notifications as rpc
from schemas.rpc.base import PageRequest


@strawberry.type
class NotificationsQuery:
    @strawberry.field(description="What the caller was told, newest first.")
    async def inbox(self, info: Info, first: First = 20, after: After = None) -> InboxConnection | None:
        reply = await info.context.call(rpc.inbox, PageRequest(first=size(first), after=id_place(after)))
        found = page(reply.items, InboxMessage.of, lambda m: m.id, more=reply.has_next)
        return InboxConnection(edges=found.edges, page_info=found.page_info, unread=reply.unread)

    @strawberry.field(description="What the caller follows, newest first.")
    async def following(self, info: Info, first: First = 20, after: After = None) -> Connection[Following] | None:
        reply = await info.context.call(rpc.following, PageRequest(first=size(first), after=id_place(after)))
        return page(reply.items, Following.of, lambda f: f.id, more=reply.has_next)

    @strawberry.field(description="How the caller wants to be told.")
    async def preferences(self, info: Info) -> Preferences | None:
        return Preferences(email=(await info.context.call(rpc.preferences, rpc.Nothing())).email)
