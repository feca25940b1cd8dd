"""Live updates: this replica's own queue on the event exchanges, fanned out to the subscribers in this process.

An event here says only that something changed; what a subscriber sees is asked for as that subscriber. So a dropped,
repeated or reordered event costs nothing but a fetch, and a reader that is too slow gets one fetch for all it missed.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from typing import Generic, TypeVar
from uuid import UUID, uuid4

import msgspec
import structlog
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage

from gateway import metrics
from schemas.events import BY_NAME, EventData
from schemas.events.notifications import MessageAdded
from schemas.events.scoring import FiguresReleased, ScoresUpdated
from schemas.topology import events_exchange

log = structlog.get_logger()
E = TypeVar("E", bound=EventData)
SCORES, FIGURES, MESSAGES = (
    "scoring.scores_updated.v1",
    "scoring.figures_released.v1",
    "notifications.message_added.v1",
)
TOPICS = (SCORES, FIGURES, MESSAGES)
BUFFER = 32
RETRY_SECONDS = 1.0
QUEUE_LIMIT = 10_000


class _Head(msgspec.Struct):
    type: str
    tenantid: UUID
    data: msgspec.Raw


class Resync:
    """In the place of an event: some may have been missed, look at the present state."""


RESYNC = Resync()


class Subscription(Generic[E]):
    """One reader's buffer."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self._items: deque[E | Resync] = deque()
        self._ready = asyncio.Event()
        self._closed = False

    def put(self, item: E | Resync) -> None:
        """Hand over an event; never waits. A reader who is too slow for all of them is told to look again instead."""
        if len(self._items) == BUFFER:
            metrics.live_dropped.labels(self.topic).inc(BUFFER)
            self._items.clear()
            item = RESYNC
        self._items.append(item)
        self._ready.set()

    def retry(self) -> None:
        """Look again in a moment: what an event pointed to could not be fetched."""
        asyncio.get_running_loop().call_later(RETRY_SECONDS, self.put, RESYNC)

    def close(self) -> None:
        """End the reading once the buffer is empty."""
        self._closed = True
        self._ready.set()

    async def __aiter__(self) -> AsyncGenerator[E | Resync, None]:
        while True:
            while self._items:
                yield self._items.popleft()
            if self._closed:
                return
            self._ready.clear()
            await self._ready.wait()


Key = tuple[str, UUID, UUID | None]


class Live:
    """The fan-out. It lives on the broker's connection."""

    def __init__(self) -> None:
        self._subscriptions: dict[Key, set[Subscription[EventData]]] = defaultdict(set)
        self._decoders = {t: msgspec.json.Decoder(BY_NAME[t].data) for t in TOPICS}
        self._been_up = False
        self._closed = False

    async def connected(self, connection: AbstractConnection) -> None:
        """Bind a queue that goes with the connection; tell everybody to look again where it is not the first one."""
        channel = await connection.channel(publisher_confirms=False)
        channel.close_callbacks.add(lambda *_: asyncio.ensure_future(connection.close()))
        queue = await channel.declare_queue(
            f"gateway.live.{uuid4()}",
            exclusive=True,
            auto_delete=True,
            # a replica that stopped reading must not fill the broker's memory
            arguments={"x-max-length": QUEUE_LIMIT, "x-overflow": "drop-head"},
        )
        for topic in TOPICS:
            await queue.bind(events_exchange(topic.partition(".")[0]), topic)
        await queue.consume(self._on_event, no_ack=True)
        if self._been_up:
            for subscription in self._all():
                subscription.put(RESYNC)
        self._been_up = True

    def disconnected(self) -> None:
        """Nothing to do: subscribers wait, and look again when the broker is back."""

    def _all(self) -> Iterable[Subscription[EventData]]:
        return [s for group in self._subscriptions.values() for s in group]

    async def _on_event(self, message: AbstractIncomingMessage) -> None:
        try:
            head = msgspec.json.decode(message.body, type=_Head)
            data = self._decoders[head.type].decode(head.data)
        except (msgspec.DecodeError, KeyError) as error:
            log.warning("event not understood", error=type(error).__name__, event=message.routing_key)
            return
        person = data.person if isinstance(data, ScoresUpdated | MessageAdded) else None
        for subscription in self._subscriptions.get((head.type, head.tenantid, person), ()):
            subscription.put(data)

    def subscribe(self, kind: type[E], tenant: UUID, person: UUID | None = None) -> Subscription[E]:
        """Listen to the council's events of a kind; to those about `person` where they are personal."""
        topic = {ScoresUpdated: SCORES, FiguresReleased: FIGURES, MessageAdded: MESSAGES}[kind]
        subscription: Subscription[E] = Subscription(topic)
        if self._closed:
            subscription.close()
        self._subscriptions[topic, tenant, person].add(subscription)  # type: ignore[arg-type]
        metrics.subscribers.labels(topic).inc()
        return subscription

    def unsubscribe(self, subscription: Subscription[E], tenant: UUID, person: UUID | None = None) -> None:
        """Stop listening."""
        key = (subscription.topic, tenant, person)
        group = self._subscriptions.get(key)
        if group is not None:
            with suppress(KeyError):
                group.remove(subscription)  # type: ignore[arg-type]
                metrics.subscribers.labels(subscription.topic).dec()
            if not group:
                del self._subscriptions[key]

    def close(self) -> None:
        """End every subscription, so that a stop need not wait for readers."""
        self._closed = True
        for subscription in self._all():
            subscription.close()
