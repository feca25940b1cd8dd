"""The whole GraphQL schema: the services' parts side by side, the limits, the policy before every root field."""

import copy
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import (
    AddValidationRules,
    DisableIntrospection,
    MaxTokensLimiter,
    ParserCache,
    SchemaExtension,
)
from strawberry.relay import Node, node
from strawberry.types import ExecutionContext

from gateway import errors, limits, policy
from gateway.case_studies.mutations import CaseStudiesMutation
from gateway.case_studies.queries import CaseStudiesQuery
from gateway.case_studies.types import CaseStudy
from gateway.councils.queries import CouncilsQuery
from gateway.directory.mutations import DirectoryMutation
from gateway.directory.queries import DirectoryQuery
from gateway.directory.types import DirectoryEntry
from gateway.fragments import GuardedValidation
from gateway.notifications.mutations import NotificationsMutation
from gateway.notifications.queries import NotificationsQuery
from gateway.notifications.subscriptions import NotificationsSubscription
from gateway.scoring.bases import BasesMutation, BasesQuery
from gateway.scoring.changes import ChangesQuery
from gateway.scoring.mutations import FrameworksMutation
from gateway.scoring.needs import NeedsQuery
from gateway.scoring.places import PlacesMutation, PlacesQuery
from gateway.scoring.playback.mine import MyPictureQuery
from gateway.scoring.playback.overview import OverviewQuery
from gateway.scoring.private import PrivateMutation, PrivateQuery
from gateway.scoring.queries import ScoringQuery
from gateway.scoring.reliability import ReliabilityQuery
from gateway.scoring.runs import RunsMutation, RunsQuery
from gateway.scoring.subscriptions import ScoringSubscription
from gateway.scoring.types import Framework
from gateway.scoring.weights import WeightsQuery
from gateway.surveys.coming_mutations import ComingMutation
from gateway.surveys.consent_mutations import ConsentMutation
from gateway.surveys.file_mutations import QuestionnaireFilesMutation
from gateway.surveys.instruments import InstrumentsQuery
from gateway.surveys.licence_mutations import LicencesMutation
from gateway.surveys.mutations import ResponsesMutation
from gateway.surveys.queries import SurveysQuery
from gateway.surveys.questionnaire_mutations import QuestionnairesMutation
from gateway.surveys.representing import RepresentationMutation, RepresentationQuery
from gateway.surveys.types import Questionnaire
from gateway.surveys.way_mutations import WaysMutation

REMEMBERED_DOCUMENTS = 500


@strawberry.type(description="What can be asked.")
class Query(
    CouncilsQuery,
    SurveysQuery,
    InstrumentsQuery,
    RepresentationQuery,
    ScoringQuery,
    BasesQuery,
    PlacesQuery,
    ChangesQuery,
    RunsQuery,
    ReliabilityQuery,
    NeedsQuery,
    MyPictureQuery,
    OverviewQuery,
    PrivateQuery,
    WeightsQuery,
    DirectoryQuery,
    CaseStudiesQuery,
    NotificationsQuery,
):
    node: Node | None = node(description="The thing with this id, if the caller may see it.")


@strawberry.type(description="What can be done. Each answers with what came of it, or with what stood in the way.")
class Mutation(
    QuestionnairesMutation,
    LicencesMutation,
    QuestionnaireFilesMutation,
    ResponsesMutation,
    WaysMutation,
    ComingMutation,
    ConsentMutation,
    RepresentationMutation,
    FrameworksMutation,
    BasesMutation,
    PlacesMutation,
    RunsMutation,
    PrivateMutation,
    DirectoryMutation,
    CaseStudiesMutation,
    NotificationsMutation,
):
    pass


@strawberry.type(description="What can be watched as it happens.")
class Subscription(ScoringSubscription, NotificationsSubscription):
    pass


class Schema(strawberry.Schema):
    """Strawberry's schema, with errors logged by kind and place instead of by their words."""

    def process_errors(self, errors_: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:  # noqa: ARG002
        errors.note(errors_)


def _extensions(*, introspection: bool) -> list[type[SchemaExtension] | Callable[[], SchemaExtension]]:
    extensions: list[type[SchemaExtension] | Callable[[], SchemaExtension]] = [
        lambda: MaxTokensLimiter(limits.MAX_TOKENS),
        lambda: AddValidationRules(limits.RULES),
        lambda: ParserCache(REMEMBERED_DOCUMENTS),
        lambda: GuardedValidation(REMEMBERED_DOCUMENTS),
        errors.Errors,
    ]
    return extensions if introspection else [*extensions, DisableIntrospection]


@lru_cache(maxsize=1)
def _built() -> Schema:
    types: list[Any] = [Questionnaire, Framework, DirectoryEntry, CaseStudy]
    built = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=types,
        extensions=_extensions(introspection=True),
    )
    policy.enforce(built._schema)  # noqa: SLF001  # strawberry has no other way to its graphql-core schema
    return built


def schema(*, introspection: bool = True) -> Schema:
    """The schema that is served; without introspection where the public SDL is to do."""
    if introspection:
        return _built()
    # strawberry's `node` field can be built once in a process: the same schema, under another set of extensions
    closed = copy.copy(_built())
    closed.extensions = tuple(_extensions(introspection=False))
    return closed
