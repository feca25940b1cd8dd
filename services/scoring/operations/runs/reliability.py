"""The run that works out how far the items of each scale agree, by round of asking."""

from collections.abc import Sequence
from uuid import UUID

from schemas.errors import Conflict, NotFound
from schemas.ids import now
from services.chassis.councils import minimum_count
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.model.statistics.answers import moments, scale_items
from services.scoring.model.statistics.moments import Moments
from services.scoring.model.statistics.reliability import publishable, reliability
from services.scoring.operations.compiled import compiled
from services.scoring.operations.runs.kind import KINDS, Kind, Page, State, register
from services.scoring.operations.runs.steps import begin

RELIABILITY = "reliability"


@register
class ReliabilityRun(Kind):
    """Gather every scale's moments over the stored responses; then put down what may be shown of them."""

    name = RELIABILITY

    def choose(self, work: UnitOfWork, framework_id: UUID) -> store.FrameworkVersion:
        """The version that counts. Raises NotFound where there is none."""
        framework = store.version(work.session, framework_id, "live")
        if framework is None:
            raise NotFound("there is no such framework, or none of its versions counts yet")
        return framework

    def step(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion, page: Page) -> State:
        """Add a chunk's answers to the moments of their wave."""
        scales = scale_items(framework.definition)
        known = {
            wave: {scale: Moments.unpacked(packed[scale], len(items)) for scale, items in scales.items()}
            for wave, packed in run.state.items()
        }
        groups: dict[tuple[str, int], list[store.Change]] = {}
        for response in page.responses:
            if response.submitted_at is not None:
                groups.setdefault((response.wave, response.questionnaire_version), []).append(response)
        for (wave, version), responses in sorted(groups.items()):
            found = moments(compiled(work, framework, version), scales, [r.values for r in responses])
            before = known.get(wave)
            known[wave] = {s: before[s] + m for s, m in found.items()} if before else found
        return {wave: {scale: m.packed() for scale, m in of.items()} for wave, of in known.items()}

    def finish(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> State | None:
        """Put the outcome down, except where it moved by too few people since it was last shown."""
        minimum = minimum_count(work)
        scales = scale_items(framework.definition)
        for wave, packed in run.state.items():
            shown = {row.scale: row for row in store.reliability(work.session, framework, wave)}
            for scale, items in scales.items():
                found = reliability(items, Moments.unpacked(packed[scale], len(items)))
                before = shown.get(scale)
                if before is not None and _too_near(before, found.asked, found.n):
                    continue
                fit = publishable(found, minimum)
                work.session.merge(
                    store.Reliability(
                        tenant_id=work.tenant,
                        framework_id=framework.framework_id,
                        version=framework.version,
                        wave=wave,
                        scale=scale,
                        asked=fit.asked,
                        n=fit.n,
                        outcome={
                            **{
                                field: getattr(fit, field)
                                for field in ("alpha", "low", "high", "alpha_pairwise", "omega")
                            },
                            "items": [item._asdict() for item in fit.items],
                            "shown": found.n >= minimum,
                        },
                        warnings=list(fit.warnings),
                        computed_at=now(),
                    )
                )
        work.session.flush()
        return None

    def abandon(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> None:
        """Nothing was left behind."""


def _too_near(before: store.Reliability, asked: int, n: int) -> bool:
    # as with figures: what moved by a few people only would tell their answers to whoever saw both
    return abs(asked - before.asked) < model.STEP or abs(n - before.n) < model.STEP


def check_reliability(work: UnitOfWork, frameworks: Sequence[store.FrameworkVersion]) -> None:
    """Start a run for each of these, unless one is under way."""
    for framework in frameworks:
        try:
            begin(work, KINDS[RELIABILITY], framework.framework_id)
        except Conflict:
            continue
