"""Links: personal ones for one response each, and those of a community group or an event."""

from datetime import datetime
from secrets import token_bytes

from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.ids import new_id, now
from schemas.rpc.base import ById
from schemas.rpc.surveys import (
    FollowedLink,
    FollowLink,
    Link,
    LinkList,
    ListLinks,
    MakeGroupLink,
    MakePersonalLinks,
    NewPersonalLink,
    NewPersonalLinks,
)
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.model import codes
from services.surveys.operations.doors import as_link, usable
from services.surveys.operations.waves import locked


def make_personal_links(database: Database, request: MakePersonalLinks) -> NewPersonalLinks:
    """Make links, and show their tokens this once. Raises NotFound, Invalid for unknown participants."""
    _check_end(request.ends_at)
    with database.unit_of_work() as work:
        locked(work, request.questionnaire_id)
        known = store.participants(work.session, request.participants)
        if unknown := [
            Problem(("participants", str(i)), "We made no such participant up; take it out.")
            for i, one in enumerate(request.participants)
            if one not in known
        ]:
            raise Invalid("some participants are not known here", unknown)
        made = []
        for participant in request.participants or [new_id() for _ in range(request.count)]:
            token = codes.spell(token_bytes(codes.BYTES["link"]))
            row = store.Link(
                tenant_id=work.tenant,
                id=new_id(),
                questionnaire_id=request.questionnaire_id,
                kind="personal",
                digest=codes.digest("link", token),
                participant_id=participant,
                ends_at=request.ends_at,
                cap=1,
                created_at=now(),
            )
            work.session.add(row)
            made.append(NewPersonalLink(row.id, participant, token))
    return NewPersonalLinks(items=tuple(made))


def make_group_link(database: Database, request: MakeGroupLink) -> Link:
    """Make a link that hangs on a wall. Raises NotFound, and Invalid for a group that is not counted."""
    _check_end(request.ends_at)
    token = codes.spell(token_bytes(codes.BYTES["link"]))
    with database.unit_of_work() as work:
        locked(work, request.questionnaire_id)
        _check_group(work, request)
        row = store.Link(
            tenant_id=work.tenant,
            id=new_id(),
            questionnaire_id=request.questionnaire_id,
            kind="group",
            digest=codes.digest("link", token),
            token=token,
            belongs_to=request.belongs_to,
            ends_at=request.ends_at,
            cap=request.cap,
            taken=0,
            created_at=now(),
        )
        work.session.add(row)
        return _reply(row)


def list_links(database: Database, request: ListLinks) -> LinkList:
    """A page of a questionnaire's links, newest first."""
    with database.unit_of_work() as work:
        found = store.links_page(work.session, request.questionnaire_id, request.kind, request.first, request.after)
    page, more = cut(found, request.first)
    return LinkList(items=tuple(_reply(row) for row in page), has_next=more)


def revoke_link(database: Database, request: ById) -> Link:
    """Let a link take no more responses; those that it took stay. Raises NotFound, Conflict where it is revoked."""
    with database.unit_of_work() as work:
        row = store.lock_link(work.session, request.id)
        if row is None:
            raise NotFound("there is no such link")
        if row.revoked_at is not None:
            raise Conflict("this link was revoked before")
        row.revoked_at = now()
        return _reply(row)


def follow_link(database: Database, request: FollowLink) -> FollowedLink:
    """Where a link leads. Raises NotFound, in the same words whatever is wrong with it."""
    with database.unit_of_work() as work:
        row = store.link_by_digest(work.session, codes.digest("link", request.token))
        link = usable(None if row is None else as_link(row))
    return FollowedLink(link.questionnaire_id, link.kind)  # type: ignore[arg-type]  # the table's check allows these only


def _check_end(ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= now():
        raise Invalid("the end has passed already", [Problem(("ends_at",), "Give a time that is still to come.")])


def _check_group(work: UnitOfWork, request: MakeGroupLink) -> None:
    version = store.lock_newest(work.session, request.questionnaire_id)
    attributes = {} if version is None else model.representation.Asked.of(version.definition).attributes
    groups = attributes.get(model.COMMUNITY_GROUP)
    if groups is not None and request.belongs_to not in groups:
        message = f"Choose one of the groups that this questionnaire counts: {', '.join(groups)}."
        raise Invalid("this group is not counted", [Problem(("belongs_to",), message)])


def _reply(row: store.Link) -> Link:
    link = as_link(row)
    return Link(
        id=row.id,
        questionnaire_id=row.questionnaire_id,
        kind=row.kind,  # type: ignore[arg-type]  # the table's check allows these only
        works=link.works(now()),
        revoked=link.revoked,
        participant=row.participant_id,
        belongs_to=row.belongs_to,
        token=row.token,
        ends_at=row.ends_at,
        cap=row.cap,
        created_at=row.created_at,
    )
