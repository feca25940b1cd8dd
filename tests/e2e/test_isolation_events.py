"""An event changes the council that it names, and no other, whatever ids it carries."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from deploy.operate import deadletters
from schemas.events import BY_DATA, EVENT_TYPES, EventData, directory, notifications, scoring, surveys
from schemas.events import case_studies as stories
from schemas.ids import new_id, now
from schemas.roles import Actor, Role
from schemas.rpc.notifications import Follow, follow
from tests.support.bus import publish
from tests.support.catalog import Dump
from tests.support.house import House, inner, until
from tests.support.housing import furnished
from tests.support.system import StartedSystem

pytestmark = pytest.mark.e2e
CONSUMED_WITHOUT_A_TRACE = {"notifications.emails"}
"""Queues whose handler keeps no inbox; that it took a message shows in what it makes of the next one."""


@pytest.fixture(scope="module")
def houses(system: StartedSystem) -> Iterator[tuple[House, House]]:
    """Two councils for these tests alone: what they are told here would be taken for a leak elsewhere."""
    with httpx.Client(timeout=30) as http:
        yield furnished(system, http)


FACTS: tuple[Callable[[House], EventData], ...] = (
    lambda h: surveys.QuestionnairePublished(
        inner(h.things.questionnaire), h.things.slug, 7, (surveys.ScoredItem("speak", 0, 10),), {}, "live"
    ),
    # the closing of what was never published is tried again later: so it is published first
    lambda h: surveys.QuestionnairePublished(
        inner(h.things.to_close), h.things.slug, 1, (surveys.ScoredItem("speak", 0, 10),), {}, "live"
    ),
    lambda h: surveys.QuestionnaireClosed(inner(h.things.to_close), 1),
    lambda h: surveys.ResponseSubmitted(
        inner(h.things.response),
        9,
        inner(h.things.questionnaire),
        1,
        now(),
        h.things.area,
        h.anna.person,
        {"age_band": "old"},
        {"speak": 1, "help": 0},
    ),
    lambda h: surveys.ResponseWithdrawn(inner(h.things.to_withdraw), 9, inner(h.things.third), h.anna.person),
    lambda h: scoring.ScoresUpdated(h.anna.person, inner(h.things.response), inner(h.things.framework), 1),
    lambda h: scoring.ReleaseRequested(inner(h.things.framework), 1, final=True),
    lambda h: scoring.RunRequested(inner(h.things.run), 1),
    lambda h: scoring.FiguresReleased(inner(h.things.framework), 1, 99, (h.things.area, "")),
    lambda h: stories.CaseStudySubmitted(inner(h.things.story_draft)),
    lambda h: stories.CaseStudyPublished(inner(h.things.story), h.things.area, (h.things.theme,)),
    lambda h: stories.CaseStudyWithdrawn(inner(h.things.story)),
    lambda h: directory.EntryPublished(inner(h.things.entry), "organisation", h.things.area, (h.things.tag,)),
    lambda h: directory.EntryWithdrawn(inner(h.things.entry)),
    lambda h: notifications.MessageAdded(inner(h.things.message), h.anna.person),
    lambda h: notifications.EmailDue(inner(h.things.message)),
)


def facts(house: House) -> list[EventData]:
    """One event of every type, about the house's real things."""
    return [fact(house) for fact in FACTS]


def queues(data: EventData) -> set[str]:
    """The queues whose inbox shows that the event was taken."""
    return set(BY_DATA[type(data)].queues) - CONSUMED_WITHOUT_A_TRACE


def taken(house: House, system: StartedSystem, about: House) -> Dump:
    """Tell every fact `about` a house as one of this council; what is stored once all of it was taken."""
    sent = publish(system.provisioned, house.council.id, *facts(about))
    awaited = {(q, str(e.id)) for e in sent for q in queues(e.data)}

    def arrived() -> bool:
        found = house.now()
        inboxes = [row for table in ("scoring.inbox", "notifications.inbox") for row in found[table]]
        return all(any(queue in row and event in row for row in inboxes) for queue, event in awaited)

    until(arrived)
    house.disturbed()
    return house.rested()


def without_inboxes(found: Dump) -> dict[str, Any]:
    return {table: rows for table, rows in found.items() if not table.endswith(".inbox")}


def test_every_type_is_told(houses: tuple[House, House]) -> None:
    told = {type(data) for data in facts(houses[0])}
    assert {kind.data for kind in EVENT_TYPES} == told, "say here what the event says of a council's things"
    assert {q for kind in EVENT_TYPES for q in kind.queues} == {
        "scoring.responses",
        "scoring.releases",
        "scoring.runs",
        "notifications.facts",
        "notifications.emails",
    }, "say here where it shows that a queue's events were taken"


def test_the_other_councils_events_leave_no_trace(system: StartedSystem, houses: tuple[House, House]) -> None:
    a, b = houses
    before, before_b = a.rested(), b.rested()
    after = taken(a, system, about=a)
    assert without_inboxes(after) != without_inboxes(before)  # they did have their effect, where they belong
    assert b.now() == before_b
    assert not [row for rows in b.now().values() for row in rows if str(a.council.id) in row]


def test_an_event_that_carries_the_other_councils_ids_touches_nothing_of_it(
    system: StartedSystem, houses: tuple[House, House]
) -> None:
    a, b = houses
    before, before_b = a.rested(), b.rested()
    with system.calls() as calls:
        # even where somebody follows the other council's things by their names, nothing comes from there
        calls.call(follow, Follow("tag", a.things.tag), b.council.id, Actor(b.anna.person, (Role.RESIDENT,)))
    after = taken(b, system, about=a)
    assert a.now() == before
    # what was told of B is B's to keep; what belongs to A is not among it
    assert not [row for rows in after.values() for row in rows if str(a.council.id) in row]
    for table in ("scoring.cells", "scoring.figures", "scoring.framework_versions", "surveys.responses"):
        assert after[table] == before_b[table], table


def test_an_email_is_sent_to_nobody_of_another_council(system: StartedSystem, houses: tuple[House, House]) -> None:
    a, b = houses
    before = a.rested()
    publish(system.provisioned, b.council.id, notifications.EmailDue(inner(a.things.message)))
    # the queue is read in order: once B's own e-mail is settled, the other one was looked at
    publish(system.provisioned, b.council.id, notifications.EmailDue(inner(b.things.message)))
    mine = str(inner(b.things.message))
    until(lambda: [row for row in b.now()["notifications.deliveries"] if mine in row])
    b.disturbed()
    theirs = str(inner(a.things.message))
    assert not [row for row in b.now()["notifications.deliveries"] if theirs in row]
    assert a.now() == before


def test_an_event_of_no_council_is_taken_by_none(system: StartedSystem, houses: tuple[House, House]) -> None:
    before = [house.rested() for house in houses]
    nowhere, operator = new_id(), system.provisioned.amqp_url("operator")
    sent = publish(system.provisioned, nowhere, *facts(houses[0]))

    def is_ours(letter: deadletters.DeadLetter) -> bool:
        return str(nowhere).encode() in letter.body

    def dead() -> list[deadletters.DeadLetter]:
        return [
            letter for queue in deadletters.QUEUES for letter in deadletters.look(operator, queue) if is_ours(letter)
        ]

    try:
        until(lambda: len(dead()) == sum(len(BY_DATA[type(e.data)].queues) for e in sent))
        assert {letter.reason for letter in dead()} == {"unknown tenant"}
    finally:
        for queue in deadletters.QUEUES:
            deadletters.drop(operator, queue, is_ours)
    assert [house.now() for house in houses] == before
