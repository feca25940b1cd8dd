"""The run that makes the people who answered look like those who live there, by the council's census margins.

It goes through all responses twice. First it counts how many people there are of each kind, by wave, and rakes. Then it
adds up the weighted scores of exactly the people whose figures are published: of each cell, as many of the earliest
responses as the published figure has. What may be seen is only what has, in the end, the same plain sums as a figure
that is shown. So a weighted figure never tells on somebody whom the plain one does not hold yet.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from schemas.errors import Conflict, NotFound
from schemas.ids import now
from services.chassis.councils import minimum_count
from services.chassis.margins import AREA, margins
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.model.disclosure import Measured, Table, hidden_cells, shown
from services.scoring.model.statistics.raking import Kind as PeopleKind
from services.scoring.model.statistics.raking import UnusableMargins, publishable, rake
from services.scoring.model.statistics.weighted import GRAIN, WeightedSums
from services.scoring.operations.runs.kind import Kind, Page, State, register
from services.scoring.operations.taking import contribution

WEIGHTS = "weights"
ROUNDED = 1_000
"""UNITs for each person by which two ways of making the same index may differ."""
Published = Mapping[model.Cell, tuple[model.Sums, bool]]


@register
class WeightsRun(Kind):
    """Rake each wave to the newest margins, then weigh what is published."""

    name = WEIGHTS

    def choose(self, work: UnitOfWork, framework_id: UUID) -> store.FrameworkVersion:
        """The version that counts. Raises NotFound where there is none."""
        framework = store.version(work.session, framework_id, "live")
        if framework is None:
            raise NotFound("there is no such framework, or none of its versions counts yet")
        return framework

    def passes(self, framework: store.FrameworkVersion) -> int:  # noqa: ARG002
        """Counting kinds of people, and weighing them."""
        return 2

    def start(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> State:  # noqa: ARG002
        """Raises Conflict where there is no census, or it says nothing about what people were asked."""
        census = margins(work)
        if census is None:
            raise Conflict("there are no census margins here yet; have them imported with civic import margins")
        known = store.questionnaires(work.session, framework.questionnaire_id)
        asked = sorted({attribute for q in known for attribute in q.attributes})
        attributes = [a for a in (AREA, *asked) if census.of(a)]
        if not attributes:
            raise Conflict("the census margins are about none of the attributes that people were asked for")
        number = store.next_weighting(work.session, framework)
        # a run that was stopped hard may have left its sums
        store.drop_weighting(work.session, framework, number)
        return {"weighting": number, "margins": census.version, "attributes": attributes, "asked": asked, "counts": []}

    def step(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion, page: Page) -> State:
        """Count a chunk's kinds of people, or weigh them."""
        if "weights" in run.state:
            self._weigh(work, run.state, framework, page.responses)
            return run.state
        counts: defaultdict[tuple[str, PeopleKind], int] = defaultdict(int)
        for wave, kind, people in run.state["counts"]:
            counts[wave, tuple(kind)] += people
        for response in page.responses:
            if response.submitted_at is not None:
                counts[response.wave, _kind(response, run.state["attributes"])] += 1
        listed = [[wave, list(kind), people] for (wave, kind), people in sorted(counts.items())]
        return {**run.state, "counts": listed}

    def finish(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> State | None:
        """After the first pass the weights, after the second the figures that may be seen."""
        if "weights" not in run.state:
            return self._raked(work, run.state)
        minimum = minimum_count(work)
        shown = self._shown(work, run.state["weighting"], framework, minimum)
        store.show_weighted(work.session, framework, run.state["weighting"], shown)
        for wave, fit in run.state["fits"].items():
            work.session.add(
                store.Weighting(
                    tenant_id=work.tenant,
                    framework_id=framework.framework_id,
                    version=framework.version,
                    wave=wave,
                    weighting=run.state["weighting"],
                    margins_version=run.state["margins"],
                    attributes=run.state["attributes"],
                    fit=fit,
                    computed_at=now(),
                )
            )
        work.session.flush()
        return None

    def abandon(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> None:
        """Forget what was added up."""
        if "weighting" in run.state:
            store.drop_weighting(work.session, framework, run.state["weighting"])

    @staticmethod
    def _raked(work: UnitOfWork, state: State) -> State:
        census = margins(work, state["margins"])
        if census is None:
            raise Conflict("the census margins were taken away meanwhile; import them and start again")
        wanted = {attribute: census.of(attribute) for attribute in state["attributes"]}
        counts: defaultdict[str, dict[PeopleKind, int]] = defaultdict(dict)
        for wave, kind, people in state["counts"]:
            counts[wave][tuple(kind)] = people
        weights: list[list[Any]] = []
        fits: dict[str, Any] = {}
        for wave, kinds in counts.items():
            try:
                found, fit = rake(kinds, wanted)
            except UnusableMargins as unusable:
                raise Conflict(f"no weights can be made by {unusable.attribute}: {unusable.reason}") from None
            weights += [[wave, list(kind), round(weight * GRAIN)] for kind, weight in found.items()]
            fits[wave] = publishable(fit, minimum_count(work), model.STEP)
        kept = {name: state[name] for name in ("weighting", "margins", "attributes", "asked")}
        return {**kept, "weights": weights, "fits": fits}

    @staticmethod
    def _weigh(
        work: UnitOfWork, state: State, framework: store.FrameworkVersion, responses: Sequence[store.Change]
    ) -> None:
        weights = {(wave, tuple(kind)): weight for wave, kind, weight in state["weights"]}
        published = store.figures(work.session, framework)
        counted = {c: w.plain.n for c, w in store.weighted_cells(work.session, framework, state["weighting"]).items()}
        more: dict[model.Cell, store.Weighed] = {}
        for response in responses:
            given = contribution(work, framework, response)
            if given is None:
                continue
            weight = weights.get((given.wave, _kind(response, state["attributes"])), GRAIN)
            for measure, score in given.scores.items():
                own = store.Weighed(model.Sums(1, score, score * score), WeightedSums.of(weight, score))
                for cell in _open(given, measure, state["asked"], published, counted):
                    counted[cell] = counted.get(cell, 0) + 1
                    more[cell] = more.get(cell, store.NOBODY) + own
        store.add_weighted(work.session, framework, state["weighting"], more)

    @staticmethod
    def _shown(
        work: UnitOfWork, weighting: int, framework: store.FrameworkVersion, minimum: int
    ) -> Iterator[model.Cell]:
        weighed = store.weighted_cells(work.session, framework, weighting)
        published = store.figures(work.session, framework)
        public: defaultdict[tuple[str, str], Measured] = defaultdict(lambda: Measured({}, set()))
        for cell, (plain, sums) in weighed.items():
            state, kept_back = public[cell.wave, cell.measure]
            table = Table(cell.area, cell.attribute)
            figure, hides = published.get(cell, (plain, True))
            state.setdefault(table, {})[cell.category] = figure
            same = (figure.n, figure.total, figure.squares) == (plain.n, plain.total, plain.squares)
            if cell.measure == model.INDEX:
                # made of its domains' figures, it is the mean of people's own only where nobody left a domain out
                same = figure.n == plain.n and abs(figure.total - plain.total) <= ROUNDED * plain.n
            # as dominance: few who weigh much are few
            if hides or not same or sums.effective_n < minimum:
                kept_back.add((table, cell.category))
        for (wave, measure), before in public.items():
            hidden = hidden_cells(before.state, minimum, before)
            for table, category, _ in shown(before.state, hidden):
                yield model.Cell(wave, measure, *table, category)


def _kind(response: store.Change, attributes: Sequence[str]) -> PeopleKind:
    return tuple((response.area or "") if a == AREA else response.groups.get(a, "") for a in attributes)


def _open(
    given: model.Contribution,
    measure: str,
    asked: Sequence[str],
    published: Published,
    counted: Mapping[model.Cell, int],
) -> Iterator[model.Cell]:
    """The cells that this response belongs to, and that do not have all their people yet."""

    def has_room(cell: model.Cell) -> bool:
        return counted.get(cell, 0) < published.get(cell, (model.Sums(), True))[0].n

    area = given.area or ""
    everybody = model.Cell(given.wave, measure, area, "", "")
    if has_room(everybody):
        yield everybody
        # the council's figure is of those who are in the areas' figures
        yield everybody._replace(area=model.COUNCIL)
    for attribute in asked:
        for place in (area, model.COUNCIL):
            cell = model.Cell(given.wave, measure, place, attribute, given.groups.get(attribute, ""))
            if has_room(cell):
                yield cell
