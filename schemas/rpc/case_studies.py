"""Calls to the case studies service: people's own stories, told with consent, reviewed before others read them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.roles import EVERYONE, OFFICERS, PUBLIC
from schemas.rpc.base import ById, ByIds, Line, Message, Method, PageRequest, Reply, Slug

Narrative = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
Themes = Annotated[tuple[Slug, ...], msgspec.Meta(max_length=20)]
Status = Literal["draft", "review", "published", "withdrawn"]
Purpose = Literal["publication", "service_improvement", "research"]


class Consent(Message, frozen=True):
    """What the author agreed to. Nothing is published without "publication"."""

    version: Line
    purposes: tuple[Purpose, ...]


class WriteCaseStudy(Message, frozen=True):
    """Start a story as a draft that only its author sees."""

    title: Line
    narrative: Narrative
    consent: Consent
    area: str | None = None
    themes: Themes = ()
    byline: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    """The name to show, if any; the author may stay unnamed."""


class EditCaseStudy(Message, frozen=True):
    """Change a draft of one's own. Every field is set anew."""

    id: UUID
    title: Line
    narrative: Narrative
    consent: Consent
    area: str | None = None
    themes: Themes = ()
    byline: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class ReturnCaseStudy(Message, frozen=True):
    """Send a story in review back to its author, saying kindly why."""

    id: UUID
    reason: Line


class CaseStudy(Reply, frozen=True):
    """A story. `own` is true for its author, who alone sees drafts, consent and the reason of a return."""

    id: UUID
    title: str
    narrative: str
    status: Status
    area: str | None
    themes: tuple[str, ...]
    byline: str | None
    own: bool
    consent: Consent | None
    returned_because: str | None
    created_at: datetime
    published_at: datetime | None


class CaseStudyList(Reply, frozen=True):
    """Stories, newest first or in the order asked for."""

    items: tuple[CaseStudy, ...]
    has_next: bool = False


class ListCaseStudies(PageRequest, frozen=True):
    """Published stories; `scope` "own" gives one's own in every state, "review" what waits for an officer."""

    scope: Literal["published", "own", "review"] = "published"
    area: str | None = None
    theme: str | None = None


write = Method("case_studies", "write", WriteCaseStudy, CaseStudy, EVERYONE)
edit = Method("case_studies", "edit", EditCaseStudy, CaseStudy, EVERYONE)
submit = Method("case_studies", "submit", ById, CaseStudy, EVERYONE)
publish = Method("case_studies", "publish", ById, CaseStudy, OFFICERS)
send_back = Method("case_studies", "send_back", ReturnCaseStudy, CaseStudy, OFFICERS)
withdraw = Method("case_studies", "withdraw", ById, CaseStudy, EVERYONE)
case_studies = Method("case_studies", "case_studies", ByIds, CaseStudyList, PUBLIC)
list_case_studies = Method("case_studies", "list_case_studies", ListCaseStudies, CaseStudyList, PUBLIC)
