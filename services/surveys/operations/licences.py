"""Licences of instruments, and what waits for them."""

from collections.abc import Iterable

from schemas.errors import Invalid, Problem
from schemas.ids import new_id, now
from schemas.instruments import find
from schemas.rpc.surveys import Licence, LicenceList, Licences, RecordLicence
from services.chassis import tenancy
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.surveys import store


def record_licence(database: Database, request: RecordLicence) -> Licence:
    """The newest one counts, and those before it stay on record. Raises Invalid where no licence is needed."""
    instrument = find(request.instrument, None, "instrument")
    if instrument.registration is None:
        raise Invalid(
            "this instrument needs no licence",
            [Problem(("instrument",), f"{instrument.title} can be used as it is; there is nothing to record.")],
        )
    with database.unit_of_work() as work:
        licence = store.Licence(
            tenant_id=work.tenant,
            instrument=instrument.code,
            id=new_id(),
            reference=request.reference,
            recorded_by=tenancy.actor().person,
            recorded_at=now(),
        )
        work.session.add(licence)
        work.session.flush()
        return _reply(licence)


def licences(database: Database, request: Licences) -> LicenceList:  # noqa: ARG001  # every call has a request
    """The newest licence of each instrument."""
    with database.unit_of_work() as work:
        return LicenceList(items=tuple(_reply(licence) for licence in store.newest_licences(work.session)))


def refuse_unlicensed(work: UnitOfWork, instruments: Iterable[str]) -> None:
    """Raises Invalid where one of these needs a licence that the council has not recorded."""
    needed = {code: holder for code in instruments if (holder := find(code).registration)}
    if not needed:
        return
    licensed = {licence.instrument for licence in store.newest_licences(work.session)}
    problems = [
        Problem(
            ("instruments", code),
            f"Ask {holder.holder} for a licence ({holder.url}), record its reference with recordLicence, try again.",
        )
        for code, holder in needed.items()
        if code not in licensed
    ]
    if problems:
        raise Invalid("an instrument needs a licence that is not on record", problems)


def _reply(licence: store.Licence) -> Licence:
    return Licence(licence.instrument, licence.reference, licence.recorded_by, licence.recorded_at)
