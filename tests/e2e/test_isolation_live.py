"""Nobody hears live what is another council's or another person's."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from gateway.schema import schema
from schemas.events import EventData
from schemas.events.notifications import MessageAdded
from schemas.events.scoring import FiguresReleased, ScoresUpdated
from schemas.ids import new_id
from schemas.roles import Role
from tests.support.bus import publish
from tests.support.house import House, Voice, inner
from tests.support.system import StartedSystem
from tests.support.watching import TRANSPORTS, comes, watching

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Watch:
    """A subscription, and the event that moves it. What is shown is the council's own all the same."""

    document: str
    event: Callable[[House], EventData]
    variables: Callable[[House], dict[str, Any]] = lambda _: {}
    personal: bool = True


WATCHES = {
    "myScores": Watch(
        "subscription { myScores { responseId frameworkId } }",
        lambda h: ScoresUpdated(h.anna.person, inner(h.things.response), inner(h.things.framework), 1),
    ),
    "inbox": Watch(
        "subscription { inbox { message { id } unread } }",
        lambda h: MessageAdded(inner(h.things.message), h.anna.person),
    ),
    "figures": Watch(
        "subscription($f: ID!) { figures(frameworkId: $f) { frameworkId area } }",
        lambda h: FiguresReleased(inner(h.things.framework), 1, 1, (h.council.areas[0], "")),
        lambda h: {"f": h.things.framework},
        personal=False,
    ),
}


async def listening(system: StartedSystem, number: int) -> bool:
    """Whether so many subscriptions are open."""
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{system.gateway.url}/metrics")).text
    found = re.findall(r"^civic_gateway_subscribers\{.*\} (.*)$", text, re.MULTILINE)
    return sum(float(n) for n in found) == number


async def until_listening(system: StartedSystem, number: int) -> None:
    for _ in range(300):
        if await listening(system, number):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"there are not {number} subscriptions")


def test_every_subscription_is_tried() -> None:
    root = schema()._schema.subscription_type
    assert root is not None
    assert set(root.fields) == set(WATCHES), "say here how the subscription is moved, and whose it is"


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", WATCHES)
async def test_only_the_owner_hears_it(
    system: StartedSystem, houses: tuple[House, House], name: str, transport: str
) -> None:
    a, b = houses
    watch = WATCHES[name]
    before, before_b = a.rested(), b.rested()
    ben = Voice(system, a.anna.http, a.council, (Role.RESIDENT,), new_id())
    await until_listening(system, 0)
    async with AsyncExitStack() as stack:

        async def hears(who: Voice, house: House) -> list[Any]:
            opened = watching(system, transport, who.headers, watch.document, **watch.variables(house))
            return await stack.enter_async_context(opened)

        owner, stranger = await hears(a.anna, a), await hears(b.anna, b)
        # of another council, with the owner's own ids; of the owner's council, but another person
        others = [await hears(b.anna, a)] if not watch.personal else [await hears(ben, a)]
        await until_listening(system, 3)
        await asyncio.to_thread(publish, system.provisioned, a.council.id, watch.event(a))
        await comes(lambda: owner)
        assert a.traces_in(str(owner))
        # had anything of it gone to the others, it would have come before their own
        await asyncio.to_thread(publish, system.provisioned, b.council.id, watch.event(b))
        await comes(lambda: stranger)
        assert a.traces_in(str(stranger)) == set()
        assert b.traces_in(str(stranger))
        assert len(stranger) == 1
        assert len(owner) == 1
        assert others == [[]]
    for house in houses:
        # the news went to the inbox's service, too
        house.disturbed()
    assert a.now()["surveys.responses"] == before["surveys.responses"]
    assert b.now()["surveys.responses"] == before_b["surveys.responses"]


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_stranger_cannot_look_at_the_present_either(
    system: StartedSystem, houses: tuple[House, House], transport: str
) -> None:
    a, b = houses
    document = "subscription($f: ID!) { figures(frameworkId: $f, present: true) { frameworkId area } }"
    said = []
    for framework in (a.things.framework, a.things.never().framework):
        async with watching(system, transport, b.anna.headers, document, f=framework) as heard:
            await comes(lambda heard=heard: heard)  # type: ignore[misc]
            said.append(heard[0])
    assert said[0] == said[1]
    assert "NOT_FOUND" in str(said[0])
    async with watching(system, transport, a.anna.headers, document, f=a.things.framework) as heard:
        await comes(lambda: heard)
        assert a.traces_in(str(heard))


@pytest.mark.parametrize("name", WATCHES)
async def test_a_token_of_another_council_opens_no_stream(
    system: StartedSystem, houses: tuple[House, House], name: str
) -> None:
    a, b = houses
    thief = Voice(system, b.anna.http, a.council, (Role.ADMIN,), b.anna.person, token_of=b.council)
    document, variables = WATCHES[name].document, WATCHES[name].variables(a)
    async with watching(system, "sse", thief.headers, document, **variables) as heard:
        await comes(lambda: heard)
        assert "FORBIDDEN" in str(heard[0])
    # over a websocket such a caller is not let in at all: see the gateway's transports
