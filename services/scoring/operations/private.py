"""Figures with noise, in the place of ordinary ones: a switch, a budget that is never overspent, and releases."""

from uuid import UUID

from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.ids import now
from schemas.rpc.scoring import (
    ListPrivateReleases,
    PrivacyBudget,
    PrivacyBudgetRequest,
    PrivateFigure,
    PrivateRelease,
    PrivateReleaseList,
    ReleasePrivateFigures,
    SetPrivacyBudget,
    SetPrivateFigures,
)
from services.chassis.councils import area_codes
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.model.private import MECHANISM, MILLIS, Counted, Key, private_figures

MOST_FIGURES = 2_000
"""In one release: with more of them, each is mostly noise."""
SHOWN_ALREADY = (
    "this questionnaire has ordinary figures already: noise cannot hide what they show. Use it for a questionnaire "
    "that has none yet"
)


def set_private_figures(database: Database, request: SetPrivateFigures) -> PrivacyBudget:
    """Raises NotFound, and Conflict where ordinary figures are out, or those with noise and this is to end."""
    with database.unit_of_work() as work:
        questionnaires = _questionnaires(work, request.framework_id)
        settings = store.lock_private_settings(work.session, work.tenant, request.framework_id)
        store.lock_publishing(work.session, work.tenant, questionnaires, alone=True)
        _, spent = store.newest_private(work.session, request.framework_id)
        if request.on and store.has_figures(work.session, questionnaires):
            raise Conflict(SHOWN_ALREADY)
        if not request.on and spent:
            raise Conflict("figures with noise are out: ordinary ones beside them would undo what the noise protects")
        settings.enabled = request.on
        return _budget(request.framework_id, settings, spent)


def set_privacy_budget(database: Database, request: SetPrivacyBudget) -> PrivacyBudget:
    """Raises NotFound, Invalid for a fraction that is too fine, and Conflict for less than is spent already."""
    with database.unit_of_work() as work:
        _questionnaires(work, request.framework_id)
        total = _millis(request.total, "total")
        settings = store.lock_private_settings(work.session, work.tenant, request.framework_id)
        _, spent = store.newest_private(work.session, request.framework_id)
        if total < spent:
            raise Conflict(f"{spent / MILLIS:g} is spent already: the budget cannot be less")
        settings.budget = total
        return _budget(request.framework_id, settings, spent)


def privacy_budget(database: Database, request: PrivacyBudgetRequest) -> PrivacyBudget:
    """What may be spent, and what is. Raises NotFound."""
    with database.unit_of_work() as work:
        _questionnaires(work, request.framework_id)
        _, spent = store.newest_private(work.session, request.framework_id)
        return _budget(request.framework_id, store.private_settings(work.session, request.framework_id), spent)


def release_private_figures(database: Database, request: ReleasePrivateFigures) -> PrivateRelease:
    """Draw figures once. Raises NotFound, Invalid, Conflict: switched off, overspent, or noise would be no help."""
    epsilon = _millis(request.epsilon, "epsilon")
    with database.unit_of_work() as work:
        framework = store.version(work.session, request.framework_id, "live")
        if framework is None:
            raise NotFound("there is no such framework")
        settings = store.lock_private_settings(work.session, work.tenant, request.framework_id)
        if not settings.enabled:
            raise Conflict("figures with noise are not switched on for this framework")
        store.lock_publishing(work.session, work.tenant, [framework.questionnaire_id], alone=True)
        if store.has_figures(work.session, [framework.questionnaire_id]):
            raise Conflict(SHOWN_ALREADY)
        if model.compared_in(framework.definition):
            raise Conflict("this framework compares people with each other, so noise cannot hide one of them")
        number, spent = store.newest_private(work.session, request.framework_id)
        if spent + epsilon > settings.budget:
            left = (settings.budget - spent) / MILLIS
            raise Conflict(f"this would spend more than is left: {left:g}. An admin sets the budget")
        measures = _measures(framework, request)
        keys = _keys(work, framework, request)
        if len(keys) * len(measures) > MOST_FIGURES:
            said = f"This would be more than {MOST_FIGURES} figures, each mostly noise. Choose fewer measures."
            raise Invalid("these are too many figures", [Problem(("measures",), said)])
        sums = store.sums_as_they_stand(
            work.session,
            framework,
            request.wave,
            request.attribute or "",
            {area for area, _ in keys} if request.level is not None else None,
            measures,
        )
        counted = {key: Counted(*found) for key, found in sums.items()}
        row = store.PrivateRelease(
            tenant_id=work.tenant,
            framework_id=framework.framework_id,
            number=number + 1,
            version=framework.version,
            wave=request.wave,
            level=request.level or "",
            attribute=request.attribute or "",
            measures=list(measures),
            epsilon=epsilon,
            spent=spent + epsilon,
            budget=settings.budget,
            mechanism=MECHANISM,
            figures=[list(figure) for figure in private_figures(counted, keys, measures, epsilon)],
            released_at=now(),
        )
        work.session.add(row)
        return _release(row)


def private_releases(database: Database, request: ListPrivateReleases) -> PrivateReleaseList:
    """What was released with noise. Raises NotFound for a framework that is not live."""
    with database.unit_of_work() as work:
        if store.version(work.session, request.framework_id, "live") is None:
            raise NotFound("there is no such framework")
        found = store.private_releases(work.session, request.framework_id, request.first + 1, request.before)
        return PrivateReleaseList(tuple(_release(r) for r in found[: request.first]), len(found) > request.first)


def _questionnaires(work: UnitOfWork, framework_id: UUID) -> frozenset[UUID]:
    found = store.questionnaires_of(work.session, framework_id)
    if not found:
        raise NotFound("there is no such framework")
    return found


def _measures(framework: store.FrameworkVersion, request: ReleasePrivateFigures) -> dict[str, model.Measure]:
    known = model.measures_of(framework.definition)
    if unknown := sorted(set(request.measures) - known.keys()):
        said = f'This framework has no measure called "{unknown[0]}".'
        raise Invalid("no such measure", [Problem(("measures",), said)])
    return {code: known[code] for code in sorted(set(request.measures) or known)}


def _keys(work: UnitOfWork, framework: store.FrameworkVersion, request: ReleasePrivateFigures) -> list[Key]:
    """The cells, from what everybody knows: the council's areas, and what the questionnaire offers."""
    areas, categories = [""], [""]
    if request.level is not None:
        areas = sorted(area_codes(work, request.level))
        if not areas:
            raise Invalid("no such areas", [Problem(("level",), "Choose a level that your council has areas of.")])
    if request.attribute is not None:
        known = store.questionnaires(work.session, framework.questionnaire_id)
        categories = sorted({c for q in known for c in q.attributes.get(request.attribute, ())})
        if not categories:
            said = "Choose an attribute that the questionnaire asks for."
            raise Invalid("no such attribute", [Problem(("attribute",), said)])
    return [(area, category) for area in areas for category in categories]


def _millis(epsilon: float, field: str) -> int:
    found = round(epsilon * MILLIS)
    if abs(found - epsilon * MILLIS) > 1e-6:
        raise Invalid(f"{field} is too fine", [Problem((field,), "Give thousandths at the finest, such as 0.125.")])
    return found


def _budget(framework_id: UUID, settings: store.PrivateSettings | None, spent: int) -> PrivacyBudget:
    on, total = (settings.enabled, settings.budget) if settings is not None else (False, 0)
    return PrivacyBudget(framework_id, on, total / MILLIS, spent / MILLIS, (total - spent) / MILLIS)


def _release(row: store.PrivateRelease) -> PrivateRelease:
    return PrivateRelease(
        framework_id=row.framework_id,
        framework_version=row.version,
        number=row.number,
        wave=row.wave,
        level=row.level or None,
        attribute=row.attribute or None,
        measures=tuple(row.measures),
        epsilon=row.epsilon / MILLIS,
        spent=row.spent / MILLIS,
        mechanism=MECHANISM,
        figures=tuple(PrivateFigure(area or None, category or None, *rest) for area, category, *rest in row.figures),
        released_at=row.released_at,
    )
