"""The surveys service's use cases on a real database."""

from typing import Any

import psycopg
import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById, ByIds, PageRequest
from schemas.rpc.surveys import (
    BySlug,
    Consent,
    CorrectResponse,
    CreateQuestionnaire,
    ImportResponses,
    ListQuestionnaires,
    Questionnaire,
    Reject,
    ReviseQuestionnaire,
)
from services.chassis.tenancy import acting
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import CONSENT, definition, rows, submission
from tests.support.rows import connected, told

pytestmark = pytest.mark.integration


def test_a_submission_is_stored_and_told_with_codes_and_numbers_only(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, resident):
        receipt = surveys.submit_response(submission(published.id))
        [mine] = surveys.my_responses(PageRequest()).items
    assert (receipt.response_version, receipt.questionnaire_version, receipt.repeated) == (1, 1, False)
    assert mine.id == receipt.response_id
    assert mine.answers == {"speak": 7, "alone": 2, "vote": "yes", "more": "No."}
    kinds = told(provisioned, "surveys", council.id)
    assert [kind for kind, _ in kinds] == ["surveys.questionnaire_published.v1", "surveys.response_submitted.v1"]
    submitted = kinds[1][1]
    assert submitted["values"] == {"speak": 7.0, "alone": 2.0, "vote": 1.0}
    assert submitted["person"] == str(resident.person)
    assert (submitted["wave"], submitted["mode"], submitted["vouched"]) == ("", "signed_in", True)
    assert "No." not in str(submitted)
    assert kinds[0][1]["items"] == [
        {"code": "speak", "minimum": 0.0, "maximum": 10.0},
        {"code": "alone", "minimum": 1.0, "maximum": 5.0},
        {"code": "vote", "minimum": 0.0, "maximum": 1.0},
    ]


def test_what_nobody_is_tied_to_is_not_vouched_and_what_comes_in_a_file_is(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, resident):
        surveys.submit_response(submission(published.id, "key-one-1", anonymous=True))
        surveys.submit_response(submission(published.id, "key-two-2"))
        surveys.import_responses(ImportResponses(new_id(), published.id, CONSENT, rows({"speak": 7}), 1))
    ways = [(d["mode"], d["vouched"]) for kind, d in told(provisioned, "surveys", council.id) if "submitted" in kind]
    assert ways == [("open", False), ("signed_in", True), ("import", True)]


def test_the_same_key_again_gives_the_same_receipt_and_stores_nothing(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, resident):
        first = surveys.submit_response(submission(published.id))
        again = surveys.submit_response(submission(published.id))
    assert again.repeated is True
    assert again.response_id == first.response_id
    assert len(told(provisioned, "surveys", council.id)) == 2


def test_a_key_used_for_something_else_or_by_someone_else_is_refused(
    surveys: Any, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, resident):
        surveys.submit_response(submission(published.id))
        with pytest.raises(Conflict, match="idempotency key"):
            surveys.submit_response(submission(published.id, answers={"speak": 1}))
    with acting(council.id, Actor(new_id(), resident.roles)), pytest.raises(Conflict, match="idempotency key"):
        surveys.submit_response(submission(published.id))


def test_every_fault_is_named_at_once_and_nothing_is_stored(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    wrong = submission(
        published.id,
        answers={"alone": 9, "vote": "maybe", "more": "x" * 51, "age": 3},
        area="E05009999",
        groups={"age_band": "0-15", "shoe": "9"},
        consent=Consent("0", ("selling",)),
    )
    with acting(council.id, resident), pytest.raises(Invalid) as caught:
        surveys.submit_response(wrong)
    assert caught.value.problems == (
        Problem(("answers", "age"), "This questionnaire has no such question; leave it out."),
        Problem(("answers", "speak"), "Please answer this question."),
        Problem(("answers", "alone"), "Choose a whole number from 1 to 5."),
        Problem(("answers", "vote"), "Choose one of the answers offered."),
        Problem(("answers", "more"), "Write at most 50 letters."),
        Problem(("groups", "age_band"), "Choose one of: 16-39, 40-64, 65+."),
        Problem(("groups", "shoe"), "This questionnaire does not ask for this; leave it out."),
        Problem(("area",), "Choose one of the council's areas (ward), by its code."),
        Problem(("consent", "version"), "The words to agree to have changed; show the present ones and ask again."),
        Problem(("consent", "purposes", "selling"), "This is not one of the purposes; leave it out."),
        Problem(("consent", "purposes", "service_improvement"), "We can take answers only if you agree to this."),
    )
    assert len(told(provisioned, "surveys", council.id)) == 1


def test_correcting_and_withdrawing(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, resident):
        receipt = surveys.submit_response(submission(published.id))
        corrected = surveys.correct_response(CorrectResponse(receipt.response_id, {"speak": 3}))
        withdrawn = surveys.withdraw_response(ById(receipt.response_id))
        [mine] = surveys.my_responses(PageRequest()).items
        with pytest.raises(NotFound):
            surveys.withdraw_response(ById(receipt.response_id))
    assert (corrected.response_version, withdrawn.response_version) == (2, 3)
    assert (mine.status, mine.answers, mine.groups, mine.area) == ("withdrawn", {}, {}, None)
    _, _, second, third = told(provisioned, "surveys", council.id)
    assert second[0] == "surveys.response_submitted.v1"
    assert (second[1]["response_version"], second[1]["values"]) == (2, {"speak": 3.0})
    assert third[0] == "surveys.response_withdrawn.v1"
    assert third[1]["response_version"] == 3


def test_nobody_touches_another_persons_response(
    surveys: Any, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, resident):
        receipt = surveys.submit_response(submission(published.id))
    with acting(council.id, Actor(new_id(), resident.roles)):
        with pytest.raises(NotFound, match="no such response of yours"):
            surveys.withdraw_response(ById(receipt.response_id))
        assert surveys.my_responses(PageRequest()).items == ()
    with acting(council.id, Actor(None, resident.roles)), pytest.raises(Forbidden, match="sign in first"):
        surveys.my_responses(PageRequest())


def test_a_published_version_never_changes_and_a_new_one_closes_it(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    with acting(council.id, officer):
        with pytest.raises(Conflict, match="version 1 is published"):
            surveys.publish_questionnaire(ById(published.id))
        second = surveys.revise_questionnaire(ReviseQuestionnaire(published.id, definition()))
        assert (second.version, second.status) == (2, "draft")
        assert surveys.publish_questionnaire(ById(published.id)).version == 2
        with pytest.raises(Conflict, match="answer version 2"):
            surveys.submit_response(submission(published.id, version=1))
        assert surveys.close_questionnaire(ById(published.id)).status == "closed"
        with pytest.raises(Conflict, match="is closed"):
            surveys.submit_response(submission(published.id))
        with pytest.raises(Conflict, match="nothing to close"):
            surveys.close_questionnaire(ById(published.id))
    with (
        connected(provisioned, "surveys", council.id) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="a published version never changes"),
    ):
        connection.execute("UPDATE versions SET definition = '{}' WHERE version = 1")


def test_residents_do_not_see_drafts(
    surveys: Any, council: TestCouncil, officer: Actor, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, officer):
        draft = surveys.create_questionnaire(CreateQuestionnaire("draft", definition()))
        surveys.revise_questionnaire(ReviseQuestionnaire(published.id, definition()))
        assert [(q.slug, q.version) for q in surveys.list_questionnaires(ListQuestionnaires()).items] == [
            ("draft", 1),
            ("taking-part", 2),
        ]
    with acting(council.id, resident):
        assert [(q.slug, q.version) for q in surveys.list_questionnaires(ListQuestionnaires()).items] == [
            ("taking-part", 1)
        ]
        assert surveys.questionnaires(ByIds((draft.id,))).items == ()
        with pytest.raises(NotFound):
            surveys.questionnaire_by_slug(BySlug("draft"))
        with pytest.raises(NotFound):
            surveys.submit_response(submission(draft.id))


def test_questionnaires_are_paged_newest_first(surveys: Any, council: TestCouncil, officer: Actor) -> None:
    with acting(council.id, officer):
        ids = [surveys.create_questionnaire(CreateQuestionnaire(f"q{i}", definition())).id for i in range(5)]
        first = surveys.list_questionnaires(ListQuestionnaires(first=2))
        rest = surveys.list_questionnaires(ListQuestionnaires(first=3, after=first.items[-1].id))
    assert [q.id for q in (*first.items, *rest.items)] == ids[::-1]
    assert (first.has_next, rest.has_next) == (True, False)


def test_an_import_takes_the_good_rows_names_the_bad_and_goes_on_where_it_stopped(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    run = new_id()
    first = ImportResponses(run, published.id, CONSENT, rows({"speak": 1}, {"speak": 11}, {"speak": 3}), last_row=3)
    with acting(council.id, officer):
        outcome = surveys.import_responses(first)
        assert (outcome.accepted, outcome.repeated) == (2, 0)
        assert outcome.rejects == (Reject(2, "speak", "Choose a whole number from 0 to 10."),)
        again = surveys.import_responses(
            ImportResponses(run, published.id, CONSENT, rows({"speak": 1}, {"speak": 5}, start=3), last_row=4)
        )
        assert (again.accepted, again.repeated, again.rejects) == (1, 1, ())
        progress = surveys.import_progress(ById(run))
    assert (progress.last_row, progress.accepted, progress.rejected) == (4, 3, 1)


def test_an_import_without_the_needed_consent_takes_nothing(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    with acting(council.id, officer), pytest.raises(Invalid, match="consent of the file"):
        surveys.import_responses(ImportResponses(new_id(), published.id, Consent("1", ()), rows({"speak": 1}), 1))
    assert len(told(provisioned, "surveys", council.id)) == 1


def test_another_council_sees_nothing(
    surveys: Any,
    council: TestCouncil,
    other_council: TestCouncil,
    officer: Actor,
    resident: Actor,
    published: Questionnaire,
) -> None:
    with acting(council.id, resident):
        receipt = surveys.submit_response(submission(published.id))
    nowhere = new_id()
    with acting(other_council.id, officer):
        for there, never in ((ById(published.id), ById(nowhere)),):
            for call in (surveys.publish_questionnaire, surveys.close_questionnaire):
                with pytest.raises(NotFound) as of_other:
                    call(there)
                with pytest.raises(NotFound) as of_none:
                    call(never)
                assert str(of_other.value) == str(of_none.value)
        with pytest.raises(NotFound):
            surveys.revise_questionnaire(ReviseQuestionnaire(published.id, definition()))
        with pytest.raises(NotFound):
            surveys.submit_response(submission(published.id))
        assert surveys.questionnaires(ByIds((published.id,))).items == ()
        assert surveys.list_questionnaires(ListQuestionnaires()).items == ()
    with acting(other_council.id, resident):
        with pytest.raises(NotFound):
            surveys.withdraw_response(ById(receipt.response_id))
        with pytest.raises(NotFound):
            surveys.correct_response(CorrectResponse(receipt.response_id, {"speak": 1}))
        assert surveys.my_responses(PageRequest()).items == ()


@pytest.mark.parametrize(
    "table",
    ["questionnaires", "versions", "responses", "imports", "waves", "links", "saved", "consents", "outbox", "inbox"],
)
def test_without_a_tenant_every_read_is_an_error(provisioned: Provisioned, table: str) -> None:
    with (
        connected(provisioned, "surveys") as connection,
        pytest.raises((psycopg.errors.UndefinedObject, psycopg.errors.InsufficientPrivilege)),
    ):
        connection.execute(f"SELECT * FROM {table}")
