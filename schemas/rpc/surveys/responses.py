"""Responses: sending, correcting and reading answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.errors import Problem
from schemas.roles import Actor
from schemas.rpc.base import Key, Message, Reply
from schemas.rpc.surveys.definition import Language

Point = int | float | str | None
"""The answer to a row of a matrix: a number or a choice's code."""
Given = int | float | str | list[str] | dict[str, Point] | None
"""The answer to one item.

A number for scale, slider, number; a choice's code; a list of codes (of a ranking: the first first); a text; a day as
YYYY-MM-DD; "yes" or "no" for consent; the rows of a matrix by their codes. The text `prefer_not_to_say` declines an
item that may be declined. None: not answered.
"""
Answer = int | float | str | list[str | dict[str, Given]] | dict[str, Point] | None
"""The answer to an item, or, by the code of a section that repeats, one entry of answers for each time."""


class Consent(Message, frozen=True):
    """What the person agreed to: the version of the text they saw, and the purposes they said yes to."""

    version: str
    purposes: tuple[str, ...]


class SubmitResponse(Message, frozen=True):
    """Someone's answers. The same `idempotency_key` again returns the first receipt and stores nothing."""

    questionnaire_id: UUID
    idempotency_key: Key
    answers: dict[str, Answer]
    consent: Consent
    version: int | None = None
    """The version that was answered; the open one unless given."""
    area: str | None = None
    groups: dict[str, str] = {}
    language: Language = "en"
    """The language that faults are told in, where it is known."""
    anonymous: bool = False
    """Do not tie the response to the signed-in person; it can then be taken back by the code of its receipt only."""
    link: str | None = None
    """The token of the link that the person came by."""
    continuation: str | None = None
    """The code of the saved answers that these finish; they are deleted with it."""


class Submission(Message, frozen=True):
    """Somebody's answers, with who sent them."""

    actor: Actor
    response: SubmitResponse


class SubmitResponses(Message, frozen=True):
    """Answers of a rush of people: one call and one commit for them all, and each is taken or refused by itself."""

    items: Annotated[tuple[Submission, ...], msgspec.Meta(min_length=1, max_length=200)]


class CorrectResponse(Message, frozen=True):
    """New answers in the place of the old ones; consent stays as it was given."""

    response_id: UUID
    answers: dict[str, Answer]
    area: str | None = None
    groups: dict[str, str] = {}
    language: Language = "en"


class Receipt(Reply, frozen=True):
    """Proof that a response was taken and is durable."""

    response_id: UUID
    response_version: int
    questionnaire_id: UUID
    questionnaire_version: int
    accepted_at: datetime
    repeated: bool = False
    """True when this key had been taken before."""
    replaced: bool = False
    """True when these answers took the place of earlier ones of the person in this wave: one response counts."""
    withdrawal_code: str | None = None
    """By which somebody without an account takes the response back or changes consent; shown this once."""


class Refusal(Reply, frozen=True):
    """Why a submission was not taken: the error that it alone would have raised."""

    error: Literal["NotFound", "Forbidden", "Invalid", "Conflict"]
    message: str
    problems: tuple[Problem, ...] = ()


class Outcome(Reply, frozen=True):
    """A receipt or a refusal."""

    receipt: Receipt | None = None
    refusal: Refusal | None = None


class Outcomes(Reply, frozen=True):
    """What became of each submission, in their order."""

    items: tuple[Outcome, ...]


class Response(Reply, frozen=True):
    """A person's own response, as it stands."""

    id: UUID
    response_version: int
    questionnaire_id: UUID
    questionnaire_version: int
    status: Literal["accepted", "withdrawn"]
    answers: dict[str, Answer]
    area: str | None
    groups: dict[str, str]
    consent: Consent
    submitted_at: datetime


class ResponseList(Reply, frozen=True):
    """A person's own responses, newest first."""

    items: tuple[Response, ...]
    has_next: bool = False
