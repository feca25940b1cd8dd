"""What the directory does: one function a use case, each the owner of its transaction."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from schemas.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from schemas.events.directory import EntryPublished, EntryWithdrawn
from schemas.ids import new_id, now
from schemas.roles import OFFICERS
from schemas.rpc import directory as contract
from schemas.rpc.base import ById, ByIds, PageRequest
from schemas.rpc.directory import CreateEntry, EntryList, SearchDirectory, SuggestEntries, Suggestions, UpdateEntry
from services.chassis import tenancy
from services.chassis.councils import require_area
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork
from services.directory import model, store


def create_entry(database: Database, request: CreateEntry) -> contract.Entry:
    """Add a draft of the caller's own. Raises Invalid."""
    moment = now()
    with database.unit_of_work() as work:
        entry = store.Entry(
            tenant_id=work.tenant,
            id=new_id(),
            owner=tenancy.person(),
            kind=request.kind,
            status="draft",
            consent=False,
            created_at=moment,
        )
        _reword(work, entry, request)
        work.session.add(entry)
        return _shown(entry)


def update_entry(database: Database, request: UpdateEntry) -> contract.Entry:
    """Change one's own entry, or as an officer any entry; a published one is told of again.

    Raises NotFound, Conflict for a withdrawn one, Invalid.
    """
    with database.unit_of_work() as work:
        entry = _changeable(work, request.id)
        _unless(model.obstacle_to_editing(entry.status))
        _reword(work, entry, request)
        if entry.status == "published":
            if entry.kind in model.ABOUT_A_PERSON and not entry.consent:
                message = "A listed person must have agreed to it; to take that back, withdraw the entry."
                raise Invalid("this entry is published", [Problem(("consent_to_list",), message)])
            _tell_published(work, entry)
        return _shown(entry)


def publish_entry(database: Database, request: ById) -> contract.Entry:
    """Open one's own draft to everybody. Raises NotFound, Forbidden (an officer, for somebody else), Conflict."""
    with database.unit_of_work() as work:
        entry = _changeable(work, request.id)
        if entry.owner != tenancy.person():
            raise Forbidden("only whoever added an entry may publish it")
        _unless(model.obstacle_to_publishing(entry.kind, entry.status, consent=entry.consent))
        entry.status, entry.updated_at = "published", now()
        _tell_published(work, entry)
        return _shown(entry)


def withdraw_entry(database: Database, request: ById) -> contract.Entry:
    """Take an entry off the list for good: one's own, or as an officer any. Raises NotFound, Conflict."""
    with database.unit_of_work() as work:
        entry = _changeable(work, request.id)
        _unless(model.obstacle_to_withdrawing(entry.status))
        if entry.status == "published":
            work.tell(entry.id, EntryWithdrawn(entry.id))
        entry.status, entry.updated_at = "withdrawn", now()
        return _shown(entry)


def entries(database: Database, request: ByIds) -> EntryList:
    """Those of the entries that the caller may see."""
    with database.unit_of_work() as work:
        found = store.by_ids(work.session, request.ids)
    return _list([e for e in found if e.status == "published" or _may_change(e)])


def my_entries(database: Database, request: PageRequest) -> EntryList:
    """What the caller added, in every state, newest first. Raises Forbidden for a machine."""
    with database.unit_of_work() as work:
        found = store.of_owner(work.session, tenancy.person(), request.first, request.after)
    page, more = cut(found, request.first)
    return _list(page, str(page[-1].id) if more else None)


def search(database: Database, request: SearchDirectory) -> EntryList:
    """Published entries with all the tags asked for; funding whose deadline is past is left out.

    Raises Invalid for a cursor that is none, or that belongs to the other order.
    """
    words = (request.text or "").strip()
    after = _cursor(request.after, by_rank=bool(words))
    wanted = store.Filter(list(request.kinds), request.area, list(request.tags), model.last_open_day(now()))
    with database.unit_of_work() as work:
        if words:
            place = None if after is None or after.rank is None else (after.rank, after.id)
            ranked, more = cut(store.best(work.session, words, wanted, request.first, place), request.first)
            last = model.Cursor(ranked[-1][1], ranked[-1][0].id) if more else None
            page: Sequence[store.Entry] = [entry for entry, _ in ranked]
        else:
            page, more = cut(
                store.newest(work.session, wanted, request.first, after.id if after else None), request.first
            )
            last = model.Cursor(None, page[-1].id) if more else None
    return _list(page, last.encode() if last else None)


def suggest(database: Database, request: SuggestEntries) -> Suggestions:
    """A few published entries for each subject, in one question; people are not shown themselves."""
    today, caller = model.last_open_day(now()), tenancy.actor().person
    with database.unit_of_work() as work:
        found = store.tagged(work.session, request.subjects, request.area, today, caller, request.each)
    each: list[list[contract.Entry]] = [[] for _ in request.subjects]
    for number, entry in found:
        each[number].append(_shown(entry))
    return Suggestions(tuple(map(tuple, each)))


def _cursor(text: str | None, *, by_rank: bool) -> model.Cursor | None:
    if text is None:
        return None
    try:
        cursor = model.Cursor.decode(text)
    except ValueError:
        cursor = None
    if cursor is None or (cursor.rank is not None) != by_rank:
        raise Invalid("the search cannot go on from there", [Problem(("after",), "Begin the search again.")])
    return cursor


def _may_change(entry: store.Entry) -> bool:
    actor = tenancy.actor()
    return entry.owner == actor.person or actor.has(OFFICERS)


def _changeable(work: UnitOfWork, entry_id: UUID) -> store.Entry:
    entry = store.lock(work.session, entry_id)
    if entry is None or not (_may_change(entry) or entry.status == "published"):
        raise NotFound("there is no such entry")
    if not _may_change(entry):
        raise Forbidden("only whoever added an entry, or an officer, may change it")
    return entry


def _unless(obstacle: str | None) -> None:
    if obstacle is not None:
        raise Conflict(obstacle)


def _reword(work: UnitOfWork, entry: store.Entry, request: CreateEntry | UpdateEntry) -> None:
    contact, funding = request.contact, request.funding or contract.Funding()
    faults = model.faults_of(
        model.Wording(
            entry.kind,
            contact.email,
            contact.telephone,
            contact.website,
            request.funding is not None,
            funding.minimum,
            funding.maximum,
        )
    )
    if faults:
        raise Invalid("some fields need another look", [Problem(f.path, f.message) for f in faults])
    require_area(work, request.area)
    entry.name, entry.description, entry.area = request.name, request.description, request.area
    entry.tags = list(dict.fromkeys(request.tags))
    entry.contact = msgspec.to_builtins(contact)
    entry.minimum, entry.maximum, entry.deadline = funding.minimum, funding.maximum, funding.deadline
    own = entry.owner == tenancy.actor().person
    entry.consent = model.consent_stands(entry.kind, stands=entry.consent, asked=request.consent_to_list, own=own)
    entry.updated_at = now()


def _tell_published(work: UnitOfWork, entry: store.Entry) -> None:
    work.tell(entry.id, EntryPublished(entry.id, entry.kind, entry.area, tuple(entry.tags)))


def _list(found: Sequence[store.Entry], after: str | None = None) -> EntryList:
    return EntryList(tuple(_shown(entry) for entry in found), after)


def _shown(entry: store.Entry) -> contract.Entry:
    funding = contract.Funding(entry.minimum, entry.maximum, entry.deadline) if entry.kind == "funding" else None
    return contract.Entry(
        id=entry.id,
        kind=entry.kind,  # type: ignore[arg-type]  # the table's checks keep it to the contract's words
        name=entry.name,
        description=entry.description,
        status=entry.status,  # type: ignore[arg-type]
        area=entry.area,
        tags=tuple(entry.tags),
        contact=msgspec.convert(entry.contact, contract.Contact),
        funding=funding,
        own=entry.owner == tenancy.actor().person,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
    )
