"""Areas: bringing in indicators from elsewhere, and the scores that combine them with the survey's figures."""

from collections import Counter
from math import isfinite

import msgspec

from schemas.errors import Invalid, NotFound, Problem
from schemas.ids import now
from schemas.rpc.scoring import (
    AreaIndicatorList,
    AreaIndicatorVersion,
    AreaScore,
    AreaScoreList,
    AreaScoresRequest,
    FiguresRequest,
    FrameworkDefinition,
    ImportAreaIndicator,
    ListAreaIndicators,
)
from services.chassis.councils import area_codes
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.model.framework.places import PlaceScore, place_scores
from services.scoring.operations.reading import figures

LARGEST = 1_000
SAID = 200
"""So many faults of a file are told at once; who has more of them mends these first."""


def import_area_indicator(database: Database, request: ImportAreaIndicator) -> AreaIndicatorVersion:
    """Store all values as the next version, or none. Raises Invalid, with the row and the column of every fault."""
    with database.unit_of_work() as work:
        problems = _faults(request, area_codes(work))
        if problems:
            raise Invalid("the file needs another look; nothing of it was taken", problems[:SAID])
        store.lock_indicator(work.session, work.tenant, request.code)
        before = store.newest_indicators(work.session, [request.code])
        indicator = store.AreaIndicator(
            tenant_id=work.tenant,
            code=request.code,
            version=before[0].version + 1 if before else 1,
            title=request.title,
            source=request.source,
            years=sorted({v.year for v in request.values}),
            areas=len({v.area for v in request.values}),
            created_at=now(),
        )
        work.session.add(indicator)
        work.session.flush()
        store.add_values(work.session, indicator, [(v.year, v.area, v.value) for v in request.values])
        return _version(indicator)


def list_area_indicators(database: Database, request: ListAreaIndicators) -> AreaIndicatorList:
    """A page of the newest versions, by code."""
    with database.unit_of_work() as work:
        found = store.indicators_page(work.session, request.first, request.after)
    page, more = cut(found, request.first)
    return AreaIndicatorList(tuple(_version(i) for i in page), more)


def area_scores(database: Database, request: AreaScoresRequest) -> AreaScoreList:
    """What areas score, from published figures and indicators from elsewhere. Raises NotFound and Invalid."""
    with database.unit_of_work() as work:
        framework = store.version(work.session, request.framework_id, "live")
        if framework is None:
            raise NotFound("there is no such framework")
        wanted = [
            (i["code"], i["version"], i["year"])
            for d in framework.definition["domains"]
            for i in d.get("area_indicators", ())
        ]
        elsewhere = store.area_values(work.session, wanted) if wanted else {}
        of_level = area_codes(work, request.level)
    survey, asked = _published(database, request)
    there = asked.union(*elsewhere.values()) & of_level
    scores = place_scores(framework.definition, sorted(there), survey, elsewhere)
    place = _place(scores, request.after)
    page = scores[place : place + request.first]
    titles = model.measures_of(framework.definition)
    items = tuple(
        AreaScore(
            framework.framework_id, framework.version, s.area, s.measure, titles[s.measure].title, s.score, s.missing
        )
        for s in page
    )
    return AreaScoreList(items, _text(page[-1]) if place + len(page) < len(scores) else None)


def with_versions(work: UnitOfWork, definition: FrameworkDefinition) -> FrameworkDefinition:
    """The definition with the version and the year of every area indicator in it: so its scores can be had again.

    What is left open becomes the newest. Raises Invalid for an indicator, a version or a year that is not there.
    """
    open_ones = [i.code for d in definition.domains for i in d.area_indicators if i.version is None]
    newest = {i.code: i.version for i in store.newest_indicators(work.session, open_ones)} if open_ones else {}
    wanted = [
        (i.code, version)
        for d in definition.domains
        for i in d.area_indicators
        if (version := i.version or newest.get(i.code))
    ]
    years = store.known_versions(work.session, wanted) if wanted else {}
    problems: list[Problem] = []
    domains = []
    for domain in definition.domains:
        fixed = []
        for indicator in domain.area_indicators:
            version = indicator.version or newest.get(indicator.code, 0)
            known = years.get((indicator.code, version), [])
            at = ("domains", domain.code, "area_indicators", indicator.code)
            if not known:
                problems.append(Problem(at, "There is no such indicator, or version of it; bring it in first."))
            elif indicator.year is not None and indicator.year not in known:
                said = f"It has no values for {indicator.year}; choose one of {', '.join(map(str, known))}."
                problems.append(Problem((*at, "year"), said))
            else:
                fixed.append(msgspec.structs.replace(indicator, version=version, year=indicator.year or known[-1]))
        domains.append(msgspec.structs.replace(domain, area_indicators=tuple(fixed)))
    if problems:
        raise Invalid("the framework needs another look", problems)
    return msgspec.structs.replace(definition, domains=tuple(domains))


def _faults(request: ImportAreaIndicator, areas: frozenset[str]) -> list[Problem]:
    counts = Counter((v.area, v.year) for v in request.values)
    found: list[Problem] = []
    for v in request.values:
        row = ("values", f"row {v.row}")
        if v.area not in areas:
            found.append(Problem((*row, "area"), "This is none of your council's areas; check the code."))
        if not isfinite(v.value):
            found.append(Problem((*row, "value"), "This is no number; leave the row out if there is no value."))
        if counts[v.area, v.year] > 1:
            said = "The file has this area more than once for the year; keep one of the rows."
            found.append(Problem((*row, "year"), said))
    return found


def _version(indicator: store.AreaIndicator) -> AreaIndicatorVersion:
    return AreaIndicatorVersion(
        code=indicator.code,
        version=indicator.version,
        title=indicator.title,
        source=indicator.source,
        years=tuple(indicator.years),
        areas=indicator.areas,
        created_at=indicator.created_at,
    )


def _published(database: Database, request: AreaScoresRequest) -> tuple[dict[tuple[str, str], float], set[str]]:
    """(Area, measure) → mean, exactly as it is shown to everybody; and the areas that anything is said of."""
    means: dict[tuple[str, str], float] = {}
    areas: set[str] = set()
    after: str | None = None
    while True:
        page = figures(
            database,
            FiguresRequest(request.framework_id, council=False, first=LARGEST, after=after, wave=request.wave),
        )
        for figure in page.items:
            if figure.area is not None:
                areas.add(figure.area)
                if figure.score is not None:
                    means[figure.area, figure.measure] = figure.score
        after = page.next
        if after is None:
            return means, areas


def _text(score: PlaceScore) -> str:
    return f"{score.area}|{score.measure}"


def _place(scores: list[PlaceScore], after: str | None) -> int:
    if after is None:
        return 0
    for place, score in enumerate(scores):
        if _text(score) == after:
            return place + 1
    raise Invalid("the cursor is not one of ours", [Problem(("after",), "Give the cursor as it was handed out.")])
