"""Reading scores: a person's own at once, everybody else's only as published figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.errors import Forbidden, Invalid, NotFound, Problem
from schemas.roles import STAFF
from schemas.rpc.scoring import (
    Band,
    Figure,
    FigureList,
    FiguresRequest,
    MeasureScore,
    MyScores,
    PersonScores,
    PersonScoresList,
    TrendRequest,
    WeightedScore,
)
from services.chassis import tenancy
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.operations.compiled import compiled
from services.scoring.operations.figures import UNCHECKED, exact_interval
from services.scoring.operations.weights import weighted_scores

Doubts = Mapping[str, tuple[str, ...]]


def my_scores(database: Database, request: MyScores) -> PersonScoresList:
    """The caller's scores by the live frameworks. Raises Forbidden for a caller who is no person."""
    person = tenancy.actor().person
    if person is None:
        raise Forbidden("sign in first: this is about your own scores")
    with database.unit_of_work() as work:
        live = _versions(work, request)
        by_questionnaire: dict[Any, list[store.FrameworkVersion]] = {}
        for framework in live:
            by_questionnaire.setdefault(framework.questionnaire_id, []).append(framework)
        responses = store.of_person(work.session, person, list(by_questionnaire), request.first)
        found = [(f, response) for response in responses for f in by_questionnaire[response.questionnaire_id]]
        doubts = store.reliability_warnings(work.session, [(f.framework_id, f.version, r.wave) for f, r in found])
        items = [_person_scores(work, f, r, doubts.get((f.framework_id, f.version, r.wave), {})) for f, r in found]
    return PersonScoresList(items=tuple(items[: request.first]))


def _versions(work: UnitOfWork, request: MyScores) -> list[store.FrameworkVersion]:
    if request.framework_version is None:
        return store.live_versions(work.session, request.framework_id)
    if request.framework_id is None:
        problem = Problem(("framework_version",), "Say which framework this is a version of.")
        raise Invalid("a version of which framework?", [problem])
    found = store.fixed_version(work.session, request.framework_id, request.framework_version)
    return [] if found is None else [found]


def _person_scores(
    work: UnitOfWork, framework: store.FrameworkVersion, response: store.Response, doubts: Doubts
) -> PersonScores:
    by = compiled(work, framework, response.questionnaire_version)
    measures = model.measures_of(framework.definition)
    if response.submitted_at is None:
        raise ValueError("a withdrawn response has no scores")
    return PersonScores(
        framework_id=framework.framework_id,
        framework_version=framework.version,
        response_id=response.response_id,
        submitted_at=response.submitted_at,
        scores=tuple(
            MeasureScore(
                code, *_measure(measures[code], score), _band(by.scales.get(code), score), doubts.get(code, UNCHECKED)
            )
            for code, score in by.scores(response.values).items()
        ),
        area=response.area,
        wave=response.wave,
    )


def _measure(measure: model.Measure, score: int) -> tuple[str, float, float, float]:
    return measure.title, score / model.UNIT, measure.minimum, measure.maximum


def _band(scale: model.Scale | None, score: int) -> Band | None:
    found = scale.band(score) if scale else None
    return Band(found.code, found.label, found.lowest / model.UNIT, found.words) if found else None


def figures(database: Database, request: FiguresRequest) -> FigureList:
    """Published figures. Raises NotFound for a framework that is not live, Invalid for a wrong cursor or attribute."""
    areas: tuple[str, ...] = request.areas
    if areas and request.council:
        areas = (*areas, model.COUNCIL)
    with database.unit_of_work() as work:
        framework = store.version(work.session, request.framework_id, "live")
        if request.framework_version is not None and tenancy.actor().has(STAFF):
            # what was public at another time, beside what is public now, can tell more than either: not for everybody
            framework = store.fixed_version(work.session, request.framework_id, request.framework_version)
        if framework is None or request.framework_version not in (None, framework.version):
            raise NotFound("there is no such framework")
        known = store.questionnaires(work.session, framework.questionnaire_id)
        if request.attribute is not None and not any(request.attribute in q.attributes for q in known):
            raise Invalid(
                "no such attribute", [Problem(("attribute",), "Choose an attribute that the questionnaire asks for.")]
            )
        attribute, turned = _attribute(framework, request)
        if request.second_attribute is not None:
            areas = (model.COUNCIL,)
        wave = request.wave if request.wave is not None else next(reversed(framework.waves), "")
        rows = store.figures_page(
            work.session,
            framework,
            wave,
            attribute,
            areas,
            request.council,
            request.measures,
            request.first + 1,
            cursor(request.after),
        )
        measures = model.measures_of(framework.definition)
        place = framework.framework_id, framework.version, wave
        doubts = store.reliability_warnings(work.session, [place]).get(place, {})
        weighted = weighted_scores(
            work,
            framework,
            wave,
            request.weighting,
            attribute,
            (row.area for row in rows if not row.hidden),
            measures,
        )
    items = tuple(
        _figure(
            framework,
            request,
            wave,
            turned,
            measures[row.measure],
            row,
            doubts.get(row.measure, UNCHECKED),
            None if row.hidden else weighted.get((row.area, row.category, row.measure)),
        )
        for row in rows[: request.first]
    )
    return FigureList(items=items, next=cursor_of(rows[request.first - 1]) if len(rows) > request.first else None)


def trend(database: Database, request: TrendRequest) -> FigureList:
    """Published figures wave by wave, the earliest released first. Raises NotFound for a framework that is not live."""
    with database.unit_of_work() as work:
        framework = store.version(work.session, request.framework_id, "live")
        if framework is None:
            raise NotFound("there is no such framework")
        rows = store.figures_by_wave(work.session, framework, request.area or model.COUNCIL, request.measures)
        places = [(framework.framework_id, framework.version, wave) for wave in framework.waves]
        doubts = store.reliability_warnings(work.session, places)
    measures = model.measures_of(framework.definition)
    plain = FiguresRequest(request.framework_id)
    found: dict[str, list[Figure]] = {wave: [] for wave in framework.waves}
    for wave, row in rows:
        known = doubts.get((framework.framework_id, framework.version, wave), {}).get(row.measure, UNCHECKED)
        found[wave].append(_figure(framework, plain, wave, False, measures[row.measure], row, known, None))
    return FigureList(tuple(figure for figures in found.values() for figure in figures))


def _attribute(framework: store.FrameworkVersion, request: FiguresRequest) -> tuple[str, bool]:
    """The attribute, or pair, as cells have it; whether the framework has the pair the other way round."""
    if request.second_attribute is None:
        return request.attribute or "", False
    asked = [request.attribute, request.second_attribute]
    for pair in framework.definition.get("pairs", ()):
        if list(pair) in (asked, asked[::-1]):
            return model.JOINED.join(pair), list(pair) != asked
    raise Invalid(
        "these two are not compared",
        [Problem(("second_attribute",), "Choose a pair of attributes that the framework compares.")],
    )


def _figure(
    framework: store.FrameworkVersion,
    request: FiguresRequest,
    wave: str,
    turned: bool,
    measure: model.Measure,
    row: Any,
    doubts: tuple[str, ...],
    weighted: WeightedScore | None,
) -> Figure:
    sure = None if row.hidden else exact_interval(row, measure).rounded(measure.minimum, measure.maximum)
    categories = row.category.split(model.JOINED) if request.second_attribute else [row.category, None]
    category, second = reversed(categories) if turned else categories
    return Figure(
        framework_id=framework.framework_id,
        framework_version=framework.version,
        measure=row.measure,
        title=measure.title,
        minimum=measure.minimum,
        maximum=measure.maximum,
        area=None if row.area == model.COUNCIL else row.area,
        attribute=request.attribute,
        category=category if request.attribute else None,
        second_attribute=request.second_attribute,
        second_category=second,
        suppressed=row.hidden,
        n=None if row.hidden else row.n,
        score=None if row.hidden else float(row.total / row.n) / model.UNIT,
        released_at=row.released_at,
        wave=wave,
        low=sure.low if sure else None,
        high=sure.high if sure else None,
        level=sure.level if sure else None,
        method=sure.method if sure else None,
        warnings=doubts,
        weighted=weighted,
    )


def cursor_of(row: Any) -> str:
    """Where a figure stands among the others."""
    return f"{row.area}|{row.category}|{row.measure}"


def cursor(after: str | None) -> tuple[str, str, str] | None:
    """The place that `cursor_of` put down. Raises Invalid."""
    if after is None:
        return None
    parts: Sequence[str] = after.split("|")
    if len(parts) != 3:
        raise Invalid("the cursor is not one of ours", [Problem(("after",), "Give the cursor as it was handed out.")])
    return parts[0], parts[1], parts[2]
