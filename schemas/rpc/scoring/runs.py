"""Calls about runs: long computations over the stored responses of a framework version, in the background."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schemas.roles import OFFICERS
from schemas.rpc.base import ById, ByIds, Message, Method, PageSize, Reply, Slug

RunStatus = Literal["running", "done", "failed", "cancelled"]


class StartRun(Message, frozen=True):
    """Start a run. `kind` "framework" counts every stored response by the framework's draft, and then lets it count;
    "reliability" works out how far the items of each scale of the live version agree; "weights" makes a weighting.
    """

    kind: Slug
    framework_id: UUID


class ListRuns(Message, frozen=True):
    """A page of runs, newest first; of one framework where it is given."""

    framework_id: UUID | None = None
    first: PageSize = 20
    after: UUID | None = None


class Run(Reply, frozen=True):
    """How far a run is: `done` of `total` responses. `reason` says why it failed, in words for officers."""

    id: UUID
    kind: str
    framework_id: UUID
    framework_version: int
    status: RunStatus
    done: int
    total: int
    reason: str | None
    created_at: datetime
    finished_at: datetime | None


class RunList(Reply, frozen=True):
    """Runs in the order asked for."""

    items: tuple[Run, ...]
    has_next: bool = False


start_run = Method("scoring", "start_run", StartRun, Run, OFFICERS)
cancel_run = Method("scoring", "cancel_run", ById, Run, OFFICERS)
runs = Method("scoring", "runs", ByIds, RunList, OFFICERS)
list_runs = Method("scoring", "list_runs", ListRuns, RunList, OFFICERS)
