"""Ways in to a questionnaire: which are switched on, links, entering for somebody, and waves."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.rpc.base import Line, Message, PageRequest, Reply, Slug
from schemas.rpc.surveys.responses import SubmitResponse

Way = Literal["open", "signed_in", "personal_link", "group_link", "assisted", "paper"]
LinkKind = Literal["personal", "group"]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
"""A token or code as somebody has it: spelled in any case, with or without hyphens."""


class SetWays(Message, frozen=True):
    """Switch these ways in on for a questionnaire, and all others off."""

    questionnaire_id: UUID
    ways: tuple[Way, ...]


class OpenWave(Message, frozen=True):
    """Begin a wave of a questionnaire; the one that is open is closed. After `ends_at` it takes no answers."""

    questionnaire_id: UUID
    code: Slug
    title: Line
    ends_at: datetime | None = None


class CloseWave(Message, frozen=True):
    """End the open wave of a questionnaire: no answers are taken until the next one begins."""

    questionnaire_id: UUID


class Wave(Reply, frozen=True):
    """A wave. Responses, scores and figures name it by its code."""

    id: UUID
    questionnaire_id: UUID
    code: str
    title: str
    opened_at: datetime
    ends_at: datetime | None
    closed_at: datetime | None


class WaveList(Reply, frozen=True):
    """Waves, newest first."""

    items: tuple[Wave, ...]
    has_next: bool = False


class ListWaves(PageRequest, frozen=True, kw_only=True):
    """The waves of a questionnaire, newest first."""

    questionnaire_id: UUID


class MakePersonalLinks(Message, frozen=True):
    """Links that take one response each: `count` for new participants, or one for each of `participants`.

    A participant is a pseudonym that we made up. It stays the same from wave to wave; only the council knows who it is.
    """

    questionnaire_id: UUID
    count: Annotated[int, msgspec.Meta(ge=1, le=500)] = 1
    participants: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=500)] = ()
    ends_at: datetime | None = None


class NewPersonalLink(Reply, frozen=True):
    """A new link. Its token is shown this once, and nobody can look it up again."""

    id: UUID
    participant: UUID
    token: str


class NewPersonalLinks(Reply, frozen=True):
    """New links, in the order of the participants that were given."""

    items: tuple[NewPersonalLink, ...]


class MakeGroupLink(Message, frozen=True):
    """A link for a community group or an event, for any number of people up to `cap`.

    Where the questionnaire has the attribute `community_group`, `belongs_to` is one of its categories, and the
    responses that come by the link count in it.
    """

    questionnaire_id: UUID
    belongs_to: Line
    ends_at: datetime | None = None
    cap: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None


class Link(Reply, frozen=True):
    """A link as officers see it. `works`: it still takes a response. `token`: of a group's link, to print it again."""

    id: UUID
    questionnaire_id: UUID
    kind: LinkKind
    works: bool
    revoked: bool
    participant: UUID | None
    belongs_to: str | None
    token: str | None
    ends_at: datetime | None
    cap: int | None
    created_at: datetime


class LinkList(Reply, frozen=True):
    """Links, newest first."""

    items: tuple[Link, ...]
    has_next: bool = False


class ListLinks(PageRequest, frozen=True, kw_only=True):
    """The links of a questionnaire, newest first."""

    questionnaire_id: UUID
    kind: LinkKind | None = None


class FollowLink(Message, frozen=True):
    """The token of a link that somebody came by."""

    token: Code


class FollowedLink(Reply, frozen=True):
    """Where a link leads."""

    questionnaire_id: UUID
    kind: LinkKind


class SubmitAssisted(Message, frozen=True):
    """Answers that a worker enters for somebody, who is not named. With a link: the answers of its participant."""

    response: SubmitResponse


class SubmitPaper(Message, frozen=True):
    """Answers from a paper form. The number on the form takes the place of the idempotency key."""

    response: SubmitResponse
    form_number: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,59}$")]
