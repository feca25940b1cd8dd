"""Runs: long computations over stored responses, started, watched and stopped by officers."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import After, Connection, First, global_id, id_place, page, size, uuid_of
from schemas.rpc import scoring as rpc
from schemas.rpc.base import ById, ByIds


@strawberry.enum(description="How a run is going.")
class RunStatus(Enum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@strawberry.type(description="A long computation over all the stored responses of a framework version.")
class Run:
    id: GlobalID = strawberry.field(description="Its id, for `run` and `cancelRun`.")
    kind: str = strawberry.field(description="What is computed, as `startRun` names it.")
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    framework_version: int = strawberry.field(description="The version that it is about.")
    status: RunStatus = strawberry.field(description="How it is going.")
    done: int = strawberry.field(description="How many responses it has taken.")
    total: int = strawberry.field(description="How many there are to take.")
    reason: str | None = strawberry.field(description="Why it failed, and what to do; null unless it did.")
    created_at: datetime = strawberry.field(description="When it was started.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null while it runs.")

    @classmethod
    def of(cls, r: rpc.Run) -> Self:
        return cls(
            id=global_id("Run", r.id),
            kind=r.kind,
            framework_id=global_id("Framework", r.framework_id),
            framework_version=r.framework_version,
            status=RunStatus(r.status),
            done=r.done,
            total=r.total,
            reason=r.reason,
            created_at=r.created_at,
            finished_at=r.finished_at,
        )


@strawberry.type
class RunsQuery:
    @strawberry.field(description="A run, and how far it is. For officers.")
    async def run(
        self,
        info: Info,
        id: Annotated[GlobalID, strawberry.argument(description="The run.")],  # noqa: A002
    ) -> Run | None:
        found = await info.context.call(rpc.runs, ByIds((uuid_of(id, "Run"),)))
        return Run.of(found.items[0]) if found.items else None

    @strawberry.field(description="Runs, newest first; of one framework where it is given. For officers.")
    async def runs(
        self, info: Info, framework_id: GlobalID | None = None, first: First = 20, after: After = None
    ) -> Connection[Run] | None:
        framework = uuid_of(framework_id, "Framework", "frameworkId") if framework_id else None
        reply = await info.context.call(rpc.list_runs, rpc.ListRuns(framework, size(first), id_place(after)))
        return page(reply.items, Run.of, lambda r: r.id, more=reply.has_next)


@strawberry.input(description="A run to start.")
class StartRunInput:
    kind: str = strawberry.field(
        description='What to compute: "framework" counts every stored response by the draft, and lets it count then; '
        '"reliability" works out how well the questions of each scale go together; "weights" makes those who '
        "answered look like those who live there, by the census margins."
    )
    framework_id: GlobalID = strawberry.field(description="The framework.")


@strawberry.input(description="A run to stop.")
class CancelRunInput:
    id: GlobalID = strawberry.field(description="The run.")


@strawberry.type(description="It is done.")
class RunPayload:
    run: Run = strawberry.field(description="The run as it is now.")


StartRunResult = Annotated[
    RunPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("StartRunResult", description="The run, or why not."),
]
CancelRunResult = Annotated[
    RunPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("CancelRunResult", description="The run, or why not."),
]


@strawberry.type
class RunsMutation:
    @strawberry.mutation(description="Start a long computation; `run` tells how far it is. For officers.")
    async def start_run(self, info: Info, input: StartRunInput) -> StartRunResult:  # noqa: A002
        request = rpc.StartRun(input.kind, uuid_of(input.framework_id, "Framework", "frameworkId"))
        return RunPayload(run=Run.of(await info.context.call(rpc.start_run, request)))

    @strawberry.mutation(description="Stop a run. What it had worked out is gone. For officers.")
    async def cancel_run(self, info: Info, input: CancelRunInput) -> CancelRunResult:  # noqa: A002
        return RunPayload(run=Run.of(await info.context.call(rpc.cancel_run, ById(uuid_of(input.id, "Run")))))
