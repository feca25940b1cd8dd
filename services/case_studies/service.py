"""The case studies service on the bus: each method translates and calls one operation."""

from schemas.rpc import case_studies as contract
from schemas.rpc.base import ById, ByIds
from services.case_studies import operations
from services.chassis.rpc import rpc
from services.chassis.service import Service


class CaseStudiesService(Service):
    """People's own stories."""

    name = "case_studies"

    @rpc(contract.write)
    def write(self, request: contract.WriteCaseStudy) -> contract.CaseStudy:
        """See the contract."""
        return operations.write(self.database, request)

    @rpc(contract.edit)
    def edit(self, request: contract.EditCaseStudy) -> contract.CaseStudy:
        """See the contract."""
        return operations.edit(self.database, request)

    @rpc(contract.submit)
    def submit(self, request: ById) -> contract.CaseStudy:
        """See the contract."""
        return operations.submit(self.database, request)

    @rpc(contract.publish)
    def publish(self, request: ById) -> contract.CaseStudy:
        """See the contract."""
        return operations.publish(self.database, request)

    @rpc(contract.send_back)
    def send_back(self, request: contract.ReturnCaseStudy) -> contract.CaseStudy:
        """See the contract."""
        return operations.send_back(self.database, request)

    @rpc(contract.withdraw)
    def withdraw(self, request: ById) -> contract.CaseStudy:
        """See the contract."""
        return operations.withdraw(self.database, request)

    @rpc(contract.case_studies)
    def case_studies(self, request: ByIds) -> contract.CaseStudyList:
        """See the contract."""
        return operations.case_studies(self.database, request)

    @rpc(contract.list_case_studies)
    def list_case_studies(self, request: contract.ListCaseStudies) -> contract.CaseStudyList:
        """See the contract."""
        return operations.list_case_studies(self.database, request)
