"""Taking what surveys tells: the step from an accepted response to a person's scores and the areas' sums."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schemas.events import Envelope
from schemas.events.scoring import ReleaseRequested, ScoresUpdated
from schemas.events.surveys import (
    QuestionnaireClosed,
    QuestionnairePublished,
    ResponseSubmitted,
    ResponseWithdrawn,
)
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.operations.compiled import NotHeardOf, compiled, open_counts
from services.scoring.operations.runs.reliability import check_reliability

QUEUE = "scoring.responses"
RELEASE_SECONDS = 1.0
"""How long changes are gathered before figures are released: a burst of answers makes one release, not thousands."""


def take_responses(database: Database, events: Sequence[Envelope]) -> None:
    """Take a council's events in one transaction. A repeat, or an older version of a response, changes nothing."""
    with database.unit_of_work() as work:
        fresh = work.fresh(QUEUE, events)
        for event in fresh:
            if isinstance(event.data, QuestionnairePublished):
                _take_published(work, event.data)
        changes = _newest(e.data for e in fresh)
        if changes:
            _apply(work, changes)
        for event in fresh:
            if isinstance(event.data, QuestionnaireClosed):
                _take_closed(work, event.data)


def _take_published(work: UnitOfWork, told: QuestionnairePublished) -> None:
    work.session.merge(
        store.Questionnaire(
            tenant_id=work.tenant,
            questionnaire_id=told.questionnaire_id,
            version=told.version,
            ranges={i.code: (i.minimum, i.maximum) for i in told.items},
            attributes={code: list(categories) for code, categories in told.attributes.items()},
            release=told.release,
            instruments=list(told.instruments),
            open_counts=told.open_counts,
        )
    )
    work.session.flush()


def _take_closed(work: UnitOfWork, told: QuestionnaireClosed) -> None:
    found = work.session.get(store.Questionnaire, (work.tenant, told.questionnaire_id, told.version))
    if found is None:
        raise NotHeardOf(f"version {told.version} of a questionnaire is not known yet")
    # a version that takes another's place meanwhile must see the closing, or be seen here
    store.lock_questionnaires(work.session, work.tenant, [told.questionnaire_id])
    found.closed = True
    live = store.live_for(work.session, [told.questionnaire_id])
    if found.release == "on_close":
        for framework in live:
            _tell_release(work, framework, [told.version], final=True)
    check_reliability(work, live)


def _newest(told: Iterable[object]) -> list[store.Change]:
    """One change a response: of several events about the same one, the newest version."""
    newest: dict[UUID, store.Change] = {}
    for data in told:
        if isinstance(data, ResponseSubmitted):
            change = store.Change(
                data.response_id,
                data.response_version,
                data.questionnaire_id,
                data.questionnaire_version,
                data.person,
                data.area,
                data.groups,
                data.values,
                data.submitted_at,
                data.wave,
                data.mode,
                data.vouched,
            )
        elif isinstance(data, ResponseWithdrawn):
            change = store.Change(
                response_id=data.response_id,
                response_version=data.response_version,
                questionnaire_id=data.questionnaire_id,
                questionnaire_version=0,
                person_id=data.person,
                area=None,
                groups={},
                values={},
                submitted_at=None,
                wave="",
                mode="open",
                vouched=False,
            )
        else:
            continue
        known = newest.get(change.response_id)
        if known is None or known.response_version < change.response_version:
            newest[change.response_id] = change
    return sorted(newest.values(), key=lambda c: c.response_id)


def _apply(work: UnitOfWork, changes: list[store.Change]) -> None:
    store.lock_questionnaires(work.session, work.tenant, {c.questionnaire_id for c in changes})
    changes = _one_a_person(changes)
    new = store.add_responses(work.session, work.tenant, changes)
    moves: list[tuple[store.Change | None, store.Change]] = [
        (None, replace(c, vouched=new[c.response_id])) for c in changes if c.response_id in new
    ]
    known = [c for c in changes if c.response_id not in new]
    if known:
        old = store.lock_responses(work.session, [c.response_id for c in known])
        newer = [
            # of several responses of a person the first counts as a person's, however often it is corrected
            replace(c, vouched=c.vouched and old[c.response_id].vouched and c.wave == old[c.response_id].wave)
            for c in known
            if old[c.response_id].response_version < c.response_version
        ]
        moves += [(stored_change(old[c.response_id]), c) for c in newer]
        if newer:
            store.replace_responses(work.session, work.tenant, newer)
    for framework in store.moving_for(work.session, {c.questionnaire_id for c in changes}):
        moved = [(before, after) for before, after in moves if after.questionnaire_id == framework.questionnaire_id]
        if framework.status == "live":
            _move_sums(work, framework, moved)
        elif (to := framework.counted_to) is not None:
            # its run has passed these; those behind it are taken by the run, as they are by then
            passed = [(before, after) for before, after in moved if after.response_id <= to]
            store.add_to_cells(work.session, framework, _difference(work, framework, passed))


def _one_a_person(changes: list[store.Change]) -> list[store.Change]:
    """Of several vouched responses of a person to one asking, the first alone is a person's: the others are not."""
    seen: set[tuple[UUID, str, UUID]] = set()
    kept = []
    for change in changes:
        if change.vouched and change.person_id is not None:
            asked = (change.questionnaire_id, change.wave, change.person_id)
            kept.append(replace(change, vouched=asked not in seen))
            seen.add(asked)
        else:
            kept.append(change)
    return kept


def _move_sums(
    work: UnitOfWork, framework: store.FrameworkVersion, moved: list[tuple[store.Change | None, store.Change]]
) -> None:
    for _, after in moved:
        if after.person_id is not None:
            work.tell(
                after.person_id,
                ScoresUpdated(
                    person=after.person_id,
                    response_id=after.response_id,
                    framework_id=framework.framework_id,
                    framework_version=framework.version,
                ),
            )
    due = store.add_to_cells(work.session, framework, _difference(work, framework, moved))
    # where no area has a full step of people, a release would find nothing to do
    if due:
        versions = {after.questionnaire_version for _, after in moved if after.questionnaire_version}
        # after closing, too: somebody may still take their answers back, and a late one may come. A withdrawal does not
        # say which version it was of: then every version counts
        _tell_release(work, framework, versions, final=False)


def _difference(
    work: UnitOfWork, framework: store.FrameworkVersion, moved: list[tuple[store.Change | None, store.Change]]
) -> dict[model.Cell, model.Sums]:
    sums: dict[model.Cell, model.Sums] = {}
    for before, after in moved:
        model.add(sums, model.changes(contribution(work, framework, before), contribution(work, framework, after)))
    return {cell: change for cell, change in sums.items() if change}


def _tell_release(work: UnitOfWork, framework: store.FrameworkVersion, answered: Iterable[int], final: bool) -> None:
    if store.request_release(work.session, framework, answered):
        work.tell(
            framework.framework_id,
            ReleaseRequested(framework_id=framework.framework_id, framework_version=framework.version, final=final),
            after_seconds=RELEASE_SECONDS,
        )


def contribution(
    work: UnitOfWork, framework: store.FrameworkVersion, change: store.Change | None
) -> model.Contribution | None:
    """What a response gives by this framework; None where it counts for nothing."""
    if change is None or change.submitted_at is None:
        return None
    scores = compiled(work, framework, change.questionnaire_version).scores(change.values)
    return model.Contribution(
        scores,
        change.wave,
        change.area,
        change.groups,
        change.vouched or open_counts(work, framework.questionnaire_id, change.questionnaire_version),
        _mark(change),
        framework.definition.get("pairs", ()),
    )


def _mark(change: store.Change) -> int:
    told = blake2b(change.response_id.bytes + change.response_version.to_bytes(8), digest_size=8)
    return int.from_bytes(told.digest())


def stored_change(row: store.Response) -> store.Change:
    """A stored response in the form that `contribution` takes."""
    return msgspec.convert(row, store.Change, from_attributes=True)
