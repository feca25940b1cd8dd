"""What the surveys service does: one function a use case, each the owner of its transaction."""

from services.surveys.operations.consenting import change_consent, change_consent_by_code
from services.surveys.operations.entering import submit_assisted, submit_paper
from services.surveys.operations.exporting import export_responses
from services.surveys.operations.files import export_questionnaire, import_questionnaire
from services.surveys.operations.importing import import_progress, import_responses
from services.surveys.operations.licences import licences, record_licence
from services.surveys.operations.links import (
    follow_link,
    list_links,
    make_group_link,
    make_personal_links,
    revoke_link,
)
from services.surveys.operations.questionnaires import (
    close_questionnaire,
    create_questionnaire,
    list_questionnaires,
    publish_questionnaire,
    questionnaire_by_slug,
    questionnaires,
    revise_questionnaire,
)
from services.surveys.operations.quotas import quotas, set_quotas
from services.surveys.operations.representing import representation
from services.surveys.operations.responses import (
    correct_response,
    my_responses,
    withdraw_by_code,
    withdraw_response,
)
from services.surveys.operations.saving import continue_answers, forget_answers, save_answers
from services.surveys.operations.submitting import submit_response, submit_responses
from services.surveys.operations.waves import close_wave, list_waves, open_wave, set_ways

__all__ = [
    "change_consent",
    "change_consent_by_code",
    "close_questionnaire",
    "close_wave",
    "continue_answers",
    "correct_response",
    "create_questionnaire",
    "export_questionnaire",
    "export_responses",
    "follow_link",
    "forget_answers",
    "import_progress",
    "import_questionnaire",
    "import_responses",
    "licences",
    "list_links",
    "list_questionnaires",
    "list_waves",
    "make_group_link",
    "make_personal_links",
    "my_responses",
    "open_wave",
    "publish_questionnaire",
    "questionnaire_by_slug",
    "questionnaires",
    "quotas",
    "record_licence",
    "representation",
    "revise_questionnaire",
    "revoke_link",
    "save_answers",
    "set_quotas",
    "set_ways",
    "submit_assisted",
    "submit_paper",
    "submit_response",
    "submit_responses",
    "withdraw_by_code",
    "withdraw_response",
]
