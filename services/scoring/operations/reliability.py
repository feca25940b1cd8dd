"""Reading how far the items of scales agree."""

from schemas.errors import NotFound
from schemas.rpc.scoring import ItemReliability, ReliabilityList, ReliabilityRequest, ScaleReliability
from services.chassis.database import Database
from services.scoring import store


def reliability(database: Database, request: ReliabilityRequest) -> ReliabilityList:
    """What the newest runs found. Raises NotFound for a framework that is not live."""
    with database.unit_of_work() as work:
        framework = store.version(work.session, request.framework_id, "live")
        if framework is None:
            raise NotFound("there is no such framework")
        wave = request.wave if request.wave is not None else next(reversed(framework.waves), "")
        rows = store.reliability(work.session, framework, wave)
        return ReliabilityList(items=tuple(_scale(row) for row in rows))


def _scale(row: store.Reliability) -> ScaleReliability:
    outcome, shown = row.outcome, row.outcome["shown"]
    return ScaleReliability(
        framework_id=row.framework_id,
        framework_version=row.version,
        wave=row.wave,
        scale=row.scale,
        suppressed=not shown,
        asked=row.asked if shown else None,
        n=row.n if shown else None,
        alpha=outcome["alpha"],
        low=outcome["low"],
        high=outcome["high"],
        alpha_pairwise=outcome["alpha_pairwise"],
        omega=outcome["omega"],
        items=tuple(ItemReliability(**item) for item in outcome["items"]),
        warnings=tuple(row.warnings),
        computed_at=row.computed_at,
    )
