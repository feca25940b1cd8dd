"""Releasing figures: from the running sums to what the council's people may see."""

from collections.abc import Sequence
from uuid import UUID

from schemas.events import Envelope
from schemas.events.scoring import FiguresReleased
from schemas.ids import now
from services.chassis.councils import minimum_count
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import model, store

QUEUE = "scoring.releases"


def release(database: Database, events: Sequence[Envelope]) -> None:
    """Release each framework that these events ask for, once."""
    asked: dict[tuple[UUID, int], list[Envelope]] = {}
    for event in events:
        asked.setdefault((event.data.framework_id, event.data.framework_version), []).append(event)
    for (framework_id, version), requests in asked.items():
        with database.unit_of_work() as work:
            # the mark goes first, in a transaction of its own: whoever adds to the sums after this asks again
            framework = store.lock_version(work.session, framework_id, version)
            if framework is not None:
                framework.release_requested = False
        with database.unit_of_work() as work:
            if fresh := work.fresh(QUEUE, requests):
                release_version(work, framework_id, version, final=any(e.data.final for e in fresh))


def release_version(work: UnitOfWork, framework_id: UUID, version: int, final: bool) -> None:
    """Release what is due of a version; of one that is not live, nothing."""
    framework = store.lock_version(work.session, framework_id, version)
    if framework is None or framework.status != "live":
        return
    minimum = minimum_count(work)
    before = store.figures(work.session, framework)
    if final and before:
        # figures came out in steps already: one last step of a few people would tell theirs
        final = False
    live = _by_wave_and_measure(store.cells(work.session, framework))
    public = _by_wave_and_measure({cell: sums for cell, (sums, _) in before.items()})
    concealed = _by_wave_and_measure({cell: sums for cell, (sums, hides) in before.items() if hides})
    rows: list[tuple[model.Cell, model.Sums, bool]] = []
    for (wave, measure), tables in live.items():
        state = model.next_release(tables, public.get((wave, measure), {}), minimum, final)
        hidden = model.hidden_cells(state, minimum, concealed.get((wave, measure), {}))
        for table, cells in state.items():
            for category, figure in cells.items():
                cell = model.Cell(wave, measure, table.area, table.attribute, category)
                rows.append((cell, figure, (table, category) in hidden))
    moved = [(cell, sums, hides) for cell, sums, hides in rows if before.get(cell) != (sums, hides)]
    if not moved:
        return
    store.write_figures(work.session, framework, moved, now())
    framework.release += 1
    framework.waves = [*framework.waves, *sorted({cell.wave for cell, _, _ in moved} - set(framework.waves))]
    shown = {cell.area for cell, _, hides in moved if cell.area and not (hides and before.get(cell, (0, True))[1])}
    if shown:
        work.tell(
            framework_id,
            FiguresReleased(
                framework_id=framework_id,
                framework_version=version,
                release=framework.release,
                areas=tuple(sorted("" if area == model.COUNCIL else area for area in shown)),
            ),
        )


Tables = dict[model.Table, dict[str, model.Sums]]


def _by_wave_and_measure(sums: dict[model.Cell, model.Sums]) -> dict[tuple[str, str], Tables]:
    tables: dict[tuple[str, str], Tables] = {}
    for cell, value in sums.items():
        table = model.Table(cell.area, cell.attribute)
        tables.setdefault((cell.wave, cell.measure), {}).setdefault(table, {})[cell.category] = value
    return tables
