"""Questionnaires out of files and into files, on a real database: what is stored, and nothing by half."""

from typing import Any

import msgspec
import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Invalid, NotFound, Problem
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.surveys import (
    Attribute,
    BySlug,
    ConsentText,
    ExportQuestionnaire,
    ImportQuestionnaire,
    ListQuestionnaires,
    Questionnaire,
)
from services.chassis.apart import TooMuch, apart
from services.chassis.tenancy import acting
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import definition
from tests.support.rows import told
from tests.support.xlsforms import xlsx

pytestmark = pytest.mark.integration
HEAD = ["type", "name", "label"]
FORM = xlsx(
    {
        "survey": [
            HEAD,
            ["select_one yn", "vote", "Did you vote?"],
            ["geopoint", "where", "Where do you live?"],
            ["integer", "times", "How often?"],
        ],
        "choices": [["list_name", "name", "label", "score"], ["yn", "yes", "Yes", 1], ["yn", "no", "No", 0]],
        "settings": [["form_title"], ["Voting"]],
    }
)
CONSENT = ConsentText("1", "We use your answers.", {"scores": "Scores"}, ("scores",))


def test_a_form_becomes_a_draft_with_notes_and_waits_for_its_consent_text(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor
) -> None:
    with acting(council.id, officer):
        made = surveys.import_questionnaire(ImportQuestionnaire("voting", "xlsx", FORM))
        stored: Questionnaire = surveys.questionnaire_by_slug(BySlug("voting"))
        assert made.questionnaire == stored
        assert (stored.status, stored.version, stored.definition.title) == ("draft", 1, "Voting")
        assert [i.code for s in stored.definition.sections for i in s.items] == ["vote", "times"]
        assert [(n.sheet, n.row, n.column, n.outcome) for n in made.notes[:2]] == [
            ("consent", None, "", "to_do"),
            ("survey", 3, "type", "left_out"),
        ]
        with pytest.raises(Invalid) as caught:
            surveys.publish_questionnaire(ById(stored.id))
        told_what = "Write what people agree to before they answer, and give the text a version of its own."
        assert caught.value.problems == (Problem(("consent", "text"), told_what),)
        assert told(provisioned, "surveys", council.id) == []


def test_what_is_said_beside_the_file_goes_before_what_it_says_and_then_it_can_be_published(
    surveys: Any, council: TestCouncil, officer: Actor
) -> None:
    attributes = (Attribute("age", "Age", {"young": "Young", "old": "Old"}),)
    asked = ImportQuestionnaire("voting", "xlsx", FORM, "About voting", "cy", CONSENT, attributes, "ward")
    with acting(council.id, officer):
        made = surveys.import_questionnaire(asked)
        open_now = surveys.publish_questionnaire(ById(made.questionnaire.id))
    found = open_now.definition
    assert (found.title, found.language, found.area_level, found.consent) == ("About voting", "cy", "ward", CONSENT)
    assert found.attributes == attributes
    assert [n.sheet for n in made.notes if n.sheet == "consent"] == []


def test_a_form_that_does_not_do_says_where_and_leaves_nothing(
    surveys: Any, council: TestCouncil, officer: Actor
) -> None:
    broken = xlsx({"survey": [HEAD, ["text", "q", "Q"], ["text", "q", "Q"], ["texxt", "r", "R"]]})
    with acting(council.id, officer):
        with pytest.raises(Invalid) as caught:
            surveys.import_questionnaire(ImportQuestionnaire("broken", "xlsx", broken))
        assert [p.path for p in caught.value.problems] == [("survey", "4", "type"), ("survey", "3", "name")]
        assert surveys.list_questionnaires(ListQuestionnaires()).items == ()


def test_a_taken_short_name_is_refused_unless_the_draft_is_to_be_replaced(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    with acting(council.id, officer):
        with pytest.raises(Invalid) as caught:
            surveys.import_questionnaire(ImportQuestionnaire("taking-part", "xlsx", FORM))
        assert [p.path for p in caught.value.problems] == [("slug",)]
        made = surveys.import_questionnaire(ImportQuestionnaire("taking-part", "xlsx", FORM, revise=True))
        assert (made.questionnaire.id, made.questionnaire.version) == (published.id, 2)
        with pytest.raises(NotFound):
            surveys.import_questionnaire(ImportQuestionnaire("not-there", "xlsx", FORM, revise=True))


def test_what_is_brought_out_can_be_brought_in_again_as_it_was(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    with acting(council.id, officer):
        file = surveys.export_questionnaire(ExportQuestionnaire(published.id))
        again = surveys.import_questionnaire(ImportQuestionnaire("again", "xlsx", file.content))
        with pytest.raises(NotFound):
            surveys.export_questionnaire(ExportQuestionnaire(new_id()))
    assert file.name == "taking-part-1.xlsx"
    assert again.questionnaire.definition == definition()
    assert again.notes == ()


def test_a_file_travels_as_text_and_arrives_as_it_was() -> None:
    sent = msgspec.to_builtins(ImportQuestionnaire("a", "xlsx", b"\0\xff"))
    assert isinstance(sent["content"], str)
    assert msgspec.convert(sent, ImportQuestionnaire).content == b"\0\xff"


def _endless(_: bytes) -> bytes:
    while True:
        pass


def _hungry(_: bytes) -> bytes:
    return b"x" * (4 * 1024 * 1024 * 1024)


@pytest.mark.parametrize("work", [_endless, _hungry])
def test_work_that_asks_for_too_much_ends_itself_only(work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.apart.SECONDS", 1)
    with pytest.raises(TooMuch):
        apart(work, b"")
