"""What clients send to the surveys service."""

from gateway.surveys.inputs.answers import AnswerInput, ConsentInput, GroupInput, answers, groups
from gateway.surveys.inputs.definition import QuestionnaireDefinitionInput

__all__ = ["AnswerInput", "ConsentInput", "GroupInput", "QuestionnaireDefinitionInput", "answers", "groups"]
