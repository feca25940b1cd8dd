"""Past the gateway: every remote call, with another council's ids, without a caller, and without the role for it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc import METHODS, Method
from tests.support.denied_calls import ECHOES, LEAVES_SOMETHING, REQUESTS, RawCalls, masked, outcome
from tests.support.house import House
from tests.support.system import StartedSystem

pytestmark = pytest.mark.e2e
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(scope="module")
def calls(system: StartedSystem) -> Iterator[RawCalls]:
    with RawCalls(system.provisioned.amqp_url("operator")) as calls:
        yield calls


def headers(tenant: UUID | str, actor: Actor) -> dict[str, str]:
    said = msgspec.json.encode(actor).decode()
    return {"nameko.tenant": str(tenant), "nameko.actor": said, "nameko.traceparent": TRACE}


def actor(house: House, role: Role) -> Actor:
    """Anna, in whatever role; whoever has not signed in is nobody."""
    return Actor(None if role is Role.ANONYMOUS else house.anna.person, (role,))


def test_every_call_is_tried() -> None:
    assert set(METHODS) == set(REQUESTS), "say in tests/support/denied_calls.py how a stranger would call it"


@every_method
def test_a_call_for_one_council_reaches_nothing_of_another(
    houses: tuple[House, House], calls: RawCalls, method: Method[Any, Any]
) -> None:
    a, b = houses
    request, expected = REQUESTS[method.routing_key]
    real, never = request(a.things), request(a.things.never())
    before, before_b = a.rested(), b.rested()
    left, echoed = method.routing_key in LEAVES_SOMETHING, method.routing_key in ECHOES
    for role in sorted(method.roles):
        councils = [a.system.council().id for _ in range(2)] if left else [b.council.id] * 2
        said, nothing = (
            calls.ask(method, asked, headers(council, actor(a, role)))
            for asked, council in zip((real, never), councils, strict=True)
        )
        assert outcome(said) == expected, role
        if left or echoed:
            assert masked(said) == masked(nothing), role
        else:
            assert said == nothing, role
            assert a.traces_in(said.decode()) == set(), role
    assert a.now() == before
    assert b.now() == before_b


@every_method
def test_a_call_that_says_not_for_whom_is_refused(
    houses: tuple[House, House], calls: RawCalls, method: Method[Any, Any]
) -> None:
    a, _ = houses
    request = REQUESTS[method.routing_key][0](a.things)
    before = a.rested()
    good = headers(a.council.id, Actor(a.anna.person, tuple(method.roles)))
    wrong_roles = tuple(set(Role) - method.roles)
    for bad in (
        {},
        {k: v for k, v in good.items() if k != "nameko.tenant"},
        {k: v for k, v in good.items() if k != "nameko.actor"},
        {**good, "nameko.tenant": a.council.slug},
        {**good, "nameko.tenant": ""},
        {**good, "nameko.tenant": "*"},
        {**good, "nameko.actor": "{}"},
        {**good, "nameko.actor": "anna"},
        {**good, "nameko.actor": '{"roles": ["king"]}'},
        {**good, "nameko.actor": msgspec.json.encode(Actor(a.anna.person, ())).decode()},
        {**good, "nameko.actor": msgspec.json.encode(Actor(a.anna.person, wrong_roles)).decode()},
    ):
        body = calls.ask(method, request, bad)
        assert outcome(body) == "Forbidden", bad
        assert a.traces_in(body.decode()) == set()
    assert outcome(calls.ask(method, request, {**good, "nameko.tenant": str(new_id())})) == "NotFound"
    assert a.now() == before


def test_the_owner_is_answered(houses: tuple[House, House], calls: RawCalls) -> None:
    a, _ = houses
    for name in ("surveys.questionnaires", "surveys.import_progress", "scoring.frameworks", "directory.entries"):
        method = METHODS[name]
        body = calls.ask(
            method,
            REQUESTS[name][0](a.things),
            headers(a.council.id, Actor(a.officer.person, (Role.OFFICER,))),
        )
        assert outcome(body) == "ok"
        assert a.traces_in(body.decode()), name
