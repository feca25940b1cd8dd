"""Answers that are saved for later: found again by a code, on any device, without an account."""

from datetime import timedelta
from functools import partial
from secrets import token_bytes
from uuid import UUID

from schemas.errors import Conflict, NotFound
from schemas.ids import new_id, now
from schemas.rpc.base import Done
from schemas.rpc.surveys import ByCode, SaveAnswers, SavedAnswers
from services.chassis.councils import is_area
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.model import codes
from services.surveys.operations.doors import NOTHING_SAVED, as_link, usable
from services.surveys.operations.forms import on_the_wall, open_form, refuse_answers

KEPT = timedelta(days=14)
"""How long answers are kept after they were saved last."""


def save_answers(database: Database, request: SaveAnswers) -> SavedAnswers:
    """Save, and show the code the first time. What is answered must fit its question; what is missing may be missing.

    Raises NotFound for a code or link that opens nothing, Invalid, and Conflict where the version takes no answers any
    more or another device has saved since.
    """
    moment = now()
    with database.unit_of_work() as work:
        store.forget_expired(work.session, moment)
        saved = None if request.code is None else _found(work, request.code)
        if saved is not None and saved.save != request.save:
            raise Conflict("these answers were saved on another device meanwhile; open them again to go on")
        questionnaire_id = request.questionnaire_id if saved is None else saved.questionnaire_id
        opened = open_form(work, questionnaire_id, request.version)
        given = model.Submission(
            answers=request.answers,
            groups=request.groups,
            area=request.area,
            consent=opened.form.consent,
            at=on_the_wall(moment),
            language=request.language,
        )
        answers, faults = model.check(
            opened.form, given, partial(is_area, work, opened.form.area_level), unfinished=True
        )
        refuse_answers(faults, request.language)
        code = None
        if saved is None:
            code = codes.spell(token_bytes(codes.BYTES["saved"]))
            saved = store.Saved(
                tenant_id=work.tenant,
                id=new_id(),
                digest=codes.digest("saved", code),
                questionnaire_id=questionnaire_id,
                save=0,
                link_id=None if request.link is None else _link(work, request.link, questionnaire_id),
            )
            work.session.add(saved)
        saved.questionnaire_version = opened.version
        saved.answers, saved.groups, saved.area = answers, model.groups(opened.form, request.groups), request.area
        saved.save += 1
        saved.saved_at, saved.expires_at = moment, moment + KEPT
        return _reply(saved, code)


def continue_answers(database: Database, request: ByCode) -> SavedAnswers:
    """What was saved. Raises NotFound; Conflict where the questions have changed or take no answers any more."""
    with database.unit_of_work() as work:
        store.forget_expired(work.session, now())
        saved = _found(work, request.code)
        if open_form(work, saved.questionnaire_id).version != saved.questionnaire_version:
            raise Conflict("the questions have changed since you saved your answers; please begin again")
        return _reply(saved)


def forget_answers(database: Database, request: ByCode) -> Done:
    """Delete what was saved. Raises NotFound."""
    with database.unit_of_work() as work:
        saved = _found(work, request.code)
        store.forget_saved(work.session, [saved.id])
        return Done(saved.questionnaire_id)


def _found(work: UnitOfWork, code: str) -> store.Saved:
    found = store.lock_saved(work.session, [codes.digest("saved", code)])
    if not found or found[0].expires_at <= now():
        raise NotFound(NOTHING_SAVED)
    return found[0]


def _link(work: UnitOfWork, token: str, questionnaire_id: UUID) -> UUID:
    row = store.link_by_digest(work.session, codes.digest("link", token))
    return usable(None if row is None else as_link(row), questionnaire_id).id


def _reply(saved: store.Saved, code: str | None = None) -> SavedAnswers:
    return SavedAnswers(
        questionnaire_id=saved.questionnaire_id,
        questionnaire_version=saved.questionnaire_version,
        save=saved.save,
        expires_at=saved.expires_at,
        answers=saved.answers,
        area=saved.area,
        groups=saved.groups,
        code=code,
    )
