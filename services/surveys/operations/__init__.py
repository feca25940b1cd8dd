"""What the surveys service does: one function a use case, each the owner of its transaction."""

from services.surveys.operations.importing import import_progress, import_responses
from services.surveys.operations.licences import licences, record_licence
from services.surveys.operations.questionnaires import (
    close_questionnaire,
    create_questionnaire,
    list_questionnaires,
    publish_questionnaire,
    questionnaire_by_slug,
    questionnaires,
    revise_questionnaire,
)
from services.surveys.operations.responses import correct_response, my_responses, withdraw_response
from services.surveys.operations.submitting import submit_response, submit_responses

__all__ = [
    "close_questionnaire",
    "correct_response",
    "create_questionnaire",
    "import_progress",
    "import_responses",
    "licences",
    "list_questionnaires",
    "my_responses",
    "publish_questionnaire",
    "questionnaire_by_slug",
    "questionnaires",
    "record_licence",
    "revise_questionnaire",
    "submit_response",
    "submit_responses",
    "withdraw_response",
]
