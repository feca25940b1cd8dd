"""Questionnaires with every kind of question, logic and languages through the gateway."""

from typing import Any

import pytest

from schemas.ids import new_id
from schemas.roles import Role
from tests.support.asking import CREATE, DEFINITION, PUBLISH, SUBMIT, Asker, live_framework, scores
from tests.support.system import Council, StartedSystem

pytestmark = pytest.mark.e2e

YES_NO = [{"code": "yes", "label": "Yes", "score": 1}, {"code": "no", "label": "No", "score": 0}]
ITEMS = [
    {"code": "helped", "kind": "SINGLE_CHOICE", "text": "Helped?", "choices": YES_NO, "other": True},
    {
        "code": "grid",
        "kind": "MATRIX",
        "text": "How well?",
        "rows": [{"code": "kind", "label": "Kindly"}, {"code": "fast", "label": "Fast"}],
        "minimum": 1,
        "maximum": 5,
        "preferNotToSay": True,
        "relevance": "${helped} = 'yes'",
        "requiredIf": "${ease} > 3",
    },
    {
        "code": "ease",
        "kind": "SLIDER",
        "text": "Easy?",
        "minimum": 0,
        "maximum": 10,
        "step": 0.5,
        "labels": [{"code": "0", "label": "Hard"}],
        "constraint": ". < 9",
        "constraintMessage": "That is very easy.",
    },
    {
        "code": "rank",
        "kind": "RANKING",
        "text": "Which first?",
        "choices": [
            {"code": "bus", "label": "Bus", "filters": [{"column": "town", "value": "leeds"}]},
            {"code": "tram", "label": "Tram"},
        ],
        "choiceFilter": "town = 'leeds' or name = 'tram'",
    },
    {
        "code": "likes",
        "kind": "MULTIPLE_CHOICE",
        "text": "Likes?",
        "choices": [{"code": "tea", "label": "Tea"}, {"code": "none", "label": "None", "exclusive": True}],
    },
    {"code": "born", "kind": "DATE", "text": "Born?", "earliest": "1900-01-01", "latest": "today"},
    {"code": "home", "kind": "PLACE", "text": "Where?"},
    {"code": "agree", "kind": "CONSENT", "text": "Agreed?"},
    {"code": "hello", "kind": "NOTE", "text": "Hello.", "hint": "Read on."},
    {"code": "sum", "kind": "CALCULATION", "text": "Sum", "calculation": "${ease} * 2", "minimum": 0, "maximum": 20},
]
KIDS = {
    "code": "kids",
    "title": "Children",
    "repeat": {"minimum": 0, "maximum": 3, "count": None},
    "relevance": "${helped} != 'no'",
    "items": [{"code": "years", "kind": "NUMBER", "text": "How old?", "step": 1}],
}
WHOLE: dict[str, Any] = {
    **DEFINITION,
    "sections": [{"code": "all", "title": "All", "items": ITEMS}, KIDS],
    "language": "en",
}
WORDS = {
    "title": "Cymryd rhan",
    "sections.all.title": "Popeth",
    "sections.kids.title": "Plant",
    "consent.text": "Rydym yn defnyddio eich atebion i helpu.",
    "consent.purposes.scores": "I ddangos sgoriau",
    "attributes.age_band.label": "Oed",
    "attributes.age_band.categories.young": "Ifanc",
    "attributes.age_band.categories.old": "Hen",
    "items.helped.text": "Cawsoch help?",
    "items.helped.choices.yes": "Do",
    "items.helped.choices.no": "Naddo",
    "items.grid.text": "Pa mor dda?",
    "items.grid.rows.kind": "Yn garedig",
    "items.grid.rows.fast": "Yn gyflym",
    "items.ease.text": "Hawdd?",
    "items.ease.labels.0": "Anodd",
    "items.ease.constraint_message": "Mae hynny'n hawdd iawn.",
    "items.rank.text": "Pa un gyntaf?",
    "items.rank.choices.bus": "Bws",
    "items.rank.choices.tram": "Tram",
    "items.likes.text": "Hoffi?",
    "items.likes.choices.tea": "Te",
    "items.likes.choices.none": "Dim",
    "items.born.text": "Wedi'ch geni?",
    "items.home.text": "Ble?",
    "items.agree.text": "Cytuno?",
    "items.hello.text": "Helo.",
    "items.hello.hint": "Darllenwch ymlaen.",
    "items.sum.text": "Swm",
    "items.years.text": "Faint oed?",
}
PUBLISHED = PUBLISH.replace(
    "... on MutationError", "... on InvalidError { problems { path message } } ... on MutationError"
)
READ = """query($s: String!, $l: String) { questionnaire(slug: $s) { definition(language: $l) {
  title language direction languages translations { language texts { path text } }
  sections { code title relevance repeat { minimum maximum count } items {
    code kind text hint required minimum maximum step labels { code label } rows { code label } other preferNotToSay
    choices { code label score exclusive filters { column value } } earliest latest relevance requiredIf constraint
    constraintMessage calculation choiceFilter } } } } }"""
LOGIC = '{ questionnaire(slug: "kinds") { logic { order trees { path tree } } } }'
MINE = """{ myResponses { edges { node { answers { item number choice choices text declined
  rows { row number choice declined } entries { answers { item number } } } } } } }"""


async def opened(officer: Asker, **changes: Any) -> str:
    """A questionnaire that takes answers; its id."""
    given = {"slug": "kinds", "definition": {**WHOLE, **changes}}
    made = (await officer.get(CREATE, i=given))["createQuestionnaire"]
    assert made["__typename"] == "QuestionnairePayload", made
    found: str = made["questionnaire"]["id"]
    published = (await officer.get(PUBLISHED, i={"id": found}))["publishQuestionnaire"]
    assert published["__typename"] == "QuestionnairePayload", published
    return found


def translation(language: str, words: dict[str, str]) -> dict[str, Any]:
    return {"language": language, "texts": [{"path": path, "text": text} for path, text in words.items()]}


def answered(questionnaire: str, council: Council, answers: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "questionnaireId": questionnaire,
        "idempotencyKey": new_id().hex,
        "answers": answers,
        "consent": {"version": "1", "purposes": ["scores"]},
        **more,
    }


async def test_what_an_officer_writes_is_what_people_read(system: StartedSystem, council: Council) -> None:
    officer = Asker(system, council, Role.OFFICER)
    await opened(officer)
    read = (await Asker(system, council).get(READ, s="kinds"))["questionnaire"]["definition"]
    assert (read["language"], read["direction"], read["languages"]) == ("en", "LTR", ["en"])
    program = (await officer.get(LOGIC))["questionnaire"]["logic"]
    trees = {one["path"]: one["tree"] for one in program["trees"]}
    assert trees["items.grid.relevance"] == ["=", ["answer", "helped"], ["text", "yes"]]
    assert trees["items.sum.calculation"] == ["*", ["answer", "ease"], ["number", 2]]
    assert list(trees) == [
        "items.grid.relevance",
        "items.grid.required_if",
        "items.ease.constraint",
        "items.rank.choice_filter",
        "items.sum.calculation",
        "sections.kids.relevance",
    ]
    place = {name: at for at, name in enumerate(program["order"])}
    assert len(place) == len(ITEMS) + 3
    assert place["items.helped"] < place["items.grid"]
    assert place["items.helped"] < place["sections.kids"] < place["items.years"]
    assert place["items.ease"] < place["items.sum"]
    for given, shown in zip(WHOLE["sections"], read["sections"], strict=True):
        assert {key: shown[key] for key in given if key != "items"} == {k: v for k, v in given.items() if k != "items"}
        for wanted, found in zip(given["items"], shown["items"], strict=True):
            for field, value in wanted.items():
                if field == "choices":
                    assert [{k: f[k] for k in w} for w, f in zip(value, found[field], strict=True)] == value
                else:
                    assert found[field] == value, field


async def test_answers_of_every_kind_are_taken_and_what_is_hidden_is_dropped(
    system: StartedSystem, council: Council
) -> None:
    questionnaire = await opened(Asker(system, council, Role.OFFICER))
    anna = Asker(system, council, Role.RESIDENT)
    answers: list[dict[str, Any]] = [
        {"item": "helped", "choice": "other"},
        {"item": "helped_other", "text": "A little."},
        {"item": "grid", "rows": [{"row": "kind", "number": 4}]},
        {"item": "ease", "number": 2.5},
        {"item": "rank", "choices": ["tram", "bus"]},
        {"item": "born", "text": "1980-02-29"},
        {"item": "home", "text": "pe11hf"},
        {"item": "agree", "choice": "no"},
        {"item": "sum", "number": 99},
        {"item": "kids", "entries": [{"answers": [{"item": "years", "number": 3}]}, {"answers": []}]},
    ]
    said = (await anna.get(SUBMIT, i=answered(questionnaire, council, answers)))["submitResponse"]
    assert said["__typename"] == "ResponsePayload", said
    (edge,) = (await anna.get(MINE))["myResponses"]["edges"]
    shown = {a.pop("item"): {k: v for k, v in a.items() if v not in (None, False)} for a in edge["node"]["answers"]}
    assert shown == {
        "helped": {"choice": "other", "text": "other"},
        "helped_other": {"choice": "A little.", "text": "A little."},
        "ease": {"number": 2.5},
        "rank": {"choices": ["tram", "bus"]},
        "born": {"choice": "1980-02-29", "text": "1980-02-29"},
        "home": {"choice": "PE1 1HF", "text": "PE1 1HF"},
        "agree": {"choice": "no", "text": "no"},
        "sum": {"number": 5},
        "kids": {"entries": [{"answers": [{"item": "years", "number": 3}]}, {"answers": []}]},
    }


async def test_rows_sliders_and_calculations_are_scored_and_what_is_hidden_is_not(
    system: StartedSystem, council: Council
) -> None:
    officer = Asker(system, council, Role.OFFICER)
    questionnaire = await opened(officer)
    measures = {"care": ["grid.kind", "grid.fast"], "ease": ["ease", "sum"]}
    domains = [
        {
            "code": code,
            "title": code,
            "indicators": [{"code": code, "title": code, "items": [{"code": item} for item in items]}],
        }
        for code, items in measures.items()
    ]
    await live_framework(officer, {"title": "Help", "questionnaireId": questionnaire, "domains": domains})
    rows = [{"row": "kind", "number": 4}, {"row": "fast", "number": 2}]
    for helped, found in (("yes", {"care": 50.0, "ease": 75.0, "index": 62.5}), ("no", {"ease": 75.0, "index": 75.0})):
        who = Asker(system, council, Role.RESIDENT)
        answers: list[dict[str, Any]] = [
            {"item": "helped", "choice": helped},
            {"item": "grid", "rows": rows},
            {"item": "ease", "number": 7.5},
        ]
        said = (await who.get(SUBMIT, i=answered(questionnaire, council, answers)))["submitResponse"]
        assert said["__typename"] == "ResponsePayload", said
        (mine,) = await scores(who)
        assert {s["measure"]: s["score"] for s in mine["scores"]} == found


async def test_what_is_wrong_is_said_by_its_place_and_in_the_persons_language(
    system: StartedSystem, council: Council
) -> None:
    officer = Asker(system, council, Role.OFFICER)
    questionnaire = await opened(officer, translations=[translation("cy", WORDS)])
    welsh = (await officer.get(READ, s="kinds", l="cy-GB"))["questionnaire"]["definition"]
    assert (welsh["title"], welsh["language"], welsh["direction"]) == ("Cymryd rhan", "cy", "LTR")
    assert welsh["languages"] == ["en", "cy"]
    assert [s["title"] for s in welsh["sections"]] == ["Popeth", "Plant"]
    assert welsh["sections"][0]["items"][1]["rows"][0] == {"code": "kind", "label": "Yn garedig"}
    wrong: list[dict[str, Any]] = [
        {"item": "helped", "choice": "yes"},
        {"item": "ease", "number": 9},
        {"item": "grid", "rows": [{"row": "kind", "number": 9}, {"row": "fast", "declined": True}]},
        {"item": "likes", "choices": ["none", "tea"]},
        {"item": "kids", "entries": [{"answers": [{"item": "years", "number": 2.5}]}]},
    ]
    sent = answered(questionnaire, council, wrong, language="cy")
    said = (await Asker(system, council).get(SUBMIT, i=sent))["submitResponse"]
    assert said["__typename"] == "InvalidError"
    assert said["message"] == "mae angen edrych eto ar rai atebion"
    assert {tuple(p["path"]): p["message"] for p in said["problems"]} == {
        ("answers", "grid", "kind"): "Dewiswch rif cyfan o 1 i 5.",
        ("answers", "ease"): "Mae hynny'n hawdd iawn.",
        (
            "answers",
            "likes",
        ): "Nid yw un o'r atebion hyn yn mynd gydag un arall. Dewiswch hwnnw yn unig, neu gadewch ef allan.",
        ("answers", "kids", "0", "years"): "Rhowch rif mewn camau o 1, gan gyfrif o 0.",
    }


async def test_a_language_with_gaps_stays_a_draft_until_it_has_none(system: StartedSystem, council: Council) -> None:
    officer = Asker(system, council, Role.OFFICER)
    gap = {path: text for path, text in WORDS.items() if path != "items.home.text"}
    given = {"slug": "kinds", "definition": {**WHOLE, "translations": [translation("ur", gap)]}}
    made = (await officer.get(CREATE, i=given))["createQuestionnaire"]["questionnaire"]
    said = (await officer.get(PUBLISHED, i={"id": made["id"]}))["publishQuestionnaire"]
    assert said["problems"] == [
        {
            "path": ["translations", "ur", "items.home.text"],
            "message": "These words are missing in this language; add them.",
        }
    ]
    draft = (await officer.get(READ, s="kinds", l="ur"))["questionnaire"]["definition"]
    assert (draft["language"], draft["direction"]) == ("ur", "RTL")
    assert draft["sections"][0]["items"][6]["text"] == "Where?"
    assert (await Asker(system, council).get(READ, s="kinds"))["questionnaire"] is None
