"""Directory entries: adding, changing, publishing and withdrawing them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.directory.types import DirectoryEntry, DirectoryKind
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import uuid_of
from schemas.rpc import directory as rpc
from schemas.rpc.base import ById


@strawberry.input(description="How to get in touch, as everybody in the area may see it.")
class ContactInput:
    email: str | None = strawberry.field(default=None, description="An e-mail address.")
    telephone: str | None = strawberry.field(default=None, description="A telephone number.")
    website: str | None = strawberry.field(default=None, description="A web address.")
    address: str | None = strawberry.field(default=None, description="A postal address.")


@strawberry.input(description="What a funding opportunity offers, in pounds.")
class FundingInput:
    minimum: float | None = strawberry.field(default=None, description="The least that is given.")
    maximum: float | None = strawberry.field(default=None, description="The most that is given.")
    deadline: date | None = strawberry.field(default=None, description="The last day to ask for it.")


@strawberry.input(description="A new entry.")
class CreateDirectoryEntryInput:
    kind: DirectoryKind = strawberry.field(description="What it is about.")
    name: str = strawberry.field(description="Its name.")
    description: str = strawberry.field(description="What it does.")
    area: str | None = strawberry.field(default=None, description="The GSS code of its area.")
    tags: list[str] = strawberry.field(default_factory=list, description="What it has to do with.")
    contact: ContactInput | None = strawberry.field(default=None, description="How to get in touch.")
    funding: FundingInput | None = strawberry.field(default=None, description="For funding: what it offers.")
    consent_to_list: bool = strawberry.field(
        default=False, description="For leaders and persons: yes, list me. Such entries are about the caller."
    )


@strawberry.input(description="An entry as it shall be. Every field is set anew.")
class UpdateDirectoryEntryInput:
    id: GlobalID = strawberry.field(description="The entry.")
    name: str = strawberry.field(description="Its name.")
    description: str = strawberry.field(description="What it does.")
    area: str | None = strawberry.field(default=None, description="The GSS code of its area.")
    tags: list[str] = strawberry.field(default_factory=list, description="What it has to do with.")
    contact: ContactInput | None = strawberry.field(default=None, description="How to get in touch.")
    funding: FundingInput | None = strawberry.field(default=None, description="For funding: what it offers.")
    consent_to_list: bool = strawberry.field(default=False, description="For leaders and persons: yes, list me.")


@strawberry.input(description="The entry that is meant.")
class DirectoryEntryIdInput:
    id: GlobalID = strawberry.field(description="The entry.")


@strawberry.type(description="It is done.")
class DirectoryEntryPayload:
    entry: DirectoryEntry = strawberry.field(description="The entry as it is now.")


CreateDirectoryEntryResult = Annotated[
    DirectoryEntryPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("CreateDirectoryEntryResult", description="The entry, or why not."),
]
UpdateDirectoryEntryResult = Annotated[
    DirectoryEntryPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("UpdateDirectoryEntryResult", description="The entry, or why not."),
]
PublishDirectoryEntryResult = Annotated[
    DirectoryEntryPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("PublishDirectoryEntryResult", description="The entry, or why not."),
]
WithdrawDirectoryEntryResult = Annotated[
    DirectoryEntryPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("WithdrawDirectoryEntryResult", description="The entry, or why not."),
]


def _contact(given: ContactInput | None) -> rpc.Contact:
    return rpc.Contact(given.email, given.telephone, given.website, given.address) if given else rpc.Contact()


def _funding(given: FundingInput | None) -> rpc.Funding | None:
    return rpc.Funding(given.minimum, given.maximum, given.deadline) if given else None


def _payload(entry: rpc.Entry) -> DirectoryEntryPayload:
    return DirectoryEntryPayload(entry=DirectoryEntry.of(entry))


@strawberry.type
class DirectoryMutation:
    @strawberry.mutation(description="Add an entry as a draft.")
    async def create_directory_entry(self, info: Info, input: CreateDirectoryEntryInput) -> CreateDirectoryEntryResult:  # noqa: A002
        request = rpc.CreateEntry(
            kind=input.kind.value,
            name=input.name,
            description=input.description,
            area=input.area,
            tags=tuple(input.tags),
            contact=_contact(input.contact),
            funding=_funding(input.funding),
            consent_to_list=input.consent_to_list,
        )
        return _payload(await info.context.call(rpc.create_entry, request))

    @strawberry.mutation(description="Change an entry.")
    async def update_directory_entry(self, info: Info, input: UpdateDirectoryEntryInput) -> UpdateDirectoryEntryResult:  # noqa: A002
        request = rpc.UpdateEntry(
            id=uuid_of(input.id, "DirectoryEntry"),
            name=input.name,
            description=input.description,
            area=input.area,
            tags=tuple(input.tags),
            contact=_contact(input.contact),
            funding=_funding(input.funding),
            consent_to_list=input.consent_to_list,
        )
        return _payload(await info.context.call(rpc.update_entry, request))

    @strawberry.mutation(description="Open an entry to everybody in the area.")
    async def publish_directory_entry(self, info: Info, input: DirectoryEntryIdInput) -> PublishDirectoryEntryResult:  # noqa: A002
        return _payload(await info.context.call(rpc.publish_entry, ById(uuid_of(input.id, "DirectoryEntry"))))

    @strawberry.mutation(description="List an entry no longer.")
    async def withdraw_directory_entry(self, info: Info, input: DirectoryEntryIdInput) -> WithdrawDirectoryEntryResult:  # noqa: A002
        return _payload(await info.context.call(rpc.withdraw_entry, ById(uuid_of(input.id, "DirectoryEntry"))))
