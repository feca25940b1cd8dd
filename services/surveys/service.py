"""The surveys service on the bus: each method translates and calls one operation."""

from schemas.rpc import surveys as contract
from schemas.rpc.base import ById, ByIds, PageRequest
from services.chassis.rpc import rpc
from services.chassis.service import Service
from services.surveys import operations


class SurveysService(Service):
    """Questionnaires and the responses to them."""

    name = "surveys"

    @rpc(contract.create_questionnaire)
    def create_questionnaire(self, request: contract.CreateQuestionnaire) -> contract.Questionnaire:
        """See the contract."""
        return operations.create_questionnaire(self.database, request)

    @rpc(contract.revise_questionnaire)
    def revise_questionnaire(self, request: contract.ReviseQuestionnaire) -> contract.Questionnaire:
        """See the contract."""
        return operations.revise_questionnaire(self.database, request)

    @rpc(contract.publish_questionnaire)
    def publish_questionnaire(self, request: ById) -> contract.Questionnaire:
        """See the contract."""
        return operations.publish_questionnaire(self.database, request)

    @rpc(contract.close_questionnaire)
    def close_questionnaire(self, request: ById) -> contract.Questionnaire:
        """See the contract."""
        return operations.close_questionnaire(self.database, request)

    @rpc(contract.questionnaires)
    def questionnaires(self, request: ByIds) -> contract.QuestionnaireList:
        """See the contract."""
        return operations.questionnaires(self.database, request)

    @rpc(contract.questionnaire_by_slug)
    def questionnaire_by_slug(self, request: contract.BySlug) -> contract.Questionnaire:
        """See the contract."""
        return operations.questionnaire_by_slug(self.database, request)

    @rpc(contract.list_questionnaires)
    def list_questionnaires(self, request: contract.ListQuestionnaires) -> contract.QuestionnaireList:
        """See the contract."""
        return operations.list_questionnaires(self.database, request)

    @rpc(contract.record_licence)
    def record_licence(self, request: contract.RecordLicence) -> contract.Licence:
        """See the contract."""
        return operations.record_licence(self.database, request)

    @rpc(contract.licences)
    def licences(self, request: contract.Licences) -> contract.LicenceList:
        """See the contract."""
        return operations.licences(self.database, request)

    @rpc(contract.submit_response)
    def submit_response(self, request: contract.SubmitResponse) -> contract.Receipt:
        """See the contract."""
        return operations.submit_response(self.database, request)

    @rpc(contract.submit_responses)
    def submit_responses(self, request: contract.SubmitResponses) -> contract.Outcomes:
        """See the contract."""
        return operations.submit_responses(self.database, request)

    @rpc(contract.correct_response)
    def correct_response(self, request: contract.CorrectResponse) -> contract.Receipt:
        """See the contract."""
        return operations.correct_response(self.database, request)

    @rpc(contract.withdraw_response)
    def withdraw_response(self, request: ById) -> contract.Receipt:
        """See the contract."""
        return operations.withdraw_response(self.database, request)

    @rpc(contract.my_responses)
    def my_responses(self, request: PageRequest) -> contract.ResponseList:
        """See the contract."""
        return operations.my_responses(self.database, request)

    @rpc(contract.import_responses)
    def import_responses(self, request: contract.ImportResponses) -> contract.ImportOutcome:
        """See the contract."""
        return operations.import_responses(self.database, request)

    @rpc(contract.import_progress)
    def import_progress(self, request: ById) -> contract.ImportProgress:
        """See the contract."""
        return operations.import_progress(self.database, request)
