"""Questionnaires and responses as GraphQL shows them."""

from gateway.surveys.types.definition import ItemKind, QuestionnaireDefinition, Release
from gateway.surveys.types.questionnaires import Questionnaire, QuestionnaireStatus
from gateway.surveys.types.responses import Answer, Receipt, Response

__all__ = [
    "Answer",
    "ItemKind",
    "Questionnaire",
    "QuestionnaireDefinition",
    "QuestionnaireStatus",
    "Receipt",
    "Release",
    "Response",
]
