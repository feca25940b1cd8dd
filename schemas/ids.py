"""Identifiers: UUIDv7, so that keys made later sort later and indexes stay compact."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7 of now."""
    return UUID(int=uuid_utils.uuid7().int)


def now() -> datetime:
    """The present moment, in UTC with its zone attached."""
    return datetime.now(UTC)
