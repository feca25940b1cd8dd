"""Look-ups of the surveys service by id, batched."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from gateway.context import Context
from gateway.loaders import loader
from schemas.rpc import surveys as rpc


def questionnaires(context: Context) -> DataLoader[UUID, rpc.Questionnaire | None]:
    """Questionnaires by id."""
    return loader(context, rpc.questionnaires, lambda reply: reply.items)
