"""Who may use which root field: one table. A field without a line in it does not start.

The services check roles again; what a caller sees of a thing (drafts, their own) is theirs to decide.
"""

import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final

from graphql import GraphQLObjectType, GraphQLSchema, default_field_resolver

from gateway.auth import Unauthenticated
from gateway.context import Caller, Context
from gateway.errors import member
from gateway.expiry import until
from schemas.errors import CivicError, Forbidden
from schemas.roles import EVERYONE, OFFICERS, PUBLIC, STAFF, WORKERS, Role

Rule = frozenset[Role]
ANYBODY: Final = frozenset(Role)
ANY_TOKEN: Final = ANYBODY - {Role.ANONYMOUS}

RULES: Final[Mapping[str, Mapping[str, Rule]]] = {
    "Query": {
        "node": PUBLIC,
        "council": ANYBODY,
        "me": ANY_TOKEN,
        "questionnaires": PUBLIC,
        "questionnaire": PUBLIC,
        "instruments": OFFICERS,
        "waves": PUBLIC,
        "links": OFFICERS,
        "quotas": STAFF,
        "representation": STAFF,
        "questionnaireFile": OFFICERS,
        "responseRows": STAFF,
        "myResponses": EVERYONE,
        "frameworks": PUBLIC,
        "figures": PUBLIC,
        "myScores": EVERYONE,
        "myChange": EVERYONE,
        "myPicture": EVERYONE,
        "cellChange": PUBLIC,
        "reliability": STAFF,
        "needs": STAFF,
        "overview": STAFF,
        "trend": PUBLIC,
        "privacyBudget": STAFF,
        "privateReleases": PUBLIC,
        "frameworkVersion": PUBLIC,
        "frameworkDiff": OFFICERS,
        "areaIndicators": PUBLIC,
        "areaScores": PUBLIC,
        "weightings": STAFF,
        "run": OFFICERS,
        "runs": OFFICERS,
        "directory": PUBLIC,
        "directorySuggestions": PUBLIC,
        "myDirectoryEntries": EVERYONE,
        "caseStudies": PUBLIC,
        "inbox": EVERYONE,
        "following": EVERYONE,
        "preferences": EVERYONE,
    },
    "Mutation": {
        "createQuestionnaire": OFFICERS,
        "reviseQuestionnaire": OFFICERS,
        "importQuestionnaire": OFFICERS,
        "publishQuestionnaire": OFFICERS,
        "closeQuestionnaire": OFFICERS,
        "recordLicence": OFFICERS,
        "submitResponse": PUBLIC,
        "correctResponse": EVERYONE,
        "withdrawResponse": EVERYONE,
        "setWays": OFFICERS,
        "openWave": OFFICERS,
        "closeWave": OFFICERS,
        "makePersonalLinks": OFFICERS,
        "makeGroupLink": OFFICERS,
        "revokeLink": OFFICERS,
        "followLink": PUBLIC,
        "submitAssistedResponse": WORKERS,
        "submitPaperResponse": OFFICERS,
        "saveAnswers": PUBLIC,
        "continueAnswers": PUBLIC,
        "forgetAnswers": PUBLIC,
        "changeConsent": EVERYONE,
        "changeConsentByCode": PUBLIC,
        "withdrawByCode": PUBLIC,
        "setQuotas": OFFICERS,
        "createFramework": OFFICERS,
        "reviseFramework": OFFICERS,
        "activateFramework": OFFICERS,
        "deriveFramework": OFFICERS,
        "followBase": OFFICERS,
        "importAreaIndicator": OFFICERS,
        "startRun": OFFICERS,
        "cancelRun": OFFICERS,
        "setPrivateFigures": OFFICERS,
        "setPrivacyBudget": frozenset({Role.ADMIN}),
        "releasePrivateFigures": OFFICERS,
        "createDirectoryEntry": EVERYONE,
        "updateDirectoryEntry": EVERYONE,
        "publishDirectoryEntry": EVERYONE,
        "withdrawDirectoryEntry": EVERYONE,
        "writeCaseStudy": EVERYONE,
        "editCaseStudy": EVERYONE,
        "submitCaseStudy": EVERYONE,
        "publishCaseStudy": OFFICERS,
        "sendBackCaseStudy": OFFICERS,
        "withdrawCaseStudy": EVERYONE,
        "follow": EVERYONE,
        "unfollow": EVERYONE,
        "markRead": EVERYONE,
        "setEmail": EVERYONE,
    },
    "Subscription": {
        "myScores": EVERYONE,
        "figures": PUBLIC,
        "inbox": EVERYONE,
    },
}


def check(rule: Rule, caller: Caller) -> None:
    """Raises Unauthenticated where signing in would help, and Forbidden where it would not."""
    if caller.actor.has(rule):
        return
    if caller.anonymous:
        raise Unauthenticated("sign in to use this")
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
        field.subscribe = _guard_subscription(RULES["Subscription"][name], field.subscribe or default_field_resolver)
