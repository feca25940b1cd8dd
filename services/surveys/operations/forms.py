"""The forms that answers are checked against, remembered: a published version never changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.ids import now
from schemas.rpc.surveys import Consent
from services.chassis.work import UnitOfWork
from services.surveys import model, store

REMEMBERED = 1_000
CLOCK = ZoneInfo("Europe/London")
"""Where it is today: councils are in the United Kingdom."""
_forms: dict[tuple[UUID, UUID, int], model.Form] = {}


def form(work: UnitOfWork, questionnaire_id: UUID, version: int) -> model.Form:
    """The form of a version that is published or closed."""
    key = (work.tenant, questionnaire_id, version)
    found = _forms.get(key)
    if found is None:
        found = model.compiled(store.version(work.session, questionnaire_id, version).definition)
        if len(_forms) >= REMEMBERED:
            _forms.pop(next(iter(_forms)))
        _forms[key] = found
    return found


class Opened(NamedTuple):
    """What takes answers now: the number of the version and its form, the ways in, the code of the wave, and whether
    full quotas close the way in."""

    version: int
    form: model.Form
    ways: Sequence[str]
    wave: str
    quotas_close: bool


def open_form(work: UnitOfWork, questionnaire_id: UUID, version: int | None = None) -> Opened:
    """What takes answers now.

    Raises NotFound where there is no such questionnaire or it is still a draft, Conflict where it is closed, where it
    is between two waves, or where `version`, the one that was answered, is not the open one.
    """
    opening = store.opening(work.session, questionnaire_id)
    if opening is None:
        if store.newest_status(work.session, questionnaire_id) == "closed":
            raise Conflict("this questionnaire is closed; no more answers are taken")
        raise NotFound("there is no such questionnaire")
    number = opening.version
    if version is not None and version != number:
        raise Conflict(f"version {version} takes no answers; load the questionnaire again and answer version {number}")
    if opening.wave is None or (opening.ends_at is not None and opening.ends_at <= now()):
        raise Conflict("this round of questions is over; come back when the next one begins")
    return Opened(number, form(work, questionnaire_id, number), opening.ways, opening.wave, opening.quotas_close)


def consent(given: Consent) -> model.Consent:
    """Consent as the model knows it."""
    return model.Consent(given.version, frozenset(given.purposes))


def on_the_wall(moment: datetime) -> datetime:
    """What the clock on the wall says at a moment."""
    return moment.astimezone(CLOCK)


def refuse_answers(faults: Sequence[model.Fault], language: str) -> None:
    """Raise Invalid with all `faults`, if there are any, and say so in the person's language."""
    if faults:
        refuse(faults, model.saying(language)("summary"))


def refuse(faults: Sequence[model.Fault], message: str) -> None:
    """Raise Invalid with all `faults`, if there are any."""
    if faults:
        raise Invalid(message, [Problem(f.path, f.message) for f in faults])
