"""What people follow, what they were told, and where they get e-mail. All of it is the caller's own."""

from collections.abc import Sequence

from schemas.errors import Invalid, NotFound, Problem
from schemas.ids import new_id, now
from schemas.rpc import notifications as contract
from schemas.rpc.base import ById, Done, PageRequest
from schemas.rpc.notifications import (
    Following,
    FollowingList,
    Inbox,
    InboxMessage,
    MarkRead,
    Nothing,
    Preferences,
    SetEmail,
)
from services.chassis import tenancy
from services.chassis.councils import require_area
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork
from services.notifications import model, store


def follow(database: Database, request: contract.Follow) -> Following:
    """Follow something, or change whether e-mail is wanted. Raises Invalid for a key that fits nothing."""
    fault = model.fault_in_key(request.subject, request.key)
    if fault is not None:
        raise Invalid("this cannot be followed", [Problem(("key",), fault)])
    with database.unit_of_work() as work:
        if request.subject == "area":
            require_area(work, request.key or None, "key")
        row = {
            "tenant_id": work.tenant,
            "id": new_id(),
            "person": tenancy.person(),
            "subject": request.subject,
            "key": request.key,
            "email": request.email,
            "created_at": now(),
        }
        return _following(store.follow(work.session, row))


def unfollow(database: Database, request: ById) -> Done:
    """Stop following. Raises NotFound."""
    with database.unit_of_work() as work:
        if not store.unfollow(work.session, tenancy.person(), request.id):
            raise NotFound("there is nothing like it that you follow")
    return Done(request.id)


def following(database: Database, request: PageRequest) -> FollowingList:
    """A page of what the caller follows, newest first."""
    with database.unit_of_work() as work:
        found = store.followed(work.session, tenancy.person(), request.first, request.after)
    page, more = cut(found, request.first)
    return FollowingList(tuple(_following(row) for row in page), more)


def inbox(database: Database, request: PageRequest) -> Inbox:
    """A page of the caller's messages, newest first, and how many are unread in all."""
    with database.unit_of_work() as work:
        found = store.inbox(work.session, tenancy.person(), request.first, request.after)
        page, more = cut(found, request.first)
        return _inbox(work, page, more=more)


def mark_read(database: Database, request: MarkRead) -> Inbox:
    """Mark these as read; the answer has those of them that are the caller's."""
    with database.unit_of_work() as work:
        return _inbox(work, store.mark_read(work.session, tenancy.person(), request.ids, now()))


def set_email(database: Database, request: SetEmail) -> Preferences:
    """Set or take away the caller's address. Raises Invalid for what is no address."""
    email = request.email.strip() if request.email else None
    if email and not model.is_address(email):
        raise Invalid("this is no e-mail address", [Problem(("email",), "Write it like name@example.org.")])
    with database.unit_of_work() as work:
        store.set_address(work.session, work.tenant, tenancy.person(), email or None)
    return Preferences(email or None)


def preferences(database: Database, _request: Nothing) -> Preferences:
    """How the caller is told."""
    with database.unit_of_work() as work:
        return Preferences(store.address(work.session, tenancy.person()))


def _following(row: store.Follow) -> Following:
    return Following(
        id=row.id,
        subject=row.subject,  # type: ignore[arg-type]  # the table's checks keep it to the contract's words
        key=row.key,
        email=row.email,
        created_at=row.created_at,
    )


def _inbox(work: UnitOfWork, messages: Sequence[store.Message], *, more: bool = False) -> Inbox:
    items = tuple(
        InboxMessage(
            id=m.id,
            kind=m.kind,
            subject=m.subject,  # type: ignore[arg-type]
            key=m.key,
            about=m.about,
            created_at=m.created_at,
            read_at=m.read_at,
        )
        for m in messages
    )
    return Inbox(items, store.unread(work.session, tenancy.person()), more)
