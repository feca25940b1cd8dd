"""Events on the wire, and who may touch what on the broker."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import rpc
from schemas.events import BY_DATA, EVENT_TYPES, Envelope, EventData, EventType, envelop
from schemas.events.directory import EntryWithdrawn
from schemas.rpc import case_studies, directory, notifications, scoring, surveys
from schemas.topology import EXCHANGES, QUEUES, RPC_EXCHANGE, SERVICES, USERS, definitions, permissions

TENANT = UUID("0190f3a0-0000-7000-8000-000000000001")
ENTRY = UUID("0190f3a0-0000-7000-8000-000000000002")

PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    UUID: st.uuids(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    NoneType: st.none(),
}


def fitting(kind: Any) -> st.SearchStrategy[Any]:
    """Whatever a field of this type may hold."""
    if kind in PLAIN:
        return PLAIN[kind]
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(inside)
    if origin in (Union, UnionType):
        return st.one_of(*(fitting(one) for one in inside))
    if origin is tuple:
        return st.lists(fitting(inside[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(fitting(inside[0]), fitting(inside[1]), max_size=3)
    return st.builds(kind, **{name: fitting(hint) for name, hint in get_type_hints(kind).items()})


@pytest.mark.parametrize("event", EVENT_TYPES, ids=lambda event: event.name)
@given(data=st.data())
def test_what_is_told_is_what_is_heard(event: EventType, data: st.DataObject) -> None:
    told: EventData = data.draw(fitting(event.data))
    sent = envelop(event.name, "x", TENANT, told, data.draw(st.none() | st.text()))
    heard = msgspec.json.decode(msgspec.json.encode(sent), type=Envelope)
    assert msgspec.structs.replace(heard, data=msgspec.convert(heard.data, event.data)) == sent


def test_the_envelope_is_cloudevents_1_0() -> None:
    sent = envelop(BY_DATA[EntryWithdrawn].name, ENTRY, TENANT, EntryWithdrawn(entry_id=ENTRY), "00-a-b-01")
    wire = msgspec.json.decode(msgspec.json.encode(sent))
    assert UUID(wire.pop("id")).version == 7
    assert datetime.fromisoformat(wire.pop("time")).utcoffset() is not None
    assert wire == {
        "specversion": "1.0",
        "type": "directory.entry_withdrawn.v1",
        "source": "/directory",
        "subject": str(ENTRY),
        "datacontenttype": "application/json",
        "tenantid": str(TENANT),
        "traceparent": "00-a-b-01",
        "data": {"entry_id": str(ENTRY)},
    }


def test_a_newer_sender_may_say_more_but_not_less_and_not_by_another_standard() -> None:
    sent = envelop("directory.entry_withdrawn.v1", ENTRY, TENANT, EntryWithdrawn(entry_id=ENTRY))
    wire = msgspec.json.decode(msgspec.json.encode(sent))
    more = msgspec.convert(wire | {"dataschema": "x", "data": {**wire["data"], "why": "x"}}, Envelope)
    assert msgspec.convert(more.data, EntryWithdrawn) == EntryWithdrawn(entry_id=ENTRY)
    for wrong in ({"specversion": "0.3"}, {"datacontenttype": "text/plain"}, {"tenantid": None}, {"id": "x"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wire | wrong, Envelope)
    with pytest.raises(msgspec.ValidationError, match="missing required field `tenantid`"):
        msgspec.convert({k: v for k, v in wire.items() if k != "tenantid"}, Envelope)


def test_an_events_name_begins_with_the_service_that_tells_it() -> None:
    assert {event.service for event in EVENT_TYPES} == set(SERVICES)
    for event in EVENT_TYPES:
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+\.v[1-9][0-9]*", event.name)
    assert len({event.name for event in EVENT_TYPES}) == len({event.data for event in EVENT_TYPES}) == len(EVENT_TYPES)


NAMES = frozenset({e.name for e in EXCHANGES} | {q.name for q in QUEUES})
EVENTS = frozenset(f"{service}.events" for service in SERVICES)
QUEUE_EXCHANGES = frozenset({"scoring.queues", "notifications.queues"})
HEARD = {
    "surveys": {"surveys.events"},
    "case_studies": {"case_studies.events"},
    "scoring": {"scoring.events", "surveys.events"},
    "directory": {"directory.events"},
    "notifications": EVENTS,
}


def allowed(pattern: str, names: frozenset[str] = NAMES) -> set[str]:
    """The names that the broker would let through: it looks for the pattern anywhere in a name."""
    return {name for name in names if re.search(pattern, name)}


def own(service: str) -> set[str]:
    """Everything on the broker that is the service's."""
    return {name for name in NAMES if name.partition(".")[0] == service} | {f"rpc-{service}", RPC_EXCHANGE}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_touches_its_own_and_listens_to_what_is_meant_for_it(service: str) -> None:
    may = permissions(service)
    assert allowed(may.configure) == own(service)
    assert allowed(may.write) == own(service)
    assert allowed(may.read) == own(service) | HEARD[service]


def test_the_gateway_calls_and_hears_events_and_reads_no_queue() -> None:
    may = permissions("gateway")
    assert allowed(may.configure) == set()
    assert allowed(may.write) == {RPC_EXCHANGE}
    assert allowed(may.read) == {RPC_EXCHANGE, *EVENTS}


def test_the_operator_looks_at_everything_and_moves_dead_letters_but_tells_no_events() -> None:
    may = permissions("operator")
    assert allowed(may.configure) == set()
    assert allowed(may.write) == {RPC_EXCHANGE, *QUEUE_EXCHANGES}
    assert allowed(may.read) == NAMES


@pytest.mark.parametrize("user", USERS)
def test_nobody_writes_to_the_default_exchange_or_to_look_alikes(user: str) -> None:
    may = permissions(user)
    alike = {user, f"x{user}.events", f"{user}xevents", f"rpc-{user}.x", f"x-rpc-{user}", f"{RPC_EXCHANGE}x"}
    strange = frozenset({"amq.default", "amq.topic", "", *alike})
    assert allowed(may.configure, strange) == set()
    assert allowed(may.write, strange) == set()
    if user != "operator":
        assert allowed(may.read, strange) == ({f"x{user}.events"} if user == "gateway" else set())


METHODS = frozenset(
    method.routing_key
    for module in (case_studies, directory, notifications, scoring, surveys)
    for method in vars(module).values()
    if isinstance(method, rpc.Method)
)
REPLIES = frozenset({"gateway.reply.1", "operator.reply.1"})


@pytest.mark.parametrize("user", USERS)
def test_callers_call_every_method_and_services_answer_only(user: str) -> None:
    may = permissions(user)
    calls, answers = (set[str](), set(REPLIES)) if user in SERVICES else (set(METHODS), set[str]())
    assert allowed(may.rpc_write, METHODS) == calls
    assert allowed(may.rpc_write, REPLIES) == answers


@pytest.mark.parametrize("user", USERS)
def test_each_listens_to_calls_or_replies_of_its_own_only(user: str) -> None:
    binding = frozenset({*REPLIES, *(f"{service}.*" for service in SERVICES), "#", "*.*", "*.reply.*"})
    mine = f"{user}.*" if user in SERVICES else f"{user}.reply.1"
    assert allowed(permissions(user).rpc_read, binding) == {mine}


def test_a_user_that_is_not_ours_has_no_permissions() -> None:
    with pytest.raises(KeyError):
        permissions("guest")


def test_the_broker_is_told_hashes_and_never_a_password() -> None:
    passwords = {user: f"secret of {user}" for user in USERS}
    document = definitions(passwords)
    assert "secret of" not in str(document)
    for user in document["users"]:
        raw = base64.b64decode(user["password_hash"])
        salt, digest = raw[:4], raw[4:]
        assert digest == hashlib.sha256(salt + passwords[user["name"]].encode()).digest()
        assert user["tags"] == ""
    granted = {p["user"]: (p["configure"], p["write"], p["read"]) for p in document["permissions"]}
    assert granted == {u: (p.configure, p.write, p.read) for u in USERS for p in [permissions(u)]}
    assert {(t["user"], t["exchange"]) for t in document["topic_permissions"]} == {(u, RPC_EXCHANGE) for u in USERS}
