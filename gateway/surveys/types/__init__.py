"""Questionnaires and responses as GraphQL shows them."""

from gateway.surveys.types.definition import ItemKind, QuestionnaireDefinition, Release
from gateway.surveys.types.questionnaires import Questionnaire, QuestionnaireStatus, Way
from gateway.surveys.types.responses import Answer, GroupValue, Receipt, Response

__all__ = [
    "Answer",
    "GroupValue",
    "ItemKind",
    "Questionnaire",
    "QuestionnaireDefinition",
    "QuestionnaireStatus",
    "Receipt",
    "Release",
    "Response",
    "Way",
]
