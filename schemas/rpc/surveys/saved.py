"""Answers that are saved for later, and found again on another device by a code."""

from datetime import datetime
from uuid import UUID

from schemas.rpc.base import Message, Reply
from schemas.rpc.surveys.definition import Language
from schemas.rpc.surveys.responses import Answer
from schemas.rpc.surveys.ways import Code


class SaveAnswers(Message, frozen=True):
    """Save what somebody has answered so far, for the first time or, with its code, once more.

    `save` is the number of the save that the device has seen last: if another device has saved since, it is refused.
    """

    questionnaire_id: UUID
    answers: dict[str, Answer]
    version: int | None = None
    area: str | None = None
    groups: dict[str, str] = {}
    language: Language = "en"
    """The language that faults are told in, where it is known."""
    link: Code | None = None
    """The token of the link that the person came by: the answers will have come by it, also from another device."""
    code: Code | None = None
    save: int = 0


class SavedAnswers(Reply, frozen=True):
    """What is saved. `code` is shown the first time only."""

    questionnaire_id: UUID
    questionnaire_version: int
    save: int
    expires_at: datetime
    answers: dict[str, Answer]
    area: str | None
    groups: dict[str, str]
    code: str | None = None


class ByCode(Message, frozen=True):
    """A code that somebody was shown."""

    code: Code
