"""Tables and queries of the surveys schema."""

from services.surveys.store.licences import newest_licences
from services.surveys.store.questionnaires import (
    lock_newest,
    newest_status,
    open_version,
    page,
    questionnaire_by_slug,
    questionnaires,
    version,
)
from services.surveys.store.responses import (
    accepted_counts,
    add_responses,
    advance_import,
    lock_own_response,
    own_responses,
    responses_by_key,
)
from services.surveys.store.tables import Import, Licence, Questionnaire, Response, Version

__all__ = [
    "Import",
    "Licence",
    "Questionnaire",
    "Response",
    "Version",
    "accepted_counts",
    "add_responses",
    "advance_import",
    "lock_newest",
    "lock_own_response",
    "newest_licences",
    "newest_status",
    "open_version",
    "own_responses",
    "page",
    "questionnaire_by_slug",
    "questionnaires",
    "responses_by_key",
    "version",
]
