"""The library through the gateway: browsed, licensed, adopted, answered and scored."""

import asyncio
from typing import Any

import pytest

from schemas.roles import Role
from tests.support.asking import ACTIVATE, CREATE, CREATE_FRAMEWORK, DEFINITION, PUBLISH, Asker, response
from tests.support.system import Council, StartedSystem

pytestmark = pytest.mark.e2e
LIBRARY = """{ instruments {
  code version title source licence attribution wording scoring missing blocked measures
  items { code minimum maximum direction } registration { holder url } recorded { reference }
  languages { code name state } scales { code method table minimum maximum minimumItems bands { code lowest } } } }"""
ONE = "query($c: String, $l: String!) { instruments(code: $c) { questionnaire(language: $l) { %s } } }"
RECORD = """mutation($i: RecordLicenceInput!) { recordLicence(input: $i) {
  __typename ... on LicencePayload { licence { instrument reference recordedBy recordedAt } }
  ... on InvalidError { problems { path message } } } }"""
SUBMIT = "mutation($i: SubmitResponseInput!) { submitResponse(input: $i) { __typename } }"
SCORES = """{ myScores { framework { scales { code instrument method } }
  scores { measure title score minimum maximum band { code words } } } }"""


async def test_the_library_is_for_officers(system: StartedSystem, council: Council) -> None:
    officer = Asker(system, council, Role.OFFICER)
    found = {i["code"]: i for i in (await officer.get(LIBRARY))["instruments"]}
    assert list(found) == ["barc-10", "civic-capacity", "ons4", "recovery-community", "swemwbs", "ucla-3"]
    assert [code for code, i in found.items() if i["blocked"]] == ["swemwbs"]
    assert found["swemwbs"]["registration"]["holder"] == "University of Warwick"
    assert [i["wording"] for i in found.values()] == [
        "SUPPLIED", "INCLUDED", "OPEN", "INCLUDED", "SUPPLIED", "SUPPLIED",
    ]  # fmt: skip
    assert found["ons4"]["measures"] == ["ons_satisfied", "ons_worthwhile", "ons_happy", "ons_anxious"]
    assert [b["lowest"] for b in found["ons4"]["scales"][3]["bands"]] == [0, 2, 4, 6]
    assert found["swemwbs"]["scales"][0]["table"][1] == 9.51
    assert [known["state"] for known in found["civic-capacity"]["languages"]] == [
        "ORIGINAL", *["MACHINE_DRAFTED_NEEDS_NATIVE_REVIEW"] * 3,
    ]  # fmt: skip
    for words in ("title", "sections { items { code text } }"):
        welsh = (await officer.get(ONE % words, c="recovery-community", l="cy"))["instruments"]
        assert str(welsh) != str((await officer.get(ONE % words, c="recovery-community", l="en"))["instruments"])
    assert await officer.get(ONE % "title", c="ucla-3", l="en") == {"instruments": [{"questionnaire": None}]}
    assert (await officer.get('{ instruments(code: "phq-9") { code } }'))["instruments"] == []
    for refused in (Asker(system, council), Asker(system, council, Role.RESIDENT)):
        assert (await refused.ask(LIBRARY))["data"] == {"instruments": None}


async def framework_of(officer: Asker, slug: str, use: dict[str, Any]) -> str:
    """A framework made from an instrument, once the scoring service has heard of the questionnaire by the bus."""
    for _ in range(300):
        made = (await officer.get(CREATE_FRAMEWORK, i={"slug": slug, "instrument": use}))["createFramework"]
        if made["__typename"] == "FrameworkPayload":
            return str(made["framework"]["id"])
        assert made["problems"][0]["path"] == ["questionnaireId"], made
        await asyncio.sleep(0.1)
    raise AssertionError("scoring heard nothing of the questionnaire")


async def own_scores(who: Asker) -> Any:
    """The scores of somebody who has answered once."""
    for _ in range(300):
        found = (await who.get(SCORES))["myScores"]
        if found:
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError("no scores came")


def _questionnaire() -> dict[str, Any]:
    items = [
        {"code": f"q{n}", "kind": "SCALE", "text": f"Statement {n}", "minimum": 1, "maximum": 5} for n in range(1, 8)
    ]
    section = {"code": "feelings", "title": "Feelings", "items": items}
    return {**DEFINITION, "sections": [section], "instruments": ["swemwbs"]}


async def test_from_a_licence_to_a_score(system: StartedSystem, council: Council) -> None:
    officer, anna = Asker(system, council, Role.OFFICER), Asker(system, council, Role.RESIDENT)
    made = (await officer.get(CREATE, i={"slug": "feelings", "definition": _questionnaire()}))["createQuestionnaire"]
    questionnaire = {"id": made["questionnaire"]["id"]}
    refused = (await officer.get(PUBLISH, i=questionnaire))["publishQuestionnaire"]
    assert refused == {"__typename": "InvalidError", "message": "an instrument needs a licence that is not on record"}
    licence = {"instrument": "swemwbs", "reference": "Warwick 4711"}
    assert (await anna.get(RECORD, i=licence))["recordLicence"]["__typename"] == "ForbiddenError"
    [problem] = (await officer.get(RECORD, i={**licence, "instrument": "ons4"}))["recordLicence"]["problems"]
    assert problem["path"] == ["instrument"]
    recorded = (await officer.get(RECORD, i=licence))["recordLicence"]["licence"]
    assert (recorded["instrument"], recorded["reference"]) == ("swemwbs", "Warwick 4711")
    assert recorded["recordedBy"] == (await officer.get("{ me { person } }"))["me"]["person"]
    [known] = (await officer.get('{ instruments(code: "swemwbs") { blocked recorded { reference } } }'))["instruments"]
    assert known == {"blocked": False, "recorded": {"reference": "Warwick 4711"}}
    assert (await officer.get(PUBLISH, i=questionnaire))["publishQuestionnaire"]["__typename"] == "QuestionnairePayload"
    mapping = [{"item": f"swemwbs_{n}", "question": f"q{n}"} for n in range(1, 8)]
    use = {"code": "swemwbs", "questionnaireId": questionnaire["id"], "mapping": mapping}
    framework = await framework_of(officer, "feelings", use)
    live = (await officer.get(ACTIVATE, i={"id": framework}))["activateFramework"]
    assert live["framework"]["status"] == "LIVE"
    given = response(questionnaire["id"], council, answers=[{"item": f"q{n}", "number": 3} for n in range(1, 8)])
    assert (await anna.get(SUBMIT, i=given))["submitResponse"]["__typename"] == "ResponsePayload"
    mine = await own_scores(anna)
    assert mine["framework"]["scales"] == [{"code": "swemwbs", "instrument": "swemwbs", "method": "table"}]
    assert mine["scores"] == [
        {
            "measure": "swemwbs",
            "title": "Mental well-being (SWEMWBS)",
            "score": 19.25,
            "minimum": 7.0,
            "maximum": 35.0,
            "band": None,
        }
    ]


async def test_from_the_library_to_a_score(system: StartedSystem, council: Council) -> None:
    officer, anna = Asker(system, council, Role.OFFICER), Asker(system, council, Role.RESIDENT)
    wanted = {"code": "recovery-community", "languages": ["en", "ur"], "areaLevel": "ward"}
    made = (await officer.get(CREATE, i={"slug": "recovery", "instrument": wanted}))["createQuestionnaire"]
    questionnaire = made["questionnaire"]["id"]
    done = (await officer.get(PUBLISH, i={"id": questionnaire}))["publishQuestionnaire"]
    assert done["__typename"] == "QuestionnairePayload", done
    asked = """{ questionnaire(slug: "recovery") { definition {
      title instruments language translations { language texts { path text } } } } }"""
    definition = (await anna.get(asked))["questionnaire"]["definition"]
    assert (definition["instruments"], definition["language"]) == (["recovery-community"], "en")
    [urdu] = definition["translations"]
    assert (urdu["language"], {t["path"]: t["text"] for t in urdu["texts"]}["title"]) == ("ur", "بحالی اور برادری")
    framework = await framework_of(
        officer, "recovery", {"code": "recovery-community", "questionnaireId": questionnaire}
    )
    assert (await officer.get(ACTIVATE, i={"id": framework}))["activateFramework"]["framework"]["status"] == "LIVE"
    given = response(
        questionnaire,
        council,
        answers=[
            {"item": "join", "number": 5},
            {"item": "worry", "number": 2},
            {"item": "calm", "declined": True},
            {"item": "hope", "number": 4},
        ],
        consent={"version": "1", "purposes": ["service_improvement"]},
        groups=[{"attribute": "age_band", "category": "25-44"}],
    )
    assert (await anna.get(SUBMIT, i=given))["submitResponse"]["__typename"] == "ResponsePayload"
    mine = await own_scores(anna)
    assert {s["measure"]: s["score"] for s in mine["scores"]} == {
        "community": 100.0,
        "services": 75.0,
        "feelings": 75.0,
        "index": 83.333333333333,
    }
