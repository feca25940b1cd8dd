"""The case studies' operations on the real database, as the service's own role."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from schemas.errors import Conflict, Forbidden, Invalid, NotFound
from schemas.events.case_studies import CaseStudyPublished, CaseStudySubmitted, CaseStudyWithdrawn
from schemas.roles import Role
from schemas.rpc.base import ById, ByIds
from schemas.rpc.case_studies import CaseStudy, Consent, EditCaseStudy, ListCaseStudies, ReturnCaseStudy, WriteCaseStudy
from services.case_studies import operations
from services.chassis.database import Database
from tests.integration.councils import Council, database_of, refused, rows_as, rows_without_council

pytestmark = pytest.mark.integration
MISSING = "there is no such story"
AGREED = Consent("2026-01", ("publication",))
SECRET = "Nobody-else-knows-this"


@pytest.fixture(scope="module")
def database(provisioned: Any) -> Iterator[Database]:
    with database_of(provisioned.database_url("case_studies"), "case_studies") as opened:
        yield opened


@pytest.fixture
def council(provisioned: Any, make_council: Any) -> Council:
    return Council(provisioned.admin_url, make_council().id)


@pytest.fixture
def other(provisioned: Any, make_council: Any) -> Council:
    return Council(provisioned.admin_url, make_council().id)


def draft(database: Database, council: Council, author: UUID, **fields: Any) -> CaseStudy:
    content = {"title": "My year", "narrative": SECRET, "consent": AGREED, **fields}
    with council.acting(author):
        return operations.write(database, WriteCaseStudy(**content))


def in_review(database: Database, council: Council, author: UUID, **fields: Any) -> CaseStudy:
    story = draft(database, council, author, **fields)
    with council.acting(author):
        return operations.submit(database, ById(story.id))


def published(database: Database, council: Council, author: UUID, **fields: Any) -> CaseStudy:
    story = in_review(database, council, author, **fields)
    with council.acting(uuid4(), Role.OFFICER):
        return operations.publish(database, ById(story.id))


def test_a_story_from_draft_over_a_return_to_publication(database: Database, council: Council) -> None:
    ann, officer = uuid4(), uuid4()
    story = draft(database, council, ann, area="E05002169", themes=("work", "hope", "work"), byline="A.")
    assert (story.status, story.own, story.consent, story.themes) == ("draft", True, AGREED, ("work", "hope"))
    assert council.told("case_studies") == []
    with council.acting(ann):
        assert operations.submit(database, ById(story.id)).status == "review"
    assert [e.data for e in council.told("case_studies")] == [CaseStudySubmitted(story.id)]

    with council.acting(officer, Role.OFFICER):
        waiting = operations.list_case_studies(database, ListCaseStudies(scope="review")).items
        assert [(s.id, s.own, s.consent) for s in waiting] == [(story.id, False, None)]
        back = operations.send_back(database, ReturnCaseStudy(story.id, "Please leave out your friend's name."))
        assert (back.status, back.returned_because) == ("draft", None)
        assert operations.list_case_studies(database, ListCaseStudies(scope="review")).items == ()
    with council.acting(ann):
        [mine] = operations.list_case_studies(database, ListCaseStudies(scope="own")).items
        assert mine.returned_because == "Please leave out your friend's name."
        edited = operations.edit(
            database, EditCaseStudy(id=story.id, title="Our year", narrative="New words", consent=AGREED)
        )
        assert (edited.title, edited.area, edited.themes, edited.byline) == ("Our year", None, (), None)
        assert operations.submit(database, ById(story.id)).returned_because is None
    council.told("case_studies")
    with council.acting(officer, Role.OFFICER):
        shown = operations.publish(database, ById(story.id))
    assert (shown.status, shown.own, shown.consent) == ("published", False, None)
    assert shown.published_at is not None
    assert [e.data for e in council.told("case_studies")] == [CaseStudyPublished(story.id, None, ())]
    with council.acting(None, Role.ANONYMOUS):
        assert operations.list_case_studies(database, ListCaseStudies()).items == (shown,)

    with council.acting(ann):
        assert operations.withdraw(database, ById(story.id)).status == "withdrawn"
    assert [e.data for e in council.told("case_studies")] == [CaseStudyWithdrawn(story.id)]
    with council.acting(uuid4()):
        assert operations.list_case_studies(database, ListCaseStudies()).items == ()


def test_nobody_reviews_their_own_story(database: Database, council: Council) -> None:
    officer = uuid4()
    story = in_review(database, council, officer)
    with council.acting(officer, Role.OFFICER):
        with refused(Forbidden, "somebody else must review your own story"):
            operations.publish(database, ById(story.id))
        with refused(Forbidden, "somebody else must review your own story"):
            operations.send_back(database, ReturnCaseStudy(story.id, "Hm."))
    with psycopg.connect(council.admin_url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "UPDATE case_studies.stories SET status = 'published', reviewer = author WHERE id = %s", (story.id,)
        )


def test_nothing_is_published_without_that_purpose(database: Database, council: Council) -> None:
    story = in_review(database, council, uuid4(), consent=Consent("2026-01", ("research", "service_improvement")))
    council.told("case_studies")
    with (
        council.acting(uuid4(), Role.OFFICER),
        refused(
            Conflict,
            "this story is in review without consent to publication; send it back and ask its author to agree",
        ),
    ):
        operations.publish(database, ById(story.id))
    assert council.told("case_studies") == []


def test_conflicts_say_the_state_and_the_remedy(database: Database, council: Council) -> None:
    ann, officer = uuid4(), uuid4()
    waiting, shown = in_review(database, council, ann), published(database, council, ann)
    gone = draft(database, council, ann)
    content: dict[str, Any] = {"title": "X", "narrative": "X", "consent": AGREED}
    with council.acting(ann):
        operations.withdraw(database, ById(gone.id))
        for story, message in (
            (waiting, "this story is in review; wait until it comes back, or withdraw it and write a new one"),
            (shown, "this story is published; withdraw it and write a new one to change it"),
            (gone, "this story is withdrawn; write a new one instead"),
        ):
            with refused(Conflict, message):
                operations.edit(database, EditCaseStudy(id=story.id, **content))
        with refused(Conflict, "this story is already in review; there is nothing left to do"):
            operations.submit(database, ById(waiting.id))
        with refused(Conflict, "this story is already withdrawn; there is nothing left to do"):
            operations.withdraw(database, ById(gone.id))
        with refused(Invalid, "this area is not known here", "area"):
            operations.write(database, WriteCaseStudy(**content, area="E99999999"))
    with council.acting(officer, Role.OFFICER):
        with refused(Conflict, "this story is already published; withdraw it to take it down"):
            operations.send_back(database, ReturnCaseStudy(shown.id, "Hm."))
        assert operations.withdraw(database, ById(shown.id)).status == "withdrawn"


def test_who_may_see_and_change_what(database: Database, council: Council) -> None:
    ann = uuid4()
    hidden, waiting, shown = (
        draft(database, council, ann),
        in_review(database, council, ann),
        published(database, council, ann),
    )
    ids = ByIds((hidden.id, waiting.id, shown.id, uuid4()))
    for person, roles, seen in (
        (ann, (Role.RESIDENT,), {hidden.id, waiting.id, shown.id}),
        (uuid4(), (Role.RESIDENT,), {shown.id}),
        (uuid4(), (Role.ANALYST,), {shown.id}),
        (uuid4(), (Role.OFFICER,), {waiting.id, shown.id}),
        (None, (Role.ANONYMOUS,), {shown.id}),
    ):
        with council.acting(person, *roles):
            assert {s.id for s in operations.case_studies(database, ids).items} == seen
    with council.acting(uuid4()):
        with refused(Forbidden, "only its author may change a story"):
            operations.submit(database, ById(shown.id))
        with refused(Forbidden, "only its author, or an officer, may withdraw a story"):
            operations.withdraw(database, ById(shown.id))
        with refused(Forbidden, "only officers review stories"):
            operations.publish(database, ById(shown.id))
        with refused(Forbidden, "only officers review stories"):
            operations.list_case_studies(database, ListCaseStudies(scope="review"))
        assert operations.list_case_studies(database, ListCaseStudies(scope="own")).items == ()
    with council.acting(uuid4(), Role.OFFICER), refused(NotFound, MISSING):
        operations.publish(database, ById(hidden.id))


def every_change(database: Database, story_id: UUID) -> tuple[Any, ...]:
    return (
        lambda: operations.edit(database, EditCaseStudy(id=story_id, title="X", narrative="X", consent=AGREED)),
        lambda: operations.submit(database, ById(story_id)),
        lambda: operations.publish(database, ById(story_id)),
        lambda: operations.send_back(database, ReturnCaseStudy(story_id, "X")),
        lambda: operations.withdraw(database, ById(story_id)),
    )


def test_another_council_sees_nothing(database: Database, council: Council, other: Council) -> None:
    ann = uuid4()
    stories = draft(database, council, ann), in_review(database, council, ann), published(database, council, ann)
    with other.acting(ann, Role.OFFICER, Role.ADMIN):  # the same person, with every role: neither helps
        for story_id in (*(s.id for s in stories), uuid4()):
            for call in every_change(database, story_id):
                with refused(NotFound, MISSING):
                    call()
        assert operations.case_studies(database, ByIds(tuple(s.id for s in stories))).items == ()
        for scope in ("published", "own", "review"):
            assert operations.list_case_studies(database, ListCaseStudies(scope=scope)).items == ()


def test_row_security_stands_below_the_code(
    database: Database, council: Council, other: Council, provisioned: Any
) -> None:
    draft(database, council, uuid4())
    url = provisioned.database_url("case_studies")
    with pytest.raises(psycopg.Error, match=r"app\.tenant"):
        rows_without_council(url, "stories")
    assert (rows_as(url, council.id, "stories"), rows_as(url, other.id, "stories")) == (1, 0)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows_as(url, council.id, "outbox")


def test_lists_are_narrowed_and_paged(database: Database, council: Council) -> None:
    ann = uuid4()
    stories = [
        published(database, council, ann, area="E05002169" if n % 2 else "E05002170", themes=("work", f"t{n}"))
        for n in range(5)
    ]
    newest = [s.id for s in reversed(stories)]

    def listed(**wanted: Any) -> tuple[list[UUID], bool]:
        page = operations.list_case_studies(database, ListCaseStudies(**wanted))
        return [s.id for s in page.items], page.has_next

    with council.acting(uuid4()):
        assert listed() == (newest, False)
        assert listed(first=2) == (newest[:2], True)
        assert listed(first=2, after=newest[1]) == (newest[2:4], True)
        assert listed(first=2, after=newest[3]) == (newest[4:], False)
        assert listed(first=5) == (newest, False)
        assert listed(area="E05002169") == ([stories[3].id, stories[1].id], False)
        assert listed(theme="t4") == ([stories[4].id], False)
        assert listed(theme="work", area="E05002171") == ([], False)


def test_what_people_write_stays_where_it_is(
    database: Database, council: Council, capfd: pytest.CaptureFixture[str]
) -> None:
    ann = uuid4()
    story = published(database, council, ann, title=SECRET, byline=SECRET)
    in_review(database, council, ann)
    with council.acting(ann), pytest.raises(Conflict) as refusal:
        operations.edit(database, EditCaseStudy(id=story.id, title=SECRET, narrative=SECRET, consent=AGREED))
    with psycopg.connect(council.admin_url) as connection:
        bodies = connection.execute(
            "SELECT string_agg(body, ' ') FROM case_studies.outbox WHERE tenant_id = %s", (council.id,)
        ).fetchone()
    assert bodies is not None
    assert bodies[0].count("case_study_published") == 1
    output = capfd.readouterr()
    for text in (bodies[0], str(refusal.value), repr(refusal.value.args), output.out, output.err):
        assert SECRET not in text
