"""No root field is reached by a caller whom the policy does not let through, and no service is asked for one."""

from typing import Any
from uuid import uuid4

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from strawberry.relay import GlobalID

from gateway import policy
from gateway.auth import ANONYMOUS
from gateway.context import Caller, Context
from gateway.schema import schema
from gateway.tenancy import Tenant
from schemas.errors import Forbidden
from schemas.roles import Actor, Role

SERVED = schema()
ROOTS = [SERVED._schema.query_type, SERVED._schema.mutation_type, SERVED._schema.subscription_type]
FIELDS = [(root.name, name, field) for root in ROOTS if root for name, field in root.fields.items()]
TENANT = Tenant(uuid4(), "here", "Here", "E06000031", active=True)
ROLES = [(role,) for role in Role if role is not Role.ANONYMOUS]
every_field = pytest.mark.parametrize(("root", "name", "field"), FIELDS, ids=[f"{r}.{n}" for r, n, _ in FIELDS])


class Stranger(Context):
    """A context whose caller is made up; to ask a service would fail loudly, for there is none."""

    def __init__(self, who: Caller | Exception) -> None:
        self.who = who
        self.traceparent = ""
        self.loaders = {}

    async def caller(self) -> Caller:
        if isinstance(self.who, Exception):
            raise self.who
        return self.who


def literal(type_: Any) -> str:
    """Some value of an input type."""
    if isinstance(type_, GraphQLNonNull):
        return literal(type_.of_type)
    if isinstance(type_, GraphQLList):
        return "[]"
    if isinstance(type_, GraphQLEnumType):
        return str(next(iter(type_.values)))
    if isinstance(type_, GraphQLInputObjectType):
        needed = (f"{n}: {literal(f.type)}" for n, f in type_.fields.items() if isinstance(f.type, GraphQLNonNull))
        return "{" + ", ".join(needed) + "}"
    plain = {"ID": f'"{GlobalID("Questionnaire", str(uuid4()))}"', "Int": "1", "Float": "1", "Boolean": "true"}
    return plain.get(str(type_.name), '"x"')


def question(root: str, name: str, field: GraphQLField) -> str:
    """The smallest operation that asks for a root field."""
    given = [f"{n}: {literal(a.type)}" for n, a in field.args.items() if isinstance(a.type, GraphQLNonNull)]
    arguments = f"({', '.join(given)})" if given else ""
    selection = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{root.lower()} {{ {name}{arguments}{selection} }}"


async def answer(root: str, name: str, field: GraphQLField, who: Caller | Exception) -> str:
    """The code of the error that the field answers with; a mutation's member by its type."""
    query = question(root, name, field)
    if root == "Subscription":
        stream = await SERVED.stream(query, context_value=Stranger(who))
        result: Any = await anext(aiter(stream))
    else:
        result = await SERVED.execute(query, context_value=Stranger(who))
    if result.errors:
        return str((result.errors[0].extensions or {}).get("code"))
    return str(result.data[name]["__typename"])


@every_field
async def test_a_token_of_another_council_opens_nothing(root: str, name: str, field: GraphQLField) -> None:
    code = await answer(root, name, field, Forbidden("your token is for another council"))
    assert code == ("ForbiddenError" if root == "Mutation" else "FORBIDDEN")


@every_field
@pytest.mark.parametrize("roles", ROLES, ids=str)
async def test_a_role_that_is_not_in_the_table_opens_nothing(
    root: str, name: str, field: GraphQLField, roles: tuple[Role, ...]
) -> None:
    if not policy.RULES[root][name].isdisjoint(roles):
        return
    code = await answer(root, name, field, Caller(TENANT, Actor(uuid4(), roles), 9e9))
    assert code == ("ForbiddenError" if root == "Mutation" else "FORBIDDEN")


@every_field
async def test_without_a_token_only_public_fields_open(root: str, name: str, field: GraphQLField) -> None:
    if Role.ANONYMOUS in policy.RULES[root][name]:
        return
    assert await answer(root, name, field, Caller(TENANT, ANONYMOUS, None)) == "UNAUTHENTICATED"


def test_what_the_public_may_do() -> None:
    public = {n for rules in policy.RULES.values() for n, rule in rules.items() if Role.ANONYMOUS in rule}
    assert public == {
        "node", "council", "questionnaires", "questionnaire", "frameworks", "frameworkVersion", "figures", "directory",
        "directorySuggestions", "trend",
        "areaIndicators", "areaScores", "privateReleases", "caseStudies",
        "submitResponse", "waves", "followLink", "saveAnswers", "continueAnswers", "forgetAnswers",
        "cellChange", "changeConsentByCode", "withdrawByCode",
    }  # fmt: skip


def test_every_root_is_an_object() -> None:
    assert all(isinstance(root, GraphQLObjectType) for root in ROOTS)
