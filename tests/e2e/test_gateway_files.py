"""Questionnaires in files through GraphQL and the command line; and the service answers others meanwhile."""

import asyncio
from base64 import b64decode, b64encode
from time import monotonic
from typing import Any

import pytest

from schemas.roles import Role
from tests.support.asking import Asker
from tests.support.system import Council, StartedSystem
from tests.support.xlsforms import xlsx

HEAD = ["type", "name", "label"]
IMPORT = """mutation($i: ImportQuestionnaireInput!) { importQuestionnaire(input: $i) { __typename
  ... on InvalidError { message problems { path message } }
  ... on ImportQuestionnairePayload { questionnaire { id slug status definition { title sections { items { code } } } }
    notes { sheet row column outcome why advice } quotas { name } } } }"""
FILE = "query($q: ID!) { questionnaireFile(id: $q) { name mediaType base64 } }"


def _sent(rows: list[Any], **more: Any) -> dict[str, Any]:
    data = xlsx({"survey": [HEAD, *rows]})
    return {"slug": "a-form", "kind": "XLSX", "base64": b64encode(data).decode(), **more}


async def test_an_officer_brings_a_form_in_and_out(system: StartedSystem, council: Council) -> None:
    officer = Asker(system, council, Role.OFFICER)
    rows = [["text", "q", "Q"], ["audio", "song", "Sing!"]]
    made = (await officer.get(IMPORT, i=_sent(rows, title="Mine")))["importQuestionnaire"]
    assert made["questionnaire"]["definition"] == {"title": "Mine", "sections": [{"items": [{"code": "q"}]}]}
    assert [(n["sheet"], n["row"], n["outcome"]) for n in made["notes"]] == [
        ("consent", None, "TO_DO"),
        ("survey", 3, "LEFT_OUT"),
    ]
    file = (await officer.get(FILE, q=made["questionnaire"]["id"]))["questionnaireFile"]
    assert file["name"] == "a-form-1.xlsx"
    again = {"slug": "again", "kind": "XLSX", "base64": file["base64"]}
    second = (await officer.get(IMPORT, i=again))["importQuestionnaire"]
    assert second["questionnaire"]["definition"] == made["questionnaire"]["definition"]
    assert b64decode(file["base64"])[:2] == b"PK"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (_sent([["texxt", "q", "Q"]]), ["survey", "2", "type"]),
        ({"slug": "a-form", "kind": "XLSX", "base64": "no base64!"}, ["base64"]),
        ({"slug": "a-form", "kind": "XLSX", "base64": b64encode(b"no workbook").decode()}, ["content"]),
    ],
)
async def test_what_does_not_do_is_named_and_nothing_is_kept(
    system: StartedSystem, council: Council, given: dict[str, Any], path: list[str]
) -> None:
    officer = Asker(system, council, Role.OFFICER)
    said = (await officer.get(IMPORT, i=given))["importQuestionnaire"]
    assert said["__typename"] == "InvalidError"
    assert [p["path"] for p in said["problems"]] == [path]
    assert (await officer.get('{ questionnaire(slug: "a-form") { id } }'))["questionnaire"] is None


async def test_only_officers_bring_forms_in_or_out(system: StartedSystem, council: Council) -> None:
    anna = Asker(system, council, Role.RESIDENT)
    said = (await anna.get(IMPORT, i=_sent([["text", "q", "Q"]])))["importQuestionnaire"]
    assert said["__typename"] == "ForbiddenError"
    (error,) = (await anna.ask(FILE, q=b64encode(b"Questionnaire:x").decode()))["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_an_officer_may_send_more_than_others(system: StartedSystem, council: Council) -> None:
    large = _sent([["note", f"n{n}", "x" * 200] for n in range(200)])
    large["base64"] = b64encode(b64decode(large["base64"]) + b"\0" * 1_500_000).decode()
    officer, anna = Asker(system, council, Role.OFFICER), Asker(system, council, Role.RESIDENT)
    assert (await officer.get(IMPORT, i=large))["importQuestionnaire"]["__typename"] != "ForbiddenError"
    (error,) = (await anna.ask(IMPORT, i=large))["errors"]
    assert error["extensions"]["code"] == "TOO_LARGE"


async def test_others_are_answered_while_a_large_form_is_read(system: StartedSystem, council: Council) -> None:
    officer = Asker(system, council, Role.OFFICER)
    form = _sent([["text", f"q{n}", f"Question {n}"] for n in range(2_000)])
    reading = asyncio.create_task(officer.get(IMPORT, i=form))
    waited = []
    while not reading.done():
        began = monotonic()
        await officer.get("{ questionnaires(first: 1) { edges { cursor } } }")
        waited.append(monotonic() - began)
    made = (await reading)["importQuestionnaire"]
    assert len(made["questionnaire"]["definition"]["sections"][0]["items"]) == 2_000
    assert len(waited) > 3
    assert sorted(waited)[len(waited) // 2] < 1
