"""The events: what may be said on the bus, by whom, and which service keeps a queue for it.

The name of an event is `<service>.<fact>.v<N>`; a change that an old reader could not take gets a new N.
"""

from dataclasses import dataclass

from schemas.events import case_studies, directory, notifications, scoring, surveys
from schemas.events.envelope import Envelope, EventData, envelop


@dataclass(frozen=True)
class EventType:
    """One kind of event: its name, its payload, and the queues (`<service>.<handler>`) that must receive it."""

    name: str
    data: type[EventData]
    queues: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """The only service that may send it."""
        return self.name.partition(".")[0]


EVENT_TYPES: tuple[EventType, ...] = (
    EventType(
        "surveys.questionnaire_published.v1",
        surveys.QuestionnairePublished,
        ("scoring.responses", "notifications.facts"),
    ),
    EventType(
        "surveys.questionnaire_closed.v1", surveys.QuestionnaireClosed, ("scoring.responses", "notifications.facts")
    ),
    EventType("surveys.response_submitted.v1", surveys.ResponseSubmitted, ("scoring.responses",)),
    EventType("surveys.response_withdrawn.v1", surveys.ResponseWithdrawn, ("scoring.responses",)),
    EventType("scoring.scores_updated.v1", scoring.ScoresUpdated, ("notifications.facts",)),
    EventType("scoring.release_requested.v1", scoring.ReleaseRequested, ("scoring.releases",)),
    EventType("scoring.run_requested.v1", scoring.RunRequested, ("scoring.runs",)),
    EventType("scoring.figures_released.v1", scoring.FiguresReleased, ("notifications.facts",)),
    EventType("case_studies.case_study_submitted.v1", case_studies.CaseStudySubmitted),
    EventType("case_studies.case_study_published.v1", case_studies.CaseStudyPublished, ("notifications.facts",)),
    EventType("case_studies.case_study_withdrawn.v1", case_studies.CaseStudyWithdrawn),
    EventType("directory.entry_published.v1", directory.EntryPublished, ("notifications.facts",)),
    EventType("directory.entry_withdrawn.v1", directory.EntryWithdrawn),
    EventType("notifications.message_added.v1", notifications.MessageAdded),
    EventType("notifications.email_due.v1", notifications.EmailDue, ("notifications.emails",)),
)

BY_NAME: dict[str, EventType] = {e.name: e for e in EVENT_TYPES}
BY_DATA: dict[type[EventData], EventType] = {e.data: e for e in EVENT_TYPES}

__all__ = ["BY_DATA", "BY_NAME", "EVENT_TYPES", "Envelope", "EventData", "EventType", "envelop"]
