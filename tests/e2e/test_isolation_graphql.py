"""What belongs to one council does not exist for another: every query and mutation, every kind of thing, every role."""

from typing import Any

import pytest

from gateway.policy import RULES
from gateway.schema import schema
from schemas.roles import PUBLIC, Role
from tests.support.denials import ASKS, NODES, Ask
from tests.support.house import House, Voice

pytestmark = pytest.mark.e2e
every_ask = pytest.mark.parametrize("ask", ASKS, ids=[f"{i}-{a.name}" for i, a in enumerate(ASKS)])
NODE = "query($i: ID!) { node(id: $i) { id __typename } }"
ELSEWHERE = "your token is for another council"


def voice(house: House, role: Role, other: House | None = None) -> Voice:
    """Anna, in this council, in a role; with a token of another council if one is given."""
    anna = house.anna
    return Voice(anna.system, anna.http, house.council, (role,), anna.person, other.council if other else None)


def fresh(house: House, role: Role) -> Voice:
    """Anna in a council that has nothing yet."""
    anna = house.anna
    return Voice(anna.system, anna.http, anna.system.council(), (role,), anna.person)


def owner(house: House, ask: Ask) -> Voice:
    return {"officer": house.officer, "admin": house.admin}.get(ask.who, house.anna)


def refusal(said: dict[str, Any]) -> str:
    """The code of a GraphQL error, or the kind of a mutation's."""
    if said.get("errors"):
        return str(said["errors"][0]["extensions"]["code"])
    [answer] = said["data"].values()
    return str(answer["__typename"])


def test_every_query_and_mutation_is_asked() -> None:
    served = schema()._schema
    roots = (served.query_type, served.mutation_type)
    fields = {f"{root.name}.{name}" for root in roots if root for name in root.fields}
    assert fields - {ask.name for ask in ASKS} == set(), "say in tests/support/denials.py how a stranger would ask"
    assert {ask.name for ask in ASKS} - fields == set()


def test_every_kind_of_node_is_asked_for() -> None:
    served = schema()._schema
    kinds = {t.name for t in served.get_possible_types(served.type_map["Node"])}  # type: ignore[arg-type]
    assert {kind for kind, _ in NODES} == kinds


@every_ask
def test_a_stranger_gets_what_one_gets_who_asks_for_nothing(houses: tuple[House, House], ask: Ask) -> None:
    a, b = houses
    before = a.rested()
    real, never = ask.variables(a.things), ask.variables(a.things.never())
    for role in sorted(RULES[ask.root][ask.field]):
        stranger = fresh(b, role) if ask.fresh else voice(b, role)
        nobody_knows = fresh(b, role) if ask.fresh else stranger
        said, nothing = stranger.ask(ask.document, real), nobody_knows.ask(ask.document, never)
        assert (said.status_code, said.content) == (nothing.status_code, nothing.content), role
        assert a.traces_in(said.text) == set(), role
        if ask.root == "Mutation":
            assert refusal(said.json()) == ask.stranger, role
    assert a.now() == before


@every_ask
def test_a_token_does_not_reach_beyond_its_council(houses: tuple[House, House], ask: Ask) -> None:
    a, b = houses
    before, before_b = a.rested(), b.rested()
    variables = ask.variables(a.things)
    for role in sorted(RULES[ask.root][ask.field] - {Role.ANONYMOUS}):
        for caller in (voice(b, role, other=a), voice(a, role, other=b)):
            said = caller.ask(ask.document, variables)
            assert refusal(said.json()) in ("FORBIDDEN", "ForbiddenError")
            assert ELSEWHERE in said.text
            assert a.traces_in(said.text) == set()
    if Role.ANONYMOUS not in RULES[ask.root][ask.field]:
        said = voice(b, Role.ANONYMOUS).ask(ask.document, variables)
        assert refusal(said.json()) == "UNAUTHENTICATED"
        assert a.traces_in(said.text) == set()
    assert a.now() == before
    assert b.now() == before_b


@pytest.mark.parametrize("thing", [name for _, name in NODES])
def test_nothing_of_another_council_is_found_by_its_id(houses: tuple[House, House], thing: str) -> None:
    a, b = houses
    real, never = getattr(a.things, thing), getattr(a.things.never(), thing)
    for role in sorted(PUBLIC):
        stranger = voice(b, role)
        assert stranger.ask(NODE, {"i": real}).content == stranger.ask(NODE, {"i": never}).content
        assert stranger.get(NODE, i=real) == {"node": None}
    found = [who.get(NODE, i=real)["node"] for who in (a.anna, a.officer)]
    assert {"id": real, "__typename": {n: k for k, n in NODES}[thing]} in found


def test_a_key_that_was_used_elsewhere_is_new_here(houses: tuple[House, House]) -> None:
    a, b = houses
    document = """mutation($i: SubmitResponseInput!) { submitResponse(input: $i) {
      __typename ... on MutationError { message } ... on ResponsePayload { receipt { repeated questionnaireId } } } }"""
    given = {
        "questionnaireId": b.things.questionnaire,
        "idempotencyKey": a.things.idempotency_key,
        "answers": [{"item": "speak", "number": 3}],
        "consent": {"version": "1", "purposes": ["scores"]},
    }
    before = a.rested()
    # unsigned: one more response of Anna's would move the places in her lists, which other tests compare
    receipt = b.nobody.get(document, i=given)["submitResponse"]["receipt"]
    b.disturbed()
    assert receipt == {"repeated": False, "questionnaireId": b.things.questionnaire}
    assert a.now() == before


@every_ask
def test_the_owner_does_get_it(houses: tuple[House, House], ask: Ask) -> None:
    a, _ = houses
    document, variables = ask.document, ask.variables(a.things)
    if ask.root == "Query":
        # the stranger's cursor may stand anywhere; the owner begins at the beginning
        said = owner(a, ask).ask(document, {**variables, "c": None} if "c" in variables else variables)
        assert ask.theirs is not None
        assert ask.theirs(a) in said.text
        assert a.traces_in(said.text)
        return
    try:
        assert refusal(owner(a, ask).ask(document, variables).json()) == ask.owner
    finally:
        a.disturbed()
