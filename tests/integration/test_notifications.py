"""The notifications' operations on the real database, as the service's own role."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import event as hooks

from schemas.errors import Invalid, NotFound
from schemas.events import BY_DATA, Envelope, EventData, envelop
from schemas.events.case_studies import CaseStudyPublished, CaseStudySubmitted
from schemas.events.directory import EntryPublished
from schemas.events.notifications import EmailDue, MessageAdded
from schemas.events.scoring import FiguresReleased, ScoresUpdated
from schemas.events.surveys import QuestionnaireClosed, QuestionnairePublished
from schemas.rpc.base import ById, PageRequest
from schemas.rpc.notifications import Follow, Inbox, MarkRead, Nothing, Preferences, SetEmail
from services.chassis.database import Database
from services.notifications import operations
from tests.integration.councils import Council, database_of, refused, rows_as, rows_without_council

pytestmark = pytest.mark.integration
NOT_FOLLOWED = "there is nothing like it that you follow"
WARD, OTHER_WARD = "E05002169", "E05002170"


@pytest.fixture(scope="module")
def database(provisioned: Any) -> Iterator[Database]:
    with database_of(provisioned.database_url("notifications"), "notifications") as opened:
        yield opened


@pytest.fixture
def council(provisioned: Any, make_council: Any) -> Council:
    return Council(provisioned.admin_url, make_council().id)


@pytest.fixture
def other(provisioned: Any, make_council: Any) -> Council:
    return Council(provisioned.admin_url, make_council().id)


def event(council: Council, data: EventData) -> Envelope:
    return envelop(BY_DATA[type(data)].name, uuid4(), council.id, data)


def take(database: Database, council: Council, *facts: EventData | Envelope) -> None:
    with council.acting(None):
        operations.take_facts(database, [f if isinstance(f, Envelope) else event(council, f) for f in facts])


def follower(database: Database, council: Council, *followed: Follow, email: str | None = None) -> UUID:
    person = uuid4()
    with council.acting(person):
        for one in followed:
            operations.follow(database, one)
        if email is not None:
            operations.set_email(database, SetEmail(email))
    return person


def inbox_of(database: Database, council: Council, person: UUID) -> Inbox:
    with council.acting(person):
        return operations.inbox(database, PageRequest(first=100))


def told(database: Database, council: Council, person: UUID) -> list[tuple[str, str, UUID | None]]:
    return [(m.kind, m.key, m.about) for m in reversed(inbox_of(database, council, person).items)]


def test_following_again_changes_only_whether_e_mail_is_wanted(database: Database, council: Council) -> None:
    with council.acting(uuid4()):
        first = operations.follow(database, Follow("area", WARD))
        again = operations.follow(database, Follow("area", WARD, email=True))
        assert (again.id, again.created_at, again.email) == (first.id, first.created_at, True)
        own = operations.follow(database, Follow("own_scores"))
        assert operations.following(database, PageRequest()).items == (own, again)
        assert operations.unfollow(database, ById(first.id)).id == first.id
        with refused(NotFound, NOT_FOLLOWED):
            operations.unfollow(database, ById(first.id))
        assert operations.following(database, PageRequest()).items == (own,)


def test_what_cannot_be_followed_is_named(database: Database, council: Council) -> None:
    with council.acting(uuid4()):
        with refused(Invalid, "this area is not known here", "key"):
            operations.follow(database, Follow("area", "E99999999"))
        with refused(Invalid, "this cannot be followed", "key"):
            operations.follow(database, Follow("tag", "Not a tag"))
        assert operations.following(database, PageRequest()).items == ()


def test_each_fact_reaches_those_who_follow_it(database: Database, council: Council) -> None:
    questionnaire, framework, story, entry = uuid4(), uuid4(), uuid4(), uuid4()
    ward = follower(database, council, Follow("area", WARD))
    whole = follower(database, council, Follow("area"))
    both_wards = follower(database, council, Follow("area", WARD), Follow("area", OTHER_WARD))
    every_survey = follower(database, council, Follow("survey"))
    this_survey = follower(database, council, Follow("survey", str(questionnaire)), Follow("survey"))
    scores, not_theirs = (follower(database, council, Follow("own_scores")) for _ in range(2))
    stories = follower(database, council, Follow("case_studies"))
    hope = follower(database, council, Follow("case_studies", "hope"), Follow("case_studies"))
    tags = follower(database, council, Follow("tag", "arts"), Follow("tag", "youth"))
    nobody = follower(database, council, Follow("tag", "sport"), Follow("case_studies", "work"))
    take(
        database,
        council,
        FiguresReleased(framework, 1, 4, (WARD, OTHER_WARD)),
        QuestionnairePublished(questionnaire, "civic", 1, (), {}, "live"),
        QuestionnaireClosed(questionnaire, 1),
        ScoresUpdated(scores, uuid4(), framework, 1),
        CaseStudyPublished(story, WARD, ("hope",)),
        EntryPublished(entry, "organisation", None, ("arts", "youth")),
    )
    assert told(database, council, ward) == [("figures_released", WARD, framework)]
    assert told(database, council, whole) == [("figures_released", "", framework)]
    assert sorted(told(database, council, both_wards)) == [
        ("figures_released", WARD, framework),
        ("figures_released", OTHER_WARD, framework),
    ]
    assert told(database, council, every_survey) == [("questionnaire_published", "", questionnaire)]
    assert sorted(told(database, council, this_survey)) == [
        ("questionnaire_closed", str(questionnaire), questionnaire),
        ("questionnaire_published", str(questionnaire), questionnaire),
    ]
    assert told(database, council, scores) == [("scores_updated", "", framework)]
    assert told(database, council, not_theirs) == []
    assert told(database, council, stories) == [("case_study_published", "", story)]
    assert told(database, council, hope) == [("case_study_published", "hope", story)]
    assert told(database, council, tags) == [("entry_published", "youth", entry)]
    assert told(database, council, nobody) == []
    added = [e.data for e in council.told("notifications")]
    assert {type(data) for data in added} == {MessageAdded}
    assert len(added) == 11
    mine = inbox_of(database, council, scores).items[0]
    assert MessageAdded(mine.id, scores) in added


def test_a_fact_is_told_once(database: Database, council: Council) -> None:
    person = follower(database, council, Follow("tag", "arts"), Follow("own_scores"))
    entry = EntryPublished(uuid4(), "organisation", None, ("arts",))
    scores = event(council, ScoresUpdated(person, uuid4(), uuid4(), 1))
    take(database, council, entry, entry, scores, scores)  # within a batch
    take(database, council, scores)  # the same event again
    take(database, council, entry)  # another event of the same fact: a new wording
    assert len(inbox_of(database, council, person).items) == 2
    assert len(council.told("notifications")) == 2
    take(database, council, ScoresUpdated(person, uuid4(), uuid4(), 1))
    assert len(inbox_of(database, council, person).items) == 3


def test_overlapping_deliveries_tell_once(database: Database, council: Council) -> None:
    people = [follower(database, council, Follow("area", WARD)) for _ in range(5)]
    released = event(council, FiguresReleased(uuid4(), 1, 1, (WARD,)))
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(take, database, council, released) for _ in range(4)]:
            done.result()
    assert [len(inbox_of(database, council, person).items) for person in people] == [1] * 5
    assert len(council.told("notifications")) == 5


def test_a_late_follower_hears_what_comes_next(database: Database, council: Council) -> None:
    entry = uuid4()
    take(database, council, EntryPublished(entry, "organisation", None, ("arts",)))
    person = follower(database, council, Follow("tag", "arts"))
    assert told(database, council, person) == []
    take(database, council, EntryPublished(entry, "organisation", None, ("arts",)))
    assert told(database, council, person) == [("entry_published", "arts", entry)]


def test_an_event_that_means_nothing_here_is_refused(database: Database, council: Council) -> None:
    with pytest.raises(ValueError, match=r"no notice is made of case_studies\.case_study_submitted\.v1"):
        take(database, council, CaseStudySubmitted(uuid4()))


def test_e_mail_is_due_where_it_is_wanted_and_an_address_is_known(database: Database, council: Council) -> None:
    wanted = Follow("area", email=True)
    ann = follower(database, council, wanted, email="ann@example.org")
    follower(database, council, wanted)
    follower(database, council, Follow("area"), email="ben@example.org")
    gone = follower(database, council, wanted, email="gone@example.org")
    with council.acting(gone):
        operations.set_email(database, SetEmail(None))
    take(database, council, FiguresReleased(uuid4(), 1, 1, (WARD,)))
    events = [e.data for e in council.told("notifications")]
    assert [e for e in events if isinstance(e, EmailDue)] == [EmailDue(inbox_of(database, council, ann).items[0].id)]
    assert len(events) == 5


def test_a_thousand_followers_are_one_statement(database: Database, council: Council) -> None:
    with psycopg.connect(council.admin_url) as connection:
        connection.execute(
            "INSERT INTO notifications.follows SELECT %s, gen_random_uuid(), gen_random_uuid(), 'area', '', false,"
            " now() FROM generate_series(1, 1000)",
            (council.id,),
        )
    statements: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    hooks.listen(database.engine, "before_cursor_execute", note)
    try:
        take(database, council, FiguresReleased(uuid4(), 1, 1, (WARD,)))
    finally:
        hooks.remove(database.engine, "before_cursor_execute", note)
    assert len(statements) == 4  # the council, the inbox of events, the messages, the outbox
    assert len(council.told("notifications")) == 1000


def test_reading(database: Database, council: Council) -> None:
    person = follower(database, council, Follow("own_scores"))
    stranger = follower(database, council, Follow("own_scores"))
    for _ in range(5):
        take(database, council, ScoresUpdated(person, uuid4(), uuid4(), 1))
    take(database, council, ScoresUpdated(stranger, uuid4(), uuid4(), 1))
    theirs = inbox_of(database, council, stranger).items[0].id
    with council.acting(person):
        page = operations.inbox(database, PageRequest(first=2))
        assert (len(page.items), page.unread, page.has_next) == (2, 5, True)
        rest = operations.inbox(database, PageRequest(first=3, after=page.items[-1].id))
        assert (len(rest.items), rest.unread, rest.has_next) == (3, 5, False)
        ids = [m.id for m in (*page.items, *rest.items)]
        assert ids == sorted(ids, reverse=True)
        marked = operations.mark_read(database, MarkRead((ids[0], ids[3], theirs, uuid4())))
        assert [(m.id, m.read_at is not None) for m in marked.items] == [(ids[0], True), (ids[3], True)]
        assert marked.unread == 3
        again = operations.mark_read(database, MarkRead((ids[0],)))
        assert again.items[0].read_at == marked.items[0].read_at
    assert inbox_of(database, council, stranger).unread == 1


def test_the_address_is_the_callers_own(database: Database, council: Council) -> None:
    with council.acting(uuid4()):
        assert operations.preferences(database, Nothing()) == Preferences(None)
        assert operations.set_email(database, SetEmail(" ann@example.org ")) == Preferences("ann@example.org")
        assert operations.set_email(database, SetEmail("new@example.org")) == Preferences("new@example.org")
        with refused(Invalid, "this is no e-mail address", "email"):
            operations.set_email(database, SetEmail("new@example.org\r\nBcc: all@example.org"))
        assert operations.preferences(database, Nothing()) == Preferences("new@example.org")
        assert operations.set_email(database, SetEmail(None)) == Preferences(None)
    with council.acting(uuid4()):
        assert operations.preferences(database, Nothing()) == Preferences(None)


def test_another_council_sees_nothing(database: Database, council: Council, other: Council) -> None:
    person = follower(database, council, Follow("own_scores", email=True), email="ann@example.org")
    take(database, council, ScoresUpdated(person, uuid4(), uuid4(), 1))
    take(database, other, ScoresUpdated(person, uuid4(), uuid4(), 1))  # the same person, who follows nothing there
    mine = inbox_of(database, council, person)
    with council.acting(person):
        [followed] = operations.following(database, PageRequest()).items
    with other.acting(person):
        for follow_id in (followed.id, uuid4()):
            with refused(NotFound, NOT_FOLLOWED):
                operations.unfollow(database, ById(follow_id))
        assert operations.following(database, PageRequest()).items == ()
        assert operations.inbox(database, PageRequest()) == Inbox((), 0, has_next=False)
        assert operations.mark_read(database, MarkRead((mine.items[0].id,))) == Inbox((), 0, has_next=False)
        assert operations.preferences(database, Nothing()) == Preferences(None)
        operations.set_email(database, SetEmail("other@example.org"))
    with council.acting(uuid4()), refused(NotFound, NOT_FOLLOWED):
        operations.unfollow(database, ById(followed.id))
    assert inbox_of(database, council, person) == mine
    with council.acting(person):
        assert operations.preferences(database, Nothing()) == Preferences("ann@example.org")


def test_row_security_stands_below_the_code(
    database: Database, council: Council, other: Council, provisioned: Any
) -> None:
    person = follower(database, council, Follow("own_scores"), email="ann@example.org")
    take(database, council, ScoresUpdated(person, uuid4(), uuid4(), 1))
    url = provisioned.database_url("notifications")
    for table in ("follows", "messages", "addresses"):
        with pytest.raises(psycopg.Error, match=r"app\.tenant"):
            rows_without_council(url, table)
        assert (rows_as(url, council.id, table), rows_as(url, other.id, table)) == (1, 0)
