"""How the gateway is reached: by GET and POST, by websocket, by a browser; how it refuses, and how it stops."""

import asyncio
import json
import re
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from deploy.local.process import Running
from schemas.roles import Role
from tests.support.system import Council, StartedSystem, make_gateway

pytestmark = pytest.mark.e2e
WATCH = "subscription { myScores { responseId } }"
RESPONSE_JSON = "application/graphql-response+json"


async def opened(system: StartedSystem, socket: ClientConnection, headers: dict[str, str]) -> Any:
    """Say who we are; what the gateway answers."""
    await socket.send(json.dumps({"type": "connection_init", "payload": headers}))
    return json.loads(await socket.recv())


def socket_to(system: StartedSystem) -> connect:
    return connect(system.live_url, subprotocols=["graphql-transport-ws"])  # type: ignore[list-item]


async def heard_until_closed(socket: ClientConnection) -> None:
    """The subscription may say that it ends before the socket does: both ends fall on the same moment."""
    while True:
        assert json.loads(await socket.recv())["type"] in {"next", "error", "complete"}


async def test_a_socket_closes_when_its_token_runs_out(system: StartedSystem, council: Council) -> None:
    token = system.token(council, Role.RESIDENT, hours=3 / 3600)
    async with socket_to(system) as socket:
        assert (await opened(system, socket, system.headers(council, token)))["type"] == "connection_ack"
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": WATCH}}))
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(heard_until_closed(socket), 10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


@pytest.mark.parametrize("what", ["bad token", "other council", "no council"])
async def test_a_socket_of_a_stranger_is_closed(
    system: StartedSystem, council: Council, other_council: Council, what: str
) -> None:
    headers = {
        "bad token": system.headers(council, "not.a.token"),
        "other council": system.headers(council, system.token(other_council, Role.ADMIN)),
        "no council": {},
    }[what]
    async with socket_to(system) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await opened(system, socket, headers)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_the_older_socket_protocol_is_not_spoken(system: StartedSystem) -> None:
    async with connect(system.live_url, subprotocols=["graphql-ws"]) as socket:  # type: ignore[list-item]
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4406


async def test_queries_and_mutations_go_over_a_socket_too(system: StartedSystem, council: Council) -> None:
    async with socket_to(system) as socket:
        await opened(system, socket, system.headers(council))
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": "{ council { slug } }"}}))
        assert json.loads(await socket.recv())["payload"] == {"data": {"council": {"slug": council.slug}}}
        assert json.loads(await socket.recv()) == {"id": "1", "type": "complete"}
        await socket.send(json.dumps({"id": "2", "type": "subscribe", "payload": {"query": WATCH}}))
        refused = json.loads(await socket.recv())
        assert "UNAUTHENTICATED" in json.dumps(refused)


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"method": "GET", "params": {"query": 'mutation { unfollow(input: {id: "x"}) { __typename } }'}}, 405, None),
        ({"method": "GET", "params": {"query": WATCH}}, 406, "NOT_ACCEPTABLE"),
        ({"method": "POST", "json": {"query": WATCH}}, 406, "NOT_ACCEPTABLE"),
        ({"method": "PUT", "json": {"query": "{ __typename }"}}, 405, None),
        ({"method": "POST", "content": "query=x", "headers": {"content-type": "text/plain"}}, 415, None),
        ({"method": "POST", "json": [{"query": "{ __typename }"}]}, 400, "BAD_REQUEST"),
        ({"method": "POST", "json": 3}, 400, "BAD_REQUEST"),
        ({"method": "POST", "json": {"query": "{ __typename }", "x": "x" * 1_100_000}}, 413, "TOO_LARGE"),
    ],
    ids=[
        "mutation by GET",
        "subscription by GET",
        "subscription by POST",
        "PUT",
        "text",
        "batch",
        "number",
        "huge",
    ],
)
async def test_what_cannot_be_run_is_refused(
    system: StartedSystem, request_: dict[str, Any], status: int, code: str | None
) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.request(url=system.url, **request_)
    assert answer.status_code == status
    if status == 405 and request_["method"] == "GET":
        assert answer.headers["allow"] == "POST"
    if code is not None:
        assert answer.json()["errors"][0]["extensions"]["code"] == code


async def test_a_council_is_found_by_its_host_name(system: StartedSystem, council: Council) -> None:
    headers = {"host": f"{council.slug}.localhost:8000"}
    async with httpx.AsyncClient(headers=headers) as client:
        said = (await client.get(system.url, params={"query": "{ council { slug } }"})).json()
    assert said == {"data": {"council": {"slug": council.slug}}}


async def test_a_browser_gets_a_page_that_needs_nothing_from_elsewhere(system: StartedSystem) -> None:
    async with httpx.AsyncClient(base_url=system.gateway.url, headers={"accept": "text/html,*/*"}) as client:
        page = await client.get("/graphql")
        assert page.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert parts
        for part in parts:
            assert part.startswith("/")
            assert (await client.get(part)).status_code == 200
        assert "type Query" in (await client.get("/schema.graphql")).text


async def test_a_trace_goes_from_the_request_into_the_log(system: StartedSystem, council: Council) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {**system.headers(council), "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    async with httpx.AsyncClient() as client:
        await client.post(system.url, json={"query": "{ council { slug } }"}, headers=headers)
    assert trace in system.gateway.running.log.read_text()


async def watchers(url: str) -> float:
    """How many live subscriptions there are."""
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{url}/metrics")).text
    return sum(float(n) for n in re.findall(r"^civic_gateway_subscribers\{.*\} (.*)$", text, re.MULTILINE))


async def until_watchers(url: str, number: float) -> None:
    for _ in range(100):
        if await watchers(url) == number:
            return
        await asyncio.sleep(0.05)
    assert await watchers(url) == number


async def test_who_goes_away_is_forgotten_and_a_stop_waits_for_no_reader(
    system: StartedSystem, council: Council, tmp_path_factory: pytest.TempPathFactory
) -> None:
    replica = make_gateway(system.provisioned, tmp_path_factory.mktemp("replica"), system.issuer)
    running: Running = replica.running
    running.start()
    try:
        replica.wait()
        url = f"{replica.url}/graphql"
        token = system.token(council, Role.RESIDENT)
        headers = {**system.headers(council, token), "accept": "text/event-stream"}
        async with httpx.AsyncClient(timeout=30) as client:
            async with client.stream("POST", url, json={"query": WATCH}, headers=headers):
                await until_watchers(replica.url, 1)
            await until_watchers(replica.url, 0)
            async with client.stream("POST", url, json={"query": WATCH}, headers=headers) as reader:
                await until_watchers(replica.url, 1)
                started = asyncio.get_running_loop().time()
                stopping = asyncio.create_task(asyncio.to_thread(running.stop))
                said = [line async for line in reader.aiter_lines()]
                assert "event: complete" in said
                await stopping
                assert asyncio.get_running_loop().time() - started < 5
    finally:
        running.stop()
