"""What clients send to the surveys service."""

from gateway.surveys.inputs.answers import AnswerInput, ConsentInput, GroupInput, answers, groups
from gateway.surveys.inputs.definition import AttributeInput, ConsentTextInput, QuestionnaireDefinitionInput

__all__ = [
    "AnswerInput",
    "AttributeInput",
    "ConsentInput",
    "ConsentTextInput",
    "GroupInput",
    "QuestionnaireDefinitionInput",
    "answers",
    "groups",
]
