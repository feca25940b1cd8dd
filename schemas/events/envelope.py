"""The CloudEvents 1.0 envelope (structured JSON) that every event travels in."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from schemas.ids import new_id, now


class EventData(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """Base of every event's payload. Unknown fields are let through: a newer sender may say more."""


class Envelope(msgspec.Struct, frozen=True):
    """A fact that has happened, as CloudEvents 1.0 lays it out.

    `tenantid` is an extension attribute: the council it happened in. `traceparent` is the W3C trace it belongs to.
    """

    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    tenantid: UUID
    data: Any
    traceparent: str | None = None
    specversion: Literal["1.0"] = "1.0"
    datacontenttype: Literal["application/json"] = "application/json"


def envelop(
    event_type: str, subject: UUID | str, tenant: UUID, data: EventData, traceparent: str | None = None
) -> Envelope:
    """Wrap `data` for sending. The source is the service that the type begins with."""
    return Envelope(
        id=new_id(),
        type=event_type,
        source=f"/{event_type.partition('.')[0]}",
        subject=str(subject),
        time=now(),
        tenantid=tenant,
        data=data,
        traceparent=traceparent,
    )
