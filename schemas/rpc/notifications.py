"""Calls to the notifications service: what a person follows, and what they were told."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.roles import EVERYONE
from schemas.rpc.base import ById, Done, Line, Message, Method, PageRequest, Reply

Subject = Literal["area", "survey", "tag", "own_scores", "case_studies"]
"""An area's figures (GSS code, or "" for the whole council), a survey (its id, or "" for every new one), a directory
tag, one's own scores (""), or published case studies ("" for all, else a theme)."""


class Follow(Message, frozen=True):
    """Follow something. Following it again changes whether e-mail is wanted."""

    subject: Subject
    key: Annotated[str, msgspec.Meta(max_length=100)] = ""
    email: bool = False


class Following(Reply, frozen=True):
    """Something a person follows."""

    id: UUID
    subject: Subject
    key: str
    email: bool
    created_at: datetime


class FollowingList(Reply, frozen=True):
    """What a person follows, newest first."""

    items: tuple[Following, ...]
    has_next: bool = False


class SetEmail(Message, frozen=True):
    """The address for a person's e-mails; None takes it away and stops them."""

    email: Annotated[str, msgspec.Meta(max_length=254)] | None


class Preferences(Reply, frozen=True):
    """How a person wants to be told."""

    email: str | None


class Nothing(Message, frozen=True):
    """A call that needs no more than who is calling."""


class InboxMessage(Reply, frozen=True):
    """One thing a person was told. Words are made where they are shown, from `kind` and the ids."""

    id: UUID
    kind: Line
    subject: Subject
    key: str
    about: UUID | None
    created_at: datetime
    read_at: datetime | None


class Inbox(Reply, frozen=True):
    """Messages, newest first, and how many are unread in all."""

    items: tuple[InboxMessage, ...]
    unread: int
    has_next: bool = False


class MarkRead(Message, frozen=True):
    """These messages have been read."""

    ids: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=100)]


follow = Method("notifications", "follow", Follow, Following, EVERYONE)
unfollow = Method("notifications", "unfollow", ById, Done, EVERYONE)
following = Method("notifications", "following", PageRequest, FollowingList, EVERYONE)
inbox = Method("notifications", "inbox", PageRequest, Inbox, EVERYONE)
mark_read = Method("notifications", "mark_read", MarkRead, Inbox, EVERYONE)
set_email = Method("notifications", "set_email", SetEmail, Preferences, EVERYONE)
preferences = Method("notifications", "preferences", Nothing, Preferences, EVERYONE)
