"""What a query may cost, and what becomes of errors, without a broker or a database."""

from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLError, build_schema, parse, validate

from gateway import limits
from gateway.context import Context
from gateway.errors import INTERNAL
from gateway.http import RESPONSE_JSON, media_type
from gateway.policy import enforce
from gateway.schema import schema
from gateway.tenancy import TenantUnknown

SERVED = schema()


def refused(query: str) -> list[str]:
    """What the limits say about a query."""
    return [e.message for e in validate(SERVED._schema, parse(query), limits.RULES)]


def test_an_everyday_query_is_allowed() -> None:
    everything = """query($n: Int!) { questionnaires(first: $n) { edges { cursor node { id slug definition { title
      consent { purposes { code } } sections { title items { text labels { label } choices { code label } } } } } }
      pageInfo { endCursor } } }"""
    assert refused(everything) == []
    assert refused('{ figures(frameworkId: "x", first: 1000) { edges { node { area n score } } } }') == []


def test_the_page_size_multiplies_the_cost() -> None:
    query = (
        "{ questionnaires(first: %d) { edges { node { definition { sections { items { choices { code } } } } } } } }"
    )
    assert refused(query % 20) == []
    (message,) = refused(query % 400)
    assert message.startswith("this query costs ")


def test_a_page_size_that_is_a_variable_counts_as_the_largest() -> None:
    frameworks = "a%d: frameworks(first: %s) { edges { node { domains { indicators { items { code } } } } } }"
    many = " ".join(frameworks % (i, "$n") for i in range(6))
    few = " ".join(frameworks % (i, 5) for i in range(6))
    assert refused(f"query($n: Int!) {{ {many} }}")
    assert refused(f"{{ {few} }}") == []


def test_fragments_count_where_they_are_used() -> None:
    fragment = "fragment F on Framework { domains { indicators { items { code } } } }"
    page = "a%d: frameworks(first: 100) { edges { node { ...F } } }"
    assert refused(f"{{ {page % 0} }} {fragment}") == []
    five = " ".join(page % i for i in range(5))
    assert refused(f"{{ {five} }} {fragment}")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{" + " ".join(f"a{i}: __typename" for i in range(31)) + "}", "31 aliases found"),
        (
            "{ myScores { framework { questionnaire { definition { sections { items { %s } } } } } } }"
            % ("choices { " * 15 + "code" + " }" * 15),
            "exceeds maximum operation depth",
        ),
    ],
)
def test_aliases_and_depth_are_limited(query: str, said: str) -> None:
    assert any(said in message for message in refused(query))


async def run(query: str, context: Any = None) -> Any:
    return await SERVED.execute(query, context_value=context)


async def test_a_document_of_too_many_tokens_is_not_parsed() -> None:
    result = await run("{ %s }" % ("__typename " * limits.MAX_TOKENS))
    assert result.data is None
    assert "tokens" in result.errors[0].message


async def test_fragments_that_go_in_circles_are_refused() -> None:
    circle = "{ council { ...A } } fragment A on Council { ...B } fragment B on Council { ...A }"
    result = await run(circle)
    assert result.data is None
    assert result.errors


class _Failing(Context):
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def caller(self) -> Any:
        raise self.error


async def test_an_unexpected_error_says_nothing() -> None:
    secret = uuid4().hex
    result = await run("{ council { slug } }", _Failing(RuntimeError(secret)))
    (error,) = result.errors
    assert (error.message, error.extensions) == (INTERNAL, {"code": "INTERNAL"})
    assert secret not in str(error.formatted)


async def test_a_known_error_has_its_code() -> None:
    result = await run("{ council { slug } }", _Failing(TenantUnknown("say which council")))
    (error,) = result.errors
    assert (error.message, error.extensions) == ("say which council", {"code": "TENANT_UNKNOWN"})


def test_a_root_field_without_a_rule_does_not_start() -> None:
    with pytest.raises(KeyError, match="secrets"):
        enforce(build_schema("type Query { secrets: String }"))


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (RESPONSE_JSON, RESPONSE_JSON),
        (f"{RESPONSE_JSON}; charset=utf-8, application/json; q=0.9", RESPONSE_JSON),
        (f"application/json, {RESPONSE_JSON}", "application/json"),
        ("text/html", "application/json"),
    ],
)
def test_the_media_type_is_the_first_that_the_client_names(accept: str, answered: str) -> None:
    assert media_type(accept) == answered


async def test_production_serves_no_introspection() -> None:
    result = await schema(introspection=False).execute("{ __schema { types { name } } }")
    assert result.data is None
    assert result.errors
    assert isinstance(result.errors[0], GraphQLError)
    open_ = await schema().execute("{ __schema { queryType { name } } }")
    assert open_.data == {"__schema": {"queryType": {"name": "Query"}}}


@pytest.mark.parametrize(
    ("query", "variables", "said"),
    [
        ("query($id: ID!) { node(id: $id) { id } }", {"id": 5.5}, "Variable '$id' has invalid value"),
        ("query($id: ID!) { node(id: $id) { id } }", {}, "Variable '$id' has invalid value"),
        (
            "query($n: Int) { questionnaires(first: $n) { edges { cursor } } }",
            {"n": "many"},
            "non-integer value: 'many'",
        ),
    ],
)
async def test_variables_that_do_not_fit_are_the_clients_to_mend(
    query: str, variables: dict[str, Any], said: str
) -> None:
    result = await SERVED.execute(query, variable_values=variables, context_value=_Failing(RuntimeError()))
    assert result.errors is not None
    (error,) = result.errors
    assert said in error.message
    assert error.extensions == {"code": "BAD_USER_INPUT"}
