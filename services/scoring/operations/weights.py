"""Reading weightings, and the weighted figures beside the plain ones."""

from collections.abc import Iterable

from schemas.errors import NotFound
from schemas.rpc.scoring import ListWeightings, WeightedScore, Weighting, WeightingList, WeightingNote
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.model.statistics.intervals import LINEARISED, interval
from services.scoring.model.statistics.weighted import WeightedSums

Key = tuple[str, str, str]
"""Area, category, measure."""


def weightings(database: Database, request: ListWeightings) -> WeightingList:
    """What the newest runs found. Raises NotFound for a framework that is not live."""
    with database.unit_of_work() as work:
        framework = store.version(work.session, request.framework_id, "live")
        if framework is None:
            raise NotFound("there is no such framework")
        wave = request.wave if request.wave is not None else next(reversed(framework.waves), "")
        found = store.weightings(work.session, framework, wave, request.first)
        return WeightingList(items=tuple(_weighting(row) for row in found))


def _weighting(row: store.Weighting) -> Weighting:
    fit = row.fit
    return Weighting(
        framework_id=row.framework_id,
        framework_version=row.version,
        wave=row.wave,
        weighting=row.weighting,
        margins_version=row.margins_version,
        attributes=tuple(row.attributes),
        n=fit["n"],
        effective_n=fit["effective_n"],
        design_effect=fit["effect"],
        smallest=fit["smallest"],
        largest=fit["largest"],
        trimmed=fit["trimmed"],
        converged=fit["converged"],
        gap=fit["gap"],
        notes=tuple(WeightingNote(*note) for note in fit["notes"]),
        computed_at=row.computed_at,
    )


def weighted_scores(
    work: UnitOfWork,
    framework: store.FrameworkVersion,
    wave: str,
    weighting: int | None,
    attribute: str,
    areas: Iterable[str],
    measures: dict[str, model.Measure],
) -> dict[Key, WeightedScore]:
    """By a weighting, or the newest of the wave: of the figures in these areas, those that may be seen."""
    if weighting is None:
        newest = store.weightings(work.session, framework, wave, 1)
        if not newest:
            return {}
        weighting = newest[0].weighting
    found = store.weighted_figures(work.session, framework, wave, weighting, attribute, areas)
    return {key: _score(weighting, sums, measures[key[2]]) for key, sums in found.items()}


def _score(weighting: int, sums: WeightedSums, measure: model.Measure) -> WeightedScore:
    mean, lowest, highest = sums.mean / model.UNIT, measure.minimum, measure.maximum
    sure = interval(
        mean, sums.variance / model.UNIT**2, sums.n, lowest=lowest, highest=highest, method=LINEARISED
    ).rounded(lowest, highest)
    return WeightedScore(weighting, mean, sure.low, sure.high, sure.level, sure.method, round(sums.effective_n, 1))
