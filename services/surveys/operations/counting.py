"""When counts of responses that people see move on."""

from uuid import UUID

from services.chassis.work import UnitOfWork
from services.surveys import store

STEP = 5
"""Counts of groups move together, and only when so many came or went: else whoever looks often would see, from the
group that moved, who came last."""


def release_if_due(work: UnitOfWork, questionnaire: UUID) -> None:
    """Bring the told counts of a questionnaire up to now, where enough has changed."""
    now, told = store.waiting_and_released(work.session, questionnaire)
    if abs(now - told) >= STEP:
        store.release_counts(work.session, work.tenant, questionnaire)
