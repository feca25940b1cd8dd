"""Questionnaires in versions: writing, publishing and reading them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from schemas.rpc.base import Message, PageRequest, Reply, Slug
from schemas.rpc.surveys.definition import Definition, Language

Status = Literal["draft", "published", "closed"]


class FromInstrument(Message, frozen=True):
    """Our questionnaire of an instrument of the library.

    The newest version unless one is given. In all its languages unless some are given, of which the first is its own.
    """

    code: Slug
    version: int | None = None
    languages: tuple[Language, ...] = ()
    area_level: str | None = None


class CreateQuestionnaire(Message, frozen=True):
    """Start a questionnaire with version 1 as a draft: with a definition, or from an instrument."""

    slug: Slug
    definition: Definition | None = None
    instrument: FromInstrument | None = None


class ReviseQuestionnaire(Message, frozen=True):
    """Replace the draft, or start the next version's draft where the latest is published or closed."""

    id: UUID
    definition: Definition


class Logic(Reply, frozen=True):
    """The expressions of a questionnaire as a browser runs them."""

    order: tuple[str, ...]
    """Sections and items (`sections.<code>`, `items.<code>`), each behind those that its expressions look at."""
    trees: dict[str, Any]
    """The tree of each expression by its place: `items.<code>.relevance`, `sections.<code>.repeat.count` …"""


class Questionnaire(Reply, frozen=True):
    """A questionnaire with its latest version, or (for residents) its latest published one."""

    id: UUID
    slug: str
    version: int
    status: Status
    definition: Definition
    created_at: datetime
    published_at: datetime | None
    closed_at: datetime | None
    response_count: int | None = None
    """Accepted responses to all versions, rounded down to fives; for staff only, and from the minimum count up."""
    ways: tuple[str, ...] = ("open", "signed_in")
    """The ways in that are switched on."""
    wave: str | None = ""
    """The code of the wave that takes answers now; "" where there are no waves, None between two of them."""
    logic: Logic | None = None
    """None where the questionnaire has no expression."""


class QuestionnaireList(Reply, frozen=True):
    """Questionnaires in the order asked for."""

    items: tuple[Questionnaire, ...]
    has_next: bool = False


class ListQuestionnaires(PageRequest, frozen=True):
    """Newest first; residents get published and closed ones only."""

    status: Status | None = None


class BySlug(Message, frozen=True):
    """A questionnaire by its slug."""

    slug: Slug
