"""Licences of instruments: recording that the council has one."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Annotated

import strawberry

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.surveys.instruments import Licence
from schemas.rpc import surveys as rpc


@strawberry.input(description="That the council has a licence.")
class RecordLicenceInput:
    instrument: str = strawberry.field(description="The instrument's code.")
    reference: str = strawberry.field(description="What its holder calls the licence: a number, or a date and a name.")


@strawberry.type(description="It is recorded.")
class LicencePayload:
    licence: Licence = strawberry.field(description="What is on record now.")


RecordLicenceResult = Annotated[
    LicencePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("RecordLicenceResult", description="The licence, or why not."),
]


@strawberry.type
class LicencesMutation:
    @strawberry.mutation(
        description="Record that the council has a licence for an instrument: who, when and which. For officers."
    )
    async def record_licence(self, info: Info, input: RecordLicenceInput) -> RecordLicenceResult:  # noqa: A002
        reply = await info.context.call(rpc.record_licence, rpc.RecordLicence(input.instrument, input.reference))
        return LicencePayload(licence=Licence.of(reply))
