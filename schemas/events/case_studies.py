"""Facts that the case studies service tells."""

from uuid import UUID

from schemas.events.envelope import EventData


class CaseStudySubmitted(EventData, frozen=True):
    """A case study waits for review."""

    case_study_id: UUID


class CaseStudyPublished(EventData, frozen=True):
    """A reviewed case study is open to the council's people. Its words stay where they are."""

    case_study_id: UUID
    area: str | None
    themes: tuple[str, ...]


class CaseStudyWithdrawn(EventData, frozen=True):
    """The author took it back, or it was unpublished."""

    case_study_id: UUID
