"""The calls, and the roles that may make them."""

from schemas.roles import EVERYONE, OFFICERS, PUBLIC, STAFF, WORKERS, Role
from schemas.rpc.base import ById, ByIds, Done, Method, PageRequest
from schemas.rpc.surveys.consents import ChangeConsent, ChangeConsentByCode, ConsentState
from schemas.rpc.surveys.exporting import ExportedResponses, ExportResponses
from schemas.rpc.surveys.files import ExportedFile, ExportQuestionnaire, ImportedQuestionnaire, ImportQuestionnaire
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
from schemas.rpc.surveys.representation import (
    AskRepresentation,
    QuotaStates,
    Representation,
    SetQuotas,
)
from schemas.rpc.surveys.responses import (
    CorrectResponse,
    Outcomes,
    Receipt,
    ResponseList,
    SubmitResponse,
    SubmitResponses,
)
from schemas.rpc.surveys.saved import ByCode, SaveAnswers, SavedAnswers
from schemas.rpc.surveys.ways import (
    CloseWave,
    FollowedLink,
    FollowLink,
    Link,
    LinkList,
    ListLinks,
    ListWaves,
    MakeGroupLink,
    MakePersonalLinks,
    NewPersonalLinks,
    OpenWave,
    SetWays,
    SubmitAssisted,
    SubmitPaper,
    Wave,
    WaveList,
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
set_ways = Method("surveys", "set_ways", SetWays, Questionnaire, OFFICERS)
open_wave = Method("surveys", "open_wave", OpenWave, Wave, OFFICERS)
close_wave = Method("surveys", "close_wave", CloseWave, Wave, OFFICERS)
list_waves = Method("surveys", "list_waves", ListWaves, WaveList, PUBLIC)
make_personal_links = Method("surveys", "make_personal_links", MakePersonalLinks, NewPersonalLinks, OFFICERS)
make_group_link = Method("surveys", "make_group_link", MakeGroupLink, Link, OFFICERS)
list_links = Method("surveys", "list_links", ListLinks, LinkList, OFFICERS)
revoke_link = Method("surveys", "revoke_link", ById, Link, OFFICERS)
follow_link = Method("surveys", "follow_link", FollowLink, FollowedLink, PUBLIC)
submit_assisted = Method("surveys", "submit_assisted", SubmitAssisted, Receipt, WORKERS)
submit_paper = Method("surveys", "submit_paper", SubmitPaper, Receipt, OFFICERS)
save_answers = Method("surveys", "save_answers", SaveAnswers, SavedAnswers, PUBLIC)
continue_answers = Method("surveys", "continue_answers", ByCode, SavedAnswers, PUBLIC)
forget_answers = Method("surveys", "forget_answers", ByCode, Done, PUBLIC)
change_consent = Method("surveys", "change_consent", ChangeConsent, ConsentState, EVERYONE)
change_consent_by_code = Method("surveys", "change_consent_by_code", ChangeConsentByCode, ConsentState, PUBLIC)
withdraw_by_code = Method("surveys", "withdraw_by_code", ByCode, Receipt, PUBLIC)
set_quotas = Method("surveys", "set_quotas", SetQuotas, QuotaStates, OFFICERS)
quotas = Method("surveys", "quotas", ById, QuotaStates, STAFF)
representation = Method("surveys", "representation", AskRepresentation, Representation, STAFF)
import_questionnaire = Method("surveys", "import_questionnaire", ImportQuestionnaire, ImportedQuestionnaire, OFFICERS)
export_questionnaire = Method("surveys", "export_questionnaire", ExportQuestionnaire, ExportedFile, OFFICERS)
export_responses = Method("surveys", "export_responses", ExportResponses, ExportedResponses, STAFF)
