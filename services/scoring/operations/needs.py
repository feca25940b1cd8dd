"""Where help may be needed most, from published figures only."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.errors import Invalid, NotFound, Problem
from schemas.rpc.scoring import Need, NeedList, NeedsRequest, Shrunk
from services.chassis.councils import area_names
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.model.statistics import needs as ranking
from services.scoring.model.statistics.intervals import Estimate, Interval
from services.scoring.model.statistics.needs import Driver, Standing, Unit, driver, rank
from services.scoring.model.statistics.shrinkage import Shrinkage, shrink
from services.scoring.operations.figures import UNCHECKED, estimate, exact_interval

Place = tuple[str, str]
"""Area and category."""


class _Frame(NamedTuple):
    """What is ranked: the measure, its range, the weights of the domains that make it up; `sign` −1 where a high score
    is the greater need.
    """

    code: str
    measure: model.Measure
    weights: dict[str, float]
    sign: int
    aggregation: str


def needs(database: Database, request: NeedsRequest) -> NeedList:
    """Raises NotFound for a framework that is not live, Invalid for an unknown measure, attribute or level."""
    with database.unit_of_work() as work:
        framework = store.version(work.session, request.framework_id, "live")
        if framework is None:
            raise NotFound("there is no such framework")
        frame = _frame(framework, request.measure)
        names = _names(work, request)
        if request.attribute is not None:
            known = store.questionnaires(work.session, framework.questionnaire_id)
            if not any(request.attribute in q.attributes for q in known):
                raise Invalid(
                    "no such attribute",
                    [Problem(("attribute",), "Choose an attribute that the questionnaire asks for.")],
                )
        wave = request.wave if request.wave is not None else next(reversed(framework.waves), "")
        measures = [frame.code, *frame.weights]
        rows = store.figures_by_attribute(work.session, framework, wave, request.attribute or "", measures)
        place = framework.framework_id, framework.version, wave
        doubts = store.reliability_warnings(work.session, [place]).get(place, {})
    figures = {
        (row.area, row.category): row for row in rows if row.measure == frame.code and _is_asked(row, names, request)
    }
    shown = {place: row for place, row in figures.items() if not row.hidden}
    titles = {d["code"]: d["title"] for d in framework.definition["domains"]}
    ranked = _Ranked(
        frame, titles, rows, shown, f"{framework.framework_id}|{framework.version}|{wave}|{request.attribute}"
    )
    order = sorted(shown, key=lambda p: (frame.sign * ranked.estimates[p].mean, p))
    return NeedList(
        framework_id=framework.framework_id,
        framework_version=framework.version,
        wave=wave,
        measure=frame.code,
        title=frame.measure.title,
        attribute=request.attribute,
        minimum=frame.measure.minimum,
        maximum=frame.measure.maximum,
        warnings=doubts.get(frame.code, UNCHECKED),
        runs=ranking.RUNS,
        rank_level=ranking.LEVEL,
        weights_move_by=ranking.WEIGHTS_MOVE_BY,
        robust_from=ranking.ROBUST,
        total=len(shown),
        suppressed=len(figures) - len(shown),
        released_at=max((row.released_at for row in shown.values()), default=None),
        items=tuple(ranked.need(p, names.get(p[0])) for p in order[request.skip : request.skip + request.first]),
    )


def _frame(framework: store.FrameworkVersion, code: str) -> _Frame:
    measures = model.measures_of(framework.definition)
    if code not in measures:
        raise Invalid("no such measure", [Problem(("measure",), f"Choose one of: {', '.join(measures)}.")])
    domains = {d["code"]: float(d.get("weight", 1.0)) for d in framework.definition["domains"]}
    signs = {s["code"]: s.get("direction", 1) for s in framework.definition.get("scales", ())}
    return _Frame(
        code,
        measures[code],
        domains if code == model.INDEX else {},
        signs.get(code, 1),
        framework.definition.get("aggregation", "arithmetic"),
    )


def _names(work: UnitOfWork, request: NeedsRequest) -> dict[str, str]:
    names = area_names(work, request.level)
    if request.level is not None and not names:
        raise Invalid("no such level", [Problem(("level",), "Your council has no areas of this level.")])
    return names


def _is_asked(row: store.FigureSums, names: Mapping[str, str], request: NeedsRequest) -> bool:
    if row.area == model.COUNCIL:
        return request.attribute is not None and request.level is None
    return row.area in names if request.level is not None else request.attribute is None


class _Ranked:
    """Everything that is said about each place, worked out for all of them together."""

    def __init__(
        self,
        frame: _Frame,
        titles: Mapping[str, str],
        rows: Iterable[store.FigureSums],
        shown: Mapping[Place, store.FigureSums],
        seed: str,
    ) -> None:
        self.frame, self.titles, self.shown = frame, titles, shown
        self.domains: dict[Place, dict[str, float]] = {}
        together: dict[str, tuple[int, int]] = {}
        for row in rows:
            if row.hidden or row.measure not in frame.weights:
                continue
            self.domains.setdefault((row.area, row.category), {})[row.measure] = row.total / row.n / model.UNIT
            if row.area == model.COUNCIL:
                n, total = together.get(row.measure, (0, 0))
                together[row.measure] = n + row.n, total + row.total
        self.together = {measure: total / n / model.UNIT for measure, (n, total) in together.items()}
        self.intervals: dict[Place, Interval] = {p: exact_interval(row, frame.measure) for p, row in shown.items()}
        self.estimates = {p: estimate(row, self.intervals[p]) for p, row in shown.items()}
        self.standings = self._standings(f"{seed}|{frame.code}")
        bounds = frame.measure.minimum, frame.measure.maximum
        self.shrinkage: Shrinkage | None = shrink({"|".join(p): e for p, e in self.estimates.items()}, *bounds)

    def _standings(self, seed: str) -> dict[str, Standing]:
        sign = self.frame.sign
        units = {
            "|".join(p): Unit(Estimate(sign * e.mean, e.variance, e.n), self.domains.get(p, {}))
            for p, e in self.estimates.items()
        }
        return rank(units, self.frame.weights, seed, aggregation=self.frame.aggregation)

    def need(self, place: Place, name: str | None) -> Need:
        """One place in the answer."""
        area, category = place
        key, lowest, highest = "|".join(place), self.frame.measure.minimum, self.frame.measure.maximum
        row, standing, sure = self.shown[place], self.standings[key], self.intervals[place].rounded(lowest, highest)
        drawn: Driver | None = driver(
            self.domains.get(place, {}), self.together, self.frame.weights, self.frame.aggregation
        )
        return Need(
            area=None if area == model.COUNCIL else area,
            name=name,
            category=category or None,
            n=row.n,
            score=row.total / row.n / model.UNIT,
            low=sure.low,
            high=sure.high,
            level=sure.level,
            method=sure.method,
            rank_first=standing.first,
            rank_middle=standing.middle,
            rank_last=standing.last,
            lowest_fifth=standing.lowest_fifth,
            robust=standing.robust,
            driver=drawn.domain if drawn else None,
            driver_title=self.titles[drawn.domain] if drawn else None,
            driver_points=round(drawn.points, 1) if drawn else None,
            shrunk=self._shrunk(key),
        )

    def _shrunk(self, key: str) -> Shrunk | None:
        if self.shrinkage is None:
            return None
        lowest, highest = self.frame.measure.minimum, self.frame.measure.maximum
        found = self.shrinkage.areas[key]
        sure, digits = found.interval.rounded(lowest, highest), 3
        return Shrunk(round(found.mean, digits), sure.low, sure.high, round(found.own, digits))
