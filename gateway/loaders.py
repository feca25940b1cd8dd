"""Batches look-ups by id within one request. Nothing is remembered: a live connection is one long request."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from strawberry.dataloader import DataLoader

from gateway.context import Context
from schemas.rpc import Method
from schemas.rpc.base import ByIds

Rep = TypeVar("Rep", bound=msgspec.Struct)
Item = TypeVar("Item", bound=msgspec.Struct)
LARGEST_BATCH = 500


def loader(
    context: Context, method: Method[ByIds, Rep], items: Callable[[Rep], Sequence[Item]]
) -> DataLoader[UUID, Item | None]:
    """The request's loader over `method`; things that are not there load as None."""
    found: DataLoader[UUID, Item | None] | None = context.loaders.get(method.routing_key)
    if found is None:

        async def load(ids: list[UUID]) -> list[Item | None]:
            reply = await context.call(method, ByIds(tuple(dict.fromkeys(ids))))
            by_id: dict[UUID, Any] = {item.id: item for item in items(reply)}  # type: ignore[attr-defined]
            return [by_id.get(i) for i in ids]

        found = context.loaders[method.routing_key] = DataLoader(load, cache=False, max_batch_size=LARGEST_BATCH)
    return found
