"""Scores played back through the whole house: to the person, beside others, with links, and with a service away."""

import asyncio
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from schemas.roles import Role
from tests.support.asking import CREATE, DEFINITION, PUBLISH, Asker, live_framework, scores, submit
from tests.support.system import Council, StartedSystem

pytestmark = pytest.mark.e2e
OTHERS = 15
WAVE = "mutation($i: OpenWaveInput!) { openWave(input: $i) { ... on WavePayload { wave { id } } } }"
ADD = """mutation($i: CreateDirectoryEntryInput!) { createDirectoryEntry(input: $i) {
  ... on DirectoryEntryPayload { entry { id } } } }"""
LIST = "mutation($i: DirectoryEntryIdInput!) { publishDirectoryEntry(input: $i) { __typename } }"
FIGURES = """query($f: ID!, $w: String) { figures(frameworkId: $f, wave: $w) {
  edges { node { area measure suppressed n score low high } } } }"""
PICTURE = """query($f: ID!, $l: String!) { myPicture(frameworkId: $f, language: $l) {
  frameworkVersion area wave language languageState direction title picture away rows {
    domain title score level levelName words change changeWords warnings
    around { area n score low high } aroundWords links { name } } } }"""


OVERVIEW = """query($f: ID!, $g: String) { overview(frameworkId: $f, level: "ward", attribute: $g) {
  frameworkId away reliability { scale suppressed warnings } trend { measure title figures { wave area n score } }
  areas { total suppressed items { area score low high standing { first last of robust } driver { domain } } }
  groups { attribute items { category n score } } } }"""


async def tagged_survey(system: StartedSystem, council: Council) -> tuple[str, str]:
    """The questionnaire of `asking`, and two domains of it that the directory has tags for."""
    officer = Asker(system, council, Role.OFFICER)
    made = (await officer.get(CREATE, i={"slug": "taking-part", "definition": DEFINITION}))["createQuestionnaire"]
    questionnaire = made["questionnaire"]["id"]
    await officer.get(PUBLISH, i={"id": questionnaire})
    domains = [
        {
            "code": code,
            "title": title,
            "tags": [tag],
            "indicators": [{"code": code, "title": title, "items": [{"code": item}]}],
        }
        for code, title, tag, item in (("voice", "Voice", "advocacy", "speak"), ("helping", "Helping", "care", "help"))
    ]
    return questionnaire, await live_framework(
        officer, {"title": "Capacity", "questionnaireId": questionnaire, "domains": domains}
    )


async def listed(who: Asker, name: str, tag: str, area: str | None) -> None:
    given = {"kind": "ORGANISATION", "name": name, "description": "We do.", "tags": [tag], "area": area}
    entry = (await who.get(ADD, i=given))["createDirectoryEntry"]["entry"]
    await who.get(LIST, i={"id": entry["id"]})


async def figures_of(who: Asker, framework: str) -> dict[tuple[str | None, str], Any]:
    """The published figures of the spring, once there are some."""
    for _ in range(300):
        edges = (await who.get(FIGURES, f=framework, w="spring"))["figures"]["edges"]
        found = {(e["node"]["area"], e["node"]["measure"]): e["node"] for e in edges if not e["node"]["suppressed"]}
        if found:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("no figures came")


async def test_a_person_sees_where_they_are_beside_others_and_where_it_could_lead(
    system: StartedSystem, council: Council, other_council: Council
) -> None:
    questionnaire, framework = await tagged_survey(system, council)
    anna = Asker(system, council, Role.RESIDENT)
    assert (await anna.get(PICTURE, f=framework, l="en"))["myPicture"] is None
    await submit(anna, questionnaire, answers=[{"item": "speak", "number": 3}, {"item": "help", "choice": "no"}])
    await scores(anna)
    officer = Asker(system, council, Role.OFFICER)
    await officer.get(WAVE, i={"questionnaireId": questionnaire, "code": "spring", "title": "Spring"})
    for number in range(OTHERS):
        answers = [{"item": "speak", "number": 4 + number % 3}, {"item": "help", "choice": ("no", "yes")[number % 2]}]
        await submit(Asker(system, council, Role.RESIDENT), questionnaire, answers=answers)
    await submit(anna, questionnaire, answers=[{"item": "speak", "number": 7}, {"item": "help", "choice": "no"}])
    await listed(anna, "Speak Up", "advocacy", council.areas[0])
    await listed(anna, "Elsewhere", "advocacy", council.areas[1])
    published = await figures_of(anna, framework)
    for _ in range(100):
        found = (await anna.get(PICTURE, f=framework, l="en"))["myPicture"]
        if found["wave"] == "spring":
            break
        await asyncio.sleep(0.1)
    drawing = found.pop("picture")
    rows = found.pop("rows")
    assert found == {
        "frameworkVersion": 1,
        "area": council.areas[0],
        "wave": "spring",
        "language": "en",
        "languageState": "ORIGINAL",
        "direction": "LTR",
        "title": "Your picture",
        "away": [],
    }
    for row in rows:
        near = published.get((council.areas[0], row["domain"]), published.get((None, row["domain"])))
        assert near is not None
        assert row.pop("around") == {name: near[name] for name in ("area", "n", "score", "low", "high")}
        whose = "your area" if near["area"] else "the whole council area"
        said = [int(near[name] + 0.5) for name in ("score", "low", "high")]
        assert row.pop("aroundWords") == (
            f"People in {whose} are at about {said[0]}, most likely from {said[1]} to {said[2]}."
        )
    assert rows == [
        {
            "domain": "voice",
            "title": "Voice",
            "score": 70.0,
            "level": "GOOD",
            "levelName": "A good deal",
            "words": "Your answers show a good deal of this.",
            "change": "UNKNOWN",
            "changeWords": "We cannot say yet whether this has changed.",
            "warnings": ["NOT_CHECKED"],
            "links": [{"name": "Speak Up"}],
        },
        {
            "domain": "helping",
            "title": "Helping",
            "score": 0.0,
            "level": "ROOM",
            "levelName": "Room for more",
            "words": "There is room for more of this. Small steps count.",
            "change": "UNKNOWN",
            "changeWords": "We cannot say yet whether this has changed.",
            "warnings": ["NOT_CHECKED"],
            "links": [],
        },
    ]
    assert [t.text for t in ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")] == [
        "You", "Other people", "70", "Voice", "0", "Helping", "0", "50", "100",
    ]  # fmt: skip

    urdu = (await anna.get(PICTURE, f=framework, l="ur"))["myPicture"]
    assert (urdu["languageState"], urdu["direction"]) == ("MACHINE_DRAFTED_NEEDS_NATIVE_REVIEW", "RTL")
    assert ET.fromstring(urdu["picture"]).get("direction") == "rtl"
    # a picture is nobody else's: not an officer's, and not the same person's in another council
    assert (await officer.get(PICTURE, f=framework, l="en"))["myPicture"] is None
    elsewhere = Asker(system, other_council, Role.RESIDENT, person=anna.person)
    assert (await elsewhere.get(PICTURE, f=framework, l="en"))["myPicture"] is None
    (error,) = (await Asker(system, council).ask(PICTURE, f=framework, l="en"))["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"

    directory = system.services["directory"]
    directory.running.kill()
    try:
        found = (await anna.get(PICTURE, f=framework, l="en"))["myPicture"]
    finally:
        directory.running.start()
        directory.wait()
    assert found["away"] == ["DIRECTORY"]
    assert [(row["score"], row["links"]) for row in found["rows"]] == [(70.0, None), (0.0, None)]


async def test_officers_see_need_how_sure_it_is_and_how_it_went_on(
    system: StartedSystem, council: Council, other_council: Council
) -> None:
    questionnaire, framework = await tagged_survey(system, council)
    officer, analyst = Asker(system, council, Role.OFFICER), Asker(system, council, Role.ANALYST)
    await officer.get(WAVE, i={"questionnaireId": questionnaire, "code": "spring", "title": "Spring"})
    for number in range(OTHERS):
        answers = [{"item": "speak", "number": 4 + number % 3}, {"item": "help", "choice": ("no", "yes")[number % 2]}]
        await submit(Asker(system, council, Role.RESIDENT), questionnaire, answers=answers)
    published = await figures_of(officer, framework)
    found = (await analyst.get(OVERVIEW, f=framework, g="age_band"))["overview"]
    needs = "query($f: ID!, $l: String, $g: String) { needs(frameworkId: $f, level: $l, attribute: $g) { %s } }"
    areas = "total suppressed items { area score low high standing { first last of robust } driver { domain } }"
    groups = "attribute items { category n score }"
    assert found["frameworkId"] == framework
    assert found["away"] == []
    assert found["areas"] == (await officer.get(needs % areas, f=framework, l="ward"))["needs"]
    assert found["groups"] == (await officer.get(needs % groups, f=framework, g="age_band"))["needs"]
    assert found["reliability"] == []
    assert [line["measure"] for line in found["trend"]] == ["helping", "index", "voice"]
    for line in found["trend"]:
        [figure] = line["figures"]
        whole = published.get((None, line["measure"]), {"n": None, "score": None})
        assert figure == {"wave": "spring", "area": None, "n": whole["n"], "score": whole["score"]}
    without = (await officer.get(OVERVIEW, f=framework))["overview"]
    assert (without["groups"], without["areas"]) == (None, found["areas"])
    for who, code in (
        (Asker(system, council, Role.RESIDENT), "FORBIDDEN"),
        (Asker(system, other_council, Role.OFFICER), "NOT_FOUND"),
    ):
        (error,) = (await who.ask(OVERVIEW, f=framework))["errors"]
        assert error["extensions"]["code"] == code
