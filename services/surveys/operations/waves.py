"""Which ways in are switched on, and waves: rounds of asking, one after the other."""

from uuid import UUID

from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.ids import new_id, now
from schemas.rpc.base import ByIds
from schemas.rpc.surveys import CloseWave, ListWaves, OpenWave, Questionnaire, SetWays, Wave, WaveList
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork
from services.surveys import store
from services.surveys.operations.questionnaires import questionnaires


def set_ways(database: Database, request: SetWays) -> Questionnaire:
    """Switch ways in on and off, for every version. Raises NotFound."""
    with database.unit_of_work() as work:
        questionnaire = locked(work, request.questionnaire_id)
        questionnaire.ways = sorted(set(request.ways))
    [found] = questionnaires(database, ByIds((request.questionnaire_id,))).items
    return found


def open_wave(database: Database, request: OpenWave) -> Wave:
    """Begin a wave, and end the one before. Raises NotFound, Invalid for a code that is taken or an end in the past."""
    moment = now()
    if request.ends_at is not None and request.ends_at <= moment:
        raise Invalid("the end has passed already", [Problem(("ends_at",), "Give a time that is still to come.")])
    with database.unit_of_work() as work:
        questionnaire = locked(work, request.questionnaire_id)
        if store.wave(work.session, request.questionnaire_id, request.code) is not None:
            raise Invalid("the code is taken", [Problem(("code",), "Another wave has it; choose a new one.")])
        _close(work, questionnaire)
        wave = store.Wave(
            tenant_id=work.tenant,
            id=new_id(),
            questionnaire_id=request.questionnaire_id,
            code=request.code,
            title=request.title,
            opened_at=moment,
            ends_at=request.ends_at,
        )
        work.session.add(wave)
        questionnaire.wave = request.code
        return _reply(wave)


def close_wave(database: Database, request: CloseWave) -> Wave:
    """End the open wave. Raises NotFound, Conflict where none is open."""
    with database.unit_of_work() as work:
        questionnaire = locked(work, request.questionnaire_id)
        wave = _close(work, questionnaire)
        if wave is None:
            raise Conflict("no wave is open; there is nothing to close")
        questionnaire.wave = None
        return _reply(wave)


def list_waves(database: Database, request: ListWaves) -> WaveList:
    """A page of a questionnaire's waves, newest first."""
    with database.unit_of_work() as work:
        found = store.waves_page(work.session, request.questionnaire_id, request.first, request.after)
    page, more = cut(found, request.first)
    return WaveList(items=tuple(_reply(w) for w in page), has_next=more)


def locked(work: UnitOfWork, questionnaire_id: UUID) -> store.Questionnaire:
    """A questionnaire, so that its ways and waves change one after the other. Raises NotFound."""
    found = store.lock_questionnaire(work.session, questionnaire_id)
    if found is None:
        raise NotFound("there is no such questionnaire")
    return found


def _close(work: UnitOfWork, questionnaire: store.Questionnaire) -> store.Wave | None:
    if not questionnaire.wave:
        return None
    wave = store.wave(work.session, questionnaire.id, questionnaire.wave)
    if wave is not None:
        wave.closed_at = now()
    return wave


def _reply(wave: store.Wave) -> Wave:
    return Wave(
        id=wave.id,
        questionnaire_id=wave.questionnaire_id,
        code=wave.code,
        title=wave.title,
        opened_at=wave.opened_at,
        ends_at=wave.ends_at,
        closed_at=wave.closed_at,
    )
