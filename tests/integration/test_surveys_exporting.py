"""Responses given out row by row: who is in it, what is not, and that no row leads back to anybody."""

from typing import Any
from uuid import UUID

import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Conflict, Invalid, NotFound
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.surveys import Consent, ExportedResponses, ExportResponses, Questionnaire
from services.chassis.tenancy import acting
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import submission
from tests.support.rows import connected

pytestmark = pytest.mark.integration
BOTH = Consent("1", ("service_improvement", "research"))


def _answered(
    surveys: Any, council: TestCouncil, resident: Actor, questionnaire: Questionnaire, agreed: int
) -> set[str]:
    """So many responses that agree to research, three that do not, and one that was withdrawn; the ids of all."""
    ids = set()
    for number in range(agreed + 4):
        person = Actor(new_id(), resident.roles)
        with acting(council.id, person):
            more = {} if agreed <= number < agreed + 3 else {"consent": BOTH}
            receipt = surveys.submit_response(submission(questionnaire.id, f"key-{number:06}", **more))
            if number == agreed + 3:
                surveys.withdraw_response(ById(receipt.response_id))
        ids |= {str(receipt.response_id), str(person.person)}
    return ids


def test_rows_are_of_those_who_agreed_without_words_and_without_anything_that_leads_back(
    surveys: Any, council: TestCouncil, resident: Actor, officer: Actor, published: Questionnaire
) -> None:
    ids = _answered(surveys, council, resident, published, 12)
    with acting(council.id, officer):
        page = surveys.export_responses(ExportResponses(published.id, "research"))
        again = surveys.export_responses(ExportResponses(published.id, "research"))
        everybody = surveys.export_responses(ExportResponses(published.id, "service_improvement"))
    assert (len(page.rows), len(everybody.rows), page.after) == (12, 15, None)
    assert page.left_out == ("more",)
    assert all(row.answers == {"speak": 7, "alone": 2, "vote": "yes"} for row in page.rows)
    assert {row.version for row in page.rows} == {1}
    assert len({row.row for row in page.rows} | {row.row for row in again.rows}) == 24
    assert not any(one in str(page) for one in ids)


def test_pages_follow_each_other_and_give_everybody_once(
    surveys: Any,
    provisioned: Provisioned,
    council: TestCouncil,
    resident: Actor,
    officer: Actor,
    published: Questionnaire,
) -> None:
    _answered(surveys, council, resident, published, 10)
    copy = """INSERT INTO surveys.responses
        SELECT (r).* FROM (SELECT jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(),
            'person_id', NULL, 'idempotency_key', 'copy-' || n, 'area', n::text)) AS r
        FROM surveys.responses r, generate_series(1, 240) n WHERE r.idempotency_key = 'key-000000') c"""
    with connected(provisioned, "surveys", council.id) as connection:
        connection.execute(copy)
    with acting(council.id, officer):
        pages: list[ExportedResponses] = []
        after: UUID | None = None
        while not pages or after is not None:
            pages.append(surveys.export_responses(ExportResponses(published.id, "research", 100, after)))
            after = pages[-1].after
    assert [len(page.rows) for page in pages] == [100, 100, 50]
    areas = [row.area for page in pages for row in page.rows if row.area and row.area.isdigit()]
    assert sorted(areas, key=int) == [str(n) for n in range(1, 241)]


def test_too_few_another_purpose_and_another_council_get_nothing(
    surveys: Any,
    council: TestCouncil,
    other_council: TestCouncil,
    resident: Actor,
    officer: Actor,
    published: Questionnaire,
) -> None:
    _answered(surveys, council, resident, published, 9)
    with acting(council.id, officer):
        with pytest.raises(Conflict):
            surveys.export_responses(ExportResponses(published.id, "research"))
        with pytest.raises(Invalid) as caught:
            surveys.export_responses(ExportResponses(published.id, "marketing"))
        assert [p.path for p in caught.value.problems] == [("purpose",)]
    with acting(other_council.id, officer), pytest.raises(NotFound):
        surveys.export_responses(ExportResponses(published.id, "research"))


def test_pages_are_read_from_the_index_in_order(provisioned: Provisioned, council: TestCouncil) -> None:
    query = """EXPLAIN SELECT * FROM surveys.responses WHERE tenant_id = %s AND questionnaire_id = %s
        AND status = 'accepted' AND consent -> 'purposes' ? 'research' AND id > %s ORDER BY id LIMIT 500"""
    with connected(provisioned, "surveys", council.id) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(line for (line,) in connection.execute(query, (council.id, new_id(), new_id())))
    assert "responses_in_order" in plan
    assert "Sort" not in plan
