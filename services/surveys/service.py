"""The surveys service on the bus: each method translates and calls one operation."""

from schemas.rpc import surveys as contract
from schemas.rpc.base import ById, ByIds, Done, PageRequest
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

    @rpc(contract.set_ways)
    def set_ways(self, request: contract.SetWays) -> contract.Questionnaire:
        """See the contract."""
        return operations.set_ways(self.database, request)

    @rpc(contract.open_wave)
    def open_wave(self, request: contract.OpenWave) -> contract.Wave:
        """See the contract."""
        return operations.open_wave(self.database, request)

    @rpc(contract.close_wave)
    def close_wave(self, request: contract.CloseWave) -> contract.Wave:
        """See the contract."""
        return operations.close_wave(self.database, request)

    @rpc(contract.list_waves)
    def list_waves(self, request: contract.ListWaves) -> contract.WaveList:
        """See the contract."""
        return operations.list_waves(self.database, request)

    @rpc(contract.make_personal_links)
    def make_personal_links(self, request: contract.MakePersonalLinks) -> contract.NewPersonalLinks:
        """See the contract."""
        return operations.make_personal_links(self.database, request)

    @rpc(contract.make_group_link)
    def make_group_link(self, request: contract.MakeGroupLink) -> contract.Link:
        """See the contract."""
        return operations.make_group_link(self.database, request)

    @rpc(contract.list_links)
    def list_links(self, request: contract.ListLinks) -> contract.LinkList:
        """See the contract."""
        return operations.list_links(self.database, request)

    @rpc(contract.revoke_link)
    def revoke_link(self, request: ById) -> contract.Link:
        """See the contract."""
        return operations.revoke_link(self.database, request)

    @rpc(contract.follow_link)
    def follow_link(self, request: contract.FollowLink) -> contract.FollowedLink:
        """See the contract."""
        return operations.follow_link(self.database, request)

    @rpc(contract.submit_assisted)
    def submit_assisted(self, request: contract.SubmitAssisted) -> contract.Receipt:
        """See the contract."""
        return operations.submit_assisted(self.database, request)

    @rpc(contract.submit_paper)
    def submit_paper(self, request: contract.SubmitPaper) -> contract.Receipt:
        """See the contract."""
        return operations.submit_paper(self.database, request)

    @rpc(contract.save_answers)
    def save_answers(self, request: contract.SaveAnswers) -> contract.SavedAnswers:
        """See the contract."""
        return operations.save_answers(self.database, request)

    @rpc(contract.continue_answers)
    def continue_answers(self, request: contract.ByCode) -> contract.SavedAnswers:
        """See the contract."""
        return operations.continue_answers(self.database, request)

    @rpc(contract.forget_answers)
    def forget_answers(self, request: contract.ByCode) -> Done:
        """See the contract."""
        return operations.forget_answers(self.database, request)

    @rpc(contract.change_consent)
    def change_consent(self, request: contract.ChangeConsent) -> contract.ConsentState:
        """See the contract."""
        return operations.change_consent(self.database, request)

    @rpc(contract.change_consent_by_code)
    def change_consent_by_code(self, request: contract.ChangeConsentByCode) -> contract.ConsentState:
        """See the contract."""
        return operations.change_consent_by_code(self.database, request)

    @rpc(contract.withdraw_by_code)
    def withdraw_by_code(self, request: contract.ByCode) -> contract.Receipt:
        """See the contract."""
        return operations.withdraw_by_code(self.database, request)

    @rpc(contract.set_quotas)
    def set_quotas(self, request: contract.SetQuotas) -> contract.QuotaStates:
        """See the contract."""
        return operations.set_quotas(self.database, request)

    @rpc(contract.quotas)
    def quotas(self, request: ById) -> contract.QuotaStates:
        """See the contract."""
        return operations.quotas(self.database, request)

    @rpc(contract.representation)
    def representation(self, request: contract.AskRepresentation) -> contract.Representation:
        """See the contract."""
        return operations.representation(self.database, request)

    @rpc(contract.import_questionnaire)
    def import_questionnaire(self, request: contract.ImportQuestionnaire) -> contract.ImportedQuestionnaire:
        """See the contract."""
        return operations.import_questionnaire(self.database, request)

    @rpc(contract.export_questionnaire)
    def export_questionnaire(self, request: contract.ExportQuestionnaire) -> contract.ExportedFile:
        """See the contract."""
        return operations.export_questionnaire(self.database, request)

    @rpc(contract.export_responses)
    def export_responses(self, request: contract.ExportResponses) -> contract.ExportedResponses:
        """See the contract."""
        return operations.export_responses(self.database, request)
