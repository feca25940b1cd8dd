"""What officers ask about runs: start, look, stop."""

from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.rpc import scoring as contract
from schemas.rpc.base import ById, ByIds
from services.chassis.database import Database
from services.chassis.paging import cut
from services.scoring import store
from services.scoring.operations.runs.kind import KINDS
from services.scoring.operations.runs.steps import begin, end


def start_run(database: Database, request: contract.StartRun) -> contract.Run:
    """Raises Invalid for a kind that nobody knows, NotFound, and Conflict where one is under way."""
    kind = KINDS.get(request.kind)
    if kind is None:
        raise Invalid("there is no such run", [Problem(("kind",), f"Choose one of: {', '.join(sorted(KINDS))}.")])
    with database.unit_of_work() as work:
        return _reply(begin(work, kind, request.framework_id))


def cancel_run(database: Database, request: ById) -> contract.Run:
    """Stop a run; what it had worked out so far is gone. Raises NotFound, Conflict where it has ended."""
    with database.unit_of_work() as work:
        run = store.lock_run(work.session, request.id)
        if run is None:
            raise NotFound("there is no such run")
        if run.status != "running":
            raise Conflict(f"this run is over already: it is {run.status}")
        end(work, run, "cancelled")
        return _reply(run)


def runs(database: Database, request: ByIds) -> contract.RunList:
    """Those that are there."""
    with database.unit_of_work() as work:
        return contract.RunList(tuple(_reply(r) for r in store.runs_by_ids(work.session, request.ids)))


def list_runs(database: Database, request: contract.ListRuns) -> contract.RunList:
    """A page, newest first."""
    with database.unit_of_work() as work:
        found = store.runs_page(work.session, request.framework_id, request.first, request.after)
    page, more = cut(found, request.first)
    return contract.RunList(tuple(_reply(r) for r in page), more)


def _reply(run: store.Run) -> contract.Run:
    return contract.Run(
        id=run.id,
        kind=run.kind,
        framework_id=run.framework_id,
        framework_version=run.version,
        status=run.status,  # type: ignore[arg-type]  # the table's check allows these only
        done=run.done,
        total=run.total,
        reason=run.reason,
        created_at=run.created_at,
        finished_at=run.finished_at,
    )
