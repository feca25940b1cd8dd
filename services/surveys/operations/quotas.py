"""Quotas: how many responses of a group are wanted, how many there are, and the way in that closes when it is full."""

from uuid import UUID

from schemas.errors import Conflict, NotFound
from schemas.rpc.base import ById
from schemas.rpc.surveys import QuotaState, QuotaStates, SetQuotas
from services.chassis.councils import is_area, minimum_count
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.operations.counting import release_if_due
from services.surveys.operations.forms import refuse


class Room:
    """The room that is left in a questionnaire's closing quotas, for one transaction, which nobody else fills then."""

    def __init__(self, work: UnitOfWork, questionnaire: UUID, wave: str) -> None:
        store.lock_closing_quotas(work.session, questionnaire)
        # read behind the lock: what others have filled meanwhile is seen
        found = store.quotas(work.session, questionnaire, wave, told=False)
        self._quotas = [quota for quota, _ in found if quota.closes]
        self._taken = {quota.code: count for quota, count in found}

    def enter(self, area: str | None, groups: dict[str, str]) -> None:
        """Take a place in each quota that these belong to. Raises Conflict where one of them is full."""
        mine = [q for q in self._quotas if q.area in (None, area) and q.groups.items() <= groups.items()]
        if any(self._taken[quota.code] >= quota.target for quota in mine):
            raise Conflict("thank you: enough people like you have answered already, so no more answers are taken")
        for quota in mine:
            self._taken[quota.code] += 1


def set_quotas(database: Database, request: SetQuotas) -> QuotaStates:
    """Raises NotFound, and Invalid naming each quota that is wrong."""
    with database.unit_of_work() as work:
        version = store.lock_newest(work.session, request.questionnaire_id)
        if version is None:
            raise NotFound("there is no such questionnaire")
        refuse(
            _faults(work, request, model.representation.Asked.of(version.definition)), "the quotas need another look"
        )
        rows = [
            {
                "tenant_id": work.tenant,
                "questionnaire_id": request.questionnaire_id,
                "code": quota.code,
                "place": place,
                "label": quota.label,
                "target": quota.target,
                "area": quota.area,
                "groups": quota.groups,
                "closes": quota.closes,
            }
            for place, quota in enumerate(request.quotas)
        ]
        store.replace_quotas(work.session, request.questionnaire_id, rows, any(q.closes for q in request.quotas))
        return _states(work, request.questionnaire_id)


def quotas(database: Database, request: ById) -> QuotaStates:
    """A questionnaire's quotas, and how far they are. Raises NotFound."""
    with database.unit_of_work() as work:
        if store.newest_status(work.session, request.id) is None:
            raise NotFound("there is no such questionnaire")
        return _states(work, request.id)


def _states(work: UnitOfWork, questionnaire: UUID) -> QuotaStates:
    release_if_due(work, questionnaire)
    wave = work.session.get_one(store.Questionnaire, (work.tenant, questionnaire)).wave
    least = minimum_count(work)
    states = []
    for quota, count in store.quotas(work.session, questionnaire, wave, told=True):
        shown = model.representation.rounded(count, least)
        states.append(
            QuotaState(
                code=quota.code,
                label=quota.label,
                target=quota.target,
                area=quota.area,
                groups=quota.groups,
                closes=quota.closes,
                responses=shown,
                share=None if shown is None else shown / quota.target,
            )
        )
    return QuotaStates(tuple(states))


def _faults(work: UnitOfWork, request: SetQuotas, asked: model.representation.Asked) -> list[model.Fault]:
    least = minimum_count(work)
    faults: list[model.Fault] = []
    seen: set[str] = set()
    for place, quota in enumerate(request.quotas):

        def wrong(message: str, *path: str, at: int = place) -> None:
            faults.append(model.Fault(("quotas", str(at), *path), message))

        if quota.code in seen:
            wrong("Another quota has this code; choose a new one.", "code")
        seen.add(quota.code)
        if quota.area is None and not quota.groups:
            wrong("Say of whom: an area, a group, or both.", "groups")
        if quota.area is not None and not is_area(work, asked.level, quota.area):
            wrong("This is none of the areas that the questionnaire asks for.", "area")
        for attribute, category in quota.groups.items():
            if attribute not in asked.attributes:
                wrong("The questionnaire does not ask for this attribute.", "groups", attribute)
            elif category not in asked.attributes[attribute]:
                wrong("The attribute has no such category.", "groups", attribute)
        if quota.closes and quota.target < least:
            wrong(
                f"A quota that closes tells that it is full: make it at least {least}, or let it stay open.", "target"
            )
    return faults
