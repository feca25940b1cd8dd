"""Look-ups of the case studies service by id, batched."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from gateway.context import Context
from gateway.loaders import loader
from schemas.rpc import case_studies as rpc


def case_studies(context: Context) -> DataLoader[UUID, rpc.CaseStudy | None]:
    """Case studies by id."""
    return loader(context, rpc.case_studies, lambda reply: reply.items)
