"""Look-ups of the scoring service by id, batched."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from gateway.context import Context
from gateway.loaders import loader
from schemas.rpc import scoring as rpc


def frameworks(context: Context) -> DataLoader[UUID, rpc.Framework | None]:
    """Frameworks by id."""
    return loader(context, rpc.frameworks, lambda reply: reply.items)
