"""Change between waves: a person's own, and that of published figures."""

from collections.abc import Iterable
from math import ceil, sqrt
from typing import Any

from schemas.errors import Forbidden, Invalid, NotFound, Problem
from schemas.rpc.scoring import CellChange, CellChangeList, CellChangeRequest, MeasureChange, MyChange, PersonChange
from services.chassis import tenancy
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.model.statistics.change import LESS, MORE, STEADY, person_change
from services.scoring.model.statistics.intervals import GRAINS, difference, variance_of_mean
from services.scoring.operations.compiled import compiled
from services.scoring.operations.figures import estimate, exact_interval
from services.scoring.operations.reading import cursor, cursor_of

LOOKED_THROUGH = 100
"""Responses of a person among which the two waves are looked for: one counts in each."""


def my_change(database: Database, request: MyChange) -> PersonChange:
    """The caller's change. Raises Forbidden for a caller who is no person, NotFound where there are no two waves."""
    person = tenancy.actor().person
    if person is None:
        raise Forbidden("sign in first: this is about your own scores")
    with database.unit_of_work() as work:
        framework = _live(work, request)
        found: dict[str, store.Response] = {}
        for response in store.of_person(work.session, person, [framework.questionnaire_id], LOOKED_THROUGH):
            found.setdefault(response.wave, response)
        before, after = _pair(found, request)
        if before is None or after is None or before.submitted_at is None or after.submitted_at is None:
            raise NotFound("there are no two rounds of yours to compare; look again after the next one")
        return PersonChange(
            framework_id=framework.framework_id,
            framework_version=framework.version,
            before=before.wave,
            after=after.wave,
            before_at=before.submitted_at,
            after_at=after.submitted_at,
            measures=tuple(_measures(work, framework, before, after)),
        )


def _pair(found: dict[str, store.Response], request: MyChange) -> tuple[store.Response | None, store.Response | None]:
    """The responses to compare, of those by wave, newest first."""
    waves = list(found)
    after = request.after if request.after is not None else next((w for w in waves if w != request.before), None)
    older = waves[waves.index(after) + 1 :] if after in found else []
    before = request.before if request.before is not None else next(iter(older), None)
    if before is None or after is None or before == after:
        return None, None
    return found.get(before), found.get(after)


def _measures(
    work: UnitOfWork, framework: store.FrameworkVersion, before: store.Response, after: store.Response
) -> Iterable[MeasureChange]:
    measures = model.measures_of(framework.definition)
    first = compiled(work, framework, before.questionnaire_version).scores(before.values)
    second = compiled(work, framework, after.questionnaire_version).scores(after.values)
    spreads = {
        row.measure: _spread(row, measures[row.measure])
        for row in store.figures_page(work.session, framework, before.wave, "", (model.COUNCIL,), True, (), 1_000, None)
        if not row.hidden
    }
    alphas = {r.scale: r.outcome["alpha"] for r in store.reliability(work.session, framework, before.wave)}
    for code in (c for c in first if c in second):
        was, now = first[code] / model.UNIT, second[code] / model.UNIT
        found = person_change(was, now, spreads.get(code), alphas.get(code))
        yield MeasureChange(
            measure=code,
            title=measures[code].title,
            before=was,
            after=now,
            verdict=found.verdict,  # type: ignore[arg-type]  # the closed set
            index=found.rc,
            clear_from=found.clear_from,
        )


def _spread(row: Any, measure: model.Measure) -> float:
    """The standard deviation of a published figure, in points; rounded up, since to the last digit it would give the
    squares away.
    """
    grain = (measure.maximum - measure.minimum) / GRAINS
    exact = sqrt(variance_of_mean(row.n, int(row.total), int(row.squares)) * row.n) / model.UNIT
    return ceil(round(exact / grain, 6)) * grain


def cell_change(database: Database, request: CellChangeRequest) -> CellChangeList:
    """The change of published figures. Raises NotFound for a framework that is not live, Invalid for a wrong attribute.

    As of two groups of people: who is the same in both waves is not published.
    """
    areas: tuple[str, ...] = request.areas
    if areas and request.council:
        areas = (*areas, model.COUNCIL)
    attribute = request.attribute or ""
    with database.unit_of_work() as work:
        framework = _live(work, request)
        known = store.questionnaires(work.session, framework.questionnaire_id)
        if attribute and not any(attribute in q.attributes for q in known):
            raise Invalid(
                "no such attribute", [Problem(("attribute",), "Choose an attribute that the questionnaire asks for.")]
            )
        measures = model.measures_of(framework.definition)
        rows = store.figures_page(
            work.session,
            framework,
            request.wave,
            attribute,
            areas,
            request.council,
            request.measures,
            request.first + 1,
            cursor(request.after),
        )
        earlier = store.figures_by_attribute(
            work.session, framework, request.before, attribute, list(request.measures or measures)
        )
        version = framework.version
    before = {(row.area, row.category, row.measure): row for row in earlier}
    items = tuple(
        _change(request, measures[row.measure], before.get((row.area, row.category, row.measure)), row)
        for row in rows[: request.first]
    )
    more = cursor_of(rows[request.first - 1]) if len(rows) > request.first else None
    return CellChangeList(framework_version=version, items=items, next=more)


def _change(request: CellChangeRequest, measure: model.Measure, before: Any, row: Any) -> CellChange:
    place: dict[str, Any] = {
        "measure": row.measure,
        "title": measure.title,
        "area": None if row.area == model.COUNCIL else row.area,
        "attribute": request.attribute,
        "category": row.category if request.attribute else None,
    }
    if before is None or before.hidden or row.hidden:
        return CellChange(**place, suppressed=True, difference=None, low=None, high=None, method=None, verdict=None)
    was, now = (estimate(figure, exact_interval(figure, measure)) for figure in (before, row))
    apart = difference(now, was)
    if apart is None:
        raise ValueError("an estimate of a published figure has a variance")
    width = measure.maximum - measure.minimum
    shown = apart.rounded(-width, width)
    verdict = MORE if shown.low > 0 else LESS if shown.high < 0 else STEADY
    return CellChange(
        **place,
        suppressed=False,
        difference=now.mean - was.mean,
        low=shown.low,
        high=shown.high,
        method="welch",
        verdict=verdict,  # type: ignore[arg-type]  # the closed set
    )


def _live(work: UnitOfWork, request: MyChange | CellChangeRequest) -> store.FrameworkVersion:
    framework = store.version(work.session, request.framework_id, "live")
    if framework is None:
        raise NotFound("there is no such framework")
    return framework
