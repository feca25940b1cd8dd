"""Subscriptions as clients hold them open, over a websocket or as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import connect

from tests.support.system import StartedSystem

Heard = list[Any]


async def _socket(
    system: StartedSystem, headers: Mapping[str, str], asked: dict[str, Any], heard: Heard, ready: asyncio.Event
) -> None:
    async with connect(system.live_url, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await socket.send(json.dumps({"type": "connection_init", "payload": dict(headers)}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
        ready.set()
        async for message in socket:
            said = json.loads(message)
            if said["type"] in ("next", "error"):
                heard.append(said["payload"])


async def _events(
    system: StartedSystem, headers: Mapping[str, str], asked: dict[str, Any], heard: Heard, ready: asyncio.Event
) -> None:
    accept = {**headers, "accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(timeout=60) as client,
        client.stream("POST", system.url, json=asked, headers=accept) as answer,
    ):
        ready.set()
        async for line in answer.aiter_lines():
            if line.startswith("data: {"):
                heard.append(json.loads(line.removeprefix("data: ")))


TRANSPORTS: Mapping[str, Callable[..., Any]] = {"websocket": _socket, "sse": _events}


@asynccontextmanager
async def watching(
    system: StartedSystem, transport: str, headers: Mapping[str, str], document: str, **variables: Any
) -> AsyncIterator[Heard]:
    """What a subscriber hears, as it comes."""
    heard: Heard = []
    ready = asyncio.Event()
    asked = {"query": document, "variables": variables}
    task = asyncio.create_task(TRANSPORTS[transport](system, headers, asked, heard, ready))
    try:
        await asyncio.wait_for(ready.wait(), 10)
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def comes(look: Callable[[], Any]) -> None:
    """Wait until `look` is true."""
    for _ in range(300):
        if look():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nothing came")
