"""Changing what one's answers may be used for, purpose by purpose."""

from collections.abc import Sequence

import msgspec

from schemas.rpc.surveys import ChangeConsent, ChangeConsentByCode, Consent, ConsentState
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.operations.consents import history, record
from services.surveys.operations.facts import submitted
from services.surveys.operations.forms import consent, form, refuse
from services.surveys.operations.responses import by_code, own


def change_consent(database: Database, request: ChangeConsent) -> ConsentState:
    """Change the consent of a response of one's own. Raises NotFound, Invalid."""
    with database.unit_of_work() as work:
        response = own(work, request.response_id)
        return _change(work, response, request.version, request.agree, request.refuse)


def change_consent_by_code(database: Database, request: ChangeConsentByCode) -> ConsentState:
    """The same without an account, by the code of the receipt. Raises NotFound, Invalid."""
    with database.unit_of_work() as work:
        response = by_code(work, request.code)
        return _change(work, response, request.version, request.agree, request.refuse)


def _change(
    work: UnitOfWork, response: store.Response, version: str, agree: Sequence[str], refused: Sequence[str]
) -> ConsentState:
    parsed = form(work, response.questionnaire_id, response.questionnaire_version)
    before = consent(msgspec.convert(response.consent, Consent))
    after, faults = model.changed(parsed, before, version, agree, refused)
    refuse(faults, "this cannot be changed so")
    if after.purposes != before.purposes:
        purposes = sorted(after.purposes)
        record(work, response, "changed", after.version, purposes)
        response.consent = {"version": after.version, "purposes": purposes}
        response.response_version += 1
        values = model.counted(parsed, after.purposes, model.values(parsed, response.answers))
        # scores follow: with no values a response counts nowhere, and with them it counts as before
        work.tell(response.id, submitted(response, values))
    steps = store.consent_steps(work.session, [response.id]).get(response.id, [])
    return ConsentState(
        response_id=response.id,
        questionnaire_id=response.questionnaire_id,
        version=response.consent["version"],
        purposes=tuple(response.consent["purposes"]),
        history=history(response, steps),
    )
