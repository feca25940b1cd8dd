"""Answers saved for later, taking answers back by code, and consent by purpose with its history."""

from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Conflict, Invalid, NotFound
from schemas.ids import new_id, now
from schemas.roles import Actor, Role
from schemas.rpc.base import ById, PageRequest
from schemas.rpc.surveys import (
    ByCode,
    ChangeConsent,
    ChangeConsentByCode,
    Consent,
    CreateQuestionnaire,
    MakePersonalLinks,
    Questionnaire,
    ReviseQuestionnaire,
    SaveAnswers,
    SetWays,
)
from services.chassis.tenancy import acting
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import CONSENT, definition, submission
from tests.support.rows import connected, told

pytestmark = pytest.mark.integration
NOBODY = Actor(None, (Role.ANONYMOUS,))
NOTHING = "nothing is saved under this code"


def saved_rows(provisioned: Provisioned, council: TestCouncil) -> int:
    with connected(provisioned, "surveys", council.id) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM saved").fetchall()
    return int(count)


def submitted(provisioned: Provisioned, council: TestCouncil) -> list[dict[str, Any]]:
    return [data for kind, data in told(provisioned, "surveys", council.id) if "response_submitted" in kind]


def test_half_filled_answers_are_found_on_another_device_and_deleted_when_sent(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, published: Questionnaire
) -> None:
    with acting(council.id, NOBODY):
        # the required question and consent may still be missing
        first = surveys.save_answers(SaveAnswers(published.id, {"alone": 2}, groups={"age_band": "16-39"}))
        assert (first.save, len(first.code), first.answers) == (1, 19, {"alone": 2})
        spelled = first.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        found = surveys.continue_answers(ByCode(spelled))
        assert (found.answers, found.groups, found.code) == ({"alone": 2}, {"age_band": "16-39"}, None)
        second = surveys.save_answers(SaveAnswers(published.id, {"speak": 7, "alone": 2}, code=first.code, save=1))
        assert (second.save, second.code) == (2, None)
        with pytest.raises(Conflict, match="saved on another device"):
            surveys.save_answers(SaveAnswers(published.id, {"speak": 1}, code=first.code, save=1))
        assert surveys.continue_answers(ByCode(first.code)).answers == {"speak": 7, "alone": 2}
        surveys.submit_response(submission(published.id, continuation=first.code))
        again = surveys.submit_response(submission(published.id, continuation=first.code))
        with pytest.raises(NotFound, match=NOTHING):
            surveys.continue_answers(ByCode(first.code))
        with pytest.raises(NotFound, match=NOTHING):
            surveys.submit_response(submission(published.id, "key-00000002", continuation=first.code))
    assert again.repeated is True
    assert saved_rows(provisioned, council) == 0
    assert len(submitted(provisioned, council)) == 1
    assert first.code not in str(told(provisioned, "surveys", council.id))


def test_saved_answers_are_checked_by_kind_and_are_no_responses(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, other_council: TestCouncil, published: Questionnaire
) -> None:
    with acting(council.id, NOBODY):
        with pytest.raises(Invalid) as caught:
            surveys.save_answers(SaveAnswers(published.id, {"alone": "very", "shoe": 9}, area="E05009999"))
        assert [p.path for p in caught.value.problems] == [("answers", "shoe"), ("answers", "alone"), ("area",)]
        code = surveys.save_answers(SaveAnswers(published.id, {"speak": 3})).code
    with acting(other_council.id, NOBODY), pytest.raises(NotFound, match=NOTHING):
        surveys.continue_answers(ByCode(code))
    assert submitted(provisioned, council) == []
    with connected(provisioned, "surveys", council.id) as connection:
        assert connection.execute("SELECT count(*) FROM responses").fetchall() == [(0,)]
        assert code not in str(connection.execute("SELECT * FROM saved").fetchall())
    with acting(council.id, NOBODY):
        surveys.forget_answers(ByCode(code))
    assert saved_rows(provisioned, council) == 0


def test_saved_answers_end_with_their_time_and_with_their_version(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    with acting(council.id, NOBODY):
        old = surveys.save_answers(SaveAnswers(published.id, {"speak": 3}))
        assert timedelta(days=13) < old.expires_at - now() <= timedelta(days=14)
        code = surveys.save_answers(SaveAnswers(published.id, {"speak": 4})).code
    with connected(provisioned, "surveys", council.id) as connection:
        connection.execute("UPDATE saved SET expires_at = now() - interval '1 second' WHERE answers->>'speak' = '3'")
    with acting(council.id, NOBODY):
        with pytest.raises(NotFound, match=NOTHING):
            surveys.continue_answers(ByCode(old.code))
        surveys.continue_answers(ByCode(code))
    assert saved_rows(provisioned, council) == 1  # what is over is deleted with the next look
    with acting(council.id, officer):
        surveys.revise_questionnaire(ReviseQuestionnaire(published.id, definition()))
        surveys.publish_questionnaire(ById(published.id))
    with acting(council.id, NOBODY), pytest.raises(Conflict, match="the questions have changed since"):
        surveys.continue_answers(ByCode(code))
    with acting(council.id, officer):
        surveys.close_questionnaire(ById(published.id))
    with acting(council.id, NOBODY), pytest.raises(Conflict, match="this questionnaire is closed"):
        surveys.continue_answers(ByCode(code))


def test_saved_answers_remember_the_link_that_they_came_by(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    with acting(council.id, officer):
        surveys.set_ways(SetWays(published.id, ("personal_link",)))
        [link] = surveys.make_personal_links(MakePersonalLinks(published.id)).items
    with acting(council.id, NOBODY):
        with pytest.raises(NotFound, match="this link does not work"):
            surveys.save_answers(SaveAnswers(published.id, {"speak": 3}, link="no-such-link"))
        code = surveys.save_answers(SaveAnswers(published.id, {"speak": 3}, link=link.token)).code
        surveys.submit_response(submission(published.id, continuation=code))
        with pytest.raises(NotFound, match="this link does not work"):
            surveys.submit_response(submission(published.id, "key-00000002", link=link.token))
    [told_of] = submitted(provisioned, council)
    assert (told_of["mode"], told_of["person"]) == ("personal_link", str(link.participant))


def test_without_an_account_answers_are_taken_back_by_the_code(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, other_council: TestCouncil, published: Questionnaire
) -> None:
    with acting(council.id, NOBODY):
        receipt = surveys.submit_response(submission(published.id))
        other = surveys.submit_response(submission(published.id, "key-00000002"))
        # who missed the first receipt has a code all the same: the newest one holds
        again = surveys.submit_response(submission(published.id))
        assert again.withdrawal_code not in (None, receipt.withdrawal_code)
        with pytest.raises(NotFound):
            surveys.withdraw_by_code(ByCode(receipt.withdrawal_code))
    with acting(other_council.id, NOBODY), pytest.raises(NotFound):
        surveys.withdraw_by_code(ByCode(again.withdrawal_code))
    with acting(council.id, NOBODY):
        gone = surveys.withdraw_by_code(ByCode(again.withdrawal_code.lower()))
        with pytest.raises(NotFound, match="there are no answers under this code"):
            surveys.withdraw_by_code(ByCode(again.withdrawal_code))
    assert (gone.response_id, gone.response_version) == (receipt.response_id, 2)
    kind, data = told(provisioned, "surveys", council.id)[-1]
    assert (kind, data["response_id"]) == ("surveys.response_withdrawn.v1", str(receipt.response_id))
    with connected(provisioned, "surveys", council.id) as connection:
        kept = connection.execute(
            "SELECT answers, groups, area, consent, request_digest, receipt_digest, link_id, entered_by "
            "FROM responses WHERE id = %s",
            (receipt.response_id,),
        ).fetchall()
        [(left,)] = connection.execute("SELECT count(*) FROM responses WHERE status = 'accepted'").fetchall()
    assert kept == [({}, {}, None, {}, b"", None, None, None)]
    assert (left, other.withdrawal_code in str(told(provisioned, "surveys", council.id))) == (1, False)


@pytest.fixture
def scored_for(surveys: Any, council: TestCouncil, officer: Actor) -> Questionnaire:
    """A questionnaire whose answers are scored only for those who agree to research."""
    words = msgspec.structs.replace(definition().consent, scored_for="research")
    given = CreateQuestionnaire("scored-for", msgspec.structs.replace(definition(), consent=words))
    with acting(council.id, officer):
        found: Questionnaire = surveys.publish_questionnaire(ById(surveys.create_questionnaire(given).id))
    return found


def test_a_purpose_to_score_for_must_be_one_of_the_purposes(surveys: Any, council: TestCouncil, officer: Actor) -> None:
    words = msgspec.structs.replace(definition().consent, scored_for="selling")
    with acting(council.id, officer), pytest.raises(Invalid) as caught:
        surveys.create_questionnaire(CreateQuestionnaire("x", msgspec.structs.replace(definition(), consent=words)))
    assert [p.path for p in caught.value.problems] == [("consent", "scored_for")]


def test_purposes_are_changed_one_by_one_with_a_history_that_only_grows(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, resident: Actor, scored_for: Questionnaire
) -> None:
    with acting(council.id, resident):
        receipt = surveys.submit_response(submission(scored_for.id))
        before = surveys.change_consent(ChangeConsent(receipt.response_id))
        assert [(s.kind, s.purposes) for s in before.history] == [("given", ("service_improvement",))]
        agreed = surveys.change_consent(ChangeConsent(receipt.response_id, "1", agree=("research",)))
        same = surveys.change_consent(ChangeConsent(receipt.response_id, "1", agree=("research",)))
        assert agreed == same
        refused = surveys.change_consent(ChangeConsent(receipt.response_id, "1", refuse=("research",)))
        with pytest.raises(Invalid) as caught:
            surveys.change_consent(
                ChangeConsent(receipt.response_id, "0", agree=("selling",), refuse=("service_improvement",))
            )
        assert {p.path for p in caught.value.problems} == {
            ("version",),
            ("agree", "selling"),
            ("refuse", "service_improvement"),
        }
        surveys.withdraw_response(ById(receipt.response_id))
        with pytest.raises(NotFound):
            surveys.change_consent(ChangeConsent(receipt.response_id))
    with acting(council.id, Actor(new_id(), resident.roles)), pytest.raises(NotFound):
        surveys.change_consent(ChangeConsent(receipt.response_id))
    assert agreed.purposes == ("research", "service_improvement")
    assert [(s.kind, s.version, s.purposes) for s in refused.history] == [
        ("given", "1", ("service_improvement",)),
        ("changed", "1", ("research", "service_improvement")),
        ("changed", "1", ("service_improvement",)),
    ]
    values = {"speak": 7.0, "alone": 2.0, "vote": 1.0}
    assert [(d["response_version"], d["values"], d["purposes"]) for d in submitted(provisioned, council)] == [
        (1, {}, ["service_improvement"]),
        (2, values, ["research", "service_improvement"]),
        (3, {}, ["service_improvement"]),
    ]
    with connected(provisioned, "surveys", council.id) as connection:
        kept = connection.execute("SELECT kind, purposes FROM consents ORDER BY step").fetchall()
    assert kept[-1] == ("withdrawn", [])
    assert len(kept) == 4
    for statement in ("UPDATE consents SET kind = 'given'", "DELETE FROM consents"):
        with (
            connected(provisioned, "surveys", council.id) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)


def test_without_an_account_purposes_are_changed_by_the_code(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, scored_for: Questionnaire
) -> None:
    both = Consent("1", ("service_improvement", "research"))
    with acting(council.id, NOBODY):
        code = surveys.submit_response(submission(scored_for.id, consent=both)).withdrawal_code
        state = surveys.change_consent_by_code(ChangeConsentByCode(code, "1", refuse=("research",)))
        with pytest.raises(NotFound):
            surveys.change_consent_by_code(ChangeConsentByCode("wrong", "1", refuse=("research",)))
    assert (state.purposes, len(state.history)) == (("service_improvement",), 2)
    assert [bool(d["values"]) for d in submitted(provisioned, council)] == [True, False]


def test_new_answers_in_the_place_of_earlier_ones_keep_the_history_of_consent(
    surveys: Any, council: TestCouncil, resident: Actor, scored_for: Questionnaire
) -> None:
    with acting(council.id, resident):
        surveys.submit_response(submission(scored_for.id))
        both = Consent("1", ("service_improvement", "research"))
        second = surveys.submit_response(submission(scored_for.id, "key-00000002", consent=both))
        state = surveys.change_consent(ChangeConsent(second.response_id))
        [mine] = surveys.my_responses(PageRequest()).items
    assert second.replaced is True
    assert mine.consent == both
    assert [(s.kind, s.purposes) for s in state.history] == [
        ("given", CONSENT.purposes),
        ("changed", ("research", "service_improvement")),
    ]
