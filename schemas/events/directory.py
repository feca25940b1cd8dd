"""Facts that the directory service tells."""

from uuid import UUID

from schemas.events.envelope import EventData


class EntryPublished(EventData, frozen=True):
    """An entry, or a new wording of it, is open to everybody in the area."""

    entry_id: UUID
    kind: str
    area: str | None
    tags: tuple[str, ...]


class EntryWithdrawn(EventData, frozen=True):
    """An entry is no longer listed."""

    entry_id: UUID
