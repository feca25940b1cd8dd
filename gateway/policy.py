"""Who may use which root field: one table. A field without a line in it does not start.

The services check roles again; what a caller sees of a thing (drafts, their own) is theirs to decide.
"""

import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLObjectType, GraphQLSchema, default_field_resolver

from gateway.auth import Unauthenticated
from gateway.context import Caller, Context
from gateway.errors import member
from gateway.expiry import until
from schemas.errors import CivicError, Forbidden
from schemas.roles import EVERYONE, OFFICERS, Role


@dataclass(frozen=True)
class Rule:
    """The roles allowed, and whether a caller without a token is."""

    roles: frozenset[Role]
    anonymous: bool = False


PUBLIC: Final = Rule(frozenset(Role), anonymous=True)
PUBLISHED: Final = Rule(EVERYONE, anonymous=True)
SIGNED_IN: Final = Rule(EVERYONE)
OFFICER: Final = Rule(OFFICERS)
ANY_TOKEN: Final = Rule(frozenset(Role))

RULES: Final[Mapping[str, Mapping[str, Rule]]] = {
    "Query": {
        # field: who
        "node": PUBLISHED,
        "council": PUBLIC,
        "me": ANY_TOKEN,
        "questionnaires": PUBLISHED,
        "questionnaire": PUBLISHED,
        "myResponses": SIGNED_IN,
        "frameworks": PUBLISHED,
        "figures": PUBLISHED,
        "myScores": SIGNED_IN,
        "directory": PUBLISHED,
        "myDirectoryEntries": SIGNED_IN,
        "caseStudies": PUBLISHED,
        "inbox": SIGNED_IN,
        "following": SIGNED_IN,
        "preferences": SIGNED_IN,
    },
    "Mutation": {
        "createQuestionnaire": OFFICER,
        "reviseQuestionnaire": OFFICER,
        "publishQuestionnaire": OFFICER,
        "closeQuestionnaire": OFFICER,
        "submitResponse": PUBLISHED,
        "correctResponse": SIGNED_IN,
        "withdrawResponse": SIGNED_IN,
        "createFramework": OFFICER,
        "reviseFramework": OFFICER,
        "activateFramework": OFFICER,
        "createDirectoryEntry": SIGNED_IN,
        "updateDirectoryEntry": SIGNED_IN,
        "publishDirectoryEntry": SIGNED_IN,
        "withdrawDirectoryEntry": SIGNED_IN,
        "writeCaseStudy": SIGNED_IN,
        "editCaseStudy": SIGNED_IN,
        "submitCaseStudy": SIGNED_IN,
        "publishCaseStudy": OFFICER,
        "sendBackCaseStudy": OFFICER,
        "withdrawCaseStudy": SIGNED_IN,
        "follow": SIGNED_IN,
        "unfollow": SIGNED_IN,
        "markRead": SIGNED_IN,
        "setEmail": SIGNED_IN,
    },
    "Subscription": {
        "myScores": SIGNED_IN,
        "figures": PUBLISHED,
        "inbox": SIGNED_IN,
    },
}


def check(rule: Rule, caller: Caller) -> None:
    """Raises Unauthenticated where signing in would help, and Forbidden where it would not."""
    if caller.anonymous:
        if not rule.anonymous:
            raise Unauthenticated("sign in to use this")
    elif not caller.actor.has(rule.roles):
        raise Forbidden("your role does not allow this")


Resolver = Callable[..., Any]


async def _value(result: Any) -> Any:
    return await result if inspect.isawaitable(result) else result


def _guard_query(rule: Rule, resolve: Resolver) -> Resolver:
    async def guarded(source: Any, info: Any, **arguments: Any) -> Any:
        context: Context = info.context
        check(rule, await context.caller())
        return await _value(resolve(source, info, **arguments))

    return guarded


def _guard_mutation(rule: Rule, resolve: Resolver) -> Resolver:
    async def guarded(source: Any, info: Any, **arguments: Any) -> Any:
        context: Context = info.context
        try:
            check(rule, await context.caller())
            return await _value(resolve(source, info, **arguments))
        except CivicError as error:
            return member(error)

    return guarded


def _guard_subscription(rule: Rule, subscribe: Callable[..., Awaitable[AsyncIterator[Any]]]) -> Resolver:
    async def guarded(source: Any, info: Any, **arguments: Any) -> AsyncIterator[Any]:
        context: Context = info.context
        caller = await context.caller()
        check(rule, caller)
        updates: AsyncIterator[Any] = await _value(subscribe(source, info, **arguments))
        return updates if caller.expires is None else until(updates, caller.expires - time.time())

    return guarded


def enforce(schema: GraphQLSchema) -> None:
    """Put the table's rule before every root field. Raises KeyError for a field without one."""
    roots: list[tuple[GraphQLObjectType | None, Resolver]] = [
        (schema.query_type, _guard_query),
        (schema.mutation_type, _guard_mutation),
    ]
    for root, guard in roots:
        for name, field in root.fields.items() if root else ():
            field.resolve = guard(RULES[root.name][name], field.resolve or default_field_resolver)  # type: ignore[union-attr]
    for name, field in schema.subscription_type.fields.items() if schema.subscription_type else ():
        assert field.subscribe is not None
        field.subscribe = _guard_subscription(RULES["Subscription"][name], field.subscribe)
