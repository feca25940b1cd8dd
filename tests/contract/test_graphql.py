"""The GraphQL schema stays what clients were promised."""

from pathlib import Path

import pytest
from graphql import GraphQLNonNull, build_schema, find_breaking_changes
from graphql.type import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from gateway import export, policy
from gateway.schema import schema

BASELINE = export.SDL.parents[1] / "baseline" / "schema.graphql"
CHANGELOG = Path(export.__file__).parents[1] / "CHANGELOG.md"
SERVED = schema()._schema


def test_the_committed_sdl_is_what_the_code_exports() -> None:
    assert export.SDL.read_text() == export.text()


def test_no_client_is_broken_unless_the_changelog_says_so() -> None:
    changes = find_breaking_changes(build_schema(BASELINE.read_text()), build_schema(export.text()))
    said = CHANGELOG.read_text() if CHANGELOG.exists() else ""
    assert [c.description for c in changes if c.description not in said] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  unread: Int!", "  unreadCount: Int!"),
        ("  email: String\n", "  email: Int\n"),
        ("  council: Council!\n\n", "  council: Council\n\n"),
    ],
)
def test_a_break_is_found(before: str, after: str) -> None:
    text = export.text()
    assert before in text
    assert find_breaking_changes(build_schema(text), build_schema(text.replace(before, after)))


def test_every_root_field_has_a_rule_and_every_rule_a_field() -> None:
    roots = {r.name: r for r in (SERVED.query_type, SERVED.mutation_type, SERVED.subscription_type) if r}
    assert {name: set(root.fields) for name, root in roots.items()} == {n: set(r) for n, r in policy.RULES.items()}


def test_every_mutation_answers_with_a_union_of_payload_and_errors() -> None:
    errors = {"NotFoundError", "ForbiddenError", "InvalidError", "ConflictError", "UnavailableError"}
    assert SERVED.mutation_type is not None
    for name, field in SERVED.mutation_type.fields.items():
        assert isinstance(field.type, GraphQLNonNull), name
        union = field.type.of_type
        assert union.name == f"{name[0].upper()}{name[1:]}Result"
        members = {t.name for t in union.types}
        assert members > errors
        assert len(members - errors) == 1
        assert list(field.args) == ["input"]


def test_people_can_read_what_everything_is() -> None:
    silent = [
        f"{type_.name}.{name}"
        for type_ in SERVED.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType)
        and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        if not field.description
    ]
    assert silent == []
