"""Margins, quotas and who has answered, through the gateway."""

import pytest

from deploy.operate.tenants import Tenants
from schemas.ids import new_id
from schemas.roles import Role
from tests.support.asking import Asker, response, submit, survey
from tests.support.system import Council, StartedSystem

pytestmark = pytest.mark.e2e
SET_QUOTAS = """mutation($i: SetQuotasInput!) { setQuotas(input: $i) { __typename
  ... on QuotasPayload { quotas { code label target area groups { attribute category } closes responses share } }
  ... on InvalidError { problems { path message } } ... on MutationError { message } } }"""
SUBMIT = """mutation($i: SubmitResponseInput!) { submitResponse(input: $i) { __typename
  ... on MutationError { message } } }"""
REPRESENTATION = """query($q: ID!) { representation(questionnaireId: $q, attribute: "age_band", byArea: true) {
  responses dissimilarity marginsVersion
  lines { area category responses share population populationShare difference } } }"""
QUOTAS = "query($q: ID!) { quotas(questionnaireId: $q) { code responses share } }"


async def test_who_has_answered_stands_beside_who_lives_there(system: StartedSystem, council: Council) -> None:
    questionnaire, _ = await survey(system, council)
    officer, analyst = Asker(system, council, Role.OFFICER), Asker(system, council, Role.ANALYST)
    here = council.areas[0]
    counts = [(here, {"age_band": "young"}, 300), (here, {"age_band": "old"}, 100)]
    assert Tenants(system.provisioned.owner_url("platform")).import_margins(council.slug, counts) == 1

    group = {"attribute": "age_band", "category": "old"}
    quota = {"code": "old", "label": "Older people", "target": 10, "groups": [group], "closes": True}
    given = {"questionnaireId": questionnaire, "quotas": [quota]}
    done = (await officer.get(SET_QUOTAS, i=given))["setQuotas"]
    assert done["quotas"] == [{**quota, "area": None, "responses": None, "share": None}]
    for place in range(30):
        answered = await submit(Asker(system, council), questionnaire, groups=[{**group, "category": "young"}])
        assert answered["__typename"] == "ResponsePayload", answered
        if place < 10:
            answered = await submit(Asker(system, council), questionnaire, groups=[group])
            assert answered["__typename"] == "ResponsePayload", answered
    late = response(questionnaire, council, groups=[group], idempotencyKey=new_id().hex)
    full = (await Asker(system, council).get(SUBMIT, i=late))["submitResponse"]
    assert full == {
        "__typename": "ConflictError",
        "message": "thank you: enough people like you have answered already, so no more answers are taken",
    }
    found = (await analyst.get(REPRESENTATION, q=questionnaire))["representation"]
    assert found == {
        "responses": 40,
        "dissimilarity": 0.0,
        "marginsVersion": 1,
        "lines": [
            {"area": here, "category": category, "responses": n, "share": share, "population": count,
             "populationShare": share, "difference": 0.0}
            for category, n, share, count in (("old", 10, 0.25, 100), ("young", 30, 0.75, 300))
        ],
    }  # fmt: skip
    assert (await analyst.get(QUOTAS, q=questionnaire))["quotas"] == [{"code": "old", "responses": 10, "share": 1.0}]


async def test_residents_see_no_counts(system: StartedSystem, council: Council) -> None:
    questionnaire, _ = await survey(system, council)
    anna = Asker(system, council, Role.RESIDENT)
    for query in (REPRESENTATION, QUOTAS):
        said = await anna.ask(query, q=questionnaire)
        assert [e["extensions"]["code"] for e in said["errors"]] == ["FORBIDDEN"]
        assert list(said["data"].values()) == [None]
