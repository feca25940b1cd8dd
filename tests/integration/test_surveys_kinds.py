"""Questionnaires with every kind of question, with logic and in two languages, on a real database."""

from typing import Any

import pytest
from msgspec.structs import replace

from deploy.provision.run import Provisioned
from schemas.errors import Invalid, Problem
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById, PageRequest
from schemas.rpc.surveys import (
    Choice,
    CorrectResponse,
    CreateQuestionnaire,
    Definition,
    ImportResponses,
    ImportRow,
    Item,
    Questionnaire,
    Reject,
    Repeat,
    ReviseQuestionnaire,
    Row,
    Section,
    wording,
)
from services.chassis.tenancy import acting
from tests.integration.conftest import WARDS, TestCouncil
from tests.support.questionnaires import CONSENT, definition, submission
from tests.support.rows import connected, told

pytestmark = pytest.mark.integration

YES_NO = (Choice("yes", "Yes", 1), Choice("no", "No", 0))
ITEMS = (
    Item("helped", "single_choice", "Were you helped?", choices=YES_NO, prefer_not_to_say=True, other=True),
    Item(
        "how_well",
        "matrix",
        "How well?",
        rows=(Row("kind", "Kindly"), Row("fast", "Fast")),
        minimum=1,
        maximum=5,
        required=True,
        relevance="${helped} = 'yes'",
    ),
    Item("ease", "slider", "How easy was it?", minimum=0, maximum=10, step=0.5),
    Item("born", "date", "When were you born?", latest="today"),
    Item("home", "place", "Where do you live?", constraint=". != 'PE1 1ZZ'", constraint_message="Not there."),
    Item("total", "calculation", "Total", calculation="${how_well.kind} + ${ease}", minimum=1, maximum=15),
)
KIDS = Section(
    "kids", "Children", (Item("years", "number", "How old?", minimum=0, maximum=17),), repeat=Repeat(maximum=3)
)
WHOLE = replace(definition(), sections=(Section("all", "All", ITEMS), KIDS))
ANSWERS: dict[str, Any] = {
    "helped": "yes",
    "how_well": {"kind": 4, "fast": 2},
    "ease": 7.5,
    "born": "1980-02-29",
    "home": "pe11hf",
    "kids": [{"years": 3}, {}],
}
KEPT = {**ANSWERS, "home": "PE1 1HF", "total": 11.5}
VALUES = {"helped": 1.0, "how_well.kind": 4.0, "how_well.fast": 2.0, "ease": 7.5, "total": 11.5}


def opened(surveys: Any, council: TestCouncil, officer: Actor, whole: Definition = WHOLE) -> Questionnaire:
    with acting(council.id, officer):
        draft = surveys.create_questionnaire(CreateQuestionnaire("kinds", whole))
        published: Questionnaire = surveys.publish_questionnaire(ById(draft.id))
    return published


def faults(caught: pytest.ExceptionInfo[Invalid]) -> dict[tuple[str, ...], str]:
    return {problem.path: problem.message for problem in caught.value.problems}


def test_every_kind_is_stored_as_it_counts_and_told_as_numbers_only(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, resident: Actor
) -> None:
    asked = opened(surveys, council, officer)
    assert asked.definition == WHOLE
    assert asked.logic is not None
    assert set(asked.logic.trees) == {
        "items.how_well.relevance",
        "items.home.constraint",
        "items.total.calculation",
    }
    with acting(council.id, resident):
        surveys.submit_response(submission(asked.id, answers={**ANSWERS, "total": 99}))
        [mine] = surveys.my_responses(PageRequest()).items
    assert mine.answers == KEPT
    published, submitted = told(provisioned, "surveys", council.id)
    assert published[1]["items"] == [
        {"code": "helped", "minimum": 0.0, "maximum": 1.0},
        {"code": "how_well.kind", "minimum": 1.0, "maximum": 5.0},
        {"code": "how_well.fast", "minimum": 1.0, "maximum": 5.0},
        {"code": "ease", "minimum": 0.0, "maximum": 10.0},
        {"code": "total", "minimum": 1.0, "maximum": 15.0},
    ]
    assert submitted[1]["values"] == VALUES
    assert not [secret for secret in ("PE1", "pe1", "1980", "kids", "years") if secret in str(submitted[1])]


def test_what_is_hidden_is_dropped_at_submission_correction_and_import(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, resident: Actor
) -> None:
    asked = opened(surveys, council, officer)
    hidden = {**ANSWERS, "helped": "no"}
    kept = {code: answer for code, answer in KEPT.items() if code not in ("how_well", "total")} | {"helped": "no"}
    with acting(council.id, resident):
        first = surveys.submit_response(submission(asked.id, answers=hidden))
        surveys.correct_response(CorrectResponse(first.response_id, ANSWERS))
        surveys.correct_response(CorrectResponse(first.response_id, hidden))
        [mine] = surveys.my_responses(PageRequest()).items
        with pytest.raises(Invalid) as caught:
            surveys.correct_response(CorrectResponse(first.response_id, {"helped": "yes", "how_well": {"kind": 1}}))
    assert mine.answers == kept
    assert faults(caught) == {("answers", "how_well", "fast"): "Please answer this question."}
    rows = (
        ImportRow(1, hidden),
        ImportRow(2, {**ANSWERS, "home": "PE1 1ZZ"}),
        ImportRow(3, ANSWERS),
        ImportRow(4, {**ANSWERS, "how_well": {"kind": 4, "fast": 9}}),
    )
    with acting(council.id, officer):
        outcome = surveys.import_responses(ImportResponses(new_id(), asked.id, CONSENT, rows, 4))
    assert outcome.rejects == (
        Reject(2, "home", "Not there."),
        Reject(4, "how_well.fast", "Choose a whole number from 1 to 5."),
    )
    few = {"helped": 0.0, "ease": 7.5}
    events = [data for kind, data in told(provisioned, "surveys", council.id) if kind.startswith("surveys.response")]
    assert [data["values"] for data in events] == [few, VALUES, few, few, VALUES]
    with connected(provisioned, "surveys", council.id) as connection:
        stored = connection.execute("SELECT answers FROM responses WHERE mode = 'import' ORDER BY id").fetchall()
    assert [answers for (answers,) in stored] == [kept, KEPT]


def test_who_declines_is_taken_and_counts_nowhere(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, resident: Actor
) -> None:
    asked = opened(surveys, council, officer)
    declined: dict[str, Any] = {"helped": "prefer_not_to_say"}
    groups = {"age_band": "prefer_not_to_say", "gender": "male"}
    with acting(council.id, resident):
        receipt = surveys.submit_response(submission(asked.id, answers=declined, groups=groups))
        surveys.correct_response(CorrectResponse(receipt.response_id, declined, groups=groups))
        [mine] = surveys.my_responses(PageRequest()).items
    assert (mine.answers, mine.groups) == (declined, {"gender": "male"})
    for _, data in told(provisioned, "surveys", council.id)[1:]:
        assert (data["values"], data["groups"]) == ({}, {"gender": "male"})


def test_an_area_is_a_place_too(surveys: Any, council: TestCouncil, officer: Actor, resident: Actor) -> None:
    asked = opened(surveys, council, officer)
    with acting(council.id, resident):
        surveys.submit_response(submission(asked.id, answers={"home": WARDS[1]}))
        with pytest.raises(Invalid) as caught:
            surveys.submit_response(submission(asked.id, "key-00000002", answers={"home": "E05999999"}))
    assert faults(caught) == {
        ("answers", "home"): "Give a whole postcode, such as PE1 1HF, or choose one of the areas."
    }


def test_faults_are_told_in_the_persons_language(
    surveys: Any, council: TestCouncil, officer: Actor, resident: Actor
) -> None:
    asked = opened(surveys, council, officer)
    wrong = submission(asked.id, answers={"ease": 11}, language="pl")
    with acting(council.id, resident), pytest.raises(Invalid, match="niektóre odpowiedzi") as caught:
        surveys.submit_response(wrong)
    assert faults(caught) == {("answers", "ease"): "Prosimy podać liczbę od 0 do 10."}


def test_a_language_with_gaps_is_not_published_and_every_gap_is_named(
    surveys: Any, council: TestCouncil, officer: Actor
) -> None:
    words = wording.words(WHOLE)
    some = {place: f"cy {text}" for place, text in words.items() if place not in ("title", "items.how_well.rows.fast")}
    with acting(council.id, officer):
        draft = surveys.create_questionnaire(CreateQuestionnaire("kinds", replace(WHOLE, translations={"cy": some})))
        assert draft.logic is not None
        with pytest.raises(Invalid, match="words are missing") as caught:
            surveys.publish_questionnaire(ById(draft.id))
        message = "These words are missing in this language; add them."
        assert faults(caught) == {
            ("translations", "cy", "title"): message,
            ("translations", "cy", "items.how_well.rows.fast"): message,
        }
        all_of_them = replace(WHOLE, translations={"cy": {place: f"cy {text}" for place, text in words.items()}})
        surveys.revise_questionnaire(ReviseQuestionnaire(draft.id, all_of_them))
        assert surveys.publish_questionnaire(ById(draft.id)).status == "published"


def test_a_definition_that_breaks_a_rule_is_stored_nowhere(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor
) -> None:
    wrong = replace(
        WHOLE,
        sections=(
            Section(
                "all",
                "All",
                (
                    Item("a", "number", "A", relevance="${b} > 1"),
                    Item("b", "number", "B", relevance="${a} > 1", minimum=1),
                ),
            ),
        ),
        translations={"en": {}, "cy": {"items.a.hint": "x"}},
    )
    with acting(council.id, officer), pytest.raises(Invalid, match="needs another look") as caught:
        surveys.create_questionnaire(CreateQuestionnaire("kinds", wrong))
    circle, own, stray = caught.value.problems
    assert circle.path[0] == "items"
    assert circle.message.startswith("These wait for each other's answers: ")
    assert own == Problem(("translations", "en"), "This is the questionnaire's own language; leave it out.")
    assert stray == Problem(
        ("translations", "cy", "items.a.hint"), "The questionnaire has no such words; leave them out."
    )
    with connected(provisioned, "surveys", council.id) as connection:
        assert connection.execute("SELECT count(*) FROM questionnaires").fetchone() == (0,)


def test_a_draft_that_changes_changes_its_logic(surveys: Any, council: TestCouncil, officer: Actor) -> None:
    def whole(relevance: str | None) -> Definition:
        items = (Item("a", "number", "A"), Item("b", "number", "B", relevance=relevance))
        return replace(WHOLE, sections=(Section("all", "All", items),))

    with acting(council.id, officer):
        draft = surveys.create_questionnaire(CreateQuestionnaire("kinds", whole("${a} > 1")))
        assert draft.logic.trees == {"items.b.relevance": (">", ("answer", "a"), ("number", 1.0))}
        draft = surveys.revise_questionnaire(ReviseQuestionnaire(draft.id, whole("${a} > 2")))
        assert draft.logic.trees == {"items.b.relevance": (">", ("answer", "a"), ("number", 2.0))}
        assert surveys.revise_questionnaire(ReviseQuestionnaire(draft.id, whole(None))).logic is None
