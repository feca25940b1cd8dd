"""The calls, and the roles that may make them."""

from schemas.roles import EVERYONE, OFFICERS, PUBLIC, Role
from schemas.rpc.base import ById, ByIds, Method, PageRequest
from schemas.rpc.surveys.importing import ImportOutcome, ImportProgress, ImportResponses
from schemas.rpc.surveys.licences import Licence, LicenceList, Licences, RecordLicence
from schemas.rpc.surveys.questionnaires import (
    BySlug,
    CreateQuestionnaire,
    ListQuestionnaires,
    Questionnaire,
    QuestionnaireList,
    ReviseQuestionnaire,
)
from schemas.rpc.surveys.responses import (
    CorrectResponse,
    Outcomes,
    Receipt,
    ResponseList,
    SubmitResponse,
    SubmitResponses,
)

IMPORTERS = OFFICERS | {Role.PLATFORM}

create_questionnaire = Method("surveys", "create_questionnaire", CreateQuestionnaire, Questionnaire, OFFICERS)
revise_questionnaire = Method("surveys", "revise_questionnaire", ReviseQuestionnaire, Questionnaire, OFFICERS)
publish_questionnaire = Method("surveys", "publish_questionnaire", ById, Questionnaire, OFFICERS)
close_questionnaire = Method("surveys", "close_questionnaire", ById, Questionnaire, OFFICERS)
questionnaires = Method("surveys", "questionnaires", ByIds, QuestionnaireList, PUBLIC)
questionnaire_by_slug = Method("surveys", "questionnaire_by_slug", BySlug, Questionnaire, PUBLIC)
list_questionnaires = Method("surveys", "list_questionnaires", ListQuestionnaires, QuestionnaireList, PUBLIC)
record_licence = Method("surveys", "record_licence", RecordLicence, Licence, OFFICERS)
licences = Method("surveys", "licences", Licences, LicenceList, OFFICERS)
submit_response = Method("surveys", "submit_response", SubmitResponse, Receipt, PUBLIC)
submit_responses = Method("surveys", "submit_responses", SubmitResponses, Outcomes, PUBLIC)
correct_response = Method("surveys", "correct_response", CorrectResponse, Receipt, EVERYONE)
withdraw_response = Method("surveys", "withdraw_response", ById, Receipt, EVERYONE)
my_responses = Method("surveys", "my_responses", PageRequest, ResponseList, EVERYONE)
import_responses = Method("surveys", "import_responses", ImportResponses, ImportOutcome, IMPORTERS)
import_progress = Method("surveys", "import_progress", ById, ImportProgress, IMPORTERS)
