"""The inbox as it fills."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from collections.abc import AsyncGenerator
from uuid import UUID

import strawberry

from gateway.context import Info
from gateway.live import Resync
from gateway.notifications.types import InboxMessage, InboxUpdate
from gateway.scoring.subscriptions import Present
from schemas.errors import Unavailable
from schemas.events.notifications import MessageAdded
from schemas.rpc import notifications as rpc
from schemas.rpc.base import PageRequest

NEWEST = 20


@strawberry.type
class NotificationsSubscription:
    @strawberry.subscription(description="New messages in the caller's inbox, as they come.")
    async def inbox(self, info: Info, present: Present = False) -> AsyncGenerator[InboxUpdate, None]:
        context = info.context
        caller = await context.caller()
        live, tenant, person = context.parts.live, caller.tenant.id, caller.actor.person
        updates = live.subscribe(MessageAdded, tenant, person)
        last: UUID | None = None
        try:
            if present:
                updates.put(Resync())
            async for update in updates:
                try:
                    reply = await context.call(rpc.inbox, PageRequest(first=NEWEST))
                except Unavailable:
                    updates.retry()
                    continue
                if isinstance(update, Resync):
                    # ids grow with time: what came while nobody told us is what is newer than the last one shown
                    new = [m for m in reply.items if m.id > last] if last else list(reply.items[:1])
                else:
                    new = [m for m in reply.items if m.id == update.message_id]
                for message in reversed(new):
                    last = max(last or message.id, message.id)
                    yield InboxUpdate(message=InboxMessage.of(message), unread=reply.unread)
        finally:
            live.unsubscribe(updates, tenant, person)
