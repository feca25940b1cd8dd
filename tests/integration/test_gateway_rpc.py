"""The gateway's calls and live updates on a real broker, with a stand-in answerer that speaks nameko's wire format."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any
from uuid import UUID

import aio_pika
import msgspec
import pytest

from deploy.provision.run import Provisioned
from gateway.broker import Broker
from gateway.live import Live, Resync, Subscription
from gateway.rpc import InternalError, Rpc
from schemas.errors import Conflict, Invalid, Problem, Unavailable
from schemas.events import EventData, envelop
from schemas.events.notifications import MessageAdded
from schemas.events.scoring import FiguresReleased, ScoresUpdated
from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc import notifications as rpc
from schemas.rpc.base import Method
from tests.conftest import Broker as Server

pytestmark = pytest.mark.integration
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ACTOR = Actor(new_id(), (Role.RESIDENT,), ("walkers",))
Answer = Callable[[dict[str, Any], aio_pika.abc.AbstractIncomingMessage], dict[str, Any] | None]


@asynccontextmanager
async def answering(provisioned: Provisioned, answer: Answer) -> AsyncIterator[None]:
    """Answer calls to the notifications service, as nameko's responder does."""
    async with await aio_pika.connect(provisioned.amqp_url("notifications")) as connection:
        channel = await connection.channel()
        queue = await channel.get_queue("rpc-notifications", ensure=False)
        exchange = await channel.get_exchange("nameko-rpc", ensure=False)

        async def handle(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            reply = answer(json.loads(message.body), message)
            if reply is not None:
                await exchange.publish(
                    aio_pika.Message(
                        json.dumps(reply).encode(),
                        content_type="application/json",
                        correlation_id=message.correlation_id,
                    ),
                    message.reply_to or "",
                )
            await message.ack()

        await queue.purge()
        await queue.consume(handle)
        yield


@asynccontextmanager
async def connected(provisioned: Provisioned, deadline: float = 5.0) -> AsyncIterator[tuple[Rpc, Live, Broker]]:
    """A caller and a fan-out on a connection of the gateway's own user."""
    calls, live = Rpc(deadline), Live()
    broker = Broker(provisioned.amqp_url("gateway"), calls, live)
    await broker.start(10)
    assert broker.up
    try:
        yield calls, live, broker
    finally:
        await broker.stop()


async def call(calls: Rpc, tenant: UUID | None = None) -> rpc.Preferences:
    return await calls.call(rpc.preferences, rpc.Nothing(), tenant or new_id(), ACTOR, TRACE)


async def test_a_call_is_namekos(provisioned: Provisioned) -> None:
    seen: list[tuple[dict[str, Any], aio_pika.abc.AbstractIncomingMessage]] = []

    def answer(body: dict[str, Any], message: aio_pika.abc.AbstractIncomingMessage) -> dict[str, Any]:
        seen.append((body, message))
        return {"result": {"email": "a@example.org", "later": 1}, "error": None}

    tenant = new_id()
    async with answering(provisioned, answer), connected(provisioned) as (calls, _, _):
        assert await call(calls, tenant) == rpc.Preferences("a@example.org")
    ((body, message),) = seen
    assert body == {"args": [{}], "kwargs": {}}
    assert message.content_type == "application/json"
    assert message.routing_key == "notifications.preferences"
    assert message.reply_to is not None
    assert message.reply_to.startswith("gateway.reply.")
    assert message.expiration == 5.0
    assert message.headers["nameko.tenant"] == str(tenant)
    assert message.headers["nameko.traceparent"] == TRACE
    assert msgspec.json.decode(str(message.headers["nameko.actor"]), type=Actor) == ACTOR


async def test_many_calls_at_once_each_get_their_own_answer(provisioned: Provisioned) -> None:
    def answer(_: dict[str, Any], message: aio_pika.abc.AbstractIncomingMessage) -> dict[str, Any]:
        return {"result": {"email": message.headers["nameko.tenant"]}, "error": None}

    tenants = [new_id() for _ in range(200)]
    async with answering(provisioned, answer), connected(provisioned) as (calls, _, _):
        answers = await asyncio.gather(*(call(calls, t) for t in tenants))
    assert [a.email for a in answers] == [str(t) for t in tenants]


async def test_errors_come_back_as_what_they_are(provisioned: Provisioned) -> None:
    errors = iter(
        [
            {"exc_type": "Conflict", "exc_path": "x", "exc_args": ["it is closed", []], "value": ""},
            {"exc_type": "Invalid", "exc_args": ["no", [{"path": ["email"], "message": "not one"}]], "value": ""},
            {"exc_type": "ZeroDivisionError", "exc_args": ["secret"], "value": "secret"},
        ]
    )

    def answer(*_: Any) -> dict[str, Any]:
        return {"result": None, "error": next(errors)}

    async with answering(provisioned, answer), connected(provisioned) as (calls, _, _):
        with pytest.raises(Conflict, match="it is closed"):
            await call(calls)
        with pytest.raises(Invalid) as invalid:
            await call(calls)
        assert invalid.value.problems == (Problem(("email",), "not one"),)
        with pytest.raises(InternalError) as internal:
            await call(calls)
        assert "secret" not in str(internal.value)


async def test_a_call_that_nobody_answers_ends_by_its_deadline(provisioned: Provisioned) -> None:
    async with answering(provisioned, lambda *_: None), connected(provisioned, deadline=0.3) as (calls, _, _):
        started = perf_counter()
        with pytest.raises(Unavailable, match="did not answer in time"):
            await call(calls)
        assert 0.25 < perf_counter() - started < 1.0


async def test_a_call_without_a_queue_fails_at_once(provisioned: Provisioned) -> None:
    method = Method("surveys", "no_such.method", rpc.Nothing, rpc.Preferences, frozenset())
    async with connected(provisioned) as (calls, _, _):
        started = perf_counter()
        with pytest.raises(Unavailable):
            await calls.call(method, rpc.Nothing(), new_id(), ACTOR, TRACE)
        assert perf_counter() - started < 1.0


async def test_without_a_broker_a_call_fails_at_once() -> None:
    calls = Rpc()
    broker = Broker("amqp://guest:guest@127.0.0.1:1/", calls)
    await broker.start(0.2)
    try:
        started = perf_counter()
        with pytest.raises(Unavailable, match="broker is away"):
            await call(calls)
        assert perf_counter() - started < 0.1
    finally:
        await broker.stop()


async def tell(provisioned: Provisioned, service: str, event: str, tenant: UUID, data: EventData) -> None:
    """Publish an event as its service does."""
    async with await aio_pika.connect(provisioned.amqp_url(service)) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(f"{service}.events", ensure=False)
        await exchange.publish(aio_pika.Message(msgspec.json.encode(envelop(event, new_id(), tenant, data))), event)


async def heard(subscription: Subscription[Any], seconds: float = 5.0) -> Any:
    """The next update; None when there is none."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            async for update in subscription:
                return update
    return None


async def test_an_event_reaches_its_person_in_its_council_alone(provisioned: Provisioned) -> None:
    here, there, anna, ben = (new_id() for _ in range(4))
    async with connected(provisioned) as (_, live, _):
        mine = live.subscribe(ScoresUpdated, here, anna)
        others: list[Subscription[Any]] = [
            live.subscribe(ScoresUpdated, here, ben),
            live.subscribe(ScoresUpdated, there, anna),
            live.subscribe(MessageAdded, here, anna),
            live.subscribe(FiguresReleased, here),
        ]
        event = ScoresUpdated(anna, new_id(), new_id(), 1)
        await tell(provisioned, "scoring", "scoring.scores_updated.v1", here, event)
        assert await heard(mine) == event
        # a second one, told after the first, is heard by its readers: so the first was not held up somewhere
        released = FiguresReleased(new_id(), 1, 1, ("E05002169",))
        await tell(provisioned, "scoring", "scoring.figures_released.v1", here, released)
        assert await heard(others.pop()) == released
        assert [await heard(o, 0.05) for o in others] == [None, None, None]


async def test_what_is_no_event_disturbs_nobody(provisioned: Provisioned) -> None:
    tenant, person = new_id(), new_id()
    async with connected(provisioned) as (_, live, _):
        subscription = live.subscribe(ScoresUpdated, tenant, person)
        async with await aio_pika.connect(provisioned.amqp_url("scoring")) as connection:
            channel = await connection.channel()
            exchange = await channel.get_exchange("scoring.events", ensure=False)
            for body in (b"{", b"[]", b'{"type": "scoring.scores_updated.v1"}'):
                await exchange.publish(aio_pika.Message(body), "scoring.scores_updated.v1")
        event = ScoresUpdated(person, new_id(), new_id(), 1)
        await tell(provisioned, "scoring", "scoring.scores_updated.v1", tenant, event)
        assert await heard(subscription) == event


async def test_calls_and_live_updates_come_back_with_the_broker(
    provisioned: Provisioned, rabbitmq_server: Server
) -> None:
    tenant, person = new_id(), new_id()
    async with connected(provisioned) as (calls, live, broker):
        subscription = live.subscribe(ScoresUpdated, tenant, person)
        waiting = asyncio.create_task(call(calls))
        await asyncio.sleep(0)
        # not in another thread: the server is made to end with the thread that started it
        rabbitmq_server.restart()
        with pytest.raises(Unavailable):
            await waiting
        assert isinstance(await heard(subscription, 30), Resync)
        assert broker.up
        async with answering(provisioned, lambda *_: {"result": {"email": None}, "error": None}):
            assert await call(calls) == rpc.Preferences(None)
        event = ScoresUpdated(person, new_id(), new_id(), 1)
        await tell(provisioned, "scoring", "scoring.scores_updated.v1", tenant, event)
        assert await heard(subscription) == event
