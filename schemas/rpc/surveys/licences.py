"""A council's licences: the right to use an instrument whose authors ask that they are asked first."""

from datetime import datetime
from uuid import UUID

from schemas.rpc.base import Line, Message, Reply, Slug


class RecordLicence(Message, frozen=True):
    """The council says that it has a licence, and under which reference its holder gave it."""

    instrument: Slug
    reference: Line


class Licence(Reply, frozen=True):
    """What was recorded last: by whom (None for a machine) and when."""

    instrument: str
    reference: str
    recorded_by: UUID | None
    recorded_at: datetime


class Licences(Message, frozen=True):
    """Nothing more to say: all of the council's licences."""


class LicenceList(Reply, frozen=True):
    """One for each instrument that has one, by the instrument's code."""

    items: tuple[Licence, ...]
