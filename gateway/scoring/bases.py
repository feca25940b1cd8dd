"""Frameworks that are derived from others: deriving, following the base, and how versions differ."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import uuid_of
from gateway.scoring.mutations import FrameworkPayload
from gateway.scoring.types import Framework
from schemas.rpc import scoring as rpc


@strawberry.enum(description="What happened to a part of a framework.")
class ChangeKind(Enum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@strawberry.type(description="One difference between two versions.")
class FrameworkChange:
    kind: ChangeKind = strawberry.field(description="Whether it was added, removed or changed.")
    path: list[str] = strawberry.field(description="Where: names and codes, from the outside in.")
    before: str | None = strawberry.field(description="What was there, as JSON; null for what was added.")
    after: str | None = strawberry.field(description="What is there, as JSON; null for what was removed.")
    words: str = strawberry.field(description="The difference as a sentence.")

    @classmethod
    def of(cls, c: rpc.FrameworkChange) -> Self:
        return cls(kind=ChangeKind(c.kind), path=list(c.path), before=c.before, after=c.after, words=c.words)


@strawberry.input(description="A version of a framework.")
class FrameworkVersionInput:
    framework_id: GlobalID = strawberry.field(description="The framework.")
    version: int | None = strawberry.field(default=None, description="Which version; the newest unless given.")

    def struct(self, *path: str) -> rpc.VersionRef:
        return rpc.VersionRef(uuid_of(self.framework_id, "Framework", *path, "frameworkId"), self.version)


@strawberry.input(description="The framework of an instrument in the library.")
class LibraryVersionInput:
    instrument: str = strawberry.field(description="The instrument's code.")
    version: int | None = strawberry.field(default=None, description="Which version; the newest unless given.")


@strawberry.input(
    description="One thing that is otherwise than in the base. The path leads there by names and codes: domains, "
    "skills, weight. A value for a code that is not there yet is the whole thing; null takes it out; `order` after a "
    "list's name takes the codes in their order."
)
class OverrideInput:
    path: list[str] = strawberry.field(description="Where.")
    value: str = strawberry.field(description="What shall be there, as JSON.")


@strawberry.input(description="A framework like another one, or like an instrument's, except for the overrides.")
class DeriveFrameworkInput:
    slug: str = strawberry.field(description="Its short name: small letters, digits, - and _.")
    framework: FrameworkVersionInput | None = strawberry.field(default=None, description="The base: a framework.")
    instrument: LibraryVersionInput | None = strawberry.field(default=None, description="Or an instrument.")
    questionnaire_id: GlobalID | None = strawberry.field(
        default=None, description="What it counts; needed with an instrument, else that of the base unless given."
    )
    overrides: list[OverrideInput] = strawberry.field(default_factory=list, description="What is otherwise.")

    def struct(self) -> rpc.DeriveFramework:
        asked = self.questionnaire_id
        return rpc.DeriveFramework(
            self.slug,
            self.framework.struct("framework") if self.framework else None,
            rpc.LibraryRef(self.instrument.instrument, self.instrument.version) if self.instrument else None,
            uuid_of(asked, "Questionnaire", "questionnaireId") if asked else None,
            tuple(rpc.Override(tuple(o.path), o.value) for o in self.overrides),
        )


@strawberry.input(description="The framework that shall follow its base.")
class FollowBaseInput:
    id: GlobalID = strawberry.field(description="The framework.")
    version: int | None = strawberry.field(default=None, description="The base's version; its newest unless given.")


DeriveFrameworkResult = Annotated[
    FrameworkPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("DeriveFrameworkResult", description="The framework, or why not."),
]
FollowBaseResult = Annotated[
    FrameworkPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("FollowBaseResult", description="The framework, or why not."),
]


@strawberry.type
class BasesQuery:
    @strawberry.field(description="A version of a framework. Drafts are for the council's people.")
    async def framework_version(self, info: Info, framework: FrameworkVersionInput) -> Framework | None:
        return Framework.of(await info.context.call(rpc.framework_version, framework.struct("framework")))

    @strawberry.field(
        description="How a version differs from another; from its base where no other is given. For officers."
    )
    async def framework_diff(
        self, info: Info, after: FrameworkVersionInput, before: FrameworkVersionInput | None = None
    ) -> list[FrameworkChange] | None:
        request = rpc.DiffFrameworks(after.struct("after"), before.struct("before") if before else None)
        return [FrameworkChange.of(c) for c in (await info.context.call(rpc.diff_frameworks, request)).changes]


@strawberry.type
class BasesMutation:
    @strawberry.mutation(description="Start a framework that is like its base, as a draft. For officers.")
    async def derive_framework(self, info: Info, input: DeriveFrameworkInput) -> DeriveFrameworkResult:  # noqa: A002
        return FrameworkPayload(framework=Framework.of(await info.context.call(rpc.derive_framework, input.struct())))

    @strawberry.mutation(
        description="Take over what is new in a later version of the base, and keep what is otherwise here. "
        "For officers."
    )
    async def follow_base(self, info: Info, input: FollowBaseInput) -> FollowBaseResult:  # noqa: A002
        request = rpc.FollowBase(uuid_of(input.id, "Framework"), input.version)
        return FrameworkPayload(framework=Framework.of(await info.context.call(rpc.follow_base, request)))
