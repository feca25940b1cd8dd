"""Responses out of the house: row by row, only of people who agreed to the purpose, and only to staff."""

from typing import Annotated
from uuid import UUID

import msgspec

from schemas.rpc.base import Line, Message, Reply
from schemas.rpc.surveys.responses import Answer


class ExportResponses(Message, frozen=True):
    """A page of the responses whose people agreed to `purpose`, after the page that ended with `after`."""

    questionnaire_id: UUID
    purpose: Line
    first: Annotated[int, msgspec.Meta(ge=100, le=1_000)] = 500
    after: UUID | None = None


class ExportedResponse(Reply, frozen=True):
    """One person's answers. `row` is a number drawn for this export: it leads back to nobody."""

    row: str
    version: int
    mode: str
    wave: str
    submitted_on: str
    """The day, YYYY-MM-DD."""
    area: str | None
    groups: dict[str, str]
    answers: dict[str, Answer]


class ExportedResponses(Reply, frozen=True):
    """A page, in no order; `after` is where the next one begins, None at the end."""

    rows: tuple[ExportedResponse, ...]
    left_out: tuple[str, ...]
    """Questions whose answers are words or places. They are not given out."""
    after: UUID | None = None
