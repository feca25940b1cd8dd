"""Facts from the other services, put into the inboxes of those who follow them."""

from collections.abc import Sequence

from schemas.events import Envelope
from schemas.events.case_studies import CaseStudyPublished
from schemas.events.directory import EntryPublished
from schemas.events.notifications import EmailDue, MessageAdded
from schemas.events.scoring import FiguresReleased, ScoresUpdated
from schemas.events.surveys import QuestionnaireClosed, QuestionnairePublished
from schemas.ids import now
from services.chassis.database import Database
from services.notifications import model, store

QUEUE = "notifications.facts"


def take_facts(database: Database, events: Sequence[Envelope]) -> None:
    """Tell each follower each fact once: one transaction, and one statement, for the whole batch."""
    with database.unit_of_work() as work:
        notices = [notice for event in work.fresh(QUEUE, events) for notice in notices_of(event)]
        if not notices:
            return
        for added in store.add_messages(work.session, work.tenant, notices, now()):
            work.tell(added.id, MessageAdded(added.id, added.person))
            if added.email:
                work.tell(added.id, EmailDue(added.id))


def notices_of(event: Envelope) -> list[model.Notice]:
    """What an event means to followers."""
    match event.data:
        case FiguresReleased(framework_id, framework_version, release, areas):
            return model.figures_released(framework_id, framework_version, release, areas)
        case QuestionnairePublished(questionnaire_id=questionnaire_id, version=version):
            return model.questionnaire_published(questionnaire_id, version)
        case QuestionnaireClosed(questionnaire_id, version):
            return model.questionnaire_closed(questionnaire_id, version)
        case ScoresUpdated(person=person, framework_id=framework_id):
            return model.scores_updated(event.id, framework_id, person)
        case CaseStudyPublished(case_study_id, _, themes):
            return model.case_study_published(case_study_id, themes)
        case EntryPublished(entry_id=entry_id, tags=tags):
            return model.entry_published(entry_id, tags)
    raise ValueError(f"no notice is made of {event.type}")
