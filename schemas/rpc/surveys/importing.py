"""Responses in bulk, from files."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from schemas.rpc.base import Message, Reply
from schemas.rpc.surveys.responses import Answer, Consent


class ImportRow(Message, frozen=True):
    """One row of a file: its number in the file (from 1), and the answers read from it."""

    row: int
    answers: dict[str, Answer]
    area: str | None = None
    groups: dict[str, str] = {}
    person: UUID | None = None
    submitted_at: datetime | None = None


class ImportResponses(Message, frozen=True):
    """The next rows of an import, taken in one transaction together with the mark of how far it has come.

    `import_id` is made from the file and its mapping, so that the same file again goes on where it stopped. A row that
    was taken before is taken no second time.
    """

    import_id: UUID
    questionnaire_id: UUID
    consent: Consent
    rows: Annotated[tuple[ImportRow, ...], msgspec.Meta(max_length=2_000)]
    last_row: int
    """The number of the last row read, rejected ones included."""


class Reject(Reply, frozen=True):
    """A row that was not taken, which column, and why."""

    row: int
    column: str
    reason: str


class ImportOutcome(Reply, frozen=True):
    """How many of these rows were taken now, how many had been before, and which were refused."""

    accepted: int
    repeated: int
    rejects: tuple[Reject, ...]


class ImportProgress(Reply, frozen=True):
    """How far an import has come; zeros where it has not begun."""

    import_id: UUID
    last_row: int
    accepted: int
    rejected: int
