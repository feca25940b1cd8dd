"""The notifications service on the bus: each method translates and calls one operation."""

from schemas.events import Envelope
from schemas.rpc import notifications as contract
from schemas.rpc.base import ById, Done, PageRequest
from services.chassis.config import settings
from services.chassis.entrypoint import events
from services.chassis.rpc import rpc
from services.chassis.service import Service
from services.notifications import operations


class NotificationsService(Service):
    """What people follow, and telling them."""

    name = "notifications"

    @events("notifications.facts")
    def facts(self, batch: list[Envelope]) -> None:
        """Facts from the other services."""
        operations.take_facts(self.database, batch)

    @events("notifications.emails")
    def emails(self, batch: list[Envelope]) -> None:
        """E-mails that are due."""
        office = operations.PostOffice(settings().smtp_host, settings().smtp_port, settings().smtp_from)
        operations.send_emails(self.database, batch, office)

    @rpc(contract.follow)
    def follow(self, request: contract.Follow) -> contract.Following:
        """See the contract."""
        return operations.follow(self.database, request)

    @rpc(contract.unfollow)
    def unfollow(self, request: ById) -> Done:
        """See the contract."""
        return operations.unfollow(self.database, request)

    @rpc(contract.following)
    def following(self, request: PageRequest) -> contract.FollowingList:
        """See the contract."""
        return operations.following(self.database, request)

    @rpc(contract.inbox)
    def inbox(self, request: PageRequest) -> contract.Inbox:
        """See the contract."""
        return operations.inbox(self.database, request)

    @rpc(contract.mark_read)
    def mark_read(self, request: contract.MarkRead) -> contract.Inbox:
        """See the contract."""
        return operations.mark_read(self.database, request)

    @rpc(contract.set_email)
    def set_email(self, request: contract.SetEmail) -> contract.Preferences:
        """See the contract."""
        return operations.set_email(self.database, request)

    @rpc(contract.preferences)
    def preferences(self, request: contract.Nothing) -> contract.Preferences:
        """See the contract."""
        return operations.preferences(self.database, request)
