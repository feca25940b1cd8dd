"""Entering answers for somebody: a worker who sits beside them, an officer with a paper form."""

import msgspec

from schemas.rpc.surveys import Receipt, Submission, SubmitAssisted, SubmitPaper
from services.chassis import tenancy
from services.chassis.database import Database
from services.surveys.operations.repeats import PAPER
from services.surveys.operations.submitting import receipt_of, take


def submit_assisted(database: Database, request: SubmitAssisted) -> Receipt:
    """Take what a worker enters. The worker's pseudonym is kept, and nobody's name. Raises as `submit_response`."""
    return receipt_of(take(database, (Submission(tenancy.actor(), request.response),), by_hand="assisted"))


def submit_paper(database: Database, request: SubmitPaper) -> Receipt:
    """Take a paper form. Each number of a form is taken once. Raises as `submit_response`."""
    number = "".join(request.form_number.lower().split())
    key = f"{PAPER}{request.response.questionnaire_id}:{number}"
    response = msgspec.structs.replace(request.response, idempotency_key=key)
    return receipt_of(take(database, (Submission(tenancy.actor(), response),), by_hand="paper"))
