"""Facts that the surveys service tells."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from schemas.events.envelope import EventData

Mode = Literal["open", "signed_in", "personal_link", "group_link", "assisted", "paper", "import"]
"""The way in that a response took."""


class ScoredItem(msgspec.Struct, frozen=True):
    """An item whose answers are numbers, with the range they lie in (`minimum` < `maximum`)."""

    code: str
    minimum: float
    maximum: float


class QuestionnairePublished(EventData, frozen=True):
    """A version is open for answers. It will never change."""

    questionnaire_id: UUID
    slug: str
    version: int
    items: tuple[ScoredItem, ...]
    attributes: dict[str, tuple[str, ...]]
    """Group attribute → its categories, for example ``{"age_band": ("16-24", "25-34")}``."""
    release: Literal["live", "on_close"]
    """When figures of areas and groups come out: in steps while answers arrive, or once, when it closes."""
    instruments: tuple[str, ...] = ()
    """Instruments of the library that it asks; what needed a licence had one on record."""
    open_counts: bool = False
    """Answers that nobody vouches for count as people. Whoever sends many of them can then work out the others'."""


class QuestionnaireClosed(EventData, frozen=True):
    """No more answers are taken."""

    questionnaire_id: UUID
    version: int


class ResponseSubmitted(EventData, frozen=True):
    """A response was accepted, or (`response_version` > 1) corrected: these values replace the former ones."""

    response_id: UUID
    response_version: int
    questionnaire_id: UUID
    questionnaire_version: int
    submitted_at: datetime
    area: str | None
    person: UUID | None
    """A pseudonym, or None for an answer that nobody is tied to."""
    groups: dict[str, str]
    values: dict[str, float]
    """Item code → coded answer of the scored items that were answered."""
    wave: str = ""
    """The round of asking that it belongs to; a questionnaire without rounds has this one."""
    mode: Mode = "open"
    vouched: bool = False
    """Somebody answers for it that this is one person: who is signed in, was invited, helped, or is in a file of ours.
    What anybody can send as often as they like is not vouched."""
    purposes: tuple[str, ...] = ()
    """What the person agreed to. Where the purpose that answers are scored for is not among it, `values` is empty."""


class ResponseWithdrawn(EventData, frozen=True):
    """The response no longer counts. `response_version` is above every former one."""

    response_id: UUID
    response_version: int
    questionnaire_id: UUID
    person: UUID | None
