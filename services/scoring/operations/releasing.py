"""Releasing figures: from the running sums to what the council's people may see."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from schemas.events import Envelope
from schemas.events.scoring import FiguresReleased
from schemas.ids import now
from services.chassis.councils import minimum_count
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.model.disclosure import (
    NOTHING_PUBLIC,
    Measured,
    Range,
    Released,
    Rules,
    State,
    Table,
    composed,
    is_seen,
    next_release,
    released,
)
from services.scoring.model.units import units

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
            if work.fresh(QUEUE, requests):
                release_version(work, framework_id, version)


def release_version(work: UnitOfWork, framework_id: UUID, version: int) -> None:
    """Release what is due of a version.

    Nothing, where it is not live, has figures with noise in the place of others, or no area with a full step.
    """
    framework = store.lock_version(work.session, framework_id, version)
    if framework is None or framework.status != "live" or not store.step_is_due(work.session, framework):
        return
    # figures with noise take the place of ordinary ones: exact ones beside them would undo it
    store.lock_publishing(work.session, work.tenant, [framework.questionnaire_id])
    if store.is_private(work.session, framework.questionnaire_id):
        return
    before = _public(store.figures(work.session, framework))
    rows: list[Released] = []
    for wave, live in _by_wave(store.cells(work.session, framework)).items():
        rows += _release_wave(work, framework, wave, live, before.get(wave, {}))
    if not rows:
        return
    store.write_figures(work.session, framework, rows, now())
    framework.release += 1
    framework.waves = [*framework.waves, *sorted({row.cell.wave for row in rows} - set(framework.waves))]
    shown = {
        row.cell.area
        for row in rows
        if row.cell.area
        and not (row.hidden and _was_hidden(row, before.get(row.cell.wave, {}).get(row.cell.measure, NOTHING_PUBLIC)))
    }
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


def _was_hidden(row: Released, before: Measured) -> bool:
    table, category = Table(row.cell.area, row.cell.attribute), row.cell.category
    return category not in before.state.get(table, {}) or (table, category) in before.hidden


def _release_wave(
    work: UnitOfWork,
    framework: store.FrameworkVersion,
    wave: str,
    live: dict[str, State],
    before: dict[str, Measured],
) -> list[Released]:
    """The measures in turn, each beside those that share questions with it; then the index, made of its domains."""
    measures = model.measures_of(framework.definition)
    items = model.items_of(framework.definition)
    offered = {
        attribute: categories
        for questionnaire in store.questionnaires(work.session, framework.questionnaire_id)
        for attribute, categories in questionnaire.attributes.items()
    }
    minimum = minimum_count(work)
    others = _of_others(work, framework, wave)
    public = dict(before)
    for measure in sorted(live.keys() & items.keys()):
        peers = [
            one.state
            for code, one in public.items()
            if code not in (measure, model.INDEX) and items[code] & items[measure]
        ]
        peers += [state for asked, state in others if asked & items[measure]]
        bounds = Range(units(measures[measure].minimum), units(measures[measure].maximum))
        rules = Rules(minimum, offered, bounds)
        public[measure] = next_release(live[measure], public.get(measure, NOTHING_PUBLIC), rules, peers)
    domains = {d["code"]: public[d["code"]] for d in framework.definition["domains"] if d["code"] in public}
    if domains:
        public[model.INDEX] = composed(domains, model.index_of(framework.definition), model.UNIT)
    return [
        row
        for measure, after in public.items()
        for row in released(wave, measure, before.get(measure, NOTHING_PUBLIC), after)
    ]


def _of_others(work: UnitOfWork, framework: store.FrameworkVersion, wave: str) -> list[tuple[frozenset[str], State]]:
    """What other frameworks, and other versions, have published of the same questionnaire: items and public state."""
    found = []
    for other in store.published_beside(work.session, framework):
        items = model.items_of(other.definition)
        for measure, public in _public(store.figures(work.session, other)).get(wave, {}).items():
            if measure in items:
                found.append((items[measure], public.state))
    return found


def _by_wave(sums: Mapping[model.Cell, model.Sums]) -> dict[str, dict[str, State]]:
    waves: dict[str, dict[str, State]] = {}
    for cell, value in sums.items():
        state = waves.setdefault(cell.wave, {}).setdefault(cell.measure, {})
        state.setdefault(Table(cell.area, cell.attribute), {})[cell.category] = value
    return waves


def _public(figures: Mapping[model.Cell, tuple[model.Sums, bool]]) -> dict[str, dict[str, Measured]]:
    states = _by_wave({cell: sums for cell, (sums, _) in figures.items()})
    public = {w: {m: Measured(state, set()) for m, state in measures.items()} for w, measures in states.items()}
    for cell, (_, hides) in figures.items():
        table = Table(cell.area, cell.attribute)
        if hides and not is_seen(table):
            public[cell.wave][cell.measure].hidden.add((table, cell.category))
    return public
