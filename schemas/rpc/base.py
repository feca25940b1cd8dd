"""What every remote call shares: the method object, pages and references."""

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import msgspec

from schemas.roles import Role

Req = TypeVar("Req", bound=msgspec.Struct)
Rep = TypeVar("Rep", bound=msgspec.Struct)
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
ItemCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}(\.[a-z0-9][a-z0-9_-]{0,63})?$")]
"""A scored item: the code of a question, or `<question>.<row>` for a row of a matrix."""
Key = Annotated[str, msgspec.Meta(min_length=8, max_length=200)]
"""An idempotency key: the caller makes one up for each thing it wants done once."""
PageSize = Annotated[int, msgspec.Meta(ge=1, le=100)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of requests: a field nobody knows is a mistake of the caller's, and is named."""


class Reply(msgspec.Struct, frozen=True):
    """Base of replies: a newer service may say more."""


@dataclass(frozen=True)
class Method(Generic[Req, Rep]):
    """A remote call: which service answers it, with what, and which roles may make it.

    The gateway decides first; the service checks `roles` again, since the gateway is not trusted alone.
    """

    service: str
    name: str
    request: type[Req]
    reply: type[Rep]
    roles: frozenset[Role]

    @property
    def routing_key(self) -> str:
        """The key on the RPC exchange."""
        return f"{self.service}.{self.name}"


class ById(Message, frozen=True):
    """The one thing with this id."""

    id: UUID


class ByIds(Message, frozen=True):
    """Things by id, for batch loading; ids that are not there are simply absent from the answer."""

    ids: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=500)]


class Done(Reply, frozen=True):
    """It is done, and there is nothing to say about it."""

    id: UUID


class PageRequest(Message, frozen=True):
    """A page forward from `after`, the id of the last thing seen (newest things first)."""

    first: PageSize = 20
    after: UUID | None = None


def wire(value: msgspec.Struct) -> Any:
    """A struct as JSON-ready builtins (UUIDs and times as text)."""
    return msgspec.to_builtins(value)
