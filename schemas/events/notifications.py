"""Facts that the notifications service tells."""

from uuid import UUID

from schemas.events.envelope import EventData


class MessageAdded(EventData, frozen=True):
    """Something was put in a person's inbox; the gateway shows it live to that person alone."""

    message_id: UUID
    person: UUID


class EmailDue(EventData, frozen=True):
    """The notifications service's note to itself: this message is also to go out by e-mail."""

    message_id: UUID
