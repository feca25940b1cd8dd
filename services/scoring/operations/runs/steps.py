"""Beginning a run, walking through it chunk by chunk, ending it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from schemas.errors import CivicError, Conflict
from schemas.events import Envelope
from schemas.events.scoring import RunRequested
from schemas.ids import new_id, now
from services.chassis.database import Database, collided, lost_connection
from services.chassis.work import UnitOfWork
from services.scoring import store
from services.scoring.operations.runs.kind import KINDS, Kind, Page

QUEUE = "scoring.runs"
CHUNK = 5_000
"""Responses a transaction: some tens of megabytes, and a second or so of work that a killed process would lose."""
TRIES = 4
"""How often a chunk may fail before the run is given up."""


def begin(work: UnitOfWork, kind: Kind, framework_id: UUID) -> store.Run:
    """Start a run; where one chunk is all there is, it is done at once. Raises Conflict where one is under way."""
    framework = kind.choose(work, framework_id)
    stored = store.count_responses(work.session, framework.questionnaire_id)
    run = store.Run(
        tenant_id=work.tenant,
        id=new_id(),
        kind=kind.name,
        framework_id=framework_id,
        version=framework.version,
        status="running",
        step=0,
        done=0,
        total=stored * kind.passes(framework),
        state={},
        failures=0,
        created_at=now(),
    )
    try:
        with work.session.begin_nested():
            work.session.add(run)
    except IntegrityError:
        raise Conflict(f"version {framework.version} is being worked on already; wait for it, or stop it") from None
    run.state = kind.start(work, run, framework)
    small = stored < CHUNK
    _step(work, kind, run, framework)
    while small and run.status == "running":
        _step(work, kind, run, framework)
    _ask_for_more(work, run)
    return run


def take_steps(database: Database, events: Sequence[Envelope]) -> None:
    """Take the next chunk of each run that these notes ask for."""
    for event in events:
        try:
            with database.unit_of_work() as work:
                if work.fresh(QUEUE, [event]):
                    _advance(work, event.data)
        except Exception as error:
            if lost_connection(error) or collided(error) or not _given_up(database, event.data, error):
                raise


def end(work: UnitOfWork, run: store.Run, status: str, reason: str | None = None) -> None:
    """End a run without its outcome, and undo what it left behind."""
    framework = store.framework_version(work.session, run.framework_id, run.version)
    KINDS[run.kind].abandon(work, run, framework)
    run.status, run.reason, run.finished_at, run.state = status, reason, now(), {}


def _advance(work: UnitOfWork, asked: RunRequested) -> None:
    run = store.lock_run(work.session, asked.run_id)
    if run is None or run.status != "running" or run.step != asked.step:
        return
    framework = store.framework_version(work.session, run.framework_id, run.version)
    _step(work, KINDS[run.kind], run, framework)
    _ask_for_more(work, run)


def _step(work: UnitOfWork, kind: Kind, run: store.Run, framework: store.FrameworkVersion) -> None:
    responses = store.responses_after(work.session, framework.questionnaire_id, run.cursor, CHUNK)
    last = len(responses) < CHUNK
    page = Page(responses, run.cursor, None if last else responses[-1].response_id)
    run.state = kind.step(work, run, framework, page)
    run.step, run.cursor, run.failures = run.step + 1, page.to, 0
    run.done += len(responses)
    # more may have come meanwhile
    run.total = max(run.total, run.done)
    if not last:
        return
    again = kind.finish(work, run, framework)
    if again is None:
        run.status, run.state, run.finished_at, run.total = "done", {}, now(), run.done
    else:
        run.state = again


def _ask_for_more(work: UnitOfWork, run: store.Run) -> None:
    if run.status == "running":
        work.tell(run.id, RunRequested(run_id=run.id, step=run.step))


def _given_up(database: Database, asked: RunRequested, error: Exception) -> bool:
    """Count the failure; whether the run is over, so that its note need not be tried again."""
    with database.unit_of_work() as work:
        run = store.lock_run(work.session, asked.run_id)
        if run is None or run.status != "running" or run.step != asked.step:
            return True
        run.failures += 1
        if isinstance(error, CivicError):
            end(work, run, "failed", str(error))
        elif run.failures >= TRIES:
            # the kind of error only: its text may quote what a person answered
            said = f"Something went wrong here ({type(error).__name__}). Nothing has changed. Please start it again."
            end(work, run, "failed", said)
        return run.status == "failed"
