"""The same thing sent again: a lost receipt, a lost reply of an import, answers that were taken back."""

from typing import Any

import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Conflict
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.surveys import CorrectResponse, ImportResponses, Questionnaire
from services.chassis.tenancy import acting
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import CONSENT, rows, submission
from tests.support.rows import connected

pytestmark = pytest.mark.integration


def test_an_import_batch_that_is_sent_again_counts_its_rejects_once(
    surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    batch = ImportResponses(new_id(), published.id, CONSENT, rows({"speak": 1}, {"speak": 11}), last_row=2)
    with acting(council.id, officer):
        assert len(surveys.import_responses(batch).rejects) == 1
        again = surveys.import_responses(batch)
        progress = surveys.import_progress(ById(batch.import_id))
    assert (again.accepted, again.repeated, len(again.rejects)) == (0, 1, 1)
    assert (progress.last_row, progress.accepted, progress.rejected) == (2, 1, 1)


def test_who_missed_the_receipt_gets_it_after_the_closing(
    surveys: Any, council: TestCouncil, officer: Actor, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, resident):
        first = surveys.submit_response(submission(published.id))
    with acting(council.id, officer):
        surveys.close_questionnaire(ById(published.id))
    with acting(council.id, resident):
        again = surveys.submit_response(submission(published.id))
        with pytest.raises(Conflict, match="is closed"):
            surveys.submit_response(submission(published.id, "key-00000002"))
    assert (again.response_id, again.repeated) == (first.response_id, True)


def test_nothing_is_left_to_guess_answers_from_that_were_changed_or_taken_back(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    with acting(council.id, resident):
        changed = surveys.submit_response(submission(published.id))
        surveys.correct_response(CorrectResponse(changed.response_id, {"speak": 3}))
        with pytest.raises(Conflict, match="idempotency key"):
            surveys.submit_response(submission(published.id))
    ben = Actor(new_id(), resident.roles)
    with acting(council.id, ben):
        gone = surveys.submit_response(submission(published.id, "key-00000002"))
        surveys.withdraw_response(ById(gone.response_id))
        with pytest.raises(Conflict, match="idempotency key"):
            surveys.submit_response(submission(published.id, "key-00000002"))
    with connected(provisioned, "surveys", council.id) as connection:
        assert connection.execute("SELECT DISTINCT request_digest FROM responses").fetchall() == [(b"",)]
