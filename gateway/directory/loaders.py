"""Look-ups of the directory service by id, batched."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from gateway.context import Context
from gateway.loaders import loader
from schemas.rpc import directory as rpc


def entries(context: Context) -> DataLoader[UUID, rpc.Entry | None]:
    """Directory entries by id."""
    return loader(context, rpc.entries, lambda reply: reply.items)
