"""Running counts, margins and quotas: who has answered, beside who lives there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from deploy.operate.tenants import Tenants
from deploy.provision.run import Provisioned
from schemas.errors import Conflict, Invalid, NotFound
from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc.base import ById, ByIds
from schemas.rpc.surveys import (
    AskRepresentation,
    CorrectResponse,
    ImportResponses,
    Questionnaire,
    Quota,
    Representation,
    SetQuotas,
    Submission,
    SubmitResponses,
)
from services.chassis.tenancy import acting
from services.surveys import store
from tests.integration.conftest import WARDS, TestCouncil
from tests.support.questionnaires import CONSENT, rows, submission
from tests.support.rows import connected

pytestmark = pytest.mark.integration
RESIDENT = (Role.RESIDENT,)
SENIORS = {"age_band": "65+", "gender": "female"}
Answer = Callable[..., list[Any]]


@pytest.fixture
def answer(surveys: Any, council: TestCouncil, published: Questionnaire) -> Answer:
    """Have several people answer at once: where they live, and what they are."""

    def answer(times: int, area: str | None = WARDS[0], **groups: str) -> list[Any]:
        given = [
            Submission(Actor(new_id(), RESIDENT), submission(published.id, new_id().hex, area=area, groups=groups))
            for _ in range(times)
        ]
        with acting(council.id, Actor(None, (Role.ANONYMOUS,))):
            return list(surveys.submit_responses(SubmitResponses(tuple(given))).items)

    return answer


def counted(provisioned: Provisioned, council: TestCouncil) -> list[tuple[Any, ...]]:
    """The running counts, shards added up."""
    query = """SELECT area, groups, sum(n)::int FROM response_counts GROUP BY 1, 2 HAVING sum(n) <> 0 ORDER BY 1, 2"""
    with connected(provisioned, "surveys", council.id) as connection:
        return list(connection.execute(query).fetchall())


def recounted(provisioned: Provisioned, council: TestCouncil) -> list[tuple[Any, ...]]:
    """The same from the responses themselves."""
    query = """SELECT coalesce(area, ''), groups, count(*)::int FROM responses WHERE status = 'accepted'
        GROUP BY 1, 2 ORDER BY 1, 2"""
    with connected(provisioned, "surveys", council.id) as connection:
        return list(connection.execute(query).fetchall())


@pytest.fixture
def census(provisioned: Provisioned, council: TestCouncil) -> Callable[..., int]:
    """Import margins: area, groups, people."""
    councils = Tenants(provisioned.owner_url("platform"))
    return lambda *counts: councils.import_margins(council.slug, counts)


def ask(surveys: Any, council: TestCouncil, who: Actor, questionnaire: Questionnaire, **more: Any) -> Representation:
    with acting(council.id, who):
        found: Representation = surveys.representation(AskRepresentation(questionnaire.id, **more))
    return found


def shown(found: Representation) -> list[tuple[Any, ...]]:
    return [(x.area, x.category, x.responses, x.share, x.population, x.population_share) for x in found.lines]


def test_counts_follow_every_way_that_a_response_comes_changes_and_goes(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire, provisioned: Provisioned
) -> None:
    anna = Actor(new_id(), RESIDENT)
    with acting(council.id, anna):
        receipt = surveys.submit_response(submission(published.id))
        again = surveys.submit_response(submission(published.id))
    assert again.repeated
    assert counted(provisioned, council) == [(WARDS[0], {"age_band": "16-39"}, 1)]
    with acting(council.id, officer):
        imported = ImportResponses(new_id(), published.id, CONSENT, rows({"speak": 1}, {"speak": 2}), 2)
        assert surveys.import_responses(imported).accepted == 2
    with acting(council.id, anna):
        surveys.correct_response(CorrectResponse(receipt.response_id, {"speak": 1}, WARDS[1], {"gender": "female"}))
    assert counted(provisioned, council) == [(WARDS[1], {}, 2), (WARDS[1], {"gender": "female"}, 1)]
    with acting(council.id, anna):
        surveys.withdraw_response(ById(receipt.response_id))
    assert counted(provisioned, council) == recounted(provisioned, council) == [(WARDS[1], {}, 2)]
    with connected(provisioned, "surveys", council.id) as connection:
        connection.execute("DELETE FROM responses")
    assert counted(provisioned, council) == []


def test_many_at_once_are_counted_once_each(answer: Answer, council: TestCouncil, provisioned: Provisioned) -> None:
    bands = [{"age_band": band} for band in ("16-39", "40-64", "65+")]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda place: answer(7, **bands[place % 3]), range(24)))
    expected = [(WARDS[0], {"age_band": band}, 56) for band in ("16-39", "40-64", "65+")]
    assert counted(provisioned, council) == recounted(provisioned, council) == expected


def test_staff_see_how_many_from_the_counts(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire, answer: Answer
) -> None:
    def seen() -> int | None:
        with acting(council.id, officer):
            return surveys.questionnaires(ByIds((published.id,))).items[0].response_count  # type: ignore[no-any-return]

    answer(9)
    assert seen() is None
    answer(8)
    assert seen() == 15


def test_responses_stand_beside_the_census(
    surveys: Any,
    council: TestCouncil,
    officer: Actor,
    published: Questionnaire,
    answer: Answer,
    census: Callable[..., int],
) -> None:
    census(*((ward, {"gender": g}, n) for ward in WARDS[:2] for g, n in (("female", 300), ("male", 200))))
    answer(32, gender="female")
    answer(12, WARDS[1], gender="male")
    answer(3, WARDS[1], gender="female")
    answer(20)  # these did not say
    found = ask(surveys, council, officer, published, attribute="gender")
    assert found.responses == 45
    assert shown(found) == [(None, "female", 35, 35 / 45, 600, 0.6), (None, "male", 10, 10 / 45, 400, 0.4)]
    assert [line.difference for line in found.lines] == pytest.approx([35 / 45 - 0.6, 10 / 45 - 0.4])
    assert found.dissimilarity == pytest.approx(35 / 45 - 0.6)
    assert found.margins_version == 1

    both = ask(surveys, council, officer, published, attribute="gender", by_area=True)
    assert shown(both) == [
        (WARDS[0], "female", 30, 30 / 45, 300, 0.3),
        (WARDS[0], "male", None, None, 200, 0.2),  # nobody, which is not told
        (WARDS[1], "female", None, None, 300, 0.3),
        (WARDS[1], "male", 10, 10 / 45, 200, 0.2),
    ]
    # what is hidden counts as one: 5 of 45 responses beside half of the people
    assert both.dissimilarity == pytest.approx((30 / 45 - 0.3 + abs(10 / 45 - 0.2) + abs(5 / 45 - 0.5)) / 2)

    areas = ask(surveys, council, officer, published, by_area=True)
    assert shown(areas) == [(WARDS[0], None, 50, 50 / 65, 500, 0.5), (WARDS[1], None, 15, 15 / 65, 500, 0.5)]


def test_joint_margins_are_added_up_where_fewer_attributes_are_asked_for(
    surveys: Any,
    council: TestCouncil,
    officer: Actor,
    published: Questionnaire,
    answer: Answer,
    census: Callable[..., int],
) -> None:
    census(
        (WARDS[0], {"age_band": "65+", "gender": "female"}, 60),
        (WARDS[0], {"age_band": "65+", "gender": "male"}, 20),
        (WARDS[0], {"age_band": "16-39", "gender": "female"}, 20),
        ("E06000031", {"age_band": "16-39", "gender": "female"}, 900),  # no ward: it is not what people choose from
    )
    answer(10, **SENIORS)
    answer(15, age_band="16-39", gender="female")
    found = ask(surveys, council, officer, published, attribute="gender*age_band")
    assert [(x.category, x.responses, x.population) for x in found.lines] == [
        ("female*16-39", 15, 20), ("female*65+", 10, 60), ("male*65+", None, 20)
    ]  # fmt: skip
    found = ask(surveys, council, officer, published, attribute="gender")
    assert [(x.category, x.responses, x.population) for x in found.lines] == [("female", 25, 80), ("male", None, 20)]


def test_told_counts_move_together_and_only_when_several_came(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire, answer: Answer
) -> None:
    def told() -> list[int | None]:
        return [x.responses for x in ask(surveys, council, officer, published, attribute="gender").lines]

    answer(14, gender="female")
    answer(14, gender="male")
    assert told() == [10, 10]
    answer(1, gender="female")
    # her coming alone would have shown: fifteen women
    assert told() == [10, 10]
    answer(4, gender="male")
    assert told() == [15, 15]


def test_without_margins_there_are_responses_and_no_index(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire, answer: Answer
) -> None:
    answer(12, gender="female")
    found = ask(surveys, council, officer, published, attribute="gender")
    assert shown(found) == [(None, "female", 10, 1.0, None, None)]
    assert (found.dissimilarity, found.margins_version) == (None, None)


def test_what_is_not_asked_for_cannot_be_compared(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    for more in ({"attribute": "shoe_size"}, {"attribute": "gender*gender"}, {}):
        with pytest.raises(Invalid):
            ask(surveys, council, officer, published, **more)
    with acting(council.id, officer), pytest.raises(NotFound):
        surveys.representation(AskRepresentation(new_id(), "gender"))


def test_a_full_quota_closes_the_way_in_to_its_group_alone(
    surveys: Any,
    council: TestCouncil,
    officer: Actor,
    published: Questionnaire,
    answer: Answer,
    provisioned: Provisioned,
) -> None:
    given = (
        Quota("women", "Women", 20, groups={"gender": "female"}, closes=True),
        Quota("ward", "The first ward", 12, area=WARDS[0]),
    )
    with acting(council.id, officer):
        states = surveys.set_quotas(SetQuotas(published.id, given)).items
    assert [(s.code, s.target, s.closes, s.responses, s.share) for s in states] == [
        ("women", 20, True, None, None), ("ward", 12, False, None, None)
    ]  # fmt: skip
    with ThreadPoolExecutor(6) as pool:
        outcomes = [x for some in pool.map(lambda _: answer(5, gender="female"), range(6)) for x in some]
    assert sum(outcome.receipt is not None for outcome in outcomes) == 20
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    words = "thank you: enough people like you have answered already, so no more answers are taken"
    assert [(r.error, r.message) for r in refused] == [("Conflict", words)] * 10
    assert all(outcome.receipt is not None for outcome in answer(3, gender="male"))
    assert [n for *_, n in counted(provisioned, council)] == [20, 3]
    with acting(council.id, officer):
        states = surveys.quotas(ById(published.id)).items
    assert [(s.code, s.responses, s.share) for s in states] == [("women", 20, 1.0), ("ward", 20, 20 / 12)]


def test_whoever_was_taken_hears_so_although_it_is_full(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire, answer: Answer
) -> None:
    quota = Quota("women", "Women", 10, groups={"gender": "female"}, closes=True)
    with acting(council.id, officer):
        surveys.set_quotas(SetQuotas(published.id, (quota,)))
    answer(9, gender="female")
    anna = Actor(new_id(), RESIDENT)
    request = submission(published.id, groups={"gender": "female"})
    with acting(council.id, anna):
        first, again = surveys.submit_response(request), surveys.submit_response(request)
    assert (again.response_id, again.repeated) == (first.response_id, True)
    with acting(council.id, Actor(new_id(), RESIDENT)), pytest.raises(Conflict):
        surveys.submit_response(submission(published.id, "key-00000002", groups={"gender": "female"}))
    with acting(council.id, anna):
        surveys.withdraw_response(ById(first.response_id))
    assert answer(1, gender="female")[0].receipt is not None


def test_quotas_that_make_no_sense_are_named(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    wrong = (
        Quota("a", "A", 20),
        Quota("a", "B", 20, area="W05000001"),
        Quota("c", "C", 20, groups={"shoe_size": "9"}),
        Quota("d", "D", 9, groups={"gender": "none"}, closes=True),
    )
    with acting(council.id, officer), pytest.raises(Invalid) as caught:
        surveys.set_quotas(SetQuotas(published.id, wrong))
    assert [p.path for p in caught.value.problems] == [
        ("quotas", "0", "groups"),
        ("quotas", "1", "code"),
        ("quotas", "1", "area"),
        ("quotas", "2", "groups", "shoe_size"),
        ("quotas", "3", "groups", "gender"),
        ("quotas", "3", "target"),
    ]
    with acting(council.id, officer):
        assert surveys.quotas(ById(published.id)).items == ()
        with pytest.raises(NotFound):
            surveys.quotas(ById(new_id()))
        with pytest.raises(NotFound):
            surveys.set_quotas(SetQuotas(new_id(), ()))


def test_counts_are_read_by_key_and_no_response_is_read(
    surveys: Any,
    council: TestCouncil,
    officer: Actor,
    published: Questionnaire,
    answer: Answer,
    provisioned: Provisioned,
    open_database: Callable[[str], Any],
) -> None:
    answer(5)
    quota = Quota("women", "Women", 20, groups={"gender": "female"})
    with acting(council.id, officer):
        surveys.set_quotas(SetQuotas(published.id, (quota,)))
    with psycopg.connect(provisioned.owner_url("surveys"), options="-c search_path=surveys") as connection:
        connection.execute("ALTER TABLE response_counts NO FORCE ROW LEVEL SECURITY")
        connection.execute(
            """
            INSERT INTO response_counts (tenant_id, questionnaire_id, wave, area, cell, shard, groups, n)
            SELECT %s, md5((i %% 200)::text)::uuid, '', 'E' || i %% 50, md5(i::text)::uuid, i %% 16, '{}', 1
            FROM generate_series(1, 20000) i
            """,
            (council.id,),
        )
        connection.execute("ALTER TABLE response_counts FORCE ROW LEVEL SECURITY")
    with psycopg.connect(provisioned.owner_url("surveys"), options="-c search_path=surveys", autocommit=True) as owner:
        owner.execute("ANALYZE response_counts")
    asked: list[tuple[str, Any]] = []

    def note(*said: Any) -> None:
        asked.append((said[2], said[3]))

    database = open_database("surveys")
    with acting(council.id, officer), database.unit_of_work() as work:
        event.listen(work.session.connection(), "before_cursor_execute", note)
        store.accepted_counts(work.session, [published.id])
        store.waiting_and_released(work.session, published.id)
        store.released(work.session, published.id, "", ["gender"], by_area=True)
        store.quotas(work.session, published.id, "", told=True)
        event.remove(work.session.connection(), "before_cursor_execute", note)
        assert len(asked) == 4
        for statement, parameters in asked:
            plan = work.session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
            shown = "\n".join(plan)
            assert "response_counts_pkey" in shown, shown
            assert "Seq Scan on response_counts" not in shown, shown
            assert " responses" not in shown, shown
