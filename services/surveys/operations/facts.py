"""What is said of a response: the fact that it was taken, and its receipt."""

from schemas.events.surveys import ResponseSubmitted
from schemas.rpc.surveys import Receipt
from services.surveys import model, store

AnyResponse = store.Response | store.NewResponse
NO_REQUEST = b""
"""In the place of a request's digest: short answers could be guessed from it after they were changed or taken back."""


def submitted(response: AnyResponse, values: dict[str, float]) -> ResponseSubmitted:
    """The fact that a response was accepted or corrected: coded numbers only, nothing that was written in words."""
    return ResponseSubmitted(
        response_id=response.id,
        response_version=response.response_version,
        questionnaire_id=response.questionnaire_id,
        questionnaire_version=response.questionnaire_version,
        submitted_at=response.submitted_at,
        area=response.area,
        person=response.person_id,
        groups=response.groups,
        values=values,
        wave=response.wave or "",
        mode=mode(response),  # type: ignore[arg-type]  # the table's check allows these only
        vouched=model.is_vouched(response.mode, response.person_id),
        purposes=tuple(sorted(response.consent["purposes"])),
    )


def mode(response: AnyResponse) -> str:
    """The way that a response came by; those of older versions only say that they came online."""
    return model.way_in(None, response.person_id) if response.mode == "online" else response.mode


def receipt(response: AnyResponse, code: str | None = None) -> Receipt:
    """Proof of what was stored, with the code by which it can be taken back."""
    return Receipt(
        response_id=response.id,
        response_version=response.response_version,
        questionnaire_id=response.questionnaire_id,
        questionnaire_version=response.questionnaire_version,
        accepted_at=response.accepted_at,
        withdrawal_code=code,
    )
