"""How long it takes until somebody who sends answers sees their own new score, pushed to them."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import quantiles

import amqp
import msgspec
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench import survey
from bench.bare.work import Queue, broker, declare
from bench.house import House
from bench.load import Line
from bench.results import Row, alone, within
from bench.sizes import Sizes
from bench.submitting import http_request
from schemas.ids import new_id
from schemas.roles import Role

UNIT = "ms"
AT_ONCE, UNBROKEN = 100.0, 1_000.0
"""Nielsen, Usability Engineering (1993), chapter 5: up to 0.1 s feels immediate, up to 1 s keeps one's thought."""
PATIENCE = 30.0
SUBSCRIPTION = "subscription { myScores { responseId scores { measure score } } }"


def measure(house: House, sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """One submission after the other; then as many bare round trips through the same broker."""
    say("freshness: submit → receipt and own score")
    receipts, scores = uvloop.run(_submissions(house, sizes.fresh))
    say("freshness: bare round trips")
    bare = _round_trips(house.bare_amqp_url, sizes.fresh)
    trip = "bare: publish → consume"
    yield alone("freshness", f"{trip}, p50", percentile(bare, 50), UNIT)
    yield alone("freshness", f"{trip}, p99", percentile(bare, 99), UNIT)
    yield alone("freshness", "submit → receipt, p50", percentile(receipts, 50), UNIT)
    yield alone("freshness", "submit → receipt, p99", percentile(receipts, 99), UNIT)
    for number, limit in ((50, AT_ONCE), (99, UNBROKEN)):
        what = f"submit → own score by subscription, p{number}"
        yield within("freshness", what, percentile(scores, number), UNIT, limit, percentile(bare, number))


def percentile(times: Sequence[float], number: int) -> float:
    """A percentile of the times."""
    return quantiles(times, n=100, method="inclusive")[number - 1]


async def _submissions(house: House, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds from sending answers to the receipt, and to the score of just these answers."""
    asking = survey.opened(house.system, house.calls)
    person = new_id()
    token = house.system.token(asking.council, Role.RESIDENT, person=person)
    headers = house.system.headers(asking.council, token)
    receipts, scores = [], []
    async with (
        connect(
            house.system.live_url,
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers=headers,
            compression=None,
        ) as socket,
        Line(house.system.url) as line,
    ):
        await _subscribe(socket)
        for answers in survey.made_up(count):
            request = http_request(house.system, asking, answers, token)
            started = time.perf_counter()
            seen = asyncio.create_task(_next(socket))
            receipt = msgspec.json.decode(await line.ask(request))["data"]["submitResponse"]["receipt"]
            receipts.append((time.perf_counter() - started) * 1000)
            response, moment = await asyncio.wait_for(seen, PATIENCE)
            if response != receipt["responseId"]:
                raise AssertionError("the score that came is of other answers")
            scores.append((moment - started) * 1000)
    return receipts, scores


async def _subscribe(socket: ClientConnection) -> None:
    await socket.send('{"type":"connection_init"}')
    acknowledged = msgspec.json.decode(await socket.recv())
    if acknowledged["type"] != "connection_ack":
        raise AssertionError(f"the gateway said {acknowledged}")
    await socket.send(
        msgspec.json.encode({"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIPTION}}).decode()
    )
    # the protocol has no word for "subscribed"; a ping that is answered came after it
    await socket.send('{"type":"ping"}')
    while msgspec.json.decode(await socket.recv())["type"] != "pong":
        pass


async def _next(socket: ClientConnection) -> tuple[str, float]:
    """The response that the next pushed score is of, and when it came."""
    while True:
        said = msgspec.json.decode(await socket.recv())
        moment = time.perf_counter()
        if said["type"] == "next":
            return said["payload"]["data"]["myScores"]["responseId"], moment
        if said["type"] in ("error", "complete"):
            raise AssertionError(f"the subscription ended: {said}")


def _round_trips(url: str, count: int) -> list[float]:
    """Milliseconds from publishing a message, in confirm mode, to having it back."""
    queue, times = Queue("operator.trip"), []
    declare(url, queue)
    with broker(url) as connection:
        channel = connection.channel()
        channel.confirm_select()
        arrived: list[amqp.Message] = []
        channel.basic_consume(queue.name, callback=arrived.append)
        for number in range(count):
            started = time.perf_counter()
            message = amqp.Message(b"x" * 500, delivery_mode=2, message_id=str(number))
            channel.basic_publish(message, exchange=queue.exchange, routing_key=queue.name)
            while not arrived:
                connection.drain_events(timeout=PATIENCE)
            times.append((time.perf_counter() - started) * 1000)
            channel.basic_ack(arrived.pop().delivery_tag)
    return times
