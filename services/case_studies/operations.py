"""What the case studies service does: one function a use case, each the owner of its transaction.

What people write stays in the `stories` table: no event, log line or error quotes it.
"""

from collections.abc import Sequence
from uuid import UUID

from schemas.errors import Conflict, Forbidden, NotFound
from schemas.events.case_studies import CaseStudyPublished, CaseStudySubmitted, CaseStudyWithdrawn
from schemas.ids import new_id, now
from schemas.roles import OFFICERS
from schemas.rpc.base import ById, ByIds
from schemas.rpc.case_studies import (
    CaseStudy,
    CaseStudyList,
    Consent,
    EditCaseStudy,
    ListCaseStudies,
    ReturnCaseStudy,
    WriteCaseStudy,
)
from services.case_studies import model, store
from services.chassis import tenancy
from services.chassis.councils import require_area
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork


def write(database: Database, request: WriteCaseStudy) -> CaseStudy:
    """Start a draft of the caller's own. Raises Invalid for an unknown area."""
    with database.unit_of_work() as work:
        story = store.Story(
            tenant_id=work.tenant, id=new_id(), author=tenancy.person(), status="draft", created_at=now()
        )
        _reword(work, story, request)
        work.session.add(story)
        return _shown(story)


def edit(database: Database, request: EditCaseStudy) -> CaseStudy:
    """Change a draft of one's own. Raises NotFound, Forbidden, Conflict, Invalid for an unknown area."""
    with database.unit_of_work() as work:
        story = _own(work, request.id)
        _unless(model.obstacle_to_editing(story.status))
        _reword(work, story, request)
        return _shown(story)


def submit(database: Database, request: ById) -> CaseStudy:
    """Hand in a draft of one's own for review. Raises NotFound, Forbidden, Conflict."""
    with database.unit_of_work() as work:
        story = _own(work, request.id)
        _unless(model.obstacle_to_submitting(story.status))
        story.status, story.returned_because = "review", None
        work.tell(story.id, CaseStudySubmitted(story.id))
        return _shown(story)


def publish(database: Database, request: ById) -> CaseStudy:
    """Open somebody else's story in review to everybody, if they agreed. Raises NotFound, Forbidden, Conflict."""
    with database.unit_of_work() as work:
        story = _for_review(work, request.id)
        _unless(model.obstacle_to_publishing(story.status, frozenset(story.consent_purposes)))
        story.status, story.published_at, story.reviewer = "published", now(), tenancy.person()
        work.tell(story.id, CaseStudyPublished(story.id, story.area, tuple(story.themes)))
        return _shown(story)


def send_back(database: Database, request: ReturnCaseStudy) -> CaseStudy:
    """Make somebody else's story in review a draft again, saying why. Raises NotFound, Forbidden, Conflict."""
    with database.unit_of_work() as work:
        story = _for_review(work, request.id)
        _unless(model.obstacle_to_reviewing(story.status))
        story.status, story.returned_because, story.reviewer = "draft", request.reason, tenancy.person()
        return _shown(story)


def withdraw(database: Database, request: ById) -> CaseStudy:
    """Take a story back, for good: one's own at any time, an officer what is in review or published.

    Raises NotFound, Forbidden, Conflict.
    """
    with database.unit_of_work() as work:
        story = _seen(work, request.id)
        if not model.may_withdraw(story.status, story.author, _viewer()):
            raise Forbidden("only its author, or an officer, may withdraw a story")
        _unless(model.obstacle_to_withdrawing(story.status))
        if model.was_heard_of(story.status):
            work.tell(story.id, CaseStudyWithdrawn(story.id))
        story.status = "withdrawn"
        return _shown(story)


def case_studies(database: Database, request: ByIds) -> CaseStudyList:
    """Those of the stories that the caller may see."""
    with database.unit_of_work() as work:
        found = store.by_ids(work.session, request.ids)
    viewer = _viewer()
    return _list([s for s in found if model.may_see(s.status, s.author, viewer)])


def list_case_studies(database: Database, request: ListCaseStudies) -> CaseStudyList:
    """A page of stories, newest first. Raises Forbidden for the review scope where the caller is no officer."""
    if request.scope == "review" and not _viewer().officer:
        raise Forbidden("only officers review stories")
    stories = store.of_author(tenancy.person()) if request.scope == "own" else store.in_status(request.scope)
    with database.unit_of_work() as work:
        found = store.page(
            work.session,
            stories,
            area=request.area,
            theme=request.theme,
            first=request.first,
            after=request.after,
        )
    page, more = cut(found, request.first)
    return _list(page, more=more)


def _viewer() -> model.Viewer:
    actor = tenancy.actor()
    return model.Viewer(actor.person, actor.has(OFFICERS))


def _seen(work: UnitOfWork, story_id: UUID) -> store.Story:
    story = store.lock(work.session, story_id)
    if story is None or not model.may_see(story.status, story.author, _viewer()):
        raise NotFound("there is no such story")
    return story


def _own(work: UnitOfWork, story_id: UUID) -> store.Story:
    story = _seen(work, story_id)
    if story.author != tenancy.person():
        raise Forbidden("only its author may change a story")
    return story


def _for_review(work: UnitOfWork, story_id: UUID) -> store.Story:
    story = _seen(work, story_id)
    if not _viewer().officer:
        raise Forbidden("only officers review stories")
    if story.author == tenancy.person():
        raise Forbidden("somebody else must review your own story")
    return story


def _unless(obstacle: str | None) -> None:
    if obstacle is not None:
        raise Conflict(obstacle)


def _reword(work: UnitOfWork, story: store.Story, request: WriteCaseStudy | EditCaseStudy) -> None:
    require_area(work, request.area)
    story.title, story.narrative, story.byline = request.title, request.narrative, request.byline or None
    story.area, story.themes = request.area, list(dict.fromkeys(request.themes))
    story.consent_version = request.consent.version
    story.consent_purposes = list(dict.fromkeys(request.consent.purposes))


def _list(found: Sequence[store.Story], *, more: bool = False) -> CaseStudyList:
    return CaseStudyList(tuple(_shown(story) for story in found), more)


def _shown(story: store.Story) -> CaseStudy:
    own = story.author == tenancy.actor().person
    return CaseStudy(
        id=story.id,
        title=story.title,
        narrative=story.narrative,
        status=story.status,  # type: ignore[arg-type]  # the table's checks keep it to the contract's words
        area=story.area,
        themes=tuple(story.themes),
        byline=story.byline,
        own=own,
        consent=Consent(story.consent_version, tuple(story.consent_purposes)) if own else None,  # type: ignore[arg-type]
        returned_because=story.returned_because if own else None,
        created_at=story.created_at,
        published_at=story.published_at,
    )
