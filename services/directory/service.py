"""The directory service on the bus: each method translates and calls one operation."""

from schemas.rpc import directory as contract
from schemas.rpc.base import ById, ByIds, PageRequest
from services.chassis.rpc import rpc
from services.chassis.service import Service
from services.directory import operations


class DirectoryService(Service):
    """Who and what there is in the area, and finding it."""

    name = "directory"

    @rpc(contract.create_entry)
    def create_entry(self, request: contract.CreateEntry) -> contract.Entry:
        """See the contract."""
        return operations.create_entry(self.database, request)

    @rpc(contract.update_entry)
    def update_entry(self, request: contract.UpdateEntry) -> contract.Entry:
        """See the contract."""
        return operations.update_entry(self.database, request)

    @rpc(contract.publish_entry)
    def publish_entry(self, request: ById) -> contract.Entry:
        """See the contract."""
        return operations.publish_entry(self.database, request)

    @rpc(contract.withdraw_entry)
    def withdraw_entry(self, request: ById) -> contract.Entry:
        """See the contract."""
        return operations.withdraw_entry(self.database, request)

    @rpc(contract.entries)
    def entries(self, request: ByIds) -> contract.EntryList:
        """See the contract."""
        return operations.entries(self.database, request)

    @rpc(contract.my_entries)
    def my_entries(self, request: PageRequest) -> contract.EntryList:
        """See the contract."""
        return operations.my_entries(self.database, request)

    @rpc(contract.search)
    def search(self, request: contract.SearchDirectory) -> contract.EntryList:
        """See the contract."""
        return operations.search(self.database, request)

    @rpc(contract.suggest)
    def suggest(self, request: contract.SuggestEntries) -> contract.Suggestions:
        """See the contract."""
        return operations.suggest(self.database, request)
